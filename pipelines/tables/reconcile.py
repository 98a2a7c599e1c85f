"""Reconcile: where two captures of one page, of nearly the same time, say different things.

In: captures that are new, or whose source has changed. Out: a problem for each pair that
disagrees, at the later of the two, with both. Drops: nothing; both stay as they are. Never: says
which of them is right, or looks at anything but the two.

Of one instant any two captures are compared, and up to five minutes apart those of different
sources: what one source shows a minute later may be new, but then the problem says so. Where there
are very many, each is compared with the nearest before it.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from embassy_scraper.items import GONE, PageProblem
from embassy_scraper.limits import MAX_NEAR
from embassy_scraper.text import one_line
from pipelines.history.edits import passages
from pipelines.tables.problems import store_problems
from pipelines.values.places import SHAPE

DISAGREE = "sources disagree"
_APART = 300  # seconds
_EMPTY = "nothing"
_ID = "strftime('%Y%m%dT%H%M%SZ', new.captured_at, '{:+} seconds')"  # as instants.compact has it

_NEAR = """
SELECT id FROM captures WHERE url = new.url AND NOT is_cut AND id {} new.id AND id {} {}
ORDER BY id {} LIMIT ?2
"""
_BEFORE = _NEAR.format("<", ">", _ID.format(-_APART), "DESC")
_BEHIND = _NEAR.format(">", "<", _ID.format(_APART + 1), "")
_GIVEN = (
    "FROM json_each(?1) j CROSS JOIN captures new ON new.id = j.value CROSS JOIN captures other"
)
_NEIGHBOURS = f"SELECT DISTINCT other.id {_GIVEN} ON other.id IN ({_BEHIND})"
_PAIRS = f"""
SELECT other.id, new.id {_GIVEN} ON other.id IN ({_BEFORE})
WHERE (other.source != new.source OR other.captured_at = new.captured_at)
  AND NOT new.is_cut AND other.sha256 != new.sha256
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
    if is_due(connection):
        connection.execute("DELETE FROM _changed_sources")
        later = _ids(connection.execute("SELECT id FROM captures"))
    else:
        new = _ids(connection.execute("SELECT capture FROM due"))
        later = [*new, *neighbours(connection, new)]
    compare(connection, later)


def neighbours(connection: sqlite3.Connection, ids: Sequence[str]) -> list[str]:
    """Return the captures that are compared with *ids*, which stand before them.

    Once those are gone they are compared with others.
    """
    return _ids(connection.execute(_NEIGHBOURS, (json.dumps(ids), MAX_NEAR)))


def compare(connection: sqlite3.Connection, later: Sequence[str]) -> None:
    """Compare each of *later* with those before it, in place of what was known of it.

    The caller commits.
    """
    connection.executemany(
        "DELETE FROM problems WHERE capture = ? AND what = ?",
        [(one, DISAGREE) for one in later],
    )
    for first, second in connection.execute(_PAIRS, (json.dumps(later), MAX_NEAR)).fetchall():
        found = disagreements(_said(connection, first), _said(connection, second), first, second)
        store_problems(connection, found, capture=second)


def _ids(rows: Iterable[tuple[str]]) -> list[str]:
    return [row[0] for row in rows]


def count_disagreements(connection: sqlite3.Connection) -> int:
    """Return in how many places two captures disagree."""
    row = connection.execute("SELECT count(*) FROM problems WHERE what = ?", (DISAGREE,)).fetchone()
    return int(row[0])


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
