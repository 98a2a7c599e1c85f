"""From Scrapy's response to a raw capture."""

from datetime import UTC, datetime

from scrapy.http import Response

from embassy_scraper.archives.http import read_content_type
from embassy_scraper.captures import sha1_of
from embassy_scraper.http_dates import read_http_date
from embassy_scraper.items import RawCapture

_YEARS = range(1990, 2101)  # a Date in another year is ignored


def answered_at(response: Response, clock: str) -> str:
    """Return the instant of a response: by this machine's *clock*, or by the server's ``Date``."""
    moment = datetime.now(UTC)
    if clock == "server":
        date = read_http_date(_header(response, "Date"))
        moment = date if date is not None and date.year in _YEARS else moment
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def raw_capture(response: Response, clock: str, mirror: str | None) -> RawCapture:
    """Return the capture in *response*, its payload free of transfer and content encodings."""
    media_type, charset = read_content_type(_header(response, "Content-Type"))
    is_cut = bool({"dataloss", "partial"} & set(response.flags))
    return RawCapture(
        payload=response.body,
        media_type=media_type,
        source="live",
        url=response.url,
        captured_at=answered_at(response, clock),
        charset=charset,
        http_status=response.status,
        http_head=_head(response),
        announced_bytes_missing="dataloss" in response.flags,
        body_is_whole=not is_cut,
        record_type="response",
        mirror=mirror,
        url_from="response",
        instant_from="response",
    )


def repeated_capture(
    response: Response, original: RawCapture, clock: str, refers_to: tuple[str, str]
) -> RawCapture:
    """Return what "not modified" says: the *original* page, seen again now."""
    return RawCapture(
        payload=b"",
        media_type="",
        source="live",
        url=original.url,
        captured_at=answered_at(response, clock),
        http_status=304,
        http_head=_head(response),
        record_type="revisit",
        mirror=original.mirror,
        refers_to=refers_to,
        url_from="response",
        instant_from="response",
    )


def is_trouble(response: Response) -> bool:
    """Say whether an archive's answer is its own trouble, and says nothing of the capture."""
    is_busy = response.status == 429 or response.status >= 500
    return is_busy and "Memento-Datetime" not in response.headers


def has_digest(digest: str, *bodies: bytes | None) -> bool:
    """Say whether an archive's *digest* is that of one of *bodies*: as they came, or decoded.

    Where it is not, that is no fault, for archives count it over the bytes as they stored them. But
    then nothing shows that another capture with this digest has the same bytes.

    >>> has_digest("3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ", b"")
    True
    """
    found = (sha1_of(body) for body in bodies if body is not None)
    return digest.upper() in found


def _head(response: Response) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )


def _header(response: Response, name: str) -> str:
    values = response.headers.getlist(name)
    return values[0].decode("latin-1") if values else ""
