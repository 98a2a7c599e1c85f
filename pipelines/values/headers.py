"""The header in values: page clock, contacts, and every counter's reading.

In: a header as printed. Out: values; what cannot be read goes to *problems*. Drops: the second of
two readings of one counter. Never: guesses a date.
"""

import json
from collections.abc import Iterable
from functools import lru_cache

from embassy_scraper.items import Header, HeaderFacts, PageProblem, Reading
from embassy_scraper.sites import Profile
from pipelines.values import instants
from pipelines.values.instants import UnreadableDate


def read_clock(
    header: Header | None, profile: Profile, problems: list[PageProblem]
) -> tuple[str | None, int | None]:
    """Return the page clock's instant, and by how many minutes its two times deviate."""
    if header is None or header.date_text is None:
        return None, None
    try:
        day = instants.read_header_date(header.date_text, profile)
        if header.local_time is None:
            return None, None
        return instants.read_page_clock(day, header.local_time, header.other_time, profile)
    except UnreadableDate as error:
        problems.append(PageProblem("unreadable date", "page clock", str(error)))
        return None, None


def counter_readings(
    header: Header | None, profile: Profile, problems: list[PageProblem]
) -> tuple[Reading, ...]:
    """Return the counters' readings; the first of two lines with the same event counts."""
    if header is None:
        return ()
    day = _header_day(header, profile)
    readings: dict[str, Reading] = {}
    for line in header.counters:
        if line.event in readings:
            problems.append(PageProblem("two readings of one counter", "header", line.label))
            continue
        try:
            since = instants.days_before(day, line.value) if day else None
        except OverflowError:
            problems.append(
                PageProblem("impossible counter", "header", f"{line.value} {line.label}")
            )
            continue
        readings[line.event] = Reading(line.event, line.unit, line.label, line.value, day, since)
    return tuple(readings.values())


def _header_day(header: Header, profile: Profile) -> str | None:
    try:
        return instants.read_header_date(header.date_text or "", profile).isoformat()
    except UnreadableDate:
        return None


@lru_cache(maxsize=64)
def _shape(readings: tuple[Reading, ...]) -> str:
    return json.dumps(sorted((r.event, r.label, r.since_date) for r in readings))


def header_facts(
    header: Header | None, profile: Profile, readings: Iterable[Reading]
) -> HeaderFacts | None:
    """Return the header in values; ``None`` where it shows neither date nor language."""
    if header is None or header.date_text is None or header.language is None:
        return None
    day = _header_day(header, profile)
    is_known = header.counters_known and day is not None
    shape = _shape(tuple(readings)) if is_known else None
    return HeaderFacts(
        page_date=day,
        language=header.language,
        label=header.label,
        phone=header.phone,
        email=header.email,
        shape=shape,
    )
