"""The ledger of what the archives offer."""

from __future__ import annotations

from pathlib import Path

from embassy_scraper.crawl_items import Offered
from embassy_scraper.items import PageProblem
from pipelines.state import offers
from pipelines.tables.database import open_database
from pipelines.tables.problems import store_problems

URL = "https://www.rusemb.org.uk/fnapr/9004"


def offered(digest: str, status: int) -> Offered:
    return Offered("20210301060800", URL, "text/html", status, digest)


def test_two_captures_of_one_second_are_two_offers(tmp_path: Path) -> None:
    """A redirect to itself with a cookie, and the page behind it: an archive has both."""
    connection = open_database(tmp_path / "embassy.db")
    rows = [offered("A", 302), offered("B", 200)]
    assert offers.keep_offers(connection, "wayback", [*rows, *rows]) == 2
    for number in (1, 2):
        offers.failed(connection, number, f"reason {number}")
        problem = PageProblem(offers.NOT_TO_BE_HAD, "wayback 20210301060800", f"reason {number}")
        store_problems(connection, [problem], path=URL)
    offers.stored(connection, 2, "a capture")
    left = connection.execute("SELECT text FROM problems").fetchall()
    assert left == [("reason 1",)]
    assert offers.tally(connection, "wayback") == {"stored": 1, "waiting": 1}
    offers.stored(connection, 1, "a capture")
    assert not connection.execute("SELECT text FROM problems").fetchall()
