"""Reading the header: page clock, contacts, counters, and where the main part begins.

Source: 125 captures; the header stands first on every page of the main host. Menus and logos
before it, and menus between its parts, are passed over.
"""

import re
from collections.abc import Sequence

from embassy_scraper import site
from embassy_scraper.items import Header
from embassy_scraper.pages.contacts import Contacts, read_bare_contact, read_contacts
from embassy_scraper.pages.counters import behind, hides_counter, read_counters
from embassy_scraper.pages.endings import has_contact_begun
from embassy_scraper.pages.lines import Line
from embassy_scraper.text import fold

_CITY = "Moscow|London|Москва|Лондон"
_TIME = r"[0-9]{1,2}:[0-9]{2}"
_LONG_DATE = r"(?P<date>[0-9]{1,2}\s+[^\W\d_]{3,12}\s+[0-9]{4})"
_APART = r"[\s|,;/•·-]{0,20}"
_CLOCK = re.compile(
    rf"^\W{{0,20}}{_LONG_DATE}{_APART}"
    rf"(?P<city1>{_CITY})\s*:\s*(?P<time1>{_TIME})?"
    rf"(?:{_APART}(?P<city2>{_CITY})\s*:\s*(?P<time2>{_TIME})?)?(?!\d)",
    re.I | re.M,
)
_CUT_TIME = re.compile(r"[0-9]?[0-9]?:?[0-9]?")
_SEARCHED_LINES, _SEARCHED = 400, 200  # lines, and characters of each
_NAMES = {"moscow": "moscow", "москва": "moscow", "london": "london", "лондон": "london"}


def read_header(lines: Sequence[Line], *, is_whole: bool) -> tuple[Header | None, list[Line]]:
    """Return the header and the lines behind it.

    A header is known by its clock: a date with the times in Moscow and London. Without one,
    only a labelled phone number near the top is read. *is_whole* says that nothing of the page
    is missing; where the header is the last thing seen, its own last part may be cut off.
    """
    found = _find_clock(lines)
    if found is None:
        return read_bare_contact(lines)
    clock, rest = found
    contacts, rest = read_contacts(rest)
    counters, rest = read_counters(rest)
    if not is_whole and not counters and len(rest) == 1 and has_contact_begun(rest[0].text):
        rest = []
    if not rest and not is_whole:
        contacts = contacts if counters else Contacts(label=contacts.label)
        counters = counters[:-1]
    times = _times(clock)
    header = Header(
        date_text=fold(clock["date"]),
        moscow_text=times.get("moscow"),
        london_text=times.get("london"),
        language=site.CLOCK_CITIES[clock["city1"].lower()],
        label=contacts.label,
        phone=contacts.phone,
        email=contacts.email,
        email_text=contacts.email_text,
        counters=counters,
        counters_known=(bool(rest) or is_whole) and not (not counters and hides_counter(rest)),
    )
    return header, rest


def _find_clock(lines: Sequence[Line]) -> tuple[re.Match[str], list[Line]] | None:
    """Return the clock and the lines behind it.

    A date with one city is a clock only where contacts or counters follow: a text may be dated
    ``5 May 2019, Moscow: …``.
    """
    head = "\n".join(line.text[:_SEARCHED] for line in lines[:_SEARCHED_LINES])
    for clock in _CLOCK.finditer(head):
        rest = _lines_behind(lines, head, clock.end())
        cities = {clock["city1"].lower(), (clock["city2"] or "").lower()} - {""}
        if len(cities) == 2 or read_contacts(rest)[1] != rest or read_counters(rest)[0]:
            return clock, rest
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


def _times(clock: re.Match[str]) -> dict[str, str | None]:
    return {
        _NAMES[clock[f"city{n}"].lower()]: clock[f"time{n}"]
        for n in (1, 2)
        if clock[f"city{n}"] is not None
    }
