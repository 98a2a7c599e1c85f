"""Reconcile: where two captures of one page, of nearly the same time, say different things.

In: captures that are new, or whose source has changed. Out: a problem for each pair that
disagrees, at the later of the two, with both. Drops: nothing; both stay as they are. Never: says
which of them is right, or looks at anything but the two.

Of one instant any two captures are compared, and up to five minutes apart those of different
sources: what one source shows a minute later may be new, but then the problem says so.
"""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from embassy_scraper.items import GONE, PageProblem
from embassy_scraper.text import one_line
from pipelines.history.edits import passages
from pipelines.tables.problems import store_problems
from pipelines.values.places import SHAPE

DISAGREE = "sources disagree"
_APART = 300  # seconds
_EMPTY = "nothing"
_ID = "strftime('%Y%m%dT%H%M%SZ', new.captured_at, '{:+} seconds')"  # as instants.compact has it

_PAIRS = f"""
SELECT DISTINCT min(new.id, other.id), max(new.id, other.id)
FROM captures new JOIN captures other
  ON other.url = new.url AND other.id != new.id
 AND other.id > {_ID.format(-_APART)} AND other.id < {_ID.format(_APART + 1)}
WHERE (other.source != new.source OR other.captured_at = new.captured_at)
  AND NOT new.is_cut AND NOT other.is_cut AND other.sha256 != new.sha256 AND new.id
"""


@dataclass(frozen=True, slots=True)
class Said:
    """What one capture says, place by place; a text may be open at its end."""

    source: str
    status: int | None
    language: str | None
    texts: dict[str, tuple[str, bool]]


def reconcile(connection: sqlite3.Connection) -> None:
    """Compare the captures that are due with their neighbours; the caller commits.

    Where the source of a stored one has changed, all are compared once more.
    """
    pairs = f"{_PAIRS} IN (SELECT capture FROM due)"
    if is_due(connection):
        connection.execute("DELETE FROM problems WHERE what = ?", (DISAGREE,))
        connection.execute("DELETE FROM _changed_sources")
        pairs = f"{_PAIRS} IS NOT NULL"
    for first, second in connection.execute(pairs).fetchall():
        found = disagreements(_said(connection, first), _said(connection, second), first, second)
        store_problems(connection, found, capture=second)


def count_disagreements(connection: sqlite3.Connection) -> int:
    """Return in how many places two captures disagree."""
    row = connection.execute("SELECT count(*) FROM problems WHERE what = ?", (DISAGREE,)).fetchone()
    return int(row[0])


def forget_disagreements(connection: sqlite3.Connection, capture: str) -> None:
    """Forget where *capture* and others say different things; it stands first or is the later."""
    connection.execute(
        "DELETE FROM problems WHERE what = ?1"
        " AND (capture = ?2 OR substr(text, 1, length(?2) + 2) = ?2 || ' (')",
        (DISAGREE, capture),
    )


def is_due(connection: sqlite3.Connection) -> bool:
    """Say whether the source of a stored capture has changed since all were compared."""
    return connection.execute("SELECT 1 FROM _changed_sources LIMIT 1").fetchone() is not None


def disagreements(one: Said, other: Said, first: str, second: str) -> Iterator[PageProblem]:
    """Yield a problem for every place that *first* and *second* show differently."""
    if (one.status in GONE) != (other.status in GONE):
        shown = (str(one.status or "a page"), str(other.status or "a page"))
        if _is_page(one) and _is_page(other):
            yield _problem("http_status", shown, one, other, first, second)
        return
    if one.language != other.language:
        return
    for place in one.texts.keys() & other.texts.keys():
        (text, is_open), (rest, rest_is_open) = one.texts[place], other.texts[place]
        agrees = (
            text == rest
            or (is_open and rest.startswith(text))
            or (rest_is_open and text.startswith(rest))
        )
        if not agrees:
            yield _problem(place, passages(text, rest), one, other, first, second)


def _is_page(said: Said) -> bool:
    """Say whether the answer tells if there is a page: 403, 5xx and redirects do not."""
    return said.status in {None, 200} or said.status in GONE


def _problem(
    place: str, shown: tuple[str, str], one: Said, other: Said, first: str, second: str
) -> PageProblem:
    text = (
        f"{first} ({one.source}): {shown[0] or _EMPTY}"
        f" / {second} ({other.source}): {shown[1] or _EMPTY}"
    )
    return PageProblem(DISAGREE, place, text)


def _said(connection: sqlite3.Connection, capture: str) -> Said:
    source, status = connection.execute(
        "SELECT source, http_status FROM captures WHERE id = ?", (capture,)
    ).fetchone()
    header = connection.execute(
        "SELECT language, page_date, (SELECT t.text FROM _observations o JOIN _series s"
        " ON s.id = o.series AND s.place = ? JOIN _texts t ON t.id = o.value"
        " WHERE o.capture = headers.capture), label, phone, email FROM headers WHERE capture = ?",
        (SHAPE, capture),
    ).fetchone()
    texts: dict[str, tuple[str, bool]] = {}
    if header is not None:
        _, day, shape, *contacts = header
        if shape is not None:
            lines = [f"{label} {since}" for _, label, since in json.loads(shape)]
            texts[f"counters of {day}"] = (" ".join(lines), False)
        for name, value in zip(("label", "phone", "email"), contacts, strict=True):
            if value is not None:
                texts[name] = (value, False)
    texts.update(_shown(connection, capture))
    return Said(source, status, header[0] if header else None, texts)


def _shown(connection: sqlite3.Connection, capture: str) -> dict[str, tuple[str, bool]]:
    """Return the text of the own page and of every list, as one line each.

    Date, title and lead or body stand behind each other, for where one ends and the next begins
    is not seen alike in every markup. A body that was withheld may be any.
    """
    texts: dict[str, tuple[str, bool]] = {}
    rows = connection.execute(
        "SELECT list, start, is_page, date, title, lead, body, is_open FROM _shown"
        " WHERE capture = ? ORDER BY list, number",
        (capture,),
    )
    for name, start, is_page, day, title, lead, body, is_open in rows:
        place = name if is_page or start <= 1 else f"{name} from {start}"
        own = (title, one_line(body or "")) if is_page else (day, title, lead)
        before = texts.get(place, ("", False))[0]
        is_open = is_open or (is_page and body is None)
        texts[place] = (" ".join(part for part in (before, *own) if part), bool(is_open))
    return texts
