"""Pages of saved text, written as the site's captures show them, for tests that need few words."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from click.testing import Result

Item = tuple[str, str, str]
NBSP = "\u00a0"


def header(at: datetime, counters: Sequence[str] = ()) -> str:
    """The header at an instant in winter, when London shows UTC."""
    lines = [
        f"{at.day} {at:%B %Y}",
        f"Moscow: {at + timedelta(hours=3):%H:%M}",
        f"London: {at:%H:%M}",
        "",
        f"Consular queries:{NBSP}{NBSP}",
        f"+44 (0) 203 668 7474{NBSP}{NBSP}",
        "",
        (NBSP * 341).join(counters),
        "",
        "",
        "",
    ]
    return "\n".join(lines)


def block(items: Sequence[Item]) -> str:
    """The latest block."""
    return "".join(f"{day} - {title}\n\n{lead}\n\n" for day, title, lead in items) + "all messages"


def page(at: datetime, main: str, items: Sequence[Item], counters: Sequence[str] = ()) -> str:
    """A whole page."""
    return f"{header(at, counters)}\n{main}\n\n\n{block(items)}"


class Folder:
    """A folder of captures that grows, and is ingested whenever asked."""

    def __init__(self, path: Path, run: Callable[..., Result]) -> None:
        """Write below *path*, ingest with *run*."""
        self._path = path
        self._run = run
        self._number = 0

    def see(
        self,
        at: datetime,
        main: str = "",
        items: Sequence[Item] = (),
        *,
        url: str = "",
        counters: Sequence[str] = (),
        text: str | None = None,
    ) -> None:
        """Take in one capture."""
        self._number += 1
        folder = self._path / f"{self._number:03}"
        folder.mkdir(parents=True)
        said = page(at, main, items, counters) if text is None else text
        (folder / "page.txt").write_text(said, encoding="utf-8")
        line = f"page.txt\t{url}\t{at:%Y-%m-%dT%H:%M:%SZ}\n"
        (folder / "manifest.tsv").write_text(f"file\turl\tcaptured_at\n{line}", encoding="utf-8")
        result = self._run("ingest", folder)
        assert result.exit_code == 0, result.stderr
