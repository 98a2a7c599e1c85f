"""Arrivals: what a run must remember of a capture once it is stored.

In: a stored capture, and how it came. Out: its validators for the next time, how far a list was
walked, that an archive's offer is stored. Drops: nothing. Never: tells the history; visits and
walks may be deleted, and the next crawl only asks for more than it would have to.
"""

import sqlite3

from embassy_scraper.crawl_items import WalkStep
from embassy_scraper.items import GONE, UNREAD, Capture, RawCapture, Taken

LIVE = "live"
NOT_TO_BE_HAD = "not to be had from the archive"


def note_arrival(connection: sqlite3.Connection, one: Taken) -> None:
    """Write down what a run must remember of a capture that is stored. The caller commits."""
    if one.raw is not None:
        note_visit(connection, one.raw, one.capture)
    if one.step is not None:
        _keep_walk(connection, one.step)
    if one.offer is not None:
        note_stored(connection, one.offer, one.capture.id)


def note_visit(connection: sqlite3.Connection, raw: RawCapture, capture: Capture) -> None:
    """Write down a live answer; the caller commits.

    Only what tells how the page stands counts: one that is blocked, or 403, or 5xx, is asked for
    again as soon as before. A page that came whole brings its own validators, or none.
    """
    is_gone = capture.http_status in GONE
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


def _keep_walk(connection: sqlite3.Connection, step: WalkStep) -> None:
    """Write down where a walk goes on, or that it is done."""
    connection.execute("DELETE FROM _walks WHERE list = ?", (step.list,))
    if step.walk is not None:
        walk = step.walk
        row = (step.list, walk.open_from, walk.sure_until, int(walk.is_deep))
        connection.execute("INSERT INTO _walks VALUES (?,?,?,?)", row)


def note_stored(connection: sqlite3.Connection, number: int, capture: str) -> None:
    """Write down that an offer is stored as *capture*; the caller commits.

    That it was not available before is no problem any more, unless another offer of the same URL
    and instant is still not available.
    """
    connection.execute(
        "UPDATE _offers SET state = 'stored', capture = ?, reason = NULL WHERE id = ?",
        (capture, number),
    )
    connection.execute(
        'DELETE FROM problems WHERE capture IS NULL AND what = ? AND (path, "where") ='
        " (SELECT url, archive || ' ' || timestamp FROM _offers WHERE id = ?)"
        " AND text NOT IN (SELECT a.reason FROM _offers a JOIN _offers b"
        " USING (archive, url, timestamp) WHERE b.id = ? AND a.reason IS NOT NULL)",
        (NOT_TO_BE_HAD, number, number),
    )
