"""What several tests need: the command line in this process, captures, a site, an archive."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from embassy_scraper.commands import main
from embassy_scraper.replica import Replica, Scenario
from tests import examples  # noqa: F401, its profiles are what --hypothesis-profile names
from tests.live.many import write_config
from tests.live.site import Live, Open
from tests.peers.adapter import Wayback
from tests.peers.backfill import write_archive
from tests.peers.servers import pywb

Run = Callable[..., Result]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever asks for a site or an archive needs a peer, and need not say so."""
    for item in items:
        if {"live", "archive", "machine"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("peer")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was left out, why, and how to have it."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = Counter(one.longrepr[2].removeprefix("Skipped: ") for one in skipped)
    for reason, count in reasons.most_common():
        tests = "1 test" if count == 1 else f"{count} tests"
        terminalreporter.write_line(f"{tests} left out: {reason}", yellow=True)


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """A database that does not exist yet."""
    return tmp_path / "data" / "embassy.db"


@pytest.fixture
def run(db: Path) -> Run:
    """Run a verb on ``db``."""

    def call(verb: str, *arguments: object) -> Result:
        return CliRunner().invoke(main, [verb, *map(str, arguments), "--db", str(db)])

    return call


@pytest.fixture
def rows(db: Path) -> Callable[[str], list[tuple[object, ...]]]:
    """Ask ``db``."""

    def ask(query: str) -> list[tuple[object, ...]]:
        connection = sqlite3.connect(db)
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()

    return ask


@pytest.fixture
def demo_captures() -> Path:
    """Six captures of an invented site: the homepage, and a statement's page, once cut off."""
    return Path(__file__).parent / "captures"


@pytest.fixture
def live(tmp_path: Path) -> Open:
    """Serve a site for as long as a ``with`` block lasts."""

    @contextmanager
    def opened(scenario: Scenario, robots: str | None = None, **crawl: object) -> Iterator[Live]:
        more = {"robots": robots} if robots is not None else {}
        with Replica(scenario, **more) as replica:
            replica.hang = 60.0
            yield Live(replica, tmp_path, write_config(tmp_path, replica.url, **crawl))

    return opened


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path, int]]:
    """A pywb collection, the WARC file in it, and how many captures that has."""
    folder = tmp_path_factory.mktemp("archive")
    warc = folder / "archive.warc.gz"
    count = write_archive(warc)
    with pywb(folder / "pywb", [warc]) as collection:
        yield collection, warc, count


@pytest.fixture
def machine(archive: tuple[str, Path, int]) -> Iterator[Wayback]:
    """The Wayback Machine before that collection."""
    with Wayback(archive[0]) as one:
        yield one
