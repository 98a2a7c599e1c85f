"""What several tests need: the command line in this process, and small folders of captures."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from embassy_scraper.commands import main

Run = Callable[..., Result]


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
