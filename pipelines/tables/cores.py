"""Cores: the variants that their own texts show to be one statement, kept in ``_variants.core``.

In: variants without a core, and windows that show variants side by side. Out: their cores. Drops:
nothing. Never: weighs more than the group of a new variant: all that share a title or a URL with
it, also by way of others.
"""

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from pipelines.history.identity import FormRow, cluster
from pipelines.values.likeness import Text
from pipelines.values.places import BOX, PAGE

_VARIANTS = """
SELECT v.id, v.is_page, v.url_key, t.text, l.text, v.date, v.signed_on, v.is_open, v.is_box, v.core,
       v.statement, v.title_digest
FROM _variants v LEFT JOIN _texts t ON t.id = v.title LEFT JOIN _texts l ON l.id = v.lead
"""
_LONE = """
    core IS NULL AND first_capture <= (SELECT max(capture) FROM due) AND title_digest IS NOT NULL
    AND (SELECT count(*) FROM _variants o WHERE o.title_digest = _variants.title_digest) = 1
    AND (url_key IS NULL
         OR (SELECT count(*) FROM _variants o WHERE o.url_key = _variants.url_key) = 1)
"""
_BESIDE = """
SELECT 1 FROM _entries a JOIN _entries b ON b.part = a.part JOIN _parts p ON p.id = a.part
WHERE a.variant = ? AND b.variant = ? AND p.place NOT IN (?, ?) LIMIT 1
"""


@dataclass(slots=True)
class CoreChanges:
    """The cores whose variants changed, old ones included; all variants of groups that parted."""

    cores: set[int] = field(default_factory=set)
    regrouped: set[int] = field(default_factory=set)


def assign_cores(connection: sqlite3.Connection) -> CoreChanges:
    """Give every new variant its core; return what changed."""
    changes = CoreChanges(
        {row[0] for row in connection.execute(f"SELECT id FROM _variants WHERE {_LONE}")}
    )
    connection.execute(f"UPDATE _variants SET core = id WHERE {_LONE}")
    seen: set[int] = set()
    new = (
        "SELECT id FROM _variants WHERE core IS NULL"
        " AND first_capture <= (SELECT max(capture) FROM due) ORDER BY title_digest"
    )
    for (variant,) in connection.execute(new).fetchall():
        if variant not in seen:
            seen.update(_weigh(connection, variant, changes))
    return changes


def reconsider(
    connection: sqlite3.Connection, variants: Iterable[int], changes: CoreChanges
) -> None:
    """Weigh the groups of *variants* anew, as new windows show some side by side."""
    for variant in variants:
        _weigh(connection, variant, changes)


def _weigh(connection: sqlite3.Connection, variant: int, changes: CoreChanges) -> set[int]:
    """Part the group of *variant* into cores, note what changed, and return the group."""
    group = _load_group(connection, variant)

    def beside(one: int, other: int) -> bool:
        return connection.execute(_BESIDE, (one, other, PAGE, BOX)).fetchone() is not None

    for members in cluster(group, beside):
        core = min(form.id for form in members)
        for form in members:
            if form.core != core:
                connection.execute("UPDATE _variants SET core = ? WHERE id = ?", (core, form.id))
                changes.cores |= {core} if form.core is None else {core, form.core}
                if form.core is not None:
                    changes.regrouped.update(other.id for other in group)
    return {form.id for form in group}


def _load_group(connection: sqlite3.Connection, variant: int) -> list[FormRow]:
    """Return every variant that shares a title or a URL with *variant*, also by way of others."""
    forms: dict[int, FormRow] = {}
    todo: list[tuple[str, object]] = [("id", variant)]
    asked = set(todo)
    while todo:
        column, value = todo.pop()
        for row in connection.execute(f"{_VARIANTS} WHERE v.{column} = ?", (value,)):
            if row[0] in forms:
                continue
            form = forms[row[0]] = _form(connection, row)
            for link in (("title_digest", form.title_digest), ("url_key", form.url_key)):
                if link[1] is not None and link not in asked:
                    asked.add(link)
                    todo.append(link)
    return sorted(forms.values(), key=lambda form: form.id)


def _form(connection: sqlite3.Connection, row: tuple[Any, ...]) -> FormRow:
    variant, is_page, url_key, title, lead, day, signed_on, is_open, is_box, core, key, same = row
    text = Text(_body(connection, variant), bool(is_page), lead, title, bool(is_open))
    return FormRow(
        variant, bool(is_page), url_key, title, lead, day, signed_on, bool(is_open), bool(is_box),
        core, key, text, same,
    )  # fmt: skip


def _body(connection: sqlite3.Connection, variant: int) -> Callable[[], str | None]:
    def load() -> str | None:
        query = "SELECT t.text FROM _variants v LEFT JOIN _texts t ON t.id = v.body WHERE v.id = ?"
        row: tuple[str | None] = connection.execute(query, (variant,)).fetchone()
        return row[0]

    return load
