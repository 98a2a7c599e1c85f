"""The feed: an Atom file beside the database, with what this history has learned last."""

import os
import sqlite3
import tempfile
from pathlib import Path

from embassy_scraper.config import Config
from embassy_scraper.errors import OutputError
from embassy_scraper.reports import run_report
from embassy_scraper.reports.atom import AUTHOR, as_atom
from embassy_scraper.reports.entries import Change, Entry, entries_of
from embassy_scraper.telling.names import headings_of, site_of

_MOST, _CHANGES = 100, 2000  # entries of the feed; changes of which they are made
_OURS = f"<generator>{AUTHOR}</generator>"


def feed_path(db: Path) -> Path:
    """Return where the feed of *db* is kept.

    >>> feed_path(Path("data/embassy.db")).as_posix()
    'data/embassy.atom'
    """
    return db.with_name(f"{db.stem}.atom")


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
    entries = learned_entries(connection, None, _CHANGES)[:_MOST]
    title = f"Changes on {site_of(config)}"
    text = "".join(as_atom(entries, title=title, headings=headings_of(config)))
    try:
        before = path.read_text("utf-8", "replace") if path.exists() else None
        if before is not None and _OURS not in before[:2000]:
            raise OutputError(f"{path}: not a feed of this program; move it away")
        if text != before:
            _replace(path, text)
    except OSError as error:
        reason = error.strerror or error
        raise OutputError(f"{path}: {reason}; let this program write to it") from error


def _replace(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)
