"""Reasons: why a round did not do its work, in words that a person takes in at once.

Pure: it is told what the homepage and the heads of lists answered, and what other pages failed for.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from embassy_scraper.archives import shown
from embassy_scraper.sites.addresses import Address

_LONGEST = 120  # characters of an address, in a reason
_MOVED, _ROBOTS = "moved to ", "robots.txt forbids"
_LOOK = "open the site in a browser"
_AGAIN = f"{_LOOK}; nothing counts as withdrawn, and a later run asks again"
_ADVICE = (  # how reasons begin, and what to do about them
    (_MOVED, "if that is the site now, set base_url in embassy.toml to it"),
    ("redirects to itself", _AGAIN),
    ("leads to ", "open it in a browser; if the site is there now, set base_url to it"),
    (_ROBOTS, "ask the site's owner, and do not ask more often"),
    (
        "robots.txt asks to wait",
        "set longest_wait in embassy.toml to that, or ask the site's owner",
    ),
    ("robots.txt could not be fetched", "without it nothing is asked for; run it again later"),
    ("the server asks to wait", "run it again when that time is over"),
    ("blocked", "ask less often (delay in embassy.toml), and name a contact there"),
    ("/ ", _AGAIN),
    ("all lists ", _AGAIN),
    ("answered ", _AGAIN),
    ("not the site's page", f"{_LOOK}: it may be parked, or have moved"),
    ("not like the site's pages", f"{_LOOK}: it may have a new design (docs/redesign.md)"),
)
_USUAL = "check base_url in embassy.toml, or try again later"


@dataclass(slots=True)
class Reasons:
    """What came of the pages of one run that could not be read."""

    home: list[int] = field(default_factory=list)  # statuses
    lists: list[int] = field(default_factory=list)
    moved: str | None = None  # where the homepage leads, in words
    silent: Counter[str] = field(default_factory=Counter)  # why no answer came
    unlike: Counter[str] = field(default_factory=Counter)  # in what answers are not the site's

    def answered(self, address: Address, status: int) -> None:
        """Note what an *address* answered, if it is the homepage or the head of a list."""
        if address.kind == "home":
            self.home.append(status)
        elif address.kind == "listing" and address.start == 1:
            self.lists.append(status)

    def redirected(
        self, address: Address, url: str, location: str, mobile: Collection[str] = ()
    ) -> None:
        """Note where the homepage at *url* leads; to a *mobile* host of the site is no move.

        >>> reasons = Reasons()
        >>> home = Address("https://www.rusemb.org.uk/", "home")
        >>> reasons.redirected(home, "http://www.rusemb.org.uk/", "https://rusemb.org.uk/login")
        >>> reasons.moved
        'leads to https://rusemb.org.uk/login'
        """
        if address.kind != "home":
            return
        try:
            target = urljoin(url, location)
            host = urlsplit(target).hostname
        except ValueError:
            return
        if not host:
            return
        if host in mobile:
            self.moved = f"leads to the mobile pages at {host}"
        elif _spot(target) == _spot(url):
            self.moved = f"redirects to itself ({shown(target)[:_LONGEST]})"
        elif _bare(host) != _bare(urlsplit(url).hostname or ""):
            self.moved = f"{_MOVED}{shown(host)[:_LONGEST]}"
        else:
            self.moved = f"leads to {shown(target)[:_LONGEST]}"

    def told(self) -> str | None:
        """Return the reason that explains most; ``None`` where nothing failed.

        >>> Reasons(home=[404], lists=[404, 404]).told()
        '/ and all lists answer 404'
        >>> Reasons(home=[200], lists=[404, 404]).told()
        'all lists answer 404'
        >>> Reasons(moved="moved to london.mid.ru", home=[301], lists=[404]).told()
        'moved to london.mid.ru'
        """
        if self.moved is not None:
            return self.moved
        return self._not_there() or _most(self.silent) or _most(self.unlike)

    def _not_there(self) -> str | None:
        """Return what the homepage answers, or all lists do, where that is no page."""
        if self.silent:
            return None
        failed = [some for some in (self.home, self.lists) if some and min(some) >= 400]
        statuses = sorted({status for some in failed for status in some})
        if not statuses:
            return None
        what = ["/"] * (self.home in failed) + ["all lists"] * (self.lists in failed)
        verb = "answers" if what == ["/"] else "answer"
        return f"{' and '.join(what)} {verb} {' or '.join(map(str, statuses))}"


def advice(note: str | None) -> str:
    """Return what to do about a run in which the site failed for the reason *note*.

    >>> advice("moved to london.mid.ru")
    'if that is the site now, set base_url in embassy.toml to it'
    """
    return next((told for begin, told in _ADVICE if (note or "").startswith(begin)), _USUAL)


def _spot(url: str) -> tuple[str, str, str]:
    """Return what of an address tells one page from another: not whether it is secure."""
    parts = urlsplit(url)
    return _bare(parts.netloc), parts.path or "/", parts.query


def _bare(host: str) -> str:
    return host.removeprefix("www.")


def _most(reasons: Counter[str]) -> str | None:
    """Return the most frequent of *reasons*, and for how many pages it holds if not for all."""
    if not reasons:
        return None
    (reason, count), total = reasons.most_common(1)[0], sum(reasons.values())
    return reason if count == total else f"{reason} ({count} of {total} pages)"
