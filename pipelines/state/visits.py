"""Visits: what a live crawl must remember between runs.

In: what was asked for and what came. Out: validators for the next time, which lists were walked
how far, which statements are due. Drops: nothing. Never: tells the history; all of it may be
deleted, and the next crawl only asks for more than it would have to.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from embassy_scraper.crawl_items import Previous, Recheck, Walk, WalkStep
from embassy_scraper.items import UNREAD, Capture, RawCapture, Sighting
from embassy_scraper.sites import Profile
from embassy_scraper.sites.addresses import statement_url
from pipelines.values.digests import digest_of
from pipelines.values.instants import moment_of
from pipelines.values.places import is_list

LIVE = "live"
_SHOWN_IN = (
    "SELECT 1 FROM _wordings v JOIN _entries e ON e.wording = v.id"
    " JOIN _parts p ON p.id = e.part AND p.place = ? WHERE"
)
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
    """Write down a live answer; the caller commits.

    Only what tells how the page stands counts: one that is blocked, or 403, or 5xx, is asked for
    again as soon as before. A page that came whole brings its own validators, or none.
    """
    is_gone = capture.http_status in (404, 410)
    is_page = capture.http_status == 200 and capture.page_kind not in UNREAD
    if raw.source != LIVE or capture.url is None or not (is_gone or is_page):
        return
    head = {name.lower(): value for name, value in raw.http_head}
    row = (
        capture.url,
        capture.captured_at,
        capture.http_status,
        head.get("etag"),
        head.get("last-modified"),
        capture.id if is_page else None,
    )
    if is_page and raw.record_type == "revisit":
        connection.execute(
            "UPDATE _visits SET fetched_at = ?2, http_status = ?3, etag = coalesce(?4, etag),"
            " last_modified = coalesce(?5, last_modified) WHERE url = ?1",
            row[:5],
        )
    else:
        connection.execute("INSERT OR REPLACE INTO _visits VALUES (?,?,?,?,?,?)", row)


def previous(connection: sqlite3.Connection, url: str) -> Previous | None:
    """Return the last answer of *url*, a canonical address, if it can be asked for again.

    Only what has a validator, and was a whole page that could be read.
    """
    row = connection.execute(
        "SELECT v.etag, v.last_modified, c.url, c.captured_at, c.warc_file, c.warc_offset"
        " FROM _visits v JOIN captures c ON c.id = v.capture"
        " WHERE v.url = ? AND NOT c.is_cut AND NOT c.is_revisit"
        " AND coalesce(v.etag, v.last_modified) IS NOT NULL"
        f" AND c.page_kind NOT IN ({','.join('?' * len(UNREAD))})",
        (url, *UNREAD),
    ).fetchone()
    if row is None:
        return None
    etag, last_modified, shown_url, captured_at, *place = row
    return Previous(etag, last_modified, shown_url, captured_at, (place[0], place[1]))


def new_in_lists(connection: sqlite3.Connection, capture: Capture) -> dict[str, tuple[int, int]]:
    """Return, list by list, how many entries that *capture* shows are new there.

    First how many were never seen there so, then how many of them are of statements never seen
    there.
    """
    news = {window.list: (0, 0) for window in capture.windows}
    for sighting in capture.sightings:
        if not is_list(sighting.list):
            continue
        known = connection.execute(
            f"{_SHOWN_IN} v.digest = ? LIMIT 1",
            (sighting.list, sighting.wording.digest),
        ).fetchone()
        if known is None:
            new, added = news[sighting.list]
            news[sighting.list] = (new + 1, added + _is_added(connection, sighting))
    return news


def _is_added(connection: sqlite3.Connection, sighting: Sighting) -> bool:
    """Say whether no entry with the address of *sighting*, or else its title, was in the list."""
    wording = sighting.wording
    which = "v.url_key = ?"
    value: str | bytes | None = wording.url_key
    if value is None:
        which, value = (
            "v.title = (SELECT id FROM _texts WHERE digest = ?)",
            digest_of(wording.title),
        )
    query = f"{_SHOWN_IN} {which} LIMIT 1"
    return connection.execute(query, (sighting.list, value)).fetchone() is None


def urls_to_read(
    connection: sqlite3.Connection, sightings: Iterable[Sighting], profile: Profile
) -> Iterator[str]:
    """Yield the URLs of the entries that are new, shown differently, or were never read."""
    for wording in (sighting.wording for sighting in sightings):
        if wording.url_key is None:
            continue
        url = statement_url(wording.url_key, profile)
        row = connection.execute(
            "SELECT (SELECT 1 FROM _wordings WHERE digest = ?),"
            " (SELECT 1 FROM _visits WHERE url = ?)",
            (wording.digest, url),
        ).fetchone()
        if None in row:
            yield url


def due(connection: sqlite3.Connection, now: str, recheck: Recheck) -> list[str]:
    """Return the URLs of the statements that are due at *now*.

    First those never read, the newest before the others; then those longest due.
    """
    marks = ",".join("?" * len(_OFTEN_CHANGED))
    rows = connection.execute(
        "SELECT s.url, s.published_on, s.first_seen, v.fetched_at,"
        f" (SELECT max(observed_by) FROM changes WHERE subject = s.key AND kind IN ({marks}))"
        " FROM statements s LEFT JOIN _visits v ON v.url = s.url WHERE s.url IS NOT NULL",
        _OFTEN_CHANGED,
    ).fetchall()
    never = sorted(((day or "", url) for url, day, _, at, _ in rows if at is None), reverse=True)
    moment = moment_of(now)
    overdue = []
    for url, _, first_seen, fetched_at, changed_at in rows:
        if fetched_at is not None:
            fetched = moment_of(fetched_at)
            if fetched > moment:  # the clock was once ahead
                overdue.append((moment, url))
                continue
            at = due_at(recheck, fetched, moment_of(max(first_seen, changed_at or "")))
            if at <= moment:
                overdue.append((at, url))
    return [url for _, url in [*never, *sorted(overdue)]]


def open_walk(connection: sqlite3.Connection, name: str) -> Walk | None:
    """Return where an earlier walk through the list *name* was left off, if one was."""
    row = connection.execute(
        "SELECT open_from, sure_until, is_deep FROM _walks WHERE list = ?", (name,)
    ).fetchone()
    return Walk(row[0], row[1], bool(row[2])) if row is not None else None


def keep_walk(connection: sqlite3.Connection, step: WalkStep) -> None:
    """Write down where a walk goes on, or that it is done; the caller commits."""
    connection.execute("DELETE FROM _walks WHERE list = ?", (step.list,))
    if step.walk is not None:
        walk = step.walk
        row = (step.list, walk.open_from, walk.sure_until, int(walk.is_deep))
        connection.execute("INSERT INTO _walks VALUES (?,?,?,?)", row)


def known_robots(
    connection: sqlite3.Connection, host: str, since: str, until: str
) -> tuple[int, str] | None:
    """Return status and text of a host's robots.txt that was fetched between two instants."""
    row: tuple[int, str] | None = connection.execute(
        "SELECT http_status, body FROM _robots WHERE host = ? AND fetched_at BETWEEN ? AND ?",
        (host, since, until),
    ).fetchone()
    return row


def keep_robots(
    connection: sqlite3.Connection, host: str, at: str, http_status: int, body: str
) -> None:
    """Keep a host's robots.txt as it was answered."""
    row = (host, at, http_status, body)
    connection.execute("INSERT OR REPLACE INTO _robots VALUES (?,?,?,?)", row)
    connection.commit()
