"""The lists of a page in values: forms of their entries, and what their windows cover.

In: lists as printed. Out: sightings and windows; what cannot be read goes to *problems*. Drops:
entries of which nothing says which statement they are, from the sightings alone. Never: compares
captures.
"""

from collections import Counter
from dataclasses import replace
from functools import lru_cache

from embassy_scraper.items import (
    Entry,
    Form,
    ListText,
    Page,
    PageProblem,
    Sighting,
    Window,
)
from embassy_scraper.sites import Profile
from embassy_scraper.sites.addresses import Address, link_key
from pipelines import instants
from pipelines.forms import OPEN, form_digest
from pipelines.instants import UnreadableDate

_REMEMBERED = 2000  # characters; longer leads do not come again
HEAD_LISTS = frozenset({"latest", "home"})


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
        dates = [_entry_date(entry, part.name, problems) for entry in part.entries]
        forms = _entry_forms(part, dates, address.url, profile, mirror, problems)
        sightings += [
            Sighting(form, part.name, part.start, position)
            for position, form in enumerate(forms, start=1)
            if form is not None
        ]
        windows.append(_window(part, dates))
    return sightings, windows


def _entry_date(entry: Entry, where: str, problems: list[PageProblem]) -> str | None:
    if entry.date_text is None:
        return None
    try:
        return instants.read_item_date(entry.date_text)
    except UnreadableDate:
        text = f"{entry.date_text} - {entry.title or ''}"
        problems.append(PageProblem("unreadable date", where, text))
        return None


def _entry_forms(
    part: ListText,
    dates: list[str | None],
    page_url: str | None,
    profile: Profile,
    mirror: str | None,
    problems: list[PageProblem],
) -> list[Form | None]:
    """Return the form of every entry; ``None`` where nothing says which statement it is."""
    forms: list[Form | None] = []
    seen: Counter[str] = Counter()
    for entry, day in zip(part.entries, dates, strict=True):
        key = link_key(entry.href, page_url, profile, mirror)
        if key is None and (day is None or entry.title is None):
            forms.append(None)
            if entry.title is not None and entry.date_text is None:
                problems.append(PageProblem("no date and no link", part.name, entry.title))
            continue
        form = _entry_form(entry, day, key)
        if key is None:
            seen[form.digest] += 1
            if seen[form.digest] > 1:
                twin = seen[form.digest]
                form = replace(form, twin=twin, digest=f"{form.digest}-{twin}")
        forms.append(form)
    return forms


def _entry_form(entry: Entry, day: str | None, key: str | None) -> Form:
    """Return the form of an entry.

    The ten newest items stand on every page of their days, so the last forms are remembered.
    """
    make = _remembered_form if len(entry.lead or "") < _REMEMBERED else _make_form
    return make(entry, day, key)


def _make_form(entry: Entry, day: str | None, key: str | None) -> Form:
    title, lead = entry.title, entry.lead
    return Form(
        digest=form_digest(
            "entry", key, day, entry.date_text, title, lead, OPEN[entry.lead_is_open]
        ),
        is_page=False,
        url_key=key,
        title=title,
        lead=lead,
        body=None,
        date=day,
        date_text=entry.date_text,
        published_at=None,
        signature_text=None,
        is_open=entry.lead_is_open,
        twin=1,
    )


_remembered_form = lru_cache(maxsize=4096)(_make_form)


def _window(part: ListText, dates: list[str | None]) -> Window:
    """Return what *part* covers.

    From the newest date down to the oldest one before the first rise; both edges are left out,
    for items of the edge date can be cut off, but at the head of a list nothing is above it.
    """
    is_head = part.name in HEAD_LISTS or part.start == 1
    known = [day for day in dates if day is not None]
    if part.covers_nothing or not known or len(known) < len(dates):
        return Window(part.name, part.start, None, None, max(known, default=None), len(dates))
    oldest = known[0]
    for day in known[1:]:
        if day > oldest:
            break
        oldest = day
    until = None if is_head else known[0]
    return Window(part.name, part.start, oldest, until, max(known), len(dates))
