"""Reading the header: page clock, contacts, counters, and where the main part begins.

Source: 125 captures; the header stands first on every page of the main host. Menus and logos
before it are passed over.
"""

import re
from collections.abc import Sequence

from embassy_scraper import site
from embassy_scraper.items import CounterLine, Header
from embassy_scraper.pages.lines import Line
from embassy_scraper.text import fold

_CITY = "Moscow|London|Москва|Лондон"
_TIME = r"[0-9]{1,2}:[0-9]{2}"
_CLOCK = re.compile(
    rf"^\W*(?P<date>[0-9]{{1,2}}\s+[^\W\d_]+\s+[0-9]{{4}})[\s|,;/]*"
    rf"(?P<city1>{_CITY})\s*:\s*(?P<time1>{_TIME})?"
    rf"(?:[\s|,;/]*(?P<city2>{_CITY})\s*:\s*(?P<time2>{_TIME})?)?(?!\d)",
    re.I | re.M,
)
_PHONE = r"\+?[0-9(][0-9\s()+,./–-]{5,}[0-9]"
_EMAIL = r"[^\s@]+@[^\s@]+\.\w+|\[email\s*protected\]"
_CONTACT = re.compile(
    rf"(?:(?P<label>[^\W\d_][^:0-9@+]{{0,40}}?)\s*:)?\s*(?P<phone>{_PHONE})?\s*(?P<email>{_EMAIL})?"
)
_COUNTER = re.compile(
    r"(?<!\S)(?P<value>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,9})\s+(?P<unit>days?)\s+ha(?:ve|s)\s+passed"
    r"\s+since\s+(?=\S)",
    re.I,
)
_SEARCHED_LINES = 400


def read_header(lines: Sequence[Line]) -> tuple[Header | None, list[Line]]:
    """Return the header and the lines behind it.

    A header is known by its clock: a date with the times in Moscow and London. Without one,
    only a labelled phone number near the top is read.
    """
    head = "\n".join(line.text for line in lines[:_SEARCHED_LINES])
    clock = _CLOCK.search(head)
    if clock is None:
        return _read_bare_contact(lines)
    rest = _lines_behind(lines, head, clock.end())
    label, phone, email_text, rest = _read_contacts(rest)
    counters, rest = _read_counters(rest)
    if not rest and counters:
        counters = counters[:-1]
    elif not rest:
        phone, email_text = (None, None) if phone or email_text else (phone, email_text)
    times = _times(clock)
    header = Header(
        date_text=fold(clock["date"]),
        moscow_text=times.get("moscow"),
        london_text=times.get("london"),
        language=site.CLOCK_CITIES[clock["city1"].lower()],
        label=label,
        phone=phone,
        email=email_text if email_text and "@" in email_text else None,
        email_text=email_text,
        counters=counters,
        counters_known=bool(rest),
    )
    return header, rest


def _times(clock: re.Match[str]) -> dict[str, str | None]:
    names = {"moscow": "moscow", "москва": "moscow", "london": "london", "лондон": "london"}
    return {
        names[clock[f"city{n}"].lower()]: clock[f"time{n}"]
        for n in (1, 2)
        if clock[f"city{n}"] is not None
    }


def _lines_behind(lines: Sequence[Line], head: str, end: int) -> list[Line]:
    """Return the lines behind position *end* of *head*, the rest of its own line included."""
    index = head.count("\n", 0, end)
    start = head.rfind("\n", 0, end) + 1
    line = lines[index]
    rest = line.text[end - start :].strip(" |,;/")
    behind = list(lines[index + 1 :])
    if not rest:
        return behind
    at = line.raw.find(rest.split()[0], max(0, line.raw.find(":")))
    raw = line.raw[at:] if at >= 0 else rest
    return [Line(rest, raw, line.gap, line.href), *behind]


def _read_contacts(
    lines: list[Line],
) -> tuple[str | None, str | None, str | None, list[Line]]:
    """Return label, phone, e-mail as printed, and the lines behind them."""
    label = phone = email = None
    index = 0
    while index < len(lines) and index < 6:
        text = lines[index].text
        counter = _COUNTER.search(text)
        found = _CONTACT.match(text) if counter is None or counter.start() else None
        if found is None or not found[0]:
            break
        behind = text[found.end() :].strip()
        if behind and not _COUNTER.match(behind):
            break
        new_label, new_phone, new_email = found["label"], found["phone"], found["email"]
        if new_label and (label or not (new_phone or _is_label(new_label, lines, index))):
            break
        if (new_phone and phone) or (new_email and email):
            break
        label, phone, email = label or new_label, phone or new_phone, email or new_email
        index += 1
        if behind:
            at = lines[index - 1].raw.find(behind.split()[0])
            raw = lines[index - 1].raw[at:] if at >= 0 else behind
            return label, phone, email, [Line(behind, raw, False), *lines[index:]]
    return label, phone, email, lines[index:]


def _is_label(label: str, lines: Sequence[Line], index: int) -> bool:
    if label.lower() in site.CONTACT_LABELS:
        return True
    below = lines[index + 1].text if index + 1 < len(lines) else ""
    return re.fullmatch(rf"(?:{_PHONE})\s*(?:{_EMAIL})?", below) is not None


def _read_counters(lines: list[Line]) -> tuple[tuple[CounterLine, ...], list[Line]]:
    """Return the counters and the lines behind them.

    Both counters stand on one line, parted by no-break spaces; where markup gives each a line
    of its own they follow each other. A line behind them that only looks like one, after a gap,
    is a title.
    """
    counters: list[CounterLine] = []
    index = 0
    while index < len(lines) and _COUNTER.match(lines[index].text.lstrip("-–•* ")):
        if counters and lines[index].gap and _could_be_title(lines, index):
            break
        counters += split_counters(lines[index].text)
        index += 1
    return tuple(counters), lines[index:]


def _could_be_title(lines: Sequence[Line], index: int) -> bool:
    """Say whether a counter-like line is the page's title: what follows is no counter line.

    In saved text the title stands after empty lines; in markup every line has a gap before it,
    and then only a counter line of the usual kind (words, a dash, words) is taken for one.
    """
    return " - " not in lines[index].text


def split_counters(text: str) -> list[CounterLine]:
    """Return the counters printed in *text*, which starts with one.

    >>> [c.event for c in split_counters("9 days have passed since A - x 8 days have passed since B")]
    ['A', 'B']
    """
    starts = [found.start() for found in _COUNTER.finditer(text)]
    counters = []
    for start, end in zip(starts, [*starts[1:], None], strict=True):
        line = text[start:end].strip()
        found = _COUNTER.match(line)
        if found is None:
            continue
        label = line[found.end("value") :].strip()
        event = line[found.end() :].split(" - ", 1)[0].strip()
        value = int(found["value"].replace(",", ""))
        counters.append(CounterLine(value, "days", event, label))
    return counters


def _read_bare_contact(
    lines: Sequence[Line],
) -> tuple[Header | None, list[Line]]:
    """Return the contact of a page without a clock (mobile twin, the successor's pages)."""
    for index, line in enumerate(lines[:10]):
        found = _CONTACT.fullmatch(line.text)
        if found and found["label"] and found["phone"]:
            header = Header(label=fold(found["label"]), phone=fold(found["phone"]))
            return header, [*lines[:index], *lines[index + 1 :]]
    return None, list(lines)
