"""Dates and instants: strict patterns, the site's own zones, never a guess.

Every instant is UTC, ``YYYY-MM-DDTHH:MM:SSZ``. In a capture id it stands without its
punctuation, so that ids sort as instants do.
"""

import re
from datetime import UTC, date, datetime, time, timedelta

from dateutil import tz

from embassy_scraper.sites import Profile

_ITEM_DATE = re.compile(r"([0-9]{2})\.([0-9]{2})\.([0-9]{4})")
_LONG_DATE = re.compile(r"([0-9]{1,2}) ([^\W\d_]+) ([0-9]{4})")
_SIGNATURE = re.compile(r"\(?([0-9]{1,2} [^\W\d_]+ [0-9]{4}),? ([0-9]{1,2}):([0-9]{2})\)?\.?")
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})")


class UnreadableDate(ValueError):
    """A printed date that is not in the site's form, or no day of the calendar."""


def read_item_date(text: str) -> str:
    """Return the day of an item date, day first.

    Raises:
        UnreadableDate: it is not ``DD.MM.YYYY`` or no such day exists.

    >>> read_item_date("09.01.2022")
    '2022-01-09'
    """
    found = _ITEM_DATE.fullmatch(text)
    if found is None:
        raise UnreadableDate(text)
    return _day(int(found[3]), int(found[2]), int(found[1]), text).isoformat()


def read_long_date(text: str, profile: Profile) -> date:
    """Return the day of a date with its month in words, in a language of the site.

    Raises:
        UnreadableDate: it has another form, another month, or no such day exists.
    """
    found = _LONG_DATE.fullmatch(text)
    month = profile.months.get(found[2].lower()) if found else None
    if found is None or month is None:
        raise UnreadableDate(text)
    return _day(int(found[3]), month, int(found[1]), text)


def _day(year: int, month: int, day: int, text: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise UnreadableDate(text) from None


def read_signature(text: str, profile: Profile) -> str:
    """Return the instant of a signature, which is in the site's local time.

    Raises:
        UnreadableDate: no such day or time exists.

    >>> from embassy_scraper.sites import load_profile
    >>> read_signature("3 April 2020, 18:05", load_profile())
    '2020-04-03T17:05:00Z'
    """
    found = _SIGNATURE.fullmatch(text)
    if found is None:
        raise UnreadableDate(text)
    day = read_long_date(found[1], profile)
    local = datetime.combine(day, _clock(int(found[2]), int(found[3]), text))
    return to_text(local.replace(tzinfo=profile.local_zone))


def _clock(hour: int, minute: int, text: str) -> time:
    try:
        return time(hour, minute)
    except ValueError:
        raise UnreadableDate(text) from None


def _read_clock(text: str) -> time:
    found = _CLOCK.fullmatch(text)
    if found is None:
        raise UnreadableDate(text)
    return _clock(int(found[1]), int(found[2]), text)


def read_page_clock(
    day: date, london: str, moscow: str | None, profile: Profile
) -> tuple[str, int | None]:
    """Return the page clock and by how many minutes Moscow deviates from the tz database.

    The header's date is London's. In the hour that London shows twice the Moscow time decides,
    else the first is taken. The deviation is ``None`` where Moscow is not shown.

    Raises:
        UnreadableDate: a time that no clock shows.

    >>> from embassy_scraper.sites import load_profile
    >>> read_page_clock(date(2020, 11, 24), "12:22", "15:22", load_profile())
    ('2020-11-24T12:22:00Z', 0)
    """
    local = datetime.combine(day, _read_clock(london), profile.local_zone)
    if moscow is None:
        return to_text(local), None
    shown = _read_clock(moscow)
    if tz.datetime_ambiguous(local):
        second = tz.enfold(local, fold=1)
        local = second if _deviation(second, shown, profile) == 0 else local
    return to_text(local), _deviation(local, shown, profile)


def _deviation(instant: datetime, shown: time, profile: Profile) -> int:
    """Return the minutes by which the *shown* Moscow time is ahead, from -720 to 719."""
    real = instant.astimezone(UTC).astimezone(profile.other_zone)
    minutes = (shown.hour - real.hour) * 60 + shown.minute - real.minute
    return (minutes + 720) % 1440 - 720


def to_text(instant: datetime) -> str:
    """Return *instant* as UTC text, whole seconds.

    Raises:
        UnreadableDate: it lies before the first or after the last year there is.
    """
    try:
        utc = instant.astimezone(UTC)
    except OverflowError:
        raise UnreadableDate(str(instant.replace(tzinfo=None))) from None
    return utc.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def local_day(instant: str, profile: Profile) -> str:
    """Return the site's own calendar day of an *instant*.

    >>> from embassy_scraper.sites import load_profile
    >>> local_day("2020-06-30T23:30:00Z", load_profile())
    '2020-07-01'
    """
    return moment_of(instant).astimezone(profile.local_zone).date().isoformat()


def moment_of(instant: str) -> datetime:
    """Return an *instant* as a moment that can be reckoned with.

    >>> moment_of("2020-06-30T23:30:00Z").isoformat()
    '2020-06-30T23:30:00+00:00'
    """
    return datetime.strptime(instant, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def days_before(day: str, days: int) -> str:
    """Return the date *days* before *day*.

    Raises:
        OverflowError: there is no such date.
    """
    return (date.fromisoformat(day) - timedelta(days=days)).isoformat()


def days_between(earlier: str, later: str) -> int:
    """Return the days from one date to another.

    >>> days_between("2020-02-28", "2020-03-01")
    2
    """
    return (date.fromisoformat(later) - date.fromisoformat(earlier)).days


def compact(instant: str) -> str:
    """Return *instant* as it stands at the head of a capture id.

    >>> compact("2020-11-24T12:22:00Z")
    '20201124T122200Z'
    """
    return instant.replace("-", "").replace(":", "")


def instant_of(capture: str) -> str:
    """Return the instant of a capture id.

    >>> instant_of("20201124T122200Z-0123456789abcdef")
    '2020-11-24T12:22:00Z'
    """
    c = capture
    return f"{c[:4]}-{c[4:6]}-{c[6:8]}T{c[9:11]}:{c[11:13]}:{c[13:15]}Z"
