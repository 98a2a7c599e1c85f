"""Starting and stopping pywb and nginx; each is found or the test says what to install."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PYWB = Path(os.environ.get("PYWB_VENV", ROOT / ".venv-pywb"))
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"

needs_pywb = pytest.mark.skipif(
    not (PYWB / "bin" / "wayback").exists(), reason="pywb is not here; make peers"
)
needs_nginx = pytest.mark.skipif(
    not Path(NGINX).exists(), reason="nginx is not here; apt-get install nginx-light"
)


needs_readers = pytest.mark.skipif(
    not list(PYWB.glob("lib/*/site-packages/cdx_toolkit"))
    or not list(PYWB.glob("lib/*/site-packages/wayback")),
    reason="cdx_toolkit and wayback are not here; make peers",
)

SAMPLES = PYWB / "samples"
needs_samples = pytest.mark.skipif(
    len(list(SAMPLES.glob("*.tar.gz"))) < 3,
    reason="the sample archives are not here; make peers",
)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def wait_for_port(port: int, process: subprocess.Popen[bytes], seconds: float = 300) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert process.poll() is None, "the server ended"
        time.sleep(0.05)
    raise AssertionError("the server does not answer")


@contextmanager
def pywb(
    folder: Path, warcs: list[Path], collection: str = "coll", *, unpack: bool = False
) -> Iterator[str]:
    """Serve *warcs* by pywb, or WACZ files that it is to *unpack*; yield the address of all."""
    folder.mkdir(parents=True, exist_ok=True)
    manager = str(PYWB / "bin" / "wb-manager")
    quiet = {"cwd": folder, "check": True, "capture_output": True}
    subprocess.run([manager, "init", collection], **quiet)  # type: ignore[call-overload]
    add = [manager, "add", *(["--unpack-wacz"] if unpack else []), collection, *map(str, warcs)]
    subprocess.run(add, **quiet)  # type: ignore[call-overload]
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


def write_zipnum(folder: Path, warcs: list[Path], place: str, lines_a_block: int = 1) -> None:
    """Write a ZipNum cluster of *warcs*, as Common Crawl has them: gzip blocks and their index.

    The index says that they lie in the folder *place* of its files.
    """
    made = subprocess.run(
        [str(PYWB / "bin" / "cdx-indexer"), "-s", "-j", *map(str, warcs)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    told = re.sub(r'("filename": ")(?:[^"]*/)?', rf"\g<1>{place}/", made.stdout)
    lines = [line for line in told.splitlines() if not line.startswith(" CDX")]
    index, offset = [], 0
    with (folder / "cdx-00000.gz").open("wb") as file:
        for number, start in enumerate(range(0, len(lines), lines_a_block), start=1):
            block = lines[start : start + lines_a_block]
            packed = gzip.compress("".join(f"{line}\n" for line in block).encode())
            key = " ".join(block[0].split(" ")[:2])
            index.append(f"{key}\tcdx-00000.gz\t{offset}\t{len(packed)}\t{number}\n")
            file.write(packed)
            offset += len(packed)
    (folder / "cluster.idx").write_text("".join(index))
    (folder / "cluster.loc").write_text("cdx-00000.gz\tcdx-00000.gz\n")


def read_index(reader: str, url: str, query: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rows that another *reader* of indexes gets from the one at *url*."""
    done = subprocess.run(
        [str(PYWB / "bin" / "python"), str(ROOT / "tests/peers/readers.py"), reader, url,
         json.dumps(query)],
        env={**os.environ, "CDXT_DEFAULT_MIN_RETRY_INTERVAL": "0", "CDXT_MAX_ERRORS": "0"},
        check=False, capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    rows: list[dict[str, Any]] = json.loads(done.stdout)
    return rows


def segment(crawl: str, kind: str = "warc") -> str:
    """The folder of a crawl's files, as Common Crawl names them."""
    return f"crawl-data/{crawl}/segments/1579250589560.16/{kind}"


@contextmanager
def common_crawl(
    folder: Path,
    crawls: dict[str, list[Path]],
    lines_a_block: int = 1,
    wets: Iterable[Path] = (),
) -> Iterator[str]:
    """Serve *crawls*: pywb is their index, nginx has their files and the list of crawls.

    Of *wets*, ``NAME.warc.wet.gz`` lies where the texts of ``NAME.warc.gz`` belong.
    """
    files = folder / "files"
    files.mkdir(parents=True)
    texts = {wet.name: wet for wet in wets}
    for name, warcs in crawls.items():
        manager = [str(PYWB / "bin" / "wb-manager"), "init", name]
        subprocess.run(manager, cwd=folder, check=True, capture_output=True)
        for kind in ("warc", "wet"):
            (files / segment(name, kind)).mkdir(parents=True)
        for warc in warcs:
            shutil.copy(warc, files / segment(name) / warc.name)
            wet = texts.get(warc.name.replace(".warc.gz", ".warc.wet.gz"))
            if wet is not None:
                shutil.copy(wet, files / segment(name, "wet") / wet.name)
        indexes = folder / "collections" / name / "indexes"
        write_zipnum(indexes, warcs, segment(name), lines_a_block)
    (files / "collinfo.json").write_text(json.dumps([{"id": name} for name in crawls]))
    (folder / "config.yaml").write_text("cdx_api_endpoint: -index\n")
    port, front = free_port(), free_port()
    (folder / "nginx.conf").write_text(_NGINX.format(
        user="user root;" if os.geteuid() == 0 else "", folder=folder, port=front, pywb=port
    ))  # fmt: skip
    index = subprocess.Popen(
        [str(PYWB / "bin" / "wayback"), "-b", "127.0.0.1", "-p", str(port)],
        cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    nginx = subprocess.Popen([NGINX, "-c", str(folder / "nginx.conf"), "-p", str(folder)])
    try:
        wait_for_port(port, index)
        wait_for_port(front, nginx)
        yield f"http://127.0.0.1:{front}"
    finally:
        for process in (index, nginx):
            process.terminate()
            process.wait()


_NGINX = """
{user} daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; worker_processes 1;
events {{ worker_connections 64; }}
http {{
  access_log {folder}/access.log; default_type application/octet-stream;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{ listen 127.0.0.1:{port}; root {folder}/files;
    location ~ -index$ {{ proxy_pass http://127.0.0.1:{pywb}; }} }}
}}
"""
