"""Reasons: why a round did not do its work, in words that a person takes in at once.

Pure: it is told what the homepage and the heads of lists answered, and what other pages failed for.
"""

from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from embassy_scraper.sites.addresses import Address


@dataclass(slots=True)
class Reasons:
    """What came of the pages of one run that could not be read."""

    home: list[int] = field(default_factory=list)  # statuses
    lists: list[int] = field(default_factory=list)
    moved_to: str | None = None
    silent: Counter[str] = field(default_factory=Counter)  # why no answer came
    unlike: Counter[str] = field(default_factory=Counter)  # in what answers are not the site's

    def answered(self, address: Address, status: int) -> None:
        """Note what an *address* answered, if it is the homepage or the head of a list."""
        if address.kind == "home":
            self.home.append(status)
        elif address.kind == "listing" and address.start == 1:
            self.lists.append(status)

    def redirected(self, address: Address, url: str, location: str) -> None:
        """Note where the homepage at *url* leads, if it is another host."""
        if address.kind != "home":
            return
        try:
            host = urlsplit(urljoin(url, location)).hostname
        except ValueError:
            return
        if host and _bare(host) != _bare(urlsplit(url).hostname or ""):
            self.moved_to = host

    def told(self) -> str | None:
        """Return the reason that explains most; ``None`` where nothing failed.

        >>> Reasons(home=[404], lists=[404, 404]).told()
        '/ and all lists answer 404'
        >>> Reasons(moved_to="london.mid.ru", home=[301], lists=[404]).told()
        'moved to london.mid.ru'
        """
        if self.moved_to is not None:
            return f"moved to {self.moved_to}"
        return self._no_lists() or _most(self.silent) or _most(self.unlike)

    def _no_lists(self) -> str | None:
        """Return what the homepage and all lists answer, where none of them is there."""
        statuses = sorted({*self.home, *self.lists})
        if not statuses or statuses[0] < 400 or self.silent:
            return None
        what = " and ".join(["/"] * bool(self.home) + ["all lists"] * bool(self.lists))
        verb = "answer" if self.lists else "answers"
        return f"{what} {verb} {' or '.join(map(str, statuses))}"


def _bare(host: str) -> str:
    return host.removeprefix("www.")


def _most(reasons: Counter[str]) -> str | None:
    """Return the most frequent of *reasons*, and for how many pages it holds if not for all."""
    if not reasons:
        return None
    (reason, count), total = reasons.most_common(1)[0], sum(reasons.values())
    return reason if count == total else f"{reason} ({count} of {total} pages)"
