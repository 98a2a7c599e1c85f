"""Coverage: how each list was looked at, and when a change could have been missed."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from datetime import UTC, date, datetime

from embassy_scraper.reports.coverage import Gap, Watched, days_between
from embassy_scraper.reports.lists import known_lists
from embassy_scraper.reports.sentences import Headings, place_words
from embassy_scraper.reports.unread import read_unread
from embassy_scraper.web.page import Asked, Values

_GAPS = 25
Times = dict[str, list[str]]  # instants of looks that saw nothing certain, by list, in order


def load(asked: Asked) -> Values:
    """Return how each list was looked at, up to this hour, and the longest times without a look."""
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:00:00Z")
    return asked.remembered(f"coverage {now}", lambda: read(asked, now))


def read(asked: Asked, now: str) -> Values:
    """Return the lists that were looked at until *now*, the others, and the longest gaps."""
    names = known_lists(asked.connection, asked.profile)
    unread: Times = defaultdict(list)
    for one in read_unread(asked.connection, asked.profile):
        unread[one.list].append(one.at)
    looks = {row["list"]: row for row in asked.rows("coverage_lists", now=now)}
    lists = [watched(looks[name], len(unread[name]), now) for name in names if name in looks]
    return {
        "now": now,
        "lists": lists,
        "never": [(name, len(unread[name])) for name in names if name not in looks],
        "gaps": [gap(row, unread, now) for row in asked.rows("coverage_gaps", now=now, most=_GAPS)],
        "words": {name: list_words(name, asked.headings) for name in names},
    }


def list_words(name: str, headings: Headings) -> str:
    """Return what a list is called, at the beginning of a line.

    >>> list_words("home", {})
    'The homepage'
    """
    words = place_words(name, headings)
    return words[:1].upper() + words[1:]


def watched(row: Values, unread: int, now: str) -> Watched:
    """Return how one list was looked at; *unread* looks saw nothing certain."""
    end = max(now, row["last_look"])
    days = (date.fromisoformat(end[:10]) - date.fromisoformat(row["first_look"][:10])).days + 1
    after, by = row["longest_after"], row["longest_by"]
    return Watched(
        row["list"],
        row["looks"],
        unread,
        row["first_look"],
        row["last_look"],
        days_between(row["last_look"], now),
        days_between(after, by or end),
        after,
        by,
        round(row["days"] / days, 3),
    )


def gap(row: Values, unread: Times, now: str) -> Gap:
    """Return one time without a look, and how many looks in it saw nothing certain."""
    after, by = row["observed_after"], row["observed_by"]
    end = by or max(now, after)
    times = unread[row["list"]]
    between = max(0, bisect_left(times, end) - bisect_right(times, after))
    days = days_between(after, end)
    return Gap(row["list"], "", after, by, days, row["unseen_from"], row["unseen_until"], between)
