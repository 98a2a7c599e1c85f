"""A time-stamping authority on loopback: openssl signs, http.server answers."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

OPENSSL = shutil.which("openssl")
needs_openssl = pytest.mark.skipif(
    OPENSSL is None, reason="openssl is not here; apt-get install openssl"
)
_CONFIG = """\
[req]
distinguished_name = name
prompt = no
[name]
CN = {name}
[root]
basicConstraints = critical, CA:TRUE
[stamps]
extendedKeyUsage = critical, timeStamping
[tsa]
default_tsa = authority
[authority]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
certs = {folder}/{chain}.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
"""


@dataclass
class Authority:
    """``mood`` changes what it answers; ``asked`` is how often it was asked."""

    folder: Path
    chain: str  # the certificates that it sends beside its own: a file's name
    url: str = ""
    asked: int = 0
    mood: str = ""
    replies: list[bytes] = field(default_factory=list)

    @property
    def root(self) -> Path:
        return self.folder / "root.pem"

    def setup(self) -> None:
        self._write("An authority for tests")
        self._openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "9", "-extensions",
                      "root", "-keyout", "root.key", "-out", "root.pem")  # fmt: skip
        self._write("Its time stamps")
        self._openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "tsa.key", "-out", "t.csr")
        self._openssl("x509", "-req", "-in", "t.csr", "-CA", "root.pem", "-CAkey", "root.key",
                      "-CAcreateserial", "-days", "9", "-extfile", "tsa.cnf", "-extensions",
                      "stamps", "-out", "tsa.pem", is_configured=False)  # fmt: skip
        (self.folder / "serial").write_text("01\n")

    def _write(self, name: str) -> None:
        told = _CONFIG.format(name=name, folder=self.folder, chain=self.chain)
        (self.folder / "tsa.cnf").write_text(told)

    def _openssl(self, *words: str, is_configured: bool = True) -> None:
        more = ("-config", "tsa.cnf") if is_configured else ()
        command = [str(OPENSSL), *words, *more]
        subprocess.run(command, cwd=self.folder, check=True, capture_output=True)

    def reply(self, query: bytes) -> tuple[int, bytes]:
        self.asked += 1
        if self.mood == "down":
            return 503, b"later"
        if self.mood == "a page":
            return 200, b"<html>Welcome</html>"
        if self.mood == "huge":
            return 200, b"\0" * 2_000_000
        if self.mood == "an old reply":
            return 200, self.replies[0]
        if self.mood == "refuses":
            self._write("Its time stamps")
            told = (
                (self.folder / "tsa.cnf")
                .read_text()
                .replace("digests = sha256", "digests = sha512")
            )
            (self.folder / "tsa.cnf").write_text(told)
        (self.folder / "query.tsq").write_bytes(query)
        self._openssl("ts", "-reply", "-queryfile", "query.tsq", "-out", "reply.tsr")
        self._write("Its time stamps")
        self.replies.append((self.folder / "reply.tsr").read_bytes())
        return 200, self.replies[-1]


class Quiet(ThreadingHTTPServer):
    """It says nothing of a client that has heard enough."""

    def handle_error(self, request, client_address) -> None:
        pass


@contextmanager
def authority(folder: Path, chain: str = "root") -> Iterator[Authority]:
    """Serve one below *folder*."""
    folder.mkdir()
    one = Authority(folder, chain)
    one.setup()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

        def do_POST(self) -> None:
            assert self.headers["Content-Type"] == "application/timestamp-query"
            query = self.rfile.read(int(self.headers["Content-Length"]))
            status, body = one.reply(query)
            self.send_response(status)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = Quiet(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    one.url = f"http://127.0.0.1:{server.server_port}/tsr"
    try:
        yield one
    finally:
        server.shutdown()
        server.server_close()
