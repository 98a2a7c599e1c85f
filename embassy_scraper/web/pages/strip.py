"""The strip: when each list was looked at, when not, and when something changed in it."""

import json
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from datetime import MAXYEAR, date

from embassy_scraper.reports.sentences import place_words
from embassy_scraper.reports.strip import Bin, Row, strip
from embassy_scraper.reports.times import say_day
from embassy_scraper.web.page import Asked, Values
from pipelines.values.places import ANSWER, BOX, CONTACTS, PAGE, SHAPE

_MOST = 48  # spans beside each other
_DAYS = (1, 7)  # days or weeks, while there are no more
_MONTHS = (1, 3, 12, 120, 1200)  # then months, quarters, years, decades, centuries
_NO_LISTS = json.dumps([PAGE, BOX, ANSWER, SHAPE, *CONTACTS])


@dataclass(frozen=True, slots=True)
class Span:
    """A span of days; both are of it."""

    first: date
    last: date

    @property
    def words(self) -> str:
        """Return the span in words."""
        if self.first == self.last:
            return say_day(self.first.isoformat())
        return f"{say_day(self.first.isoformat())} to {say_day(self.last.isoformat())}"


def spans_between(first: date, last: date) -> list[Span]:
    """Return the days from *first* to *last* as spans of one length, at most 48 or as centuries.

    >>> [span.words for span in spans_between(date(2021, 3, 1), date(2021, 3, 2))]
    ['1 March 2021', '2 March 2021']
    """
    days = (last - first).days + 1
    for length in _DAYS:
        if days <= _MOST * length:
            return _of_days(first, last, length)
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    number = next((n for n in _MONTHS if months <= _MOST * n), _MONTHS[-1])
    return _of_months(first, last, number)


def _of_days(first: date, last: date, length: int) -> list[Span]:
    begins = range(first.toordinal(), last.toordinal() + 1, length)
    return [_span(begin, begin + length) for begin in begins]


def _of_months(first: date, last: date, number: int) -> list[Span]:
    """Return spans of a *number* of months, which begin as quarters, years and decades do."""
    month = (first.year * 12 + first.month - 1) // number * number
    begins = range(month, last.year * 12 + last.month, number)
    return [_span(_first_day(begin), _first_day(begin + number)) for begin in begins]


def _first_day(month: int) -> int:
    """Return the first day of a month since the year 0, also where no calendar has it."""
    year, number = divmod(month, 12)
    if year > MAXYEAR:
        return date.max.toordinal() + 1
    return date(year, number + 1, 1).toordinal() if year else date.min.toordinal()


def _span(begin: int, end: int) -> Span:
    """Return the span up to the day before *end*, as far as the calendar goes."""
    last = min(end - 1, date.max.toordinal())
    return Span(date.fromordinal(begin), date.fromordinal(last))


def load_strip(asked: Asked, first_look: str, last_look: str) -> Values:
    """Return the strip from the *first look* to the last one: the picture, and its table."""
    spans = spans_between(date.fromisoformat(first_look[:10]), date.fromisoformat(last_look[:10]))
    length = 8 if (spans[0].last - spans[0].first).days < 27 else 6
    looks = _sorted_into(spans, asked.rows("looks", length=length, others=_NO_LISTS), "looks")
    changes = _sorted_into(spans, asked.rows("changes_by_span", length=length), "changes")
    chosen = asked.argument("since"), asked.argument("until")
    rows = [
        Row(
            place_words(name, asked.headings),
            tuple(
                Bin(
                    span.words,
                    looks[name, number],
                    changes[name, number],
                    f"{asked.base}?since={span.first}&until={span.last}",
                    chosen == (span.first.isoformat(), span.last.isoformat()),
                )
                for number, span in enumerate(spans)
            ),
        )
        for name in _in_order(asked, {name for name, _ in looks})
    ]
    title = "When each list was looked at, and when something changed in it"
    begin, end = spans[0].first.isoformat(), spans[-1].last.isoformat()
    picture = strip(rows, title=title, begin=say_day(begin), end=say_day(end))
    return {"picture": picture, "rows": rows}


def _sorted_into(spans: list[Span], rows: list[Values], what: str) -> Counter[tuple[str, int]]:
    """Return how much of *what* there is, by list and number of the span."""
    begins = [span.first.isoformat().replace("-", "") for span in spans]
    found: Counter[tuple[str, int]] = Counter()
    for row in rows:
        day = row["span"] if len(row["span"]) == 8 else f"{row['span']}28"
        number = bisect_right(begins, day) - 1
        if number >= 0:
            found[row["list"], number] += row[what]
    return found


def _in_order(asked: Asked, names: set[str]) -> list[str]:
    """Return lists as the site shows them: the homepage, the block, then its own lists."""
    known = ["home", "latest", *asked.profile.listings]
    return [name for name in known if name in names] + sorted(names - set(known))
