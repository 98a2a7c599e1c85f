"""The ledger of what the archives offer."""

from __future__ import annotations

from pathlib import Path

from embassy_scraper.crawl_items import Offered, Wanted
from embassy_scraper.sites import load_profile
from pipelines.state.archive_history import ArchiveHistory
from pipelines.state.arrivals import note_stored
from pipelines.tables.database import open_database

URL = "https://www.rusemb.org.uk/fnapr/9004"


def offered(digest: str, status: int) -> Offered:
    return Offered("20210301060800", URL, "text/html", status, digest)


def test_two_captures_of_one_second_are_two_offers(tmp_path: Path) -> None:
    """A redirect to itself with a cookie, and the page behind it: an archive has both."""
    connection = open_database(tmp_path / "embassy.db")
    history = ArchiveHistory(tmp_path / "embassy.db", load_profile(), "wayback")
    rows = [offered("A", 302), offered("B", 200)]
    assert history.keep_page("all", [*rows, *rows], None, is_done=True) == 2
    for number, offer in enumerate(rows, start=1):
        history.failed(Wanted(number, offer), f"reason {number}", is_counted=True)
    note_stored(connection, 2, "a capture")
    connection.commit()
    left = connection.execute("SELECT text FROM problems").fetchall()
    assert left == [("reason 1",)]
    assert history.tally() == {"stored": 1, "waiting": 1}
    note_stored(connection, 1, "a capture")
    assert not connection.execute("SELECT text FROM problems").fetchall()
