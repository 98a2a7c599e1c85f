"""Where a statement is seen: on its own page, in a list, in a box."""

PAGE, BOX, UNKNOWN = "page", "box", "unknown"
_BEST_TITLES = {PAGE: 0, "home": 2, "latest": 3, BOX: 4}
_LISTING = 1
_BEFORE_TITLES = ("PHOTO: ", "VIDEO: ")  # lists print them, side boxes do not


def is_list(place: str) -> bool:
    """Say whether *place* is an ordered list, whose windows can lack a statement."""
    return place not in {PAGE, BOX}


def title_rank(place: str) -> int:
    """Return how well *place* tells the title: its own page best, then a listing, a box least.

    >>> sorted(["box", "latest", "newarh", "home", "page"], key=title_rank)
    ['page', 'newarh', 'home', 'latest', 'box']
    """
    return _BEST_TITLES.get(place, _LISTING)


def boxed_title(title: str) -> str:
    """Return *title* as a box prints it, without the word before it.

    >>> boxed_title("VIDEO: A talk on the pier")
    'A talk on the pier'
    """
    word = next((word for word in _BEFORE_TITLES if title.startswith(word)), "")
    return title.removeprefix(word)
