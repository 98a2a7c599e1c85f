"""The courier: hands a message to Apprise, which knows the ways of mail, webhooks and chats.

A message carries its key: as the Message-ID of a mail, as the header ``Idempotency-Key`` of a
request, and in its last line everywhere. So one that is sent again is known as the same.
"""

import logging
import re
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from email.utils import make_msgid
from threading import Thread
from typing import Any

from embassy_scraper.errors import AlertError
from pipelines.state.outbox import Message

_NOT_INSTALLED = (
    "alerts are sent by Apprise, which is not installed: pip install 'embassy-scraper[alerts]'; the"
    " messages are kept, and sent then"
)
_PATIENCE = 60  # seconds for a message to one address: a server may answer byte by byte
_SOCKET = "Socket Exception: "
_KEY: ContextVar[str | None] = ContextVar("key", default=None)
_PARTS = re.compile(r"[^\W_]{4,}")  # of an address: each of them may be a secret
_REASONS = (  # what errors of sockets say, in words that have nothing of the address
    ("refused", "connection refused"),
    ("timed out", "no answer in time"),
    ("certificate", "its certificate could not be verified"),
    ("not known", "no such host"),
    ("name resolution", "no such host"),
    ("No address associated", "no such host"),
    ("unreachable", "the network is unreachable"),
    ("Authentication", "user or password not accepted"),
)


def message_id(key: str) -> str:
    """Return the Message-ID of the mails of a message.

    >>> message_id("ab12")
    '<ab12@embassy-scraper.invalid>'
    """
    return f"<{key}@embassy-scraper.invalid>"


class Courier:
    """Sends messages to addresses as Apprise has them."""

    def __init__(self) -> None:
        """Wake Apprise up.

        Raises:
            AlertError: it is not installed.
        """
        try:
            import apprise
            from apprise.plugins.email import base as mails
        except ImportError as error:
            raise AlertError(_NOT_INSTALLED) from error
        vars(mails)["make_msgid"] = _own_id
        logger = logging.getLogger("apprise")
        logger.propagate = False  # what is said too late may have an address in it, too
        logger.addHandler(logging.NullHandler())
        self._apprise: Any = apprise
        self._asset = apprise.AppriseAsset(
            app_id="embassy-scraper", async_mode=False, storage_mode="memory",
            allow_templates=False, interpret_emojis=False, interpret_escapes=False,
            http_redirects=False,  # what follows one may ask anew, without the message
        )  # fmt: skip
        self._services: dict[str, Any] = {}

    def send(self, message: Message, address: str) -> str | None:
        """Send *message* to *address*; return why that failed, ``None`` if it did not.

        What it returns has no part of the address in it.
        """
        with _captured() as said:
            service = self._service(address)
            if service is None:
                return "not an address that Apprise knows; a webhook is written json://host/path"
            if isinstance(getattr(service, "headers", None), dict):
                service.headers["Idempotency-Key"] = message.key
            post = self._apprise.Apprise(asset=self._asset)
            post.add(service)
            token = _KEY.set(message.key)
            try:
                done = _in_time(
                    lambda: post.notify(
                        body=message.body,
                        title=message.title,
                        body_format=self._apprise.NotifyFormat.TEXT,
                    )
                )
            except TimeoutError:
                del self._services[address]  # it may still be waiting
                return "no answer in time"
            except self._apprise.exception.AppriseException as error:
                said.append(str(error))
                done = False
            finally:
                _KEY.reset(token)
        return None if done else _reason(said, address)

    def _service(self, address: str) -> Any:
        """Return what serves an *address*: always the same, for it keeps the pace of its host."""
        if address not in self._services:
            try:
                found = self._apprise.Apprise.instantiate(address, asset=self._asset)
            except (TypeError, self._apprise.exception.AppriseException):
                found = None
            self._services[address] = found or None
        return self._services[address]


def _in_time(do: Callable[[], Any]) -> Any:
    """Return what *do* returns.

    Raises:
        TimeoutError: it takes too long; it is left alone then, and ends with this process.
    """
    found: Future[Any] = Future()

    def run() -> None:
        try:
            found.set_result(do())
        except BaseException as error:  # noqa: BLE001 - raised again for who waits
            found.set_exception(error)

    Thread(target=copy_context().run, args=(run,), daemon=True).start()
    return found.result(_PATIENCE)


def _own_id(idstring: str | None = None, domain: str | None = None) -> str:
    """Return the Message-ID of the message under way.

    Apprise makes one at random for each mail and takes no other: a header of that name given to it
    is a second one beside it (``apprise/plugins/email/base.py``, 2.3.0).
    """
    key = _KEY.get()
    return message_id(key) if key is not None else make_msgid(idstring, domain)


class _Ear(logging.Handler):
    """Hears why Apprise could not send: it warns, and gives errors of sockets for debugging."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if record.levelno >= logging.WARNING or message.startswith(_SOCKET):
            self.said.append(message)


@contextmanager
def _captured() -> Iterator[list[str]]:
    """Yield what Apprise says meanwhile; it is said nowhere else, for addresses may be in it."""
    logger, ear = logging.getLogger("apprise"), _Ear()
    before = logger.propagate, logger.level
    logger.propagate = False
    logger.setLevel(logging.DEBUG)
    logger.addHandler(ear)
    try:
        yield ear.said
    finally:
        logger.removeHandler(ear)
        logger.propagate = before[0]
        logger.setLevel(before[1])


def _reason(said: list[str], address: str) -> str:
    """Return in words why a message could not be sent, by what Apprise *said*."""
    for line in said:
        for sign, words in _REASONS:
            if line.startswith(_SOCKET) and sign in line:
                return words
    told = [line for line in said if not line.startswith(_SOCKET)]
    return masked_in(" ".join(told) or "it was not accepted", address)


def masked_in(text: str, address: str) -> str:
    """Return *text* on one line, without the parts of an *address*.

    >>> masked_in("hooks.example refused /TEAM/SECRET: 403", "json://hooks.example/TEAM/SECRET")
    '*** refused /***/***: 403'
    """
    secret = set(_PARTS.findall(address.partition("://")[2]))
    flat = _PARTS.sub(lambda found: "***" if found[0] in secret else found[0], text)
    return " ".join(re.sub(r"\*\*\*(?:[.@:-]\*\*\*)+", "***", flat).split())
