"""One statement's sightings in order of time, with what each of its wordings shows.

What a wording does not show is ``None``, and ``None`` is never a difference.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from embassy_scraper.sites import Profile
from embassy_scraper.sites.addresses import statement_url
from pipelines.history.spans import Looks, Span, inside
from pipelines.values.instants import instant
from pipelines.values.places import BOX, is_list, title_rank

_FIELDS_ANYWHERE = ("title", "date")  # of which one is asked that was last shown anywhere
_FIELDS = (*_FIELDS_ANYWHERE, "lead", "body", "published_at", "signed_on")


@dataclass(frozen=True, slots=True)
class Shown:
    """What a wording shows, folded but for ``body_text``; ``None`` where it does not."""

    id: int
    core: int
    is_page: bool
    url_key: str | None
    title: str | None
    lead: str | None
    body: str | None
    body_text: str | None
    date: str | None
    published_at: str | None
    signed_on: str | None
    is_open: bool


class Seen(NamedTuple):
    """A sighting: the capture, the place (``page``, ``box`` or a list), and the wording.

    ``number`` is its place among the entries. ``is_left_out``: it stands out of order in its list,
    as a pinned item does.
    """

    capture: str
    place: str
    start: int
    number: int
    wording: int
    is_left_out: bool = False


@dataclass(frozen=True, slots=True)
class Own:
    """From when to when a part of a page, of which the span is, showed a wording."""

    span: Span
    place: str
    start: int
    number: int
    wording: int
    is_left_out: bool = False

    def seen(self, capture: str) -> Seen:
        """Return the sighting in one capture of the span."""
        return Seen(capture, self.place, self.start, self.number, self.wording, self.is_left_out)


@dataclass(frozen=True, slots=True)
class Timeline:
    """Everything seen of one statement, in order of capture.

    ``own`` are the spans in which it is shown. Of a span the first and the last capture are
    ``seen``, and those inside at whose time another span shows it otherwise.
    ``places`` are the same sightings place by place. ``dated`` are the captures that show its date,
    with the date; where no item date is printed anywhere, those that show its signature, with the
    signature's day. ``titled`` are the sightings that show a title, ``titled_elsewhere`` those of
    them that no box shows.
    """

    key: str
    wordings: dict[int, Shown]
    own: list[Own]
    seen: list[Seen]
    places: dict[str, list[Seen]]
    dated: list[tuple[str, str]]
    titled: list[Seen]
    titled_elsewhere: list[Seen]
    profile: Profile

    def first_date(self) -> str | None:
        """Return its first known date."""
        return self.dated[0][1] if self.dated else None

    def last_date(self) -> str | None:
        """Return its last known date."""
        return self.dated[-1][1] if self.dated else None

    def has_title(self) -> bool:
        """Say whether anything tells what it is: a link on a cut-off page alone does not."""
        return bool(self.titled)

    def lists(self) -> list[str]:
        """Return the lists it was ever seen in."""
        return sorted(filter(is_list, self.places))

    def url_keys(self) -> list[str]:
        """Return the URLs it is known under, smallest first."""
        return sorted({f.url_key for f in self.wordings.values() if f.url_key is not None})

    def url(self) -> str | None:
        """Return its canonical address, as far as it is known."""
        urls = self.url_keys()
        return statement_url(urls[0], self.profile) if urls else None

    def signed_at(self) -> str | None:
        """Return the signature's instant last shown."""
        shown = (self.wordings[s.wording].published_at for s in reversed(self.seen))
        return next((at for at in shown if at is not None), None)

    def date_at(self, capture: str) -> str | None:
        """Return the date last shown anywhere up to the instant of *capture*."""
        index = bisect_right(self.dated, instant(capture), key=_instant)
        return self.dated[index - 1][1] if index else None

    def next_date(self, capture: str) -> str | None:
        """Return the date next shown after the instant of *capture*."""
        index = bisect_right(self.dated, instant(capture), key=_instant)
        return self.dated[index][1] if index < len(self.dated) else None

    def title_at(self, capture: str) -> str | None:
        """Return the title last shown up to the instant of *capture*, or the first shown.

        What boxes show counts only while no other place has shown a title. Of one instant the
        place that tells it best counts, of several URLs the smallest.
        """
        if not self.titled:
            return None
        shown, until = (
            self.titled_elsewhere,
            bisect_right(self.titled_elsewhere, instant(capture), key=_seen_at),
        )
        if not until:
            shown = self.titled
            until = bisect_right(shown, instant(capture), key=_seen_at) or 1
        last = _seen_at(shown[until - 1])
        at_last = shown[
            bisect_left(shown, last, key=_seen_at) : bisect_right(shown, last, key=_seen_at)
        ]
        return self.wordings[min(at_last, key=self._title_order).wording].title

    def _title_order(self, s: Seen) -> tuple[int, bool, str]:
        url_key = self.wordings[s.wording].url_key
        return title_rank(s.place), url_key is None, url_key or ""

    def without_boxes(self) -> "Timeline":
        """Return what makes versions: all but what boxes show."""
        if BOX not in self.places:
            return self
        own = [one for one in self.own if one.place != BOX]
        seen = [s for s in self.seen if s.place != BOX]
        return _arranged(self.key, self.wordings, own, seen, self.profile)


def make_timeline(
    key: str, wordings: dict[int, Shown], own: list[Own], looks: Looks, profile: Profile
) -> Timeline:
    """Return the timeline of what *own* spans show of *wordings*."""
    seen = {one.seen(capture) for one in own for capture in (one.span.first, one.span.last)}
    seen.update(_seen_inside(wordings, own, looks))
    return _arranged(key, wordings, own, sorted(seen), profile)


def _arranged(
    key: str, wordings: dict[int, Shown], own: list[Own], seen: list[Seen], profile: Profile
) -> Timeline:
    dated = [(s.capture, day) for s in seen if (day := wordings[s.wording].date) is not None]
    if not dated:
        days = {f.id: f.signed_on for f in wordings.values() if f.signed_on}
        dated = [(s.capture, days[s.wording]) for s in seen if s.wording in days]
    places: dict[str, list[Seen]] = {}
    for s in seen:
        places.setdefault(s.place, []).append(s)
    titled = [s for s in seen if wordings[s.wording].title is not None]
    elsewhere = [s for s in titled if s.place != BOX]
    return Timeline(key, wordings, own, seen, places, dated, titled, elsewhere, profile)


@dataclass(slots=True)
class _Shows:
    """What one span shows of a statement, which a page may print many times in many ways."""

    span: Span
    place: str
    own: list[tuple[Own, Shown]] = field(default_factory=list)
    values: dict[str, set[object]] = field(default_factory=lambda: defaultdict(set))

    def add(self, one: Own, shown: Shown) -> None:
        self.own.append((one, shown))
        self.values["is_left_out"].add(one.is_left_out)
        for name in _FIELDS:
            if (value := getattr(shown, name)) is not None:
                self.values[name].add(value)

    def differs(self, one: Own, shown: Shown) -> bool:
        """Say whether it shows the statement otherwise than *one*, so that their order tells."""
        is_one_place = one.place == self.place
        if is_one_place and (not one.is_left_out) in self.values["is_left_out"]:
            return True
        return any(
            (value := getattr(shown, name)) is not None
            and len(self.values[name]) > (value in self.values[name])
            for name in (_FIELDS if is_one_place else _FIELDS_ANYWHERE)
        )


def _seen_inside(wordings: dict[int, Shown], own: list[Own], looks: Looks) -> Iterator[Seen]:
    """Yield the sightings inside spans at the time of others that show the statement otherwise."""
    if len(wordings) == 1 and len({one.is_left_out for one in own}) < 2:
        return
    shows: dict[Span, _Shows] = {}
    for one in own:
        shows.setdefault(one.span, _Shows(one.span, one.place)).add(one, wordings[one.wording])
    for first, second in _overlapping(shows.values()):
        yield from _seen_beside(first, second, looks)
        if first is not second:
            yield from _seen_beside(second, first, looks)


def _overlapping(shows: Iterable[_Shows]) -> Iterator[tuple[_Shows, _Shows]]:
    """Yield the pairs of spans that were under way at one time, and each with itself.

    What is pinned has thousands of them, of which few are at one time.
    """
    under_way: list[_Shows] = []
    for one in sorted(shows, key=lambda one: one.span.first):
        begun = instant(one.span.first)
        under_way = [other for other in under_way if instant(other.span.last) >= begun]
        under_way.append(one)
        for other in under_way:
            yield one, other


def _seen_beside(one: _Shows, other: _Shows, looks: Looks) -> Iterator[Seen]:
    """Yield what *one* shows, at the time of *other*, that differs from anything in that."""
    differing = [own for own, shown in one.own if other.differs(own, shown)]
    for capture in inside(one.span, other.span, looks) if differing else ():
        for own in differing:
            yield own.seen(capture)


def _instant(dated: tuple[str, str]) -> str:
    return instant(dated[0])


def _seen_at(seen: Seen) -> str:
    return instant(seen.capture)
