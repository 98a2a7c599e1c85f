"""Instants and dates in words, as a reader says them; always in UTC, never "yesterday"."""

from datetime import date, datetime

_HOUR = 3600
_DAY = 24 * _HOUR


def say_day(day: str) -> str:
    """Return a date in words.

    >>> say_day("2018-05-03")
    '3 May 2018'
    """
    return f"{date.fromisoformat(day[:10]):%-d %B %Y}"


def say_instant(instant: str, *, year: bool = True, seconds: bool = False) -> str:
    """Return an instant in words, without its zone.

    >>> say_instant("2018-05-03T10:02:00Z")
    '3 May 2018, 10:02'
    """
    moment = datetime.fromisoformat(instant)
    time = f"{moment:%H:%M:%S}" if seconds else f"{moment:%H:%M}"
    return f"{moment:%-d %B} {moment.year}, {time}" if year else f"{moment:%-d %B}, {time}"


def say_between(after: str, by: str) -> str:
    """Return the interval from *after* to *by* in words.

    >>> say_between("2018-05-03T10:02:00Z", "2018-05-04T09:58:00Z")
    'between 3 May, 10:02 and 4 May 2018, 09:58 (UTC)'
    """
    seconds = after[:16] == by[:16]
    begin = say_instant(after, year=after[:4] != by[:4], seconds=seconds)
    return f"between {begin} and {say_instant(by, seconds=seconds)} (UTC)"


def say_length(begin: str, end: str) -> str:
    """Return how long it is from one instant to another, in the unit that says most.

    >>> say_length("2018-05-03T10:02:00Z", "2018-05-04T09:58:00Z")
    '24 hours'
    """
    length = (datetime.fromisoformat(end) - datetime.fromisoformat(begin)).total_seconds()
    for unit, size, least in (("day", _DAY, 2), ("hour", _HOUR, 1), ("minute", 60, 1)):
        if length >= least * size:
            return counted(round(length / size), unit)
    return counted(round(length), "second")


def counted(number: int, noun: str, many: str | None = None) -> str:
    """Return a number with its noun; *many* is the noun's plural where it does not end in s.

    >>> counted(1, "day"), counted(1200, "capture")
    ('1 day', '1,200 captures')
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {many or noun + 's'}"
