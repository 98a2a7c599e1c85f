"""The feed: an Atom file beside the database, with what this history has learned last."""

import sqlite3
from pathlib import Path

from embassy_scraper.config import Config
from embassy_scraper.disk import what_failed, why_no_file
from embassy_scraper.errors import OutputError
from embassy_scraper.intake.place import feed_path
from embassy_scraper.reports import run_report
from embassy_scraper.reports.atom import AUTHOR, as_atom
from embassy_scraper.reports.entries import Change, Entry, entries_of
from embassy_scraper.whole_file import replace_file

_MOST, _CHANGES = 100, 2000  # entries of the feed; changes of which they are made
_OURS = f"<generator>{AUTHOR}</generator>"


def learned_entries(
    connection: sqlite3.Connection,
    since: str | None,
    most: int,
    known: frozenset[str] = frozenset(),
) -> list[Entry]:
    """Return what this history has learned *since* an instant, of so many changes at *most*.

    The newest news come first; what was *known* before is left out.
    """
    _, rows = run_report(connection, "learned", since=since, most=most + len(known))
    changes = [Change(*row) for row in rows]
    found = entries_of([one for one in changes if one.change_id not in known][:most])
    found.sort(key=lambda entry: entry.learned or "", reverse=True)
    return found


def keep_feed(connection: sqlite3.Connection, db: Path, config: Config) -> None:
    """Write the feed beside *db*, as a whole, where it says something else than before.

    Raises:
        OutputError: it cannot be written, or another's file is in its place.
    """
    path = feed_path(db)
    if path == db:
        return
    if (what := why_no_file(path)) is not None:
        raise OutputError(f"{path}: {what}; move it away")
    entries = learned_entries(connection, None, _CHANGES)[:_MOST]
    title = f"Changes on {config.profile.host}"
    text = "".join(as_atom(entries, title=title, headings=config.profile.list_headings))
    try:
        before = path.read_text("utf-8", "replace") if path.exists() else None
        if before is not None and _OURS not in before[:2000]:
            raise OutputError(f"{path}: not a feed of this program; move it away")
        if text != before:
            replace_file(path, [text.encode()])
    except OSError as error:
        told = what_failed(error, "let this program write to it")
        raise OutputError(f"{path}: {told}") from error
