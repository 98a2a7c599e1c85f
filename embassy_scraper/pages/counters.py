"""Reading the counters: a number, the profile's phrase, an event, a dash, what is said of it."""

from collections.abc import Sequence, Set

from embassy_scraper.items import CounterLine
from embassy_scraper.pages.grammar import Grammar
from embassy_scraper.pages.lines import Line
from embassy_scraper.recent import remembered

_NEAR_LINES, _NEAR_CHARACTERS = 4, 600
_BULLET = " -–•*|·"


def read_counters(
    lines: list[Line], grammar: Grammar
) -> tuple[tuple[CounterLine, ...], list[Line]]:
    """Return the counters and the lines behind them.

    Both counters stand on one line, parted by no-break spaces; where markup gives each a line
    of its own they follow each other. A line that follows one with several is the page's title.
    """
    start, counter = lines, grammar.counter
    if not start or counter.match(start[0].text.lstrip(_BULLET)) is None:
        return (), lines
    counters: list[CounterLine] = []
    events: set[str] = set()
    index = 0
    while index < len(start) and counter.match(start[index].text.lstrip(_BULLET)):
        found = split_counters(start[index].text, grammar)
        if counters and start[index].gap:
            held_all = index == 1 and len(counters) > 1
            if held_all or _is_title(start[index], found, events):
                break
        counters += found
        events.update(counter.event for counter in found)
        index += 1
    return tuple(counters), start[index:]


def hides_counter(lines: Sequence[Line], grammar: Grammar) -> bool:
    """Say whether a counter may stand among *lines*, behind one that could not be read.

    Then it is not known which counters the header shows, and none is missing from it.
    """
    return any(grammar.counter.search(line.text[:_NEAR_CHARACTERS]) for line in lines[:_NEAR_LINES])


def _is_title(line: Line, found: Sequence[CounterLine], events: Set[str]) -> bool:
    """Say whether a line behind the counters, which only looks like one, is the page's title.

    It tells what a counter above tells already, or has not the counters' form: words, a dash,
    words.
    """
    return " - " not in line.text or any(counter.event in events for counter in found)


@remembered(256, len)
def split_counters(text: str, grammar: Grammar) -> tuple[CounterLine, ...]:
    """Return the counters printed in *text*.

    >>> from embassy_scraper.pages.grammar import grammar_of
    >>> from embassy_scraper.sites import load_profile
    >>> text = "9 days have passed since A - x 8 days have passed since B"
    >>> [counter.event for counter in split_counters(text, grammar_of(load_profile()))]
    ['A', 'B']
    """
    starts = [found.start() for found in grammar.counter.finditer(text)]
    counters = []
    for start, end in zip(starts, [*starts[1:], None], strict=True):
        line = text[start:end].rstrip(_BULLET)
        found = grammar.counter.match(line)
        if found is None:
            continue
        label = line[found.end("value") :].strip()
        event = line[found.end() :].split(" - ", 1)[0].strip()
        value = int(found["value"].replace(",", ""))
        counters.append(CounterLine(value, "days", event, label))
    return tuple(counters)


def behind(line: Line, text: str) -> Line:
    """Return what stands on *line* behind a part of the header, as a line of its own."""
    return line._replace(text=text, gap=False, link_text=None, has_own_date=False)


def counters_in(lines: Sequence[Line], grammar: Grammar) -> tuple[CounterLine, ...]:
    """Return the counters on *lines*, one of a line printed twice."""
    found = [counter for line in lines for counter in split_counters(line.text, grammar)]
    return tuple(dict.fromkeys(found))
