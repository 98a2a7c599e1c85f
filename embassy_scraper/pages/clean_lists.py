"""Whether a clean text proves a list: nothing in it may come from elsewhere."""

from collections.abc import Sequence
from itertools import pairwise

from embassy_scraper.pages.entries import Item
from embassy_scraper.pages.lines import Line, paragraphs
from embassy_scraper.pages.shown import ends_as_sentence, is_few, is_prose, is_tool


def list_misfit(lines: Sequence[Line], start: int, items: Sequence[Item], end: int) -> str | None:
    """Return why the lines from *start* to before *end* are not proven to be a list of *items*.

    Nothing stands before the first, and below each of them its lead.
    """
    if not items or items[0].index != start:
        return f"there is a line before the first entry: {lines[start].text[:80]}"
    stops = [*(item.index for item in items[1:]), end]
    leads = [lines[item.end : stop] for item, stop in zip(items, stops, strict=True)]
    if _may_be_above(items, leads):
        return "its titles may belong to the dates above or below them"
    tool = next((line.text for lead in leads for line in lead if is_tool(line)), None)
    return f"something that is not text follows an entry: {tool}" if tool is not None else None


def _may_be_above(items: Sequence[Item], leads: Sequence[Sequence[Line]]) -> bool:
    """Say whether the titles may stand above the dates, so that what stands below is a lead.

    Of most entries the title is a sentence then, and the last line is not.
    """
    strange = [
        item.end - item.index > 1 and ends_as_sentence(Line(item.title)) and not is_prose(lead[-1])
        for item, lead in zip(items, leads, strict=True)
        if lead
    ]
    return 2 * sum(strange) > len(items) - 2 and any(strange)


def open_end_misfit(lines: Sequence[Line], items: Sequence[Item], end: int) -> str | None:
    """Return why the last lead of a list that no line closes may hold lines of something else."""
    stops = [*(item.index for item in items[1:]), end]
    *others, last = (
        len(paragraphs(lines[item.end : stop])) for item, stop in zip(items, stops, strict=True)
    )
    final = lines[end - 1]
    has_label = end - items[-1].end > 1 and is_few(final) and not is_prose(final)
    if last <= max(others, default=1) and not has_label:
        return None
    return f"nothing shows where the last lead ends: {final.text[:80]}"


def rises(items: Sequence[Item]) -> bool:
    """Say whether the dates of *items* rise somewhere: others may stand above."""
    days = [item.day for item in items]
    return any(above and above < below for above, below in pairwise(days))
