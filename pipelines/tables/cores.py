"""Cores: the forms that their own texts show to be one statement, kept in ``forms.core``.

Only the group of a new form is weighed anew: all forms that share a title or a URL with it, also
by way of others.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pipelines.history.identity import FormRow, cluster
from pipelines.values.likeness import Text

_FORM_COLUMNS = (
    "id, is_page, url_key, title, lead, date, signed_on, is_open, is_box, core, statement"
)


@dataclass(slots=True)
class CoreChanges:
    """The cores whose forms changed, old ones included; all forms of groups that parted anew."""

    cores: set[int] = field(default_factory=set)
    regrouped: set[int] = field(default_factory=set)


def assign_cores(connection: sqlite3.Connection) -> CoreChanges:
    """Give every new form its core; return what changed."""
    changes = CoreChanges(_assign_lone_forms(connection))
    seen: set[int] = set()
    waiting = "SELECT id, title_digest, url_key FROM forms WHERE core IS NULL ORDER BY title_digest"
    for form_id, title_digest, url_key in connection.execute(waiting).fetchall():
        if form_id in seen:
            continue
        group = _load_group(connection, title_digest, url_key)
        seen.update(form.id for form in group)
        _assign(connection, group, changes)
    return changes


def reconsider(
    connection: sqlite3.Connection,
    form_ids: Iterable[int],
    changes: CoreChanges,
) -> None:
    """Weigh the groups of *form_ids* anew, as new windows show some side by side."""
    for form_id in form_ids:
        row = connection.execute(
            "SELECT title_digest, url_key FROM forms WHERE id = ?", (form_id,)
        ).fetchone()
        title_digest, url_key = row
        _assign(connection, _load_group(connection, title_digest, url_key), changes)


def _assign_lone_forms(connection: sqlite3.Connection) -> set[int]:
    """Settle the forms whose title and URL no other form shares."""
    lone = """
        core IS NULL AND title_digest IS NOT NULL
        AND (SELECT count(*) FROM forms o WHERE o.title_digest = forms.title_digest) = 1
        AND (url_key IS NULL
             OR (SELECT count(*) FROM forms o WHERE o.url_key = forms.url_key) = 1)
    """
    changed = {row[0] for row in connection.execute(f"SELECT id FROM forms WHERE {lone}")}
    connection.execute(f"UPDATE forms SET core = id WHERE {lone}")
    return changed


def _load_group(
    connection: sqlite3.Connection,
    title_digest: int | None,
    url_key: str | None,
) -> list[FormRow]:
    """Return every form that shares a title or a URL, also by way of others."""
    forms: dict[int, FormRow] = {}
    titles: set[int | None] = {title_digest} - {None}
    urls: set[str | None] = {url_key} - {None}
    done: set[int | str | None] = set()
    while todo := (titles | urls) - done:
        for value in todo:
            done.add(value)
            column = "url_key" if isinstance(value, str) else "title_digest"
            query = f"SELECT {_FORM_COLUMNS}, title_digest FROM forms WHERE {column} = ?"
            for row in connection.execute(query, (value,)):
                if row[0] not in forms:
                    forms[row[0]] = _form(connection, row)
                    titles |= {row[11]} - {None}
                    urls |= {row[2]} - {None}
    return sorted(forms.values(), key=lambda form: form.id)


def _form(connection: sqlite3.Connection, row: tuple[Any, ...]) -> FormRow:
    form, is_page, url_key, title, lead, day, signed_on, is_open, is_box, core, statement, same = (
        row
    )
    text = Text(connection, form, bool(is_page), lead, title, bool(is_open))
    return FormRow(
        form, bool(is_page), url_key, title, lead, day, signed_on, bool(is_open), bool(is_box),
        core, statement, text, same,
    )  # fmt: skip


def _assign(connection: sqlite3.Connection, group: list[FormRow], changes: CoreChanges) -> None:
    for forms in cluster(connection, group):
        core = min(form.id for form in forms)
        for form in forms:
            if form.core != core:
                connection.execute("UPDATE forms SET core = ? WHERE id = ?", (core, form.id))
                changes.cores |= {core} if form.core is None else {core, form.core}
                if form.core is not None:
                    changes.regrouped.update(other.id for other in group)
