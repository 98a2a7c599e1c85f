"""Dates and instants: strict patterns, the site's own zones, never a guess.

Every instant is UTC, ``YYYY-MM-DDTHH:MM:SSZ``. In a capture id it stands without its
punctuation, so that ids sort as instants do.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from embassy_scraper.sites import Profile
from embassy_scraper.sites.date_forms import UnreadableDate as UnreadableDate
from embassy_scraper.sites.date_forms import read_form


@lru_cache(maxsize=4096)
def read_item_date(text: str, profile: Profile) -> str:
    """Return the day of an item date, in the form that the site dates its items in.

    Raises:
        UnreadableDate: it has another form, or no such day exists.

    >>> from embassy_scraper.sites import load_profile
    >>> read_item_date("09.01.2022", load_profile())
    '2022-01-09'
    """
    return read_form(profile.dates.item, profile).read(text)[0].isoformat()


@lru_cache(maxsize=256)
def read_header_date(text: str, profile: Profile) -> date:
    """Return the day of the header's date, in a language of the site.

    Raises:
        UnreadableDate: it has another form, another month, or no such day exists.
    """
    return read_form(profile.dates.header, profile).read(text)[0]


def read_signature(text: str, profile: Profile) -> str:
    """Return the instant of a signature, which is in the site's local time.

    Raises:
        UnreadableDate: no such day or time exists, or the site's clocks skipped it.

    >>> from embassy_scraper.sites import load_profile
    >>> read_signature("3 April 2020, 18:05", load_profile())
    '2020-04-03T17:05:00Z'
    """
    day, hour = read_form(profile.dates.signature, profile).read(_bare(text))
    if hour is None:
        raise UnreadableDate(text)
    return to_text(_moment(day, hour, text, profile))


def read_signature_day(text: str, profile: Profile) -> str:
    """Return the day of a signature, which is good whatever its hour.

    Raises:
        UnreadableDate: it has another form, or no such day exists.

    >>> from embassy_scraper.sites import load_profile
    >>> read_signature_day("28 March 2021, 01:30", load_profile())
    '2021-03-28'
    >>> read_signature_day("(28 March 2021, 25:30)", load_profile())
    '2021-03-28'
    """
    return read_form(profile.dates.signature, profile).read_day(_bare(text)).isoformat()


def _bare(text: str) -> str:
    """Return a signature without the brackets around it and the full stop behind."""
    return text.removesuffix(".").removeprefix("(").removesuffix(")")


def _moment(day: date, hour: time, text: str, profile: Profile) -> datetime:
    """Return when the site's clocks showed a time, the first of two; they skip an hour once a year.

    Raises:
        UnreadableDate: it was skipped, or lies before the first or after the last year there is.
    """
    local = datetime.combine(day, hour, profile.local_zone)
    try:
        moment = local.astimezone(UTC)
    except OverflowError:
        raise UnreadableDate(text) from None
    if moment.astimezone(profile.local_zone) != local:  # of one zone: what the clocks show
        raise UnreadableDate(text)
    return moment


def _read_clock(text: str) -> time:
    hour, _, minute = text.partition(":")
    try:
        return time(int(hour), int(minute))
    except ValueError:
        raise UnreadableDate(text) from None


def read_page_clock(
    day: date, local_time: str, other_time: str | None, profile: Profile
) -> tuple[str, int | None]:
    """Return the page clock, and by how many minutes *other_time* deviates from the tz database.

    *day* is the date of *local_time*. In the hour that the site's clocks show twice *other_time*
    decides, else the first is taken. The deviation is ``None`` where there is no *other_time*, or
    it is in a year that there is not.

    Raises:
        UnreadableDate: a time that no clock shows, or that the site's clocks skipped.

    >>> from embassy_scraper.sites import load_profile
    >>> read_page_clock(date(2020, 11, 24), "12:22", "15:22", load_profile())
    ('2020-11-24T12:22:00Z', 0)
    """
    hour = _read_clock(local_time)
    moment = _moment(day, hour, f"{day} {local_time}", profile)
    if other_time is None:
        return to_text(moment), None
    shown = _read_clock(other_time)
    second = datetime.combine(day, hour.replace(fold=1), profile.local_zone).astimezone(UTC)
    if second != moment and _deviation(second, shown, profile) == 0:
        moment = second
    return to_text(moment), _deviation(moment, shown, profile)


def _deviation(moment: datetime, shown: time, profile: Profile) -> int | None:
    """Return the minutes by which *shown*, the other time, is ahead: -720 to 719."""
    try:
        real = moment.astimezone(profile.other_zone)
    except OverflowError:  # the last hours of the year 9999
        return None
    minutes = (shown.hour - real.hour) * 60 + shown.minute - real.minute
    return (minutes + 720) % 1440 - 720


def to_text(moment: datetime) -> str:
    """Return a *moment* in UTC as text, whole seconds."""
    return moment.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def moment_of(instant: str) -> datetime:
    """Return an *instant* as a moment that can be reckoned with.

    >>> moment_of("2020-06-30T23:30:00Z").isoformat()
    '2020-06-30T23:30:00+00:00'
    """
    return datetime.fromisoformat(instant)


def is_a_day_apart(one: str, other: str) -> bool:
    """Say whether two instants lie more than a day from each other.

    >>> is_a_day_apart("2021-03-28T09:00:00Z", "2021-03-29T09:00:00Z")
    False
    """
    return abs(moment_of(one) - moment_of(other)) > timedelta(days=1)


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


def instant(capture: str) -> str:
    """Return the instant at the head of a capture id; captures of one instant are one step."""
    return capture[:16]
