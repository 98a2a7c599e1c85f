"""The dates of HTTP headers, whose time zone is UTC where none is told."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def read_http_date(text: str | None) -> datetime | None:
    """Return the instant in a header such as ``Date``, in UTC; ``None`` where it cannot be read.

    Source: RFC 9110, 5.6.7. This machine's own time zone has no part in it.

    >>> str(read_http_date("Fri, 05 Mar 2021 12:05:00 +0300"))
    '2021-03-05 09:05:00+00:00'
    >>> read_http_date("Fri, 05 Mar 2021 12:05:00 -0000").hour
    12
    >>> read_http_date("yesterday")
    """
    try:
        moment = parsedate_to_datetime(text or "")
        if moment.tzinfo is None:  # "-0000", or nothing
            return moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return None
