"""Cron expressions: five fields, in UTC, as crontab reads them.

APScheduler numbers weekdays from Monday, crontab from Sunday: here numbers become names. Where day
and weekday are both given crontab takes either, APScheduler both: such an expression is refused.
"""

import re
from datetime import UTC, datetime

from apscheduler.triggers.cron import CronTrigger

from embassy_scraper.errors import ConfigError

_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_FIELD = re.compile(r"(?:[0-9*/,-]|(?<![a-z])[a-z]{3}(?![a-z]))+", re.I)
_PART = re.compile(
    r"(?P<from>\*|[0-9]{1,2}|[a-z]{3})(?:-(?P<to>[0-9]{1,2}|[a-z]{3}))?(?:/(?P<step>[0-9]{1,2}))?",
    re.I,
)


def read_cron(expression: str) -> CronTrigger:
    """Return the trigger of a cron *expression*.

    Raises:
        ConfigError: it is not one.

    >>> monday = read_cron("0 3 * * 1")
    >>> monday.get_next_fire_time(None, datetime(2021, 3, 3, tzinfo=UTC)).isoformat()
    '2021-03-08T03:00:00+00:00'
    """
    parts = expression.split()
    if len(parts) != 5:
        raise ConfigError(
            f"cron {expression!r} must have five fields: minute hour day month weekday"
        )
    minute, hour, day, month, weekday = parts
    for part in parts[:4]:
        if not _FIELD.fullmatch(part):
            raise ConfigError(f"cron {expression!r}: {part!r} is not a field of a crontab line")
    if day != "*" and weekday != "*":
        raise ConfigError(f"cron {expression!r}: give a day or a weekday, not both")
    try:
        trigger = CronTrigger(
            minute=minute,
            hour=hour,
            day=day,
            month=month,
            day_of_week=",".join(_weekdays(part) for part in weekday.split(",")),
            timezone=UTC,
        )
        if trigger.get_next_fire_time(None, datetime(2024, 1, 1, tzinfo=UTC)) is None:
            raise ValueError("there is no such day")
        return trigger
    except ValueError as error:
        raise ConfigError(f"cron {expression!r}: {error}") from error


def _weekdays(part: str) -> str:
    """Return a part of the weekday field by its names.

    >>> _weekdays("5-7"), _weekdays("0"), _weekdays("*/2"), _weekdays("mon-fri")
    ('fri,sat,sun', 'sun', 'sun,tue,thu,sat', 'mon,tue,wed,thu,fri')
    """
    found = _PART.fullmatch(part)
    if found is None:
        raise ValueError(f"{part!r} is not a weekday")
    if found["from"] == "*" and found["step"] is None:
        return "*"
    first = 0 if found["from"] == "*" else _number(found["from"])
    last = 6 if found["from"] == "*" else _number(found["to"] or found["from"])
    if found["to"] is None and found["step"] and found["from"] != "*":
        last = 6
    if last < first:
        raise ValueError(f"weekdays {part!r} are in the wrong order")
    return ",".join(_WEEKDAYS[n % 7] for n in range(first, last + 1, int(found["step"] or 1)))


def _number(weekday: str) -> int:
    if weekday.isdigit():
        number = int(weekday)
        if number > 7:
            raise ValueError(f"weekday {weekday} does not exist; write 0 to 7")
        return number
    name = weekday.lower()
    if name not in _WEEKDAYS:
        raise ValueError(f"unknown weekday {weekday!r}; the weekdays are {', '.join(_WEEKDAYS)}")
    return _WEEKDAYS.index(name)


def next_fire(expression: str, after: datetime) -> datetime | None:
    """Return when *expression* fires next after an instant."""
    trigger = read_cron(expression)
    found: datetime | None = trigger.get_next_fire_time(after, after)
    return found


def fires_between(expression: str, after: datetime, until: datetime, most: int = 10_000) -> int:
    """Return how often *expression* fires after one instant and not after another.

    >>> start = datetime(2021, 3, 1, tzinfo=UTC)
    >>> fires_between("0 * * * *", start, start.replace(day=2))
    24
    """
    trigger, count, moment = read_cron(expression), 0, after
    while count < most:
        found = trigger.get_next_fire_time(moment, moment)
        if found is None or found > until:
            break
        count, moment = count + 1, found
    return count
