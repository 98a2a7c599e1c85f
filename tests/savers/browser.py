"""Savers that are a browser: what Chromium and SingleFile save, and what a reader copies."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.peers.servers import PYWB
from tests.savers.fetchers import run_tool
from tests.savers.moment import Site
from tests.web.chromium import CHROMIUM, SWITCHES

if TYPE_CHECKING:
    from playwright.sync_api import Page

SINGLE_FILE = PYWB / "npm" / "node_modules" / "single-file-cli" / "single-file-node.js"
_OVER_HTTP = "--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable"
_HEAD = re.compile(r"<!DOCTYPE[^>]*>", re.IGNORECASE)
_ABSOLUTE = """() => {
  for (const one of document.querySelectorAll('a[href]')) one.setAttribute('href', one.href);
  for (const one of document.querySelectorAll('[src], link[href]')) {
    const name = one.hasAttribute('src') ? 'src' : 'href';
    one.setAttribute(name, './page_files/' + one.getAttribute(name).split('/').pop());
  }
}"""


@contextmanager
def tab(proxy: str | None = None) -> Iterator[Page]:
    """Open a tab that sees the site by its own name, if through the *proxy*."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as player:
        browser = player.chromium.launch(
            executable_path=CHROMIUM,
            args=[*SWITCHES, _OVER_HTTP],
            proxy={"server": proxy} if proxy else None,
        )
        try:
            yield browser.new_page()
        finally:
            browser.close()


def _visits(site: Site) -> Iterator[tuple[int, Page]]:
    """Yield a tab with each of the pages in turn."""
    with tab(site.proxy) as page:
        for number, address in enumerate(site.addresses):
            page.goto(address)
            yield number, page


def chromium_dom(site: Site, folder: Path) -> None:
    """The document as a script has it, without a word on where it is from."""
    for number, page in _visits(site):
        (folder / f"page-{number}.html").write_text(page.content(), encoding="utf-8")


def chromium_page(site: Site, folder: Path) -> None:
    """ "Save page as": absolute links, and the comment of where it is saved from.

    No protocol reaches the real menu; this is what it writes.
    """
    for number, page in _visits(site):
        comment = f"<!-- saved from url=({len(page.url):04})  -->".replace(")  ", f"){page.url} ")
        page.evaluate(_ABSOLUTE)
        content = _HEAD.sub(lambda head: f"{head[0]}\n{comment}\n", page.content(), count=1)
        (folder / f"page-{number}.html").write_text(content, encoding="utf-8")
        (folder / f"page-{number}_files").mkdir()
        (folder / f"page-{number}_files" / "index.css").write_text("h1 { color: navy }")


def chromium_mhtml(site: Site, folder: Path) -> None:
    for number, page in _visits(site):
        session = page.context.new_cdp_session(page)
        saved = session.send("Page.captureSnapshot", {"format": "mhtml"})["data"]
        (folder / f"page-{number}.mhtml").write_bytes(saved.encode())


def chromium_text(site: Site, folder: Path) -> None:
    """What a reader has who marks all, copies and pastes."""
    for number, page in _visits(site):
        text = page.evaluate("document.body.innerText")
        (folder / f"page-{number}.txt").write_text(text, encoding="utf-8")


def chromium_pdf(site: Site, folder: Path) -> None:
    """The printed page, and its text as pdftotext gives it."""
    for number, page in _visits(site):
        printed = folder.parent / f"{folder.name}-{number}.pdf"
        page.pdf(path=printed)
        run_tool(["pdftotext", printed, folder / f"page-{number}.txt"], folder)
        printed.unlink()


def single_file(site: Site, folder: Path) -> None:
    addresses = folder.parent / f"{folder.name}.list"
    addresses.write_text("\n".join(site.addresses))
    switches = json.dumps([*SWITCHES, _OVER_HTTP, f"--proxy-server={site.proxy}"])
    run_tool(
        ["node", SINGLE_FILE, "--urls-file", addresses, "--output-directory", folder,
         "--browser-executable-path", CHROMIUM or "", "--browser-args", switches,
         "--filename-template", "{url-pathname-flat}.html", "--browser-wait-until", "load",
         "--browser-wait-until-delay", "0", "--load-deferred-images", "false"],
        folder,
    )  # fmt: skip
    addresses.unlink()
