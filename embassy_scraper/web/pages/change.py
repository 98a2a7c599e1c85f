"""A change: one entry whole, with exact instants, both captures, and how to cite and prove it."""

from embassy_scraper.errors import NotHere
from embassy_scraper.reports.entries import WHOLE_SITE, Change, Entry, entries_of
from embassy_scraper.reports.links import archive_address, web_address
from embassy_scraper.reports.sentences import place_words, sentence
from embassy_scraper.reports.sides import compare_bodies
from embassy_scraper.reports.wanted import read_changes_of, read_whole_site
from embassy_scraper.web.cite import Source, cite_change, site_words
from embassy_scraper.web.page import Asked, Values
from embassy_scraper.web.told import tell
from pipelines.tables.one_change import changes_named

_MOST = 50  # changes of one entry on a page
_TEXTS = ("title", "lead", "body", "label")


def load(asked: Asked) -> Values:
    """Return one entry, found by the id of any of its changes, or by how it begins.

    Raises:
        NotHere: there is no such change, or several begin so.
    """
    change_id, entry = _entry(asked)
    told = tell(entry, asked.headings)
    whole = asked.argument("all") is not None
    changes = entry.changes if whole else entry.changes[:_MOST]
    first = entry.first
    return {
        "told": told,
        "first": first,
        "asked_for": change_id,
        "url": web_address(first.url),
        "counter": first.subject if first.kind.startswith("counter_") else None,
        "changes": [_shown(asked, change, whole=whole) for change in changes],
        "left_out": len(entry.changes) - len(changes),
        "cite": cite_change(
            told, _sources(asked, entry), site_words(asked.profile, asked.stand_in)
        ),
    }


def _entry(asked: Asked) -> tuple[str, Entry]:
    given = asked.parts["change_id"]
    found = changes_named(asked.connection, given)
    if not found:
        raise NotHere(
            f"No change has the id {given}. An id is given up when later captures show that there"
            " was no such change, or join or split statements; the timeline has what is known now."
        )
    if len(found) > 1:
        raise NotHere(f"Several changes have ids that begin with {given}; give more characters.")
    row = found[0]
    if row["note"] == WHOLE_SITE:
        every = read_whole_site(asked.connection)
    else:
        every = read_changes_of(asked.connection, [row["subject"]])
    change_id = row["change_id"]
    entry = next(e for e in entries_of(every) if change_id in {c.change_id for c in e.changes})
    return change_id, entry


def _shown(asked: Asked, change: Change, *, whole: bool) -> Values:
    """Return one change of the entry in words, with its difference and both captures."""
    is_text = change.field in _TEXTS and change.kind in ("statement_edited", "counter_reworded")
    return {
        "change": change,
        "sentence": sentence(Entry.of([change]), asked.headings),
        "place": place_words(change.field, asked.headings) if change.is_of_list else None,
        "compared": compare_bodies(change.before, change.after, whole=whole) if is_text else None,
        "archived_before": archive_address(change.url_before, change.capture_before),
        "archived_after": archive_address(change.url_after, change.capture_after),
    }


def _sources(asked: Asked, entry: Entry) -> list[Source]:
    """Return the captures before and after that bound the interval of the entry."""
    begin, end = entry.observed_after, entry.observed_by  # each asks all changes of the entry
    before = [c for c in entry.changes if c.observed_after == begin]
    after = [c for c in entry.changes if c.observed_by == end]
    named = [
        ("as it was before", before[0].capture_before if before else None),
        ("as it is after", after[0].capture_after if after else None),
    ]
    return [
        Source(role, capture, (asked.row("bytes_of", capture=capture) or {}).get("sha256"))
        for role, capture in named
        if capture is not None
    ]
