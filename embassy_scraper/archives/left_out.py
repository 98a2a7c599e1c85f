"""Records that are passed over because they are of other sites: how many, and of which."""

from collections import Counter
from collections.abc import Iterator

from embassy_scraper.archives import LeftOut, Offer


class Passed:
    """The records of one file that were passed over."""

    def __init__(self) -> None:
        """Begin with none."""
        self._bases: Counter[str] = Counter()

    def add(self, url: str) -> None:
        """Count a record of *url*."""
        self._bases[_base(url)] += 1

    def offers(self, path: str) -> Iterator[Offer]:
        """Yield how many there were in the file *path*, and of which site most of them are."""
        if self._bases:
            by_count = max(self._bases.items(), key=lambda one: (one[0] != "", one[1], one[0]))
            base, count = by_count
            left_out = LeftOut(self._bases.total(), base, count if base else 0)
            yield Offer(path, "", left_out)


def _base(url: str) -> str:
    """Return the base address of *url*; ``""`` where it has no host, as ``dns:`` records."""
    parts = url.split("/", 3)
    return f"{parts[0]}//{parts[2]}/" if len(parts) > 2 and not parts[1] else ""
