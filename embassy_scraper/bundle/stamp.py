"""A time stamp of a time-stamping authority, after RFC 3161.

It is asked over HTTP to sign a digest with the time; it does not see what the digest is of.
"""

import urllib.error
import urllib.request
from hashlib import sha256
from http.client import HTTPException

from embassy_scraper.errors import TimestampError
from embassy_scraper.limits import MAX_TIMESTAMP
from embassy_scraper.visible import one_line

_SEQUENCE, _INTEGER = b"\x30", b"\x02"  # tags of ASN.1
_GRANTED = (0, 1)  # as asked, or with changes
_SECONDS = 30


def ask_timestamp(url: str, data: bytes) -> bytes:
    """Return the reply of the time-stamping authority at *url* over the SHA-256 of *data*.

    Its signature is not checked here: that takes the certificate of the authority, and is
    done by those who are to be convinced.

    Raises:
        TimestampError: it does not answer, refuses, or signs another thing.
    """
    try:
        from rfc3161_client import HashAlgorithm, TimestampRequestBuilder
    except ImportError as error:
        raise TimestampError(
            "time stamps need rfc3161-client; pip install 'embassy-scraper[timestamp]'"
        ) from error
    request = TimestampRequestBuilder(data=data, hash_algorithm=HashAlgorithm.SHA256).build()
    answer = _post(url, request.as_bytes())
    status = read_status(answer)
    if status is None:
        raise _failed(url, "its answer is not a time stamp; check the address")
    if status not in _GRANTED:
        raise _failed(url, f"it refused{_reason(answer)}; ask who runs it, or name another")
    asked = (sha256(data).digest(), _integer(request.nonce or 0))
    if not all(part in answer for part in asked):
        raise _failed(url, "it signed another thing than it was asked to; name another authority")
    return answer


def read_status(answer: bytes) -> int | None:
    """Return the status with which a reply begins; ``None`` where it is not a reply.

    The library reads strict DER alone, and refuses what authorities built on openssl send: their
    certificates are not sorted. RFC 5652 lets them be in any order.

    >>> read_status(bytes.fromhex("3005 3003 020102")), read_status(b"<html>")
    (2, None)
    """
    at = 0
    for tag in (_SEQUENCE, _SEQUENCE, _INTEGER):
        if answer[at : at + 1] != tag or at + 1 >= len(answer):
            return None
        length = answer[at + 1]
        at += 2 + (length & 0x7F if length & 0x80 else 0)
    return answer[at] if at < len(answer) else None


def _integer(number: int) -> bytes:
    """Return a number as it stands in a reply."""
    content = number.to_bytes(number.bit_length() // 8 + 1, "big")
    return _INTEGER + bytes([len(content)]) + content


def _reason(answer: bytes) -> str:
    """Return why an authority refused, in its own words."""
    from rfc3161_client import decode_timestamp_response

    try:
        told = "; ".join(decode_timestamp_response(answer).status_string)
    except ValueError:
        told = ""
    return f": {one_line(told)[:200]}" if told else ""


def _post(url: str, query: bytes) -> bytes:
    if not url.startswith(("http://", "https://")):
        raise _failed(url, "not an http or https address; correct it")
    head = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    try:
        request = urllib.request.Request(url, query, head)
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:
            found: bytes = answer.read(MAX_TIMESTAMP + 1)
    except urllib.error.HTTPError as error:
        raise _failed(url, f"it answered {error.code}; check the address") from error
    except (OSError, HTTPException, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise _failed(url, f"{reason}; check the address, or leave --timestamp out") from error
    if len(found) > MAX_TIMESTAMP:
        raise _failed(url, "its answer is too large for a time stamp; check the address")
    return found


def _failed(url: str, why: str) -> TimestampError:
    return TimestampError(f"no time stamp from {url}: {why}; no bundle was written")
