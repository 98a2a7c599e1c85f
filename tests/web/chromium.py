"""Debian's Chromium, and a reader who looks at pages with it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
SWITCHES = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
).split()
WIDE, NARROW = 1280, 390  # pixels


needs_chromium = pytest.mark.skipif(
    CHROMIUM is None, reason="Chromium is not here; apt-get install chromium"
)


@contextmanager
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as player:
        found = player.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        try:
            yield found
        finally:
            found.close()


class Visit:
    """One tab, at one width and in one scheme of colours, that hears what goes wrong."""

    def __init__(self, browser: Browser, site: str, width: int = WIDE, scheme: str = "light"):
        self.site = site = site.rstrip("/")
        self.width = width
        self.faults: list[str] = []
        context: Any = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,  # type: ignore[arg-type]
            reduced_motion="reduce",
        )
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site)
        self.tab: Page = context.new_page()
        self.tab.on("console", self._heard)
        self.tab.on("pageerror", lambda error: self.faults.append(f"raised: {error}"))
        self.tab.on("request", self._asked)

    def _heard(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.faults.append(f"console: {message.text}")

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.site, "data:")):
            self.faults.append(f"asked outside: {request.url}")

    def go(self, path: str) -> None:
        """Open the page at *path* of the site."""
        self.tab.goto(self.site + path)

    def look(self) -> list[str]:
        """What is wrong with the page that is open: for a reader, a screen reader, a phone."""
        from axe_playwright_python.sync_playwright import Axe

        found = self.faults[:]
        self.faults.clear()
        width = self.tab.evaluate("document.documentElement.scrollWidth")
        if width > self.width:
            found.append(f"{width} pixels wide on a screen of {self.width}")
        for fault in Axe().run(self.tab).response["violations"]:
            nodes = [node["html"][:120] for node in fault["nodes"][:3]]
            found.append(f"{fault['id']}: {fault['help']}: {nodes}")
        return [f"{self.tab.url}: {fault}" for fault in found]
