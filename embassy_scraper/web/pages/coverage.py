"""Coverage: how each list was looked at, and when a change could have been missed."""

from datetime import UTC, datetime

from embassy_scraper.reports.coverage import chosen, read_coverage
from embassy_scraper.reports.lists import known_lists
from embassy_scraper.reports.sentences import Headings, place_words
from embassy_scraper.web.page import Asked, Values

_GAPS = 25


def load(asked: Asked) -> Values:
    """Return how each list was looked at, up to this hour, and the longest times without a look."""
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:00:00Z")
    return asked.remembered(f"coverage {now}", lambda: read(asked, now))


def read(asked: Asked, now: str) -> Values:
    """Return the lists that were looked at until *now*, the others, and the longest gaps."""
    names = known_lists(asked.connection, asked.profile)
    found = read_coverage(asked.connection, asked.profile, now=now)
    lists = list(found.watched(names))
    return {
        "now": now,
        "lists": [one for one in lists if one.looks],
        "never": [(one.list, one.unread) for one in lists if not one.looks],
        "gaps": chosen(found.gaps(), shortest=None, longest=_GAPS),
        "words": {name: list_words(name, asked.headings) for name in names},
    }


def list_words(name: str, headings: Headings) -> str:
    """Return what a list is called, at the beginning of a line.

    >>> list_words("home", {})
    'The homepage'
    """
    words = place_words(name, headings)
    return words[:1].upper() + words[1:]
