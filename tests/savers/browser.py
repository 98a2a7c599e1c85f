"""Savers that are a browser: what Chromium and SingleFile save, and what a reader copies."""

from __future__ import annotations

import json
import re
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from tests.peers.servers import PYWB
from tests.savers.fetchers import run_tool
from tests.savers.moment import Site
from tests.web.chromium import CHROMIUM, SWITCHES

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, Page

SINGLE_FILE = max(PYWB.glob("single-file-cli-*.tgz"), default=None)
_BUNDLE = "package/lib/single-file-bundle.js"
_IMPORTED = "code => import(URL.createObjectURL(new Blob([code], {type: 'text/javascript'})))"
_OVER_HTTP = "--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable"
_HEAD = re.compile(r"<!DOCTYPE[^>]*>", re.IGNORECASE)
_SINGLE_FILE_OPTIONS = {  # what its extension and its command line do unless told otherwise
    "removeHiddenElements": True, "removeUnusedStyles": True, "removeUnusedFonts": True,
    "compressHTML": True, "blockScripts": True, "insertSingleFileComment": True,
    "insertCanonicalLink": True, "insertMetaCSP": True, "resolveLinks": True,
}  # fmt: skip
_AS_SAVED = """() => {
  for (const one of document.querySelectorAll('a[href]')) one.setAttribute('href', one.href);
  for (const one of document.querySelectorAll('[src], link[href]')) {
    const name = one.hasAttribute('src') ? 'src' : 'href';
    one.setAttribute(name, './page_files/' + one.getAttribute(name).split('/').pop());
  }
}"""
_ONE_AT_A_TIME = Lock()


@dataclass(frozen=True, slots=True)
class Look:
    """One page in the browser, in each of the forms in which it can be had."""

    url: str
    text: str
    dom: str
    mhtml: str
    pdf: bytes
    single: str
    saved: str


@contextmanager
def _tab(proxy: str | None) -> Iterator[Page]:
    """Open a tab that sees the site by its own name, if through the *proxy*."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as player:
        browser = player.chromium.launch(
            executable_path=CHROMIUM,
            args=[*SWITCHES, _OVER_HTTP],
            proxy={"server": proxy} if proxy else None,
        )
        try:
            yield browser.new_page(bypass_csp=True)
        finally:
            browser.close()


def looks(site: Site, addresses: Sequence[str] = ()) -> list[Look]:
    """Return all pages as the browser shows them, or an archive's *addresses* of them.

    It opens each only once.
    """
    with _ONE_AT_A_TIME:
        return _opened(site, tuple(addresses))


@cache
def _opened(site: Site, addresses: tuple[str, ...]) -> list[Look]:
    with _tab(None if addresses else site.proxy) as page:
        script = _single_file_script(page, SINGLE_FILE) if SINGLE_FILE else ""
        return [_look(page, address, script) for address in addresses or site.addresses]


def _look(page: Page, address: str, script: str) -> Look:
    page.goto(address)
    session = page.context.new_cdp_session(page)
    mhtml = session.send("Page.captureSnapshot", {"format": "mhtml"})["data"]
    text, dom, pdf = page.evaluate("document.body.innerText"), page.content(), page.pdf()
    single = _single_file(session, script) if script else ""
    page.evaluate(_AS_SAVED)
    return Look(page.url, text, dom, mhtml, pdf, single, page.content())


def _single_file(session: CDPSession, script: str) -> str:
    """Return the page as SingleFile saves it, which runs beside the page's scripts, not in them."""
    frame = session.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
    world = session.send("Page.createIsolatedWorld", {"frameId": frame})["executionContextId"]
    asked = f"singlefile.getPageData({json.dumps(_SINGLE_FILE_OPTIONS)}).then(data => data.content)"
    for expression in (script, asked):
        done = session.send(
            "Runtime.evaluate",
            {"expression": expression, "contextId": world, "awaitPromise": True},
        )
    content: str = done["result"]["value"]
    return content


def _single_file_script(page: Page, packed: Path) -> str:
    """Return SingleFile's script, which its package has as a text in a module."""
    with tarfile.open(packed) as package:
        bundle = package.extractfile(_BUNDLE)
        assert bundle is not None
        module = bundle.read().decode()
    script: str = page.evaluate(f"code => ({_IMPORTED})(code).then(m => m.script)", module)
    return f"{script}; globalThis.singlefile = singlefile"


def chromium_dom(site: Site, folder: Path) -> None:
    """The document as a script has it, without a word on where it is from."""
    for number, look in enumerate(looks(site)):
        (folder / f"page-{number}.html").write_text(look.dom, encoding="utf-8")


def chromium_page(site: Site, folder: Path) -> None:
    """What "save page as" writes, laid by hand: absolute links, and where it is saved from.

    No protocol of the browser reaches that menu.
    """
    for number, look in enumerate(looks(site)):
        comment = f"<!-- saved from url=({len(look.url):04}){look.url} -->"
        head = _HEAD.search(look.saved)
        at = head.end() if head else 0
        page = f"{look.saved[:at]}\n{comment}\n{look.saved[at:]}"
        (folder / f"page-{number}.html").write_text(page, encoding="utf-8")
        parts = folder / f"page-{number}_files"
        parts.mkdir()
        (parts / "index.css").write_text("h1 { color: navy }")


def chromium_mhtml(site: Site, folder: Path) -> None:
    for number, look in enumerate(looks(site)):
        (folder / f"page-{number}.mhtml").write_bytes(look.mhtml.encode())


def chromium_text(site: Site, folder: Path) -> None:
    """What a reader has who marks all, copies and pastes."""
    for number, look in enumerate(looks(site)):
        (folder / f"page-{number}.txt").write_text(look.text, encoding="utf-8")


def chromium_pdf(site: Site, folder: Path) -> None:
    """The printed pages, which are not read."""
    for number, look in enumerate(looks(site)):
        (folder / f"page-{number}.pdf").write_bytes(look.pdf)


def pdftotext(site: Site, folder: Path) -> None:
    """The text of the printed pages, as the message about a PDF advises."""
    for number, look in enumerate(looks(site)):
        printed = folder.parent / f"page-{number}.pdf"
        printed.write_bytes(look.pdf)
        run_tool(["pdftotext", printed, folder / f"page-{number}.txt"], folder)


def single_file(site: Site, folder: Path) -> None:
    """SingleFile itself, put into the page as its extension does."""
    for number, look in enumerate(looks(site)):
        (folder / f"page-{number}.html").write_text(look.single, encoding="utf-8")
