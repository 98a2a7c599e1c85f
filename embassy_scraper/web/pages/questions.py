"""What people ask first, in words; each leads to its answer, and its SQL is one click away."""

from dataclasses import dataclass
from itertools import groupby

from embassy_scraper.reports.sentences import place_words
from embassy_scraper.web.page import Asked, Values
from embassy_scraper.web.tables import described

_LABELS = {
    "since": "Since",
    "list": "List",
    "at": "Day",
    "words": "Word or words",
    "begin": "From",
    "end": "up to",
}
_DAYS = ("since", "at", "begin", "end")  # what a question asks for that is a day


@dataclass(frozen=True, slots=True)
class Question:
    """A question as ``tables.toml`` has it; ``asks`` is what it asks for, with examples."""

    name: str
    title: str
    description: str
    group: str
    asks: tuple[tuple[str, str], ...]
    is_feed: bool


def questions() -> list[Question]:
    """Return the questions in the order in which they are read."""
    return [
        Question(
            name,
            one["title"],
            one["description"],
            one["group"],
            tuple(one.get("parameters", {}).items()),
            "feed" in one,
        )
        for name, one in described()["questions"].items()
    ]


def load(asked: Asked) -> Values:
    """Return the questions by their groups."""
    groups = groupby(questions(), key=lambda one: one.group)
    names = ("home", "latest", *asked.profile.listings)
    return {
        "groups": [(name, list(group)) for name, group in groups],
        "lists": {name: place_words(name, asked.headings) for name in names},
        "labels": _LABELS,
        "days": _DAYS,
    }
