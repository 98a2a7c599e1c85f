"""What Datasette is told of the tables: their words, and what is not for people."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def described() -> dict[str, Any]:
    """Return the public tables, views and questions as ``tables.toml`` describes them."""
    text = files("embassy_scraper.web").joinpath("tables.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def feed_of(name: str) -> dict[str, Any] | None:
    """Return how rows of a table, a view or a question stand in a feed, if they do."""
    found = described()
    one = found["tables"].get(name) or found["questions"].get(name) or {}
    feed: dict[str, Any] | None = one.get("feed")
    return feed


def metadata(database: str) -> dict[str, Any]:
    """Return Datasette's metadata of the history that is served under the name *database*."""
    found = described()
    return {
        "title": "What the embassy's site said, and when it changed",
        "databases": {
            database: {
                "title": "The history as tables",
                "tables": found["tables"],
                "queries": found["questions"],
            }
        },
    }
