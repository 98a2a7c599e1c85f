"""Which page of a listing comes next: from the head until a whole page holds nothing new.

An interrupted walk (the budget, a fault, a kill) is continued: the next run walks from the head
to what it knows, and then on from where the earlier one stopped.
"""

from dataclasses import dataclass

from embassy_scraper.crawl_items import Walk


@dataclass(slots=True)
class Walker:
    """Follows one list; ``after`` gives the offset of the page to ask for next.

    ``left`` is where an earlier walk was left. Offsets are of the site: 1, 11, 21, …
    """

    name: str
    is_deep: bool
    left: Walk | None
    size: int = 10
    _moved: int = 0
    _last: tuple[str, ...] = ()

    def after(self, start: int, shown: tuple[str, ...], new: int, added: int) -> Walk | None:
        """Return how the walk goes on behind the page at *start*; ``None`` where it is done.

        *shown* are the page's entries, *new* is how many of them were never seen so in this list,
        *added* how many are of statements never seen in it: those move what is below. A page that
        is not full, or shows what the one before it showed, is the last one.
        """
        self._moved += added
        is_end = len(shown) < self.size or shown == self._last
        self._last = shown
        left = self._left()
        if is_end:  # of the list; but not of one that was longer when an earlier walk was left
            return left if left is not None and start < left.open_from else None
        following = start + self.size
        if self.is_deep:
            return Walk(following, following, is_deep=True)
        if left is not None and start >= left.sure_until:
            goes_on = new > 0 or left.is_deep
            return Walk(following, following, left.is_deep) if goes_on else None
        if new > 0 or (left is not None and start >= left.open_from):
            until = max(following, left.sure_until) if left else following
            return Walk(following, until, left.is_deep if left else False)
        if left is None:
            return None
        return Walk(max(following, left.open_from), left.sure_until, left.is_deep)

    def _left(self) -> Walk | None:
        """Return where the earlier walk was left, as it is numbered now.

        What was published since has moved it down; one page above it is read once more, in case
        something was taken out.
        """
        if self.left is None:
            return None
        begin = self.left.open_from + self._moved - self.size
        begin -= (begin - 1) % self.size
        return Walk(max(1, begin), self.left.sure_until + self._moved, self.left.is_deep)
