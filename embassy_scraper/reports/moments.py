"""Moments as people write them: an instant, a day, a month, a year, 7d."""

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta

_AGO = re.compile(r"(\d{1,6})([hdw])", re.ASCII)
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_DAYS = {"today": 0, "yesterday": 1}


def read_moment(text: str, *, is_end: bool = False, now: datetime | None = None) -> str:
    """Return what *text* says as an instant; of a longer time its first or its last second.

    Raises:
        ValueError: it says none; its message says what to write.

    >>> read_moment("2021-03"), read_moment("2021-03", is_end=True)
    ('2021-03-01T00:00:00Z', '2021-03-31T23:59:59Z')
    """
    try:
        return _read(text, now or datetime.now(UTC), is_end=is_end)
    except (ValueError, OverflowError):
        raise ValueError(
            f"{text!r} is not a time; write 2020-11-24T12:22:00Z, 2020-11-24, 2020-11, 2020,"
            " 7d (seven days ago; also h and w), today or yesterday"
        ) from None


def _read(text: str, now: datetime, *, is_end: bool) -> str:
    found = _AGO.fullmatch(text)
    if found is not None:
        at = now - int(found[1]) * _UNITS[found[2]]
        return at.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
    span = _span(text, now.date())
    if span is None:
        return _instant(text)
    return f"{span[1]}T23:59:59Z" if is_end else f"{span[0]}T00:00:00Z"


def _span(text: str, today: date) -> tuple[date, date] | None:
    """Return the first and the last day of what *text* names; ``None``: it is no such time."""
    if text in _DAYS:
        day = today - timedelta(days=_DAYS[text])
        return day, day
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        day = date.fromisoformat(text)
        return day, day
    if re.fullmatch(r"\d{4}-\d\d", text, re.ASCII):
        first = date.fromisoformat(f"{text}-01")
        return first, first.replace(day=monthrange(first.year, first.month)[1])
    if re.fullmatch(r"\d{4}", text, re.ASCII):
        return date(int(text), 1, 1), date(int(text), 12, 31)
    return None


def _instant(text: str) -> str:
    from embassy_scraper.archives.manifest import read_instant  # not for a day or a month
    from embassy_scraper.errors import ManifestError

    try:
        return read_instant(text, "")
    except ManifestError as error:
        raise ValueError(text) from error
