"""What a page of ours is: an address, a template, and what loads the values that it shows.

Loading happens in one of Datasette's threads, on a connection that only reads.
"""

import shlex
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from embassy_scraper.evidence import Evidence
from embassy_scraper.sites import Profile, load_profile, read_facts

Values = dict[str, Any]
_MOST_REMEMBERED = 100  # who asks for ever another span of days may not fill the memory


class NotHere(Exception):
    """There is no such page: one line, what was asked for and where to look."""


class BadRequest(Exception):
    """What was asked for makes no sense: one line, what and how to ask."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: the parts of its path by name, its arguments, and the history it is of.

    ``base`` is the address of the front page, ``/`` at its end; ``origin`` scheme and host.
    """

    connection: sqlite3.Connection
    db: Path
    parts: Mapping[str, str]
    arguments: Mapping[str, str]
    base: str
    origin: str

    def rows(self, name: str, **values: object) -> list[Values]:
        """Return the rows of the query *name* in ``queries/``."""
        return rows(self.connection, name, **values)

    def tuples(self, name: str, **values: object) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of the query *name* without their names: for very many of them."""
        yield from self.connection.execute(_query(name), values)

    def row(self, name: str, **values: object) -> Values | None:
        """Return the first row of the query *name*, if there is one."""
        return next(iter(self.rows(name, **values)), None)

    def remembered(self, name: str, load: Callable[[], Values]) -> Values:
        """Return what *load* loads, or what it loaded under this *name* from the same history."""
        state = tuple(_state(self.db, end) for end in ("", "-wal"))
        key = (self.db, name)
        found = _remembered.get(key)
        if found is None or found[0] != state:
            found = state, load()
            for oldest in list(_remembered)[: 1 - _MOST_REMEMBERED]:
                _remembered.pop(oldest, None)  # another thread may have done so
            _remembered[key] = found
        return found[1]

    def argument(self, name: str) -> str | None:
        """Return an argument of the address; an empty one counts as none."""
        return self.arguments.get(name, "").strip() or None

    @property
    def stand_in(self) -> str | None:
        """Return the server that stood in for the site when it was last asked, if one did."""
        query = "SELECT evidence FROM captures ORDER BY id DESC LIMIT 1"
        row = self.connection.execute(query).fetchone()
        return Evidence.read(row[0]).mirror or None if row else None

    @property
    def db_option(self) -> str:
        """Return what names this history in a command, for a reader at this machine."""
        host = urlsplit(self.origin).hostname
        return (
            f" --db {shlex.quote(str(self.db))}"
            if host in ("127.0.0.1", "localhost", "::1")
            else ""
        )

    @property
    def profile(self) -> Profile:
        """Return the facts of the site by which the history was read."""
        row = self.connection.execute("SELECT facts FROM _site").fetchone()
        return _profile(row[0] if row else "")

    @property
    def headings(self) -> dict[str, str]:
        """Return the headings of the site's lists by their names."""
        return {name: one.heading for name, one in self.profile.listings.items()}


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that is no page: JSON, CSV, a feed, raw bytes."""

    body: bytes
    content_type: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of ours: the pattern of its address, its template, and what loads its values.

    Where *load* returns text or bytes with a content type, that is the answer.
    """

    pattern: str
    load: Callable[[Asked], Values | Answer]
    template: str = ""


_remembered: dict[tuple[Path, str], tuple[object, Values]] = {}


def _state(db: Path, end: str) -> tuple[int, int] | None:
    """Return what changes when something is written to a database, or to its log."""
    try:
        found = Path(f"{db}{end}").stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


@lru_cache(maxsize=4)
def _profile(facts: str) -> Profile:
    return read_facts(facts) if facts else load_profile()


@lru_cache(maxsize=64)
def _query(name: str) -> str:
    return files("embassy_scraper.web").joinpath("queries", f"{name}.sql").read_text("utf-8")


def rows(connection: sqlite3.Connection, name: str, **values: object) -> list[Values]:
    """Return the rows of the query *name* in ``queries/``, which takes *values* by their names."""
    cursor = connection.execute(_query(name), values)
    return list(_named(cursor))


def _named(cursor: sqlite3.Cursor) -> Iterator[Values]:
    names = [column[0] for column in cursor.description]
    for row in cursor:
        yield dict(zip(names, row, strict=True))
