"""A mail server and a webhook on loopback: what they were handed, and how they can fail."""

from __future__ import annotations

import email
import email.policy
import json
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller

from tests.peers.servers import free_port


@dataclass
class Post:
    """One address: a port on which sometimes somebody listens."""

    port: int = field(default_factory=free_port)
    had: list[tuple[str, str]] = field(default_factory=list)  # key and text, as they came
    then: Callable[[], None] = lambda: None  # what happens when a message has come

    def all_keys(self) -> set[str]:
        return {key for key, _ in self.had}

    def by_key(self) -> dict[str, str]:
        """The text of each message; one that came twice came with the same text."""
        found: dict[str, str] = {}
        for key, text in self.had:
            assert found.setdefault(key, text) == text
        return found


@contextmanager
def dripping(post: Post) -> Iterator[None]:
    """Answer at *post*, a byte at a time and without an end."""
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", post.port)) as listener:
        listener.settimeout(0.1)

        def drip(one: socket.socket) -> None:
            with one, suppress(OSError):
                one.recv(65_536)
                one.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
                while not ended.wait(0.2):
                    one.sendall(b"x")

        def answer() -> None:
            while not ended.is_set():
                with suppress(TimeoutError):
                    drip(listener.accept()[0])

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield
        ended.set()
        thread.join()


class Hook(Post):
    status = 200
    location = ""  # where it sends who asks

    @property
    def address(self) -> str:
        return f"json://me:geheim@127.0.0.1:{self.port}/hook/T0KEN"

    @contextmanager
    def up(self) -> Iterator[None]:
        post = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                told: dict[str, Any] = json.loads(body)
                if post.status == 200:
                    text = f"{told['title']}\n{told['message']}"
                    post.had.append((self.headers["Idempotency-Key"], text))
                post.then()
                self.send_response(post.status)
                if post.location:
                    self.send_header("Location", post.location)
                self.end_headers()

            def do_GET(self) -> None:
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()


class Mail(Post):
    mails: list[EmailMessage]

    @property
    def address(self) -> str:
        return f"mailto://127.0.0.1:{self.port}/?from=robot@news.example&to=desk@news.example"

    @contextmanager
    def up(self) -> Iterator[None]:
        post = self
        self.mails = []

        class Handler:
            async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
                mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
                post.mails.append(mail)
                assert envelope.rcpt_tos == ["desk@news.example"]
                assert len(mail.get_all("Message-ID", [])) == 1
                part = mail.get_body(("plain",))
                assert part is not None
                text = part.get_content().replace("\r\n", "\n")
                post.had.append((mail["Message-ID"], f"{mail['Subject']}\n{text}"))
                post.then()
                return "250 OK"

        server = Controller(Handler(), hostname="127.0.0.1", port=self.port)
        server.start()
        try:
            yield
        finally:
            server.stop()


def killing(pid: Callable[[], int]) -> Callable[[], None]:
    """What ends the process that has just sent something, before it can note that."""

    def kill() -> None:
        os.kill(pid(), signal.SIGKILL)

    return kill
