"""Savers that give the text alone: lynx and w3m."""

from __future__ import annotations

from pathlib import Path

from tests.savers.fetchers import run_tool
from tests.savers.moment import Site


def lynx(site: Site, folder: Path) -> None:
    _dump(site, folder, "lynx", "-dump", "-display_charset=utf-8", "-assume_charset=utf-8")


def lynx_bare(site: Site, folder: Path) -> None:
    """Without the numbers of links and their list."""
    _dump(
        site, folder, "lynx", "-dump", "-nolist", "-width=120", "-display_charset=utf-8"
    )  # fmt: skip


def w3m(site: Site, folder: Path) -> None:
    _dump(site, folder, "w3m", "-dump", "-cols", "100")


def _dump(site: Site, folder: Path, *command: str) -> None:
    for number, address in enumerate(site.addresses):
        text = run_tool([*command, address], folder, site.proxy)
        (folder / f"page-{number}.txt").write_bytes(text)
