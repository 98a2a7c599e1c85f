"""Starting and stopping pywb and nginx; each is found or the test says what to install."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PYWB = Path(os.environ.get("PYWB_VENV", ROOT / ".venv-pywb"))
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"

needs_pywb = pytest.mark.skipif(
    not (PYWB / "bin" / "wayback").exists(), reason="no pywb: run `make peers` (make test does)"
)
needs_nginx = pytest.mark.skipif(
    not Path(NGINX).exists(), reason="no nginx: apt-get install nginx-light (.ci/run does)"
)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def wait_for_port(port: int, process: subprocess.Popen[bytes], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert process.poll() is None, "the server ended"
        time.sleep(0.05)
    raise AssertionError("the server does not answer")


@contextmanager
def pywb(folder: Path, warcs: list[Path], collection: str = "coll") -> Iterator[str]:
    """Serve *warcs* by pywb; yield the address of the collection."""
    folder.mkdir(parents=True, exist_ok=True)
    manager = str(PYWB / "bin" / "wb-manager")
    quiet = {"cwd": folder, "check": True, "capture_output": True}
    subprocess.run([manager, "init", collection], **quiet)  # type: ignore[call-overload]
    subprocess.run([manager, "add", collection, *map(str, warcs)], **quiet)  # type: ignore[call-overload]
    port = free_port()
    process = subprocess.Popen(
        [str(PYWB / "bin" / "wayback"), "-b", "127.0.0.1", "-p", str(port)],
        cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for_port(port, process)
        yield f"http://127.0.0.1:{port}/{collection}"
    finally:
        process.terminate()
        process.wait()
