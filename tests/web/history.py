"""Histories to serve: one round of the replica's story, and one with hostile titles."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from click.testing import CliRunner

from embassy_scraper.commands import main
from embassy_scraper.web.server import make_datasette

HOSTILE = (
    "<script>alert(1)</script>",
    "a\u202eb\x1b[31mc",
    '"><img src=x onerror=alert(1)>',
    "]]>&amp;{{ 7*7 }}",
    "=cmd|' /C calc'!A0",
)


def demo(db: Path) -> Path:
    """Make the demonstration's history in *db*."""
    result = CliRunner().invoke(main, ["demo", "--db", str(db)])
    assert result.exit_code == 0, result.output
    return db


def copied(db: Path, folder: Path) -> Path:
    """A copy of *db* in *folder*, to be written to."""
    copy = folder / "embassy.db"
    with closing(sqlite3.connect(db)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    return copy


def make_hostile(db: Path) -> None:
    """Put hostile text wherever a page of *db* could have brought it."""
    with sqlite3.connect(db) as connection:
        keys = [key for (key,) in connection.execute("SELECT key FROM statements ORDER BY key")]
        for text, key in zip(HOSTILE, keys, strict=False):
            connection.execute("UPDATE statements SET title = ? WHERE key = ?", (text, key))
            connection.execute("UPDATE changes SET title = ? WHERE subject = ?", (text, key))
        all_of_it = " ".join(HOSTILE)
        connection.execute("UPDATE _texts SET text = ? || text", (all_of_it,))
        connection.execute("UPDATE counters SET label = ? || label", (all_of_it,))
        connection.execute(
            "UPDATE changes SET before = ?, after = ? WHERE kind = 'statement_edited'"
            " AND field != 'published_on'",
            (all_of_it, f"{all_of_it} 8 more"),
        )
        connection.execute('UPDATE problems SET text = ?, "where" = ?', (all_of_it, HOSTILE[0]))
        connection.execute("UPDATE runs SET note = ?, outcome = ?", (all_of_it, HOSTILE[2]))
    connection.close()


class Site:
    """A history served inside this process."""

    def __init__(self, db: Path, base: str = "/") -> None:
        self._datasette = make_datasette(db, base)
        self._loop = asyncio.new_event_loop()
        self._loop.run_until_complete(self._datasette.invoke_startup())

    def ask(self, path: str, method: str = "GET"):
        """Return the answer to a request."""
        return self._loop.run_until_complete(self._datasette.client.request(method, path))

    def get(self, path: str, status: int = 200, method: str = "GET"):
        """Return the answer to a request, which has this *status*."""
        answer = self.ask(path, method)
        assert answer.status_code == status, (path, answer.status_code, answer.text[:500])
        return answer

    def close(self) -> None:
        """Free what it holds."""
        self._loop.close()
