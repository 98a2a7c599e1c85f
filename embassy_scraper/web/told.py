"""Entries as any page tells them, and which of them stand on one page of the timeline."""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from embassy_scraper.reports.days import alike
from embassy_scraper.reports.entries import Change, Entry, entries_of
from embassy_scraper.reports.passages import Passage, passages_of
from embassy_scraper.reports.sentences import sentence, when
from embassy_scraper.reports.wanted import (
    LAST,
    Place,
    Wanted,
    read_changes,
    read_changes_of,
    read_whole_site,
)

_MOST = 60  # changes on a page


@dataclass(frozen=True, slots=True)
class Told:
    """An entry in words; ``name`` is the statement's title or the counter's event, as printed."""

    entry: Entry
    sentence: str
    when: str
    name: str
    passages: tuple[Passage, ...]


def tell(entry: Entry, headings: Mapping[str, str]) -> Told:
    """Return *entry* in words; *headings* are those of the site's lists."""
    first = entry.first
    has_name = first.subject != "header" and entry.act != "site gone"
    name = (first.title or first.subject) if has_name else ""
    return Told(entry, sentence(entry, headings), when(entry), name, tuple(passages_of(entry)))


def tell_alike(entries: Iterable[Entry], headings: Mapping[str, str]) -> list[list[Told]]:
    """Return *entries* in words, in groups of which nothing but the subject differs."""
    return [[tell(entry, headings) for entry in same] for same in alike(entries, headings)]


def read_page(
    connection: sqlite3.Connection, wanted: Wanted, place: Place | None, most: int = _MOST
) -> tuple[list[Entry], Place | None]:
    """Return the entries of one page, whole, and where the next page begins if there is one.

    *most* are the changes on it, aside from those that complete an entry.

    An entry stands on the page of its newest change that is wanted. The end of the whole site is
    one entry, however many pages were gone with it.
    """
    found = read_changes(connection, replace(wanted, whole=0), place, most + 1)
    page = found[:most]
    following = Place(page[-1].observed_by, page[-1].change_id) if len(found) > most else None
    entries = _whole(connection, wanted, page)
    begin = page[-1].observed_by if following else ""
    end = place.at if place else LAST
    entries += [e for e in _ends_of_site(connection, wanted) if begin < e.observed_by <= end]
    entries.sort(key=lambda entry: entry.observed_by, reverse=True)
    return entries, following


def _whole(connection: sqlite3.Connection, wanted: Wanted, page: list[Change]) -> list[Entry]:
    """Return the entries whose newest wanted change is on this *page*, with all their changes."""
    if not page:
        return []
    found = read_changes_of(connection, {change.subject for change in page})
    # all of them: where one entry ends and the next begins depends on what was before
    every = [change for change in found if not change.is_with_the_site]
    there = {change.change_id for change in page}
    newer = {c.change_id for c in every if _is_newer(c, page[0]) and wanted.fits(c)}
    return [
        entry
        for entry in entries_of(every)
        if (ids := {change.change_id for change in entry.changes}) & there and not ids & newer
    ]


def _is_newer(one: Change, other: Change) -> bool:
    return (one.observed_by, one.change_id) > (other.observed_by, other.change_id)


def _ends_of_site(connection: sqlite3.Connection, wanted: Wanted) -> list[Entry]:
    """Return the ends of the whole site that are wanted; mostly there is none."""
    if wanted.kinds is not None and "page_gone" not in wanted.kinds:
        return []
    entries = entries_of(read_whole_site(connection))
    return [entry for entry in entries if any(map(wanted.fits, entry.changes))]
