"""Whether a clean text proves a list: nothing in it may be somebody else's."""

from collections.abc import Sequence
from itertools import pairwise

from embassy_scraper.pages.clean_labels import labels
from embassy_scraper.pages.entries import Item, sort_date
from embassy_scraper.pages.lines import Line, paragraphs
from embassy_scraper.pages.shown import ends_as_sentence, is_prose


def list_misfit(
    lines: Sequence[Line], start: int, items: Sequence[Item], end: int, *, is_whole: bool
) -> str | None:
    """Return why the lines from *start* to before *end* are not proven to be a list of *items*.

    Nothing stands before the first; a lead is one paragraph, or several of sentences.
    """
    if not items or items[0].index != start:
        return f"a line stands before the first entry: {lines[start].text[:80]}"
    stops = [*(item.index for item in items[1:]), end]
    leads = [lines[item.end : stop] for item, stop in zip(items, stops, strict=True)]
    if _may_be_above(items, leads):
        return "whether the titles stand above or below their dates is not known"
    lead_or_item = _may_be_lead(items, leads)
    if lead_or_item is not None:
        return f"whether a line is an entry or a lead is not known: {lead_or_item[:80]}"
    for lead in leads if is_whole else leads[:-1]:
        label = _label_behind(lead)
        if label is not None:
            return f"a few words stand beside a lead: {label[:80]}"
    return None


def _label_behind(lead: Sequence[Line]) -> str | None:
    """Return the first line behind the first paragraph of a lead that stands alone in it."""
    places = (lead[i].text for i in labels(lead) if i)
    return next(places, None)


def _may_be_above(items: Sequence[Item], leads: Sequence[Sequence[Line]]) -> bool:
    """Say whether the titles may stand above the dates, so that what stands below is a lead: of
    most entries the title is a sentence, and the last line is none."""
    strange = [
        item.end - item.index > 1 and ends_as_sentence(Line(item.title)) and not is_prose(lead[-1])
        for item, lead in zip(items, leads, strict=True)
        if lead
    ]
    return 2 * sum(strange) > len(items) - 2 and any(strange)


def _may_be_lead(items: Sequence[Item], leads: Sequence[Sequence[Line]]) -> str | None:
    """Return what looks like an item, but may be the lead of the one above, which has no other."""
    for lead, below in zip(leads, items[1:], strict=False):
        if not lead and below.end - below.index == 1 and ends_as_sentence(Line(below.title)):
            return f"{below.date_text} - {below.title}"
    return None


def open_end_misfit(lines: Sequence[Line], items: Sequence[Item], end: int) -> str | None:
    """Return why the last lead of a list that no line closes may hold lines of something else."""
    stops = [*(item.index for item in items[1:]), end]
    *others, last = (
        len(paragraphs(lines[item.end : stop])) for item, stop in zip(items, stops, strict=True)
    )
    if last <= max(others, default=1):
        return None
    return f"nothing shows where the last lead ends: {lines[end - 1].text[:80]}"


def rises(items: Sequence[Item]) -> bool:
    """Say whether the dates of *items* rise somewhere: others may stand above."""
    days = [sort_date(item.date_text) for item in items]
    return any(above and above < below for above, below in pairwise(days))
