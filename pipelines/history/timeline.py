"""One statement's sightings in order of time, with what each of its wordings really shows.

Some wordings can only be read beside the others: a page without a title shows the start of its
text first; a page or list whose end is not marked may be cut off. What a wording does not show is
``None``, and ``None`` is never a difference.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import NamedTuple

from embassy_scraper.sites import Profile
from embassy_scraper.sites.addresses import statement_url
from embassy_scraper.text import one_line
from pipelines.history.spans import Looks, Span
from pipelines.values.instants import instant
from pipelines.values.places import BOX, is_list, title_rank

_FIELDS_ANYWHERE = ("title", "date")  # of which one is asked that was last shown anywhere
_FIELDS = (*_FIELDS_ANYWHERE, "lead", "body", "published_at", "signed_on")
_SURE_START = 30  # characters by which a text is known to be the start of another


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
    signature's day.
    """

    key: str
    wordings: dict[int, Shown]
    own: list[Own]
    seen: list[Seen]
    places: dict[str, list[Seen]]
    dated: list[tuple[str, str]]
    profile: Profile

    def first_date(self) -> str | None:
        """Return its first known date."""
        return self.dated[0][1] if self.dated else None

    def last_date(self) -> str | None:
        """Return its last known date."""
        return self.dated[-1][1] if self.dated else None

    def has_title(self) -> bool:
        """Say whether anything tells what it is: a link on a cut-off page alone does not."""
        return any(self.wordings[s.wording].title is not None for s in self.seen)

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
        titles = {wording.title for wording in self.wordings.values()} - {None}
        if len(titles) < 2:
            return next(iter(titles), None)
        shown = [s for s in self.seen if self.wordings[s.wording].title is not None]
        before = [s for s in shown if instant(s.capture) <= instant(capture)]
        sure = [s for s in before if s.place != BOX] or before
        last = instant((sure[-1] if sure else shown[0]).capture)
        at_last = [s for s in sure or shown if instant(s.capture) == last]
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
    return Timeline(key, wordings, own, seen, places, dated, profile)


def _seen_inside(wordings: dict[int, Shown], own: list[Own], looks: Looks) -> Iterator[Seen]:
    """Yield the sightings inside spans at the time of others that show the statement otherwise."""
    if len(wordings) == 1 and len({one.is_left_out for one in own}) < 2:
        return
    for one, other in _overlapping(own):
        if _differ(one, other, wordings):
            yield from map(one.seen, inside(one.span, other.span, looks))
            yield from map(other.seen, inside(other.span, one.span, looks))


def _overlapping(own: list[Own]) -> Iterator[tuple[Own, Own]]:
    """Yield the pairs of spans that were under way at one time.

    What is pinned has thousands of them, of which few are at one time.
    """
    under_way: list[Own] = []
    for one in sorted(own, key=lambda one: one.span.first):
        begun = instant(one.span.first)
        under_way = [other for other in under_way if instant(other.span.last) >= begun]
        for other in under_way:
            yield one, other
        under_way.append(one)


def _differ(one: Own, other: Own, wordings: dict[int, Shown]) -> bool:
    """Say whether two spans show the statement differently, so that their order tells something."""
    is_one_place = one.place == other.place
    if is_one_place and one.is_left_out != other.is_left_out:
        return True
    if one.wording == other.wording:
        return False
    fields = _FIELDS if is_one_place else _FIELDS_ANYWHERE
    a, b = wordings[one.wording], wordings[other.wording]
    return any(
        x != y
        for field in fields
        if (x := getattr(a, field)) is not None and (y := getattr(b, field)) is not None
    )


def inside(one: Span, other: Span, looks: Looks) -> Iterator[str]:
    """Yield the captures of *one* at the time of *other*, and its last before and first behind."""
    begin, end = instant(other.first), instant(other.last)
    if instant(one.first) < begin:
        yield looks.last_before(one.series, begin) or one.first
    if instant(one.last) > end:
        yield looks.first_after(one.series, end) or one.last
    yield from captures_in(one, begin, end, looks)


def captures_in(span: Span, since: str, until: str, looks: Looks) -> list[str]:
    """Return the captures of *span* from one instant to another, both included.

    Where a series shows several values at one instant it has a span for each, of that instant.
    """
    first, last = instant(span.first), instant(span.last)
    if first == last:
        return [span.first] if since <= first <= until else []
    return looks.between(span.series, max(since, first), min(until, last))


def _instant(dated: tuple[str, str]) -> str:
    return instant(dated[0])


def resolve(wordings: list[Shown]) -> dict[int, Shown]:
    """Return the wordings of one statement by id, each with what it really shows."""
    wordings = [
        replace(
            wording, body=one_line(wording.body_text) if wording.body_text is not None else None
        )
        for wording in wordings
    ]
    if len(wordings) > 1:
        wordings = [_without_false_title(wording, wordings) for wording in wordings]
        wordings = [_without_cut_text(wording, wordings) for wording in wordings]
    return {wording.id: wording for wording in wordings}


def _without_false_title(wording: Shown, wordings: list[Shown]) -> Shown:
    """Return *wording*, its first line given to the body where it is the start of the text.

    A page whose first line starts the known lead, while another title is known, shows no title.
    """
    title = wording.title
    if not wording.is_page or title is None:
        return wording
    if any(not other.is_page and other.title == title for other in wordings):
        return wording
    if all(other.title in {None, title} for other in wordings):
        return wording
    if not any(_starts(title, text) for text in _known_openings(title, wordings)):
        return wording
    text = title if not wording.body_text else f"{title}\n\n{wording.body_text}"
    body = None if wording.body is None else one_line(text)
    return replace(wording, title=None, body=body, body_text=text if body is not None else None)


def _known_openings(title: str, wordings: list[Shown]) -> Iterator[str]:
    for other in wordings:
        if other.title == title:
            continue
        if other.lead is not None:
            yield other.lead
        elif other.body is not None and other.body.startswith(title) and len(title) > _SURE_START:
            yield other.body


def _starts(title: str, lead: str) -> bool:
    if title == lead or lead.startswith(f"{title} "):
        return True
    shorter = min(len(title), len(lead))
    return shorter > _SURE_START and (lead.startswith(title) or title.startswith(lead))


def _without_cut_text(wording: Shown, wordings: list[Shown]) -> Shown:
    """Return *wording* without the text that may be cut off.

    Its end is not marked, and another wording shows how it goes on.
    """
    if not wording.is_open:
        return wording
    if wording.is_page and not wording.body:
        titles = [other.title for other in wordings if other.title]
        title = None if _is_cut(wording.title, titles) else wording.title
        return replace(wording, title=title, body=None, body_text=None)
    if _is_cut(wording.body, [other.body for other in wordings if other.body]):
        return replace(wording, body=None, body_text=None)
    if _is_cut(wording.lead, [other.lead for other in wordings if other.lead]):
        return replace(wording, lead=None)
    return wording


def _is_cut(text: str | None, others: Iterable[str]) -> bool:
    return text is not None and any(other != text and other.startswith(text) for other in others)


def steps(seen: Iterable[Seen]) -> Iterator[list[Seen]]:
    """Yield the sightings instant by instant: captures of one instant are one step."""
    for _, group in groupby(seen, key=lambda s: instant(s.capture)):
        yield list(group)
