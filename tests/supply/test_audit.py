"""The audit, against an index and a service of weaknesses on loopback: what it finds, and what it
could not ask."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.supply.tools import TOOLS, needs_tools

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.peer, needs_tools]
WEAK = {"id": "PYSEC-1", "aliases": ["CVE-1"], "summary": "It hangs", "modified": "2026-01-01"}
FIXED = {
    "package": {"name": "hangs", "ecosystem": "PyPI"},
    "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.0"}]}],
}


def wheel(name: str) -> bytes:
    """Return a wheel of version 1.0 with nothing in it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        about = f"{name}-1.0.dist-info"
        file.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        file.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        file.writestr(f"{about}/RECORD", "")
    return packed.getvalue()


WHEELS = {name: wheel(name) for name in ("plain", "hangs", "gone")}


class Handler(BaseHTTPRequestHandler):
    """An index with three packages, and what is known of their weaknesses."""

    answers = True

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        kind, name = self.path.strip("/").split("/")
        package = name.partition("-")[0]
        yanked = ' data-yanked="it was broken"' if package == "gone" else ""
        file = f"{package}-1.0-py3-none-any.whl"
        page = (
            f'<!DOCTYPE html><html><body><a href="/files/{file}"{yanked}>{file}</a></body></html>'
        )
        if package not in WHEELS:
            self._answer(404, "text/plain", b"")
        elif kind == "files":
            self._answer(200, "application/zip", WHEELS[package])
        else:
            self._answer(200, "text/html", page.encode())

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        found = asked["package"]["name"] == "hangs"
        answer = {"vulns": [{**WEAK, "affected": [FIXED]}]} if found else {}
        self._answer(200 if self.answers else 500, "application/json", json.dumps(answer).encode())

    def _answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    class Own(Handler):
        pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Own)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def audit(
    server: ThreadingHTTPServer, folder: Path, *names: str
) -> subprocess.CompletedProcess[str]:
    """Judge a lock of the packages *names*, with nothing of this machine's settings."""
    lock = folder / "lock.txt"
    hashes = {name: hashlib.sha256(WHEELS.get(name, b"")).hexdigest() for name in names}
    lock.write_text("".join(f"{name}==1.0 --hash=sha256:{hashes[name]}\n" for name in names))
    at = f"http://127.0.0.1:{server.server_address[1]}"
    variables = {
        "PATH": os.defpath, "HOME": str(folder), "UV_DEFAULT_INDEX": f"{at}/simple/",
        "UV_CACHE_DIR": str(folder / "uv"), "XDG_CACHE_HOME": str(folder / "cache"),
        "UV_NO_CONFIG": "1", "UV_HTTP_RETRIES": "0",
    }  # fmt: skip
    command = [str(TOOLS), "-m", "tests.supply.audit", "--service", f"{at}/query", str(lock)]
    return subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True)


def test_what_has_no_fault_passes(server: ThreadingHTTPServer, tmp_path: Path) -> None:
    done = audit(server, tmp_path, "plain")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert done.stderr.endswith("lock.txt: 1 packages, 0 findings\n")


def test_the_withdrawn_and_the_weak_are_named(server: ThreadingHTTPServer, tmp_path: Path) -> None:
    done = audit(server, tmp_path, "plain", "hangs", "gone")
    assert done.returncode == 1
    gone, hangs = (line.partition(": ")[2] for line in done.stdout.splitlines())
    assert gone.startswith("gone==1.0: withdrawn by its maintainers")
    assert hangs == "hangs 1.0: PYSEC-1, CVE-1, mended in 2.0"


def test_what_could_not_be_asked_is_no_pass(server: ThreadingHTTPServer, tmp_path: Path) -> None:
    server.RequestHandlerClass.answers = False  # type: ignore[attr-defined]
    done = audit(server, tmp_path, "plain")
    assert done.returncode == 1
    assert "known weaknesses could not be asked: " in done.stdout
    assert len(done.stdout.splitlines()) == 1
    done = audit(server, tmp_path, "unknown")
    assert done.returncode == 1
    assert "what was withdrawn could not be asked: " in done.stdout
