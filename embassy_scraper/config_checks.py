"""What no setting may be: an address that leads nowhere, a number that is not one, a hidden secret.

What is wrong is told without what may be secret in it: a password in an address is never printed.
"""

import math
import re
from ipaddress import ip_address
from itertools import accumulate
from typing import Any
from urllib.parse import urlsplit

from embassy_scraper.errors import ConfigError
from embassy_scraper.visible import hidden_in

_HOST = re.compile(r"[^\W_](?:[\w.-]*[^\W_])?\.?")
_LONGEST_NAME, _LONGEST_VALUE = 100, 80  # characters


def without_secrets(text: str) -> str:
    """Return *text* without the users and passwords of the addresses in it.

    >>> without_secrets("https://me:pass/word@host.example/a is no address")
    'https://***@host.example/a is no address'
    """
    return re.sub(r"\S+", _without_secret, text)


def _without_secret(found: re.Match[str]) -> str:
    word = found[0]
    begin, end = word.find("//") + 2, word.rfind("@")
    return f"{word[:begin]}***{word[end:]}" if 2 <= begin <= end else word


def quoted(value: Any) -> str:
    """Return a *value* as a message quotes it: not at any length, and no secret."""
    text = without_secrets(repr(value))
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"


def check_text(value: str, where: str) -> None:
    """Refuse a text with a line break, or with what cannot be seen, at *where*.

    Raises:
        ConfigError: it has one.
    """
    if (number := hidden_in(value)) is not None:
        raise ConfigError(f"{where} has a character that cannot be seen ({number}); take it out")


def check_number(value: float, where: str, least: float | None, most: float) -> None:
    """Refuse a number at *where* that is not from *least* to *most*.

    Raises:
        ConfigError: it is not, or is not a number at all: ``nan``, ``inf``.
    """
    if isinstance(value, float) and not math.isfinite(value):
        raise ConfigError(f"{where} must be a number, not {value!r}")
    if least is not None and not (value >= least and math.copysign(1, value) > 0):
        raise ConfigError(f"{where} must be at least {least:g}, not {quoted(value)}")
    if value > most:
        raise ConfigError(f"{where} must be at most {most:,}, not {quoted(value)}")


def check_name(name: str, where: str) -> None:
    """Refuse the *name* of a job or an alert that has no room in a line.

    Raises:
        ConfigError: it is too long.
    """
    if len(name) > _LONGEST_NAME:
        raise ConfigError(f"{where} name must have at most {_LONGEST_NAME} characters")


def check_contact(contact: str, where: str) -> None:
    """Refuse a *contact* at *where* that no User-Agent may hold, as a comment of it (RFC 9110).

    Raises:
        ConfigError: it has letters that are not of ASCII, or a secret.
    """
    if without_secrets(contact) != contact:
        raise ConfigError(f"{where} has a user or password in it; everybody asked sees it")
    found = re.search(r"[^ -\[\]-~]", contact)
    depths = [0, *accumulate((one == "(") - (one == ")") for one in contact)]  # in comments
    if found is not None or min(depths) < 0 or depths[-1]:
        what = repr(found[0]) if found is not None else "a bracket without its other one"
        raise ConfigError(
            f"{where} has {what} in it, which a User-Agent may not hold; write it like"
            " press@example.org (news desk)"
        )


def check_address(url: str, where: str, *, is_base: bool = True) -> None:
    """Refuse an address at *where* of which nothing can be asked; a base has no query either.

    Raises:
        ConfigError: it is not that of a web server, or has a user and password, which are not used.
    """
    if not url.startswith(("http://", "https://")):
        raise ConfigError(f"{where} must be an http or https address, not {quoted(url)}")
    if "@" in url.partition("://")[2].partition("/")[0] or without_secrets(url) != url:
        raise ConfigError(f"{where} has a user or password in it, which is not used; take it out")
    fault = _fault(url, is_base=is_base)
    if fault is not None:
        raise ConfigError(f"{where}: {quoted(url)} {fault}; correct it")


def _fault(url: str, *, is_base: bool) -> str | None:
    """Return what is wrong with an address."""
    if re.search(r"""[\s<>"\\^`{|}]""", url):
        return "has a character that no address has"
    if is_base and ("?" in url or "#" in url):
        return "is no base address: it goes on behind ? or #"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        return f"is no address ({error})"
    if port == 0:
        return "has the port 0, at which nothing answers"
    return None if _is_host(parts.hostname or "") else "names no host"


def _is_host(name: str) -> bool:
    """Say whether *name* can be that of a host, or is an IP address.

    >>> [_is_host(name) for name in ("a.example", "::1", "посольство.рф", "", "a..b", "-")]
    [True, True, True, False, False, False]
    """
    try:
        if ":" in name:
            return bool(ip_address(name))
        return bool(_HOST.fullmatch(name) and name.encode("idna"))
    except ValueError:  # of which UnicodeError is one: an empty or too long part
        return False
