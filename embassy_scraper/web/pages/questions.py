"""What people ask first, in words; each leads to its answer, and its SQL is one click away."""

from dataclasses import dataclass
from itertools import groupby

from embassy_scraper.reports.sentences import place_words
from embassy_scraper.web.page import Asked, Values
from embassy_scraper.web.tables import described

_DAYS = ("since", "at", "begin", "end")  # what a question asks for that is a day


@dataclass(frozen=True, slots=True)
class Question:
    """A question as ``tables.toml`` has it; ``asks`` is what it asks for, with an example of each."""

    name: str
    title: str
    description: str
    about: str
    asks: tuple[tuple[str, str], ...]
    is_feed: bool


def questions() -> list[Question]:
    """Return the questions in the order in which they are read."""
    return [
        Question(
            name,
            one["title"],
            one["description"],
            one["about"],
            tuple(one.get("parameters", {}).items()),
            "feed" in one,
        )
        for name, one in described()["questions"].items()
    ]


def load(asked: Asked) -> Values:
    """Return the questions by what they are about."""
    groups = groupby(questions(), key=lambda one: one.about)
    names = ("home", "latest", *asked.profile.listings)
    return {
        "groups": [(about, list(group)) for about, group in groups],
        "lists": {name: place_words(name, asked.headings) for name in names},
        "days": _DAYS,
    }
