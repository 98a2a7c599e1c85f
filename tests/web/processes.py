"""``serve`` as a process of its own, and the pages that it shows."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from http.client import HTTPResponse
from pathlib import Path
from ssl import SSLContext
from tempfile import NamedTemporaryFile
from urllib.error import HTTPError
from urllib.parse import urljoin, urlsplit
from urllib.request import HTTPRedirectHandler, HTTPSHandler, Request, build_opener

import pytest

SETPRIV = shutil.which("setpriv")
needs_another_writer = pytest.mark.skipif(
    os.geteuid() != 0 or SETPRIV is None,
    reason="only root can write where serve may not, and only with setpriv of util-linux",
)


@dataclass(frozen=True)
class Answer:
    """What came when *url* was asked for."""

    url: str
    status: int
    text: str
    headers: dict[str, str]

    def links(self) -> list[str]:
        """The addresses of this host that the page names, whole, without what stands after #."""
        named = re.findall(r'(?:href|src|action)="([^"]*)"', self.text)
        found = [urljoin(self.url, unescape(one)).partition("#")[0] for one in named]
        return [one for one in found if urlsplit(one).netloc == urlsplit(self.url).netloc]


class _Stay(HTTPRedirectHandler):
    """Takes a redirect for the answer."""

    def redirect_request(self, *_: object) -> None:
        """Ask for nothing more."""


def ask(url: str, context: SSLContext | None = None, user: tuple[str, str] | None = None) -> Answer:
    """Ask for *url*; follow no redirect."""
    request = Request(url)
    if user is not None:
        told = b64encode(":".join(user).encode()).decode()
        request.add_header("Authorization", f"Basic {told}")
    opener = build_opener(_Stay, HTTPSHandler(context=context))
    try:
        with opener.open(request, timeout=30) as found:
            return _answer(url, found)
    except HTTPError as error:
        with error:
            return _answer(url, error)


def _answer(url: str, found: HTTPResponse | HTTPError) -> Answer:
    headers = {name.lower(): value for name, value in found.headers.items()}
    return Answer(url, found.status or 0, found.read().decode("utf-8", "replace"), headers)


@dataclass(frozen=True)
class Serve:
    """A running ``serve``: the address that it named, its process, and what it says."""

    url: str
    process: subprocess.Popen[bytes]
    said: Path

    def end(self, number: int = signal.SIGTERM, seconds: float = 60) -> tuple[int, str]:
        """Send a signal; return the exit status, and what it said behind its first line."""
        self.process.send_signal(number)
        status = self.process.wait(timeout=seconds)
        return status, self.said.read_text().partition("\n")[2]


def command(db: Path, *options: object) -> list[str]:
    """The command line of ``serve``."""
    words = [sys.executable, "-P", "-m", "embassy_scraper", "serve", "--db", db, *options]
    return [str(word) for word in words]


@contextmanager
def served(db: Path, *options: object, bound: bool = False) -> Iterator[Serve]:
    """Serve *db*; one that is *bound* by the rights of files is so as root too."""
    words = command(db, "--port", 0, *options)
    if bound and os.geteuid() == 0 and SETPRIV is not None:
        words = [SETPRIV, "--bounding-set", "-dac_override,-dac_read_search", *words]
    with NamedTemporaryFile(prefix="serve-") as said:
        process = subprocess.Popen(words, stderr=said)
        try:
            yield Serve(_address(process, Path(said.name)), process, Path(said.name))
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()


def _address(process: subprocess.Popen[bytes], said: Path) -> str:
    """The address that it says it is at."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        ended = process.poll() is not None
        found = re.search(r"(http://\S+) .*\n", said.read_text())
        if found:
            return found[1]
        assert not ended, said.read_text()
        time.sleep(0.05)
    raise AssertionError(f"no address in {said.read_text()!r}")
