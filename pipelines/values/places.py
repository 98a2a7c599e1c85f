"""Where a statement is seen: on its own page, in a list, in a box."""

from embassy_scraper.items import BOX, UNKNOWN

__all__ = ["BOX", "PAGE", "UNKNOWN", "is_list", "title_rank"]
PAGE = "page"
_BEST_TITLES = {PAGE: 0, "home": 2, "latest": 3, BOX: 4}
_LISTING = 1


def is_list(place: str) -> bool:
    """Say whether *place* is an ordered list, whose windows can lack a statement."""
    return place not in {PAGE, BOX}


def title_rank(place: str) -> int:
    """Return how well *place* tells the title: its own page best, then a listing, a box least.

    >>> sorted(["box", "latest", "newarh", "home", "page"], key=title_rank)
    ['page', 'newarh', 'home', 'latest', 'box']
    """
    return _BEST_TITLES.get(place, _LISTING)
