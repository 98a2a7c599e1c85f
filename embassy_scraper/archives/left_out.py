"""Records that are passed over: how many, why, and of which site most of them are."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from embassy_scraper.archives import LeftOut, Offer, WhyLeftOut

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):(?!\d)", re.I)  # behind a host, digits are its port
_OF_PAGES = frozenset({"http", "https"})


def is_page(url: str) -> bool:
    """Say whether a record of *url* may hold a page of a web site.

    Crawlers keep other things beside pages: what a look-up of a host gave, their logs, texts and
    pictures of pages.

    >>> is_page("HTTP://rusemb.org.uk/"), is_page("rusemb.org.uk:80/"), is_page("")
    (True, True, True)
    >>> is_page("dns:rusemb.org.uk"), is_page("urn:text:https://rusemb.org.uk/")
    (False, False)
    """
    found = _SCHEME.match(url)
    return found is None or found[1].lower() in _OF_PAGES


class Passed:
    """The records of one file that were passed over."""

    def __init__(self) -> None:
        """Begin with none."""
        self._bases: defaultdict[WhyLeftOut, Counter[str]] = defaultdict(Counter)

    def add(self, url: str, why: WhyLeftOut = "another site") -> None:
        """Count a record of *url*."""
        self._bases[why][_base(url)] += 1

    def offers(self, path: str) -> Iterator[Offer]:
        """Yield how many there were in the file *path*, and of which site most of them are."""
        for why, bases in sorted(self._bases.items()):
            base, count = max(bases.items(), key=lambda one: (one[0] != "", one[1], one[0]))
            left_out = LeftOut(bases.total(), base, count if base else 0, why)
            yield Offer(path, "", left_out)


def _base(url: str) -> str:
    """Return the base address of *url*; ``""`` where it has no host, as ``dns:`` records."""
    parts = url.split("/", 3)
    return f"{parts[0]}//{parts[2]}/" if len(parts) > 2 and not parts[1] else ""
