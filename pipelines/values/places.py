"""Where something is observed: on an own page, in a list, in a box, in the header."""

from embassy_scraper.items import BOX, UNKNOWN

__all__ = ["ANSWER", "BOX", "CONTACTS", "PAGE", "SHAPE", "UNKNOWN", "is_list", "title_rank"]
PAGE = "page"
CONTACTS = ("phone", "email", "label")  # fields of the header, by language
SHAPE = "shape"  # of the header's counters: their words and since dates
ANSWER = "http_status"  # what an address answered
_BEST_TITLES = {PAGE: 0, "home": 2, "latest": 3, BOX: 4}
_LISTING = 1


def is_list(place: str) -> bool:
    """Say whether *place*, which shows statements, is an ordered list: its windows can lack one."""
    return place not in {PAGE, BOX}


def title_rank(place: str) -> int:
    """Return how well *place* tells the title: its own page best, then a listing, a box least."""
    return _BEST_TITLES.get(place, _LISTING)
