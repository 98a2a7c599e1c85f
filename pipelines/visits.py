"""Visits: what a live crawl must remember between runs.

In: what was asked for and what came. Out: validators for the next time, which lists were walked
how far, which statements are due. Drops: nothing. Never: tells the history; all of it may be
deleted, and the next crawl only asks for more than it would have to.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from embassy_scraper.items import Capture, Previous, RawCapture, Recheck, Sighting, Walk, WalkStep
from embassy_scraper.site import statement_url
from pipelines.known import find_original

PAGE = "page"
_OFTEN_CHANGED = ("statement_edited", "page_gone", "page_back", "statement_restored")


def due_at(recheck: Recheck, fetched_at: datetime, changed_at: datetime) -> datetime:
    """Return when a statement that was fetched and had changed then is due again.

    >>> start = datetime(2021, 3, 1)
    >>> due_at(Recheck(24, 0.5, 90), start + timedelta(days=10), start).day
    16
    """
    grown = (fetched_at - changed_at) * recheck.growth
    pause = max(timedelta(hours=recheck.first), grown)
    return fetched_at + min(pause, timedelta(days=recheck.longest))


def note_visit(connection: sqlite3.Connection, raw: RawCapture, capture: Capture) -> None:
    """Write down a live answer; the caller commits. "Not modified" keeps what is known."""
    if capture.url is None or capture.http_status is None:
        return
    head = {name.lower(): value for name, value in raw.http_head}
    is_page = capture.http_status == 200
    connection.execute(
        "INSERT INTO visits VALUES (?1,?2,?3,?4,?5,?6) ON CONFLICT (url) DO UPDATE SET"
        " fetched_at = max(fetched_at, ?2), http_status = ?3,"
        " etag = iif(?7, coalesce(?4, etag), etag),"
        " last_modified = iif(?7, coalesce(?5, last_modified), last_modified),"
        " capture = iif(?7, ?6, capture)",
        (
            capture.url,
            capture.captured_at,
            capture.http_status,
            head.get("etag") if is_page else None,
            head.get("last-modified") if is_page else None,
            capture.id if is_page else None,
            int(is_page),
        ),
    )


def previous(connection: sqlite3.Connection, url: str) -> Previous | None:
    """Return the last answer of *url*, a canonical address, if it can be asked for anew.

    Only what has a validator, and was a whole page that could be read.
    """
    row = connection.execute(
        "SELECT v.etag, v.last_modified, c.url, c.captured_at, c.sha256 FROM visits v"
        " JOIN captures c ON c.id = v.capture WHERE v.url = ? AND NOT c.is_cut"
        " AND coalesce(v.etag, v.last_modified) IS NOT NULL"
        " AND c.page_kind NOT IN ('blocked', 'error', 'unreadable')",
        (url,),
    ).fetchone()
    if row is None:
        return None
    etag, last_modified, shown_url, captured_at, sha256 = row
    place = find_original(connection, sha256)
    if place is None:
        return None
    return Previous(etag, last_modified, shown_url, captured_at, place)


def new_in_lists(connection: sqlite3.Connection, capture: Capture) -> dict[str, int]:
    """Return, list by list, how many of the entries *capture* shows were never seen there so."""
    news = {window.list: 0 for window in capture.windows}
    for sighting in capture.sightings:
        if sighting.list == PAGE:
            continue
        known = connection.execute(
            "SELECT 1 FROM forms f JOIN sightings s ON s.statement = f.statement"
            " AND s.list = ? AND s.form = f.id WHERE f.digest = ? LIMIT 1",
            (sighting.list, sighting.form.digest),
        ).fetchone()
        news[sighting.list] += known is None
    return news


def urls_to_read(connection: sqlite3.Connection, sightings: Iterable[Sighting]) -> Iterator[str]:
    """Yield the URLs of the entries that are new, shown differently, or were never read."""
    for form in (sighting.form for sighting in sightings):
        if form.url_key is None:
            continue
        row = connection.execute(
            "SELECT (SELECT 1 FROM forms WHERE digest = ?), (SELECT 1 FROM visits WHERE url = ?)",
            (form.digest, statement_url(form.url_key)),
        ).fetchone()
        if None in row:
            yield statement_url(form.url_key)


def due(connection: sqlite3.Connection, now: str, recheck: Recheck) -> list[str]:
    """Return the URLs of the statements that are due at *now*.

    First those never read, the newest before the others; then those longest due.
    """
    marks = ",".join("?" * len(_OFTEN_CHANGED))
    rows = connection.execute(
        "SELECT s.url, s.published_on, s.first_seen, v.fetched_at,"
        f" (SELECT max(observed_by) FROM changes WHERE subject = s.key AND kind IN ({marks}))"
        " FROM statements s LEFT JOIN visits v ON v.url = s.url WHERE s.url IS NOT NULL",
        _OFTEN_CHANGED,
    ).fetchall()
    never = sorted(((day or "", url) for url, day, _, at, _ in rows if at is None), reverse=True)
    moment = _moment(now)
    overdue = []
    for url, _, first_seen, fetched_at, changed_at in rows:
        if fetched_at is not None:
            at = due_at(recheck, _moment(fetched_at), _moment(max(first_seen, changed_at or "")))
            if at <= moment:
                overdue.append((at, url))
    return [url for _, url in [*never, *sorted(overdue)]]


def _moment(instant: str) -> datetime:
    return datetime.strptime(instant, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def open_walk(connection: sqlite3.Connection, name: str) -> Walk | None:
    """Return where an earlier walk through the list *name* was left off, if one was."""
    row = connection.execute(
        "SELECT open_from, sure_until, is_deep FROM walks WHERE list = ?", (name,)
    ).fetchone()
    return Walk(row[0], row[1], bool(row[2])) if row is not None else None


def keep_walk(connection: sqlite3.Connection, step: WalkStep) -> None:
    """Write down where a walk goes on, or that it is done; the caller commits."""
    connection.execute("DELETE FROM walks WHERE list = ?", (step.list,))
    if step.walk is not None:
        walk = step.walk
        row = (step.list, walk.open_from, walk.sure_until, int(walk.is_deep))
        connection.execute("INSERT INTO walks VALUES (?,?,?,?)", row)


def known_robots(connection: sqlite3.Connection, host: str, since: str) -> tuple[int, str] | None:
    """Return status and text of a host's robots.txt, where it was fetched after *since*."""
    row: tuple[int, str] | None = connection.execute(
        "SELECT http_status, body FROM robots WHERE host = ? AND fetched_at > ?", (host, since)
    ).fetchone()
    return row


def keep_robots(
    connection: sqlite3.Connection, host: str, at: str, http_status: int, body: str
) -> None:
    """Keep a host's robots.txt as it was answered."""
    row = (host, at, http_status, body)
    connection.execute("INSERT OR REPLACE INTO robots VALUES (?,?,?,?)", row)
    connection.commit()
