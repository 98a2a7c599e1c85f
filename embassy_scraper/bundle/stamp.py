"""A time stamp of a time-stamping authority, after RFC 3161.

It is asked over HTTP to sign a digest with the time; it does not see what the digest is of.
"""

import urllib.error
import urllib.request
from hashlib import sha256
from http.client import HTTPException

from embassy_scraper.errors import TimestampError

_SECONDS = 30
_LONGEST = 1_000_000  # bytes of a reply; with its certificates one has a few thousand


def ask_timestamp(url: str, data: bytes) -> bytes:
    """Return the reply of the time-stamping authority at *url* over the SHA-256 of *data*.

    Raises:
        TimestampError: it does not answer, refuses, or signs another thing.
    """
    try:
        from rfc3161_client import HashAlgorithm, TimestampRequestBuilder, decode_timestamp_response
    except ImportError as error:
        raise TimestampError(
            "time stamps need rfc3161-client; pip install 'embassy-scraper[timestamp]'"
        ) from error
    request = TimestampRequestBuilder(data=data, hash_algorithm=HashAlgorithm.SHA256).build()
    answer = _post(url, request.as_bytes())
    try:
        reply = decode_timestamp_response(answer)
    except ValueError as error:
        raise _failed(url, "its answer is not a time stamp; check the address") from error
    if reply.status not in (0, 1):  # granted, or granted with changes
        told = "; ".join(reply.status_string) or f"status {reply.status}"
        raise _failed(url, f"it refused: {told[:200]}; ask who runs it")
    try:
        signed = reply.tst_info
        is_right = signed.message_imprint.message == sha256(data).digest()
        is_right = is_right and signed.nonce == request.nonce
    except ValueError as error:
        raise _failed(url, "its reply has no readable time stamp; check the address") from error
    if not is_right:
        raise _failed(url, "it signed another thing than it was asked to; name another authority")
    return answer


def _post(url: str, query: bytes) -> bytes:
    if not url.startswith(("http://", "https://")):
        raise _failed(url, "not an http or https address; correct it")
    head = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    try:
        request = urllib.request.Request(url, query, head)
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:
            found: bytes = answer.read(_LONGEST + 1)
    except urllib.error.HTTPError as error:
        raise _failed(url, f"it answered {error.code}; check the address") from error
    except (OSError, HTTPException, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise _failed(url, f"{reason}; check the address, or leave --timestamp out") from error
    if len(found) > _LONGEST:
        raise _failed(url, "its answer is too large for a time stamp; check the address")
    return found


def _failed(url: str, why: str) -> TimestampError:
    return TimestampError(f"no time stamp from {url}: {why}; no bundle was written")
