"""``serve`` as a process of its own, and the pages that it shows."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from http.client import HTTPResponse
from pathlib import Path
from ssl import SSLContext
from urllib.error import HTTPError
from urllib.parse import urljoin, urlsplit
from urllib.request import Request, urlopen

from tests.peers.servers import free_port

ROOT = Path(__file__).parents[2]
NOBODY = 65534


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


def ask(url: str, context: SSLContext | None = None, seconds: float = 30) -> Answer:
    """Ask for *url*."""
    try:
        with urlopen(Request(url), timeout=seconds, context=context) as found:
            return _answer(url, found)
    except HTTPError as error:
        with error:
            return _answer(url, error)


def _answer(url: str, found: HTTPResponse | HTTPError) -> Answer:
    headers = {name.lower(): value for name, value in found.headers.items()}
    return Answer(url, found.status or 0, found.read().decode("utf-8", "replace"), headers)


@dataclass(frozen=True)
class Serve:
    """A running ``serve``: the address that it named, and its process."""

    url: str
    process: subprocess.Popen[str]

    def end(self, number: int = signal.SIGTERM, seconds: float = 8) -> tuple[int, str]:
        """Send a signal; return the exit status, and what it said since it began."""
        self.process.send_signal(number)
        _, said = self.process.communicate(timeout=seconds)
        return self.process.returncode, said


def command(db: Path, *options: object) -> list[str]:
    """The command line of ``serve``."""
    words = [sys.executable, "-P", "-m", "embassy_scraper", "serve", "--db", db, *options]
    return [str(word) for word in words]


@contextmanager
def served(db: Path, *options: object, user: int | None = None) -> Iterator[Serve]:
    """Serve *db*, as another *user* where one is given and this process may do so."""
    port = free_port()
    process = subprocess.Popen(
        command(db, "--port", port, *options), text=True, stderr=subprocess.PIPE, cwd="/",
        user=user if os.geteuid() == 0 else None,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    assert process.stderr is not None
    try:
        said = process.stderr.readline()
        found = re.search(r"http://\S+", said)
        assert found, said + process.stderr.read()
        yield Serve(found[0], process)
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()
