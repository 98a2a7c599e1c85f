"""Reading the header: page clock, contacts, counters, and where the main part begins.

Source: 125 captures; the header stands first on every page of the main host. Lines before it are
skipped; for a text ``cleanness`` says whether there are any.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from embassy_scraper.items import Header
from embassy_scraper.pages.contacts import Contacts, read_bare_contact, read_contacts
from embassy_scraper.pages.counters import behind, hides_counter, read_counters
from embassy_scraper.pages.endings import has_contact_begun
from embassy_scraper.pages.grammar import Grammar
from embassy_scraper.pages.lines import Line
from embassy_scraper.text import fold

_TIME = r"[0-9]{1,2}:[0-9]{2}(?!\s*[ap]\.?m\b)"
_APART = r"[\s|,;/•·-]{0,20}"
_CUT_TIME = re.compile(r"[0-9]?[0-9]?:?[0-9]?")
_SEARCHED_LINES, _SEARCHED = 400, 200  # lines, and characters of each


@lru_cache(maxsize=16)
def _clock_pattern(grammar: Grammar) -> re.Pattern[str]:
    city, date = grammar.city, grammar.header_date
    return re.compile(
        rf"^\W{{0,20}}(?P<date>{date}){_APART}"
        rf"(?P<city1>{city})\s*:\s*(?P<time1>{_TIME})?"
        rf"(?:{_APART}(?P<city2>{city})\s*:\s*(?P<time2>{_TIME})?)?(?!\d)",
        re.I | re.M,
    )


def read_header(
    lines: Sequence[Line], grammar: Grammar, *, is_whole: bool
) -> tuple[Header | None, list[Line]]:
    """Return the header and the lines behind it.

    A header is known by its clock: a date with the times in both cities. Without one, only a
    labelled phone number near the top is read. *is_whole* says that nothing of the page is
    missing; where the header is the last thing seen, its own last part may be cut off.
    """
    found = find_clock(lines, grammar)
    if found is None:
        return read_bare_contact(lines, grammar)
    clock, _, rest = found
    contacts, rest = read_contacts(rest, grammar)
    counters, rest = read_counters(rest, grammar)
    if not is_whole and not counters and len(rest) == 1 and has_contact_begun(rest[0].text):
        rest = []
    if not rest and not is_whole:
        contacts = contacts if counters else Contacts(label=contacts.label)
        counters = counters[:-1]
    times = _times(clock, grammar)
    header = Header(
        date_text=fold(clock["date"]),
        other_time=times.get("other"),
        local_time=times.get("local"),
        language=grammar.profile.cities[clock["city1"].lower()].code,
        label=contacts.label,
        phone=contacts.phone,
        email=contacts.email,
        email_text=contacts.email_text,
        counters=counters,
        counters_known=(bool(rest) or is_whole)
        and not (not counters and hides_counter(rest, grammar)),
    )
    return header, rest


def find_clock(
    lines: Sequence[Line], grammar: Grammar
) -> tuple[re.Match[str], int, list[Line]] | None:
    """Return the clock, how many lines stand before it, and the lines behind it.

    A date with one city is a clock only where contacts or counters follow: a text may be dated
    ``5 May 2019, Moscow: …``.
    """
    head = "\n".join(line.text[:_SEARCHED] for line in lines[:_SEARCHED_LINES])
    for clock in _clock_pattern(grammar).finditer(head):
        rest = _lines_behind(lines, head, clock.end())
        cities = {clock["city1"].lower(), (clock["city2"] or "").lower()} - {""}
        is_sure = len(cities) == 2 or read_contacts(rest, grammar)[1] != rest
        if is_sure or read_counters(rest, grammar)[0]:
            return clock, head.count("\n", 0, clock.start("date")), rest
    return None


def _lines_behind(lines: Sequence[Line], head: str, end: int) -> list[Line]:
    """Return the lines behind position *end* of *head*, the rest of its own line included."""
    index = head.count("\n", 0, end)
    start = head.rfind("\n", 0, end) + 1
    line = lines[index]
    rest = line.text[end - start :].strip(" |,;/•·")
    others = list(lines[index + 1 :])
    if not rest or (not others and _CUT_TIME.fullmatch(rest)):
        return others
    return [behind(line, rest), *others]


def _times(clock: re.Match[str], grammar: Grammar) -> dict[str, str | None]:
    """Return the times of the clock, by ``local`` and ``other``."""
    times: dict[str, str | None] = {}
    for n in (1, 2):
        city = (clock[f"city{n}"] or "").lower()
        if city:
            is_local = grammar.profile.cities[city].local_city.lower() == city
            times["local" if is_local else "other"] = clock[f"time{n}"]
    return times
