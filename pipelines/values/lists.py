"""The lists and boxes of a page in values: wordings of their entries, and what their windows cover.

In: lists as printed. Out: sightings and windows; what cannot be read goes to *problems*. Drops:
entries of which nothing says which statement they are, from the sightings alone. Never: compares
captures.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from embassy_scraper.items import Entry, ListText, Page, PageProblem, Sighting, Window, Wording
from embassy_scraper.recent import remembered
from embassy_scraper.sites import Profile
from embassy_scraper.sites.addresses import Address, is_absolute, link_key
from pipelines.values import instants
from pipelines.values.digests import OPEN, digest_of
from pipelines.values.instants import UnreadableDate
from pipelines.values.places import BOX, UNKNOWN
from pipelines.values.windows import Trunk, find_trunk

_HEADS = frozenset({"latest", "home"})  # lists that show nothing but their head


@dataclass(frozen=True, slots=True)
class ListValues:
    """A list in values; its side boxes have no window."""

    sightings: tuple[Sighting, ...]
    window: Window | None
    problems: tuple[PageProblem, ...]


def read_lists(
    page: Page,
    address: Address,
    profile: Profile,
    mirror: str | None,
    problems: list[PageProblem],
) -> tuple[list[Sighting], list[Window]]:
    """Return the sightings and the windows of all lists of *page*, which has *address*."""
    sightings: list[Sighting] = []
    windows: list[Window] = []
    for part in page.lists:
        is_anywhere = all(is_absolute(entry.href) for entry in part.entries)
        page_url = None if is_anywhere else address.url
        found = _read_list(part, page_url, profile, mirror, is_cut=page.is_cut)
        sightings += found.sightings
        windows += [found.window] if found.window is not None else []
        problems += found.problems
    return sightings, windows


@remembered(128, lambda part: sum(len(entry.lead or "") for entry in part.entries))
def _read_list(
    part: ListText, page_url: str | None, profile: Profile, mirror: str | None, *, is_cut: bool
) -> ListValues:
    """Return a list in values; the ten newest items stand on every page of their days."""
    problems: list[PageProblem] = []
    dates = [_entry_date(entry, part.name, profile, problems) for entry in part.entries]
    wordings = _entry_wordings(part, dates, page_url, profile, mirror, problems)
    if part.name == BOX:
        return ListValues(tuple(_boxed(wordings)), None, tuple(problems))
    trunk = None if is_cut else _trunk(part, dates)
    window = _window(part, dates, trunk)
    return ListValues(tuple(_sightings(part, wordings, trunk)), window, tuple(problems))


def _sightings(
    part: ListText, wordings: list[Wording | None], trunk: Trunk | None
) -> Iterator[Sighting]:
    left_out = trunk.left_out if trunk is not None else ()
    for index, wording in enumerate(wordings):
        if wording is not None:
            number = index + 1
            yield Sighting(wording, part.name, part.start, number, number, index in left_out)


def _boxed(wordings: list[Wording | None]) -> Iterator[Sighting]:
    """Yield what the side boxes show: each alone, so without a position."""
    shown = [wording for wording in wordings if wording is not None]
    for number, wording in enumerate(shown, start=1):
        yield Sighting(wording, BOX, 0, None, number)


def _entry_date(
    entry: Entry, where: str, profile: Profile, problems: list[PageProblem]
) -> str | None:
    if entry.date_text is None:
        return None
    try:
        return instants.read_item_date(entry.date_text, profile)
    except UnreadableDate:
        text = f"{entry.date_text} - {entry.title or ''}"
        problems.append(PageProblem("unreadable date", where, text))
        return None


def _entry_wordings(
    part: ListText,
    dates: list[str | None],
    page_url: str | None,
    profile: Profile,
    mirror: str | None,
    problems: list[PageProblem],
) -> list[Wording | None]:
    """Return the wording of every entry; ``None`` where nothing says which statement it is."""
    wordings: list[Wording | None] = []
    for entry, day in zip(part.entries, dates, strict=True):
        key = link_key(entry.href, page_url, profile, mirror)
        is_known = key is not None or (day is not None and entry.title is not None)
        make = _box_wording if part.name == BOX else _entry_wording
        wordings.append(make(entry, day, key, profile) if is_known else None)
        if not is_known and entry.title is not None and entry.date_text is None:
            problems.append(PageProblem("no date and no link", part.name, entry.title))
    return wordings


@remembered(1024, lambda entry: 20 * len(entry.lead or ""))  # a page has a score of them
def _entry_wording(entry: Entry, day: str | None, key: str | None, profile: Profile) -> Wording:
    title, lead = entry.title, entry.lead
    return Wording(
        digest=digest_of("entry", key, day, entry.date_text, title, lead, OPEN[entry.lead_is_open]),
        is_page=False,
        url_key=key,
        title=title,
        lead=lead,
        body=None,
        date=day,
        date_text=entry.date_text,
        published_at=None,
        signed_on=None,
        signature_text=None,
        is_open=entry.lead_is_open,
        bare_title=profile.bare_title(title) if title is not None else None,
    )


def _box_wording(entry: Entry, day: str | None, key: str | None, profile: Profile) -> Wording:
    """Return the wording of what a box shows: date and title, and nothing of a text."""
    wording = _entry_wording(replace(entry, lead=None, lead_is_open=False), day, key, profile)
    digest = digest_of("box", key, day, entry.date_text, entry.title)
    return replace(wording, digest=digest, is_box=True)


def _trunk(part: ListText, dates: list[str | None]) -> Trunk | None:
    """Return the trunk of a window; ``None`` where it covers nothing.

    A date that could not be read may be any date, so nothing is known of those around it.
    """
    days = [day for day in dates if day is not None]
    if part.covers_nothing or part.name == UNKNOWN or len(days) < len(dates):
        return None
    return find_trunk(days, is_head=part.name in _HEADS or part.start == 1)


def _window(part: ListText, dates: list[str | None], trunk: Trunk | None) -> Window:
    if trunk is None:
        newest = max((day for day in dates if day is not None), default=None)
        return Window(part.name, part.start, None, None, newest, len(dates))
    covers = (trunk.covers_after, trunk.covers_until, trunk.newest)
    return Window(part.name, part.start, *covers, len(dates))
