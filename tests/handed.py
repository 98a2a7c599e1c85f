"""Pages as a reader hands them over, stored and compared without a byte being read.

For rules of the history alone: what a page shows is said in the nouns of ``items``, so that these
tests hold whichever way the bytes are read.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from random import Random

from embassy_scraper.items import (
    Entry,
    ListText,
    Page,
    PageKind,
    RawCapture,
    StatementText,
    Taken,
)
from embassy_scraper.sites import load_profile
from embassy_scraper.warc_writer import WarcWriter
from pipelines.diff import settle
from pipelines.normalise import normalise
from pipelines.store import keep
from pipelines.tables.database import open_database, writing
from pipelines.tables.site_and_reader import note_first_reader
from tests.world import program

SITE = "https://www.rusemb.org.uk/"
Handed = tuple[RawCapture, Page]


def entry(
    day: str | None,
    title: str | None,
    lead: str | None = "",
    key: str = "",
    *,
    is_open: bool = False,
) -> Entry:
    """An entry as a list prints it; *key* is the statement that its title links to."""
    return Entry(day, title, lead, f"/{key}" if key else None, is_open)


def shown(
    at: datetime,
    address: str | None,
    *lists: ListText,
    statement: StatementText | None = None,
    kind: PageKind | None = None,
    status: int | None = None,
    **more: object,
) -> Handed:
    """A capture of *address* (below the site's) at the instant *at*."""
    kind = kind or ("statement" if statement else "home" if address == "" else "listing")
    url = None if address is None else SITE + address
    instant = f"{at:%Y-%m-%dT%H:%M:%SZ}"
    page = Page(kind, statement=statement, lists=lists, **more)  # type: ignore[arg-type]
    payload = repr((instant, url, page)).encode()
    raw = RawCapture(payload, "text/html", "file", url, instant, http_status=status)
    return raw, page


def take(db: Path, *batches: Sequence[Handed]) -> Path:
    """Store the captures in *db*, batch by batch, and derive what follows from each."""
    connection = open_database(db)
    writer = WarcWriter(db.parent / "captures")
    for batch in batches:
        new = [Taken(normalise(raw, page, load_profile()), raw) for raw, page in batch]
        with writing(connection):
            note_first_reader(connection, load_profile())
            keep(connection, writer, new)
        settle(connection)
    writer.close()
    connection.close()
    return db


def take_in_any_order(folder: Path, captures: Sequence[Handed]) -> Path:
    """Store the captures at once, and one by one in some orders; all must be one history."""
    whole = take(folder / "whole" / "embassy.db", captures)
    rng = Random(len(captures))
    orders = [captures[::-1], *(rng.sample(captures, len(captures)) for _ in range(5))]
    for number, order in enumerate(orders):
        parts = take(folder / f"order{number}" / "embassy.db", *([one] for one in order))
        differences = program.table_differences(whole, parts)
        assert not differences, "\n".join([f"order {number}", *differences[:12]])
    return whole


def changes(db: Path, *columns: str) -> list[tuple[object, ...]]:
    """The changes of statements, in the report's order."""
    rows = program.query(
        db,
        f"SELECT {', '.join(columns)} FROM changes WHERE kind NOT GLOB 'counter*'"
        " ORDER BY observed_by, kind, subject, field, change_id",
    )
    return [tuple(row) for row in rows]
