"""When the whole site was down: a page that is gone then was not taken out.

Told from what the homepage answered nearest before and after, as far as it was asked at all. What
is not the site's own page, whatever its status, is no homepage.
"""

from bisect import bisect_right
from collections.abc import Iterable

from pipelines.history.spans import END, Span
from pipelines.values.instants import instant

WITH_THE_SITE = "with the whole site"
_THERE = 200


class Outages:
    """What the homepage answered around an instant."""

    def __init__(self, home: Iterable[Span]) -> None:
        """Take the spans of the homepage's answers, in order."""
        self._spans = list(home)
        self._firsts = [span.first for span in self._spans]

    def have_at(self, capture: str) -> bool:
        """Say whether the homepage answered no 200 either, at or before *capture* and after it."""
        moment = instant(capture)
        behind = bisect_right(self._firsts, moment + END)
        nearest = self._of_one_instant(behind - 1)
        if nearest and moment < instant(nearest[0].last):
            return self._is_down(nearest)
        following = self._of_one_instant(behind)
        return bool(nearest or following) and self._is_down([*nearest, *following])

    def _of_one_instant(self, index: int) -> list[Span]:
        """Return the span at *index* and those that begin at the same instant."""
        if not 0 <= index < len(self._spans):
            return []
        first = instant(self._firsts[index])
        near = self._spans[max(0, index - 3) : index + 4]  # the answers are 200, 404, 410 and 0
        return [span for span in near if instant(span.first) == first]

    def _is_down(self, spans: list[Span]) -> bool:
        return not any(span.value == _THERE for span in spans)
