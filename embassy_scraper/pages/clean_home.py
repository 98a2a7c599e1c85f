"""The homepage as a clean text: one list that a line closes, with side boxes above it."""

from embassy_scraper.items import ListText, PageProblem
from embassy_scraper.pages.clean_lists import list_misfit
from embassy_scraper.pages.entries import find_items, read_entries
from embassy_scraper.pages.grammar import Grammar
from embassy_scraper.pages.lines import Line
from embassy_scraper.pages.parts import NO_ITEMS, Extent, MainPart, withheld
from embassy_scraper.pages.side_boxes import read_boxes


def read_home(lines: list[Line], grammar: Grammar, extent: Extent) -> MainPart:
    """Return the one list of the homepage and its side boxes."""
    heading = next((i for i, line in enumerate(lines) if grammar.is_home_heading(line)), None)
    items = find_items(lines, grammar, 0 if heading is None else heading + 1, known=False)
    begin = heading + 1 if heading is not None else items[0].index if items else len(lines)
    closing = next((i for i in range(begin, len(lines)) if grammar.is_closing(lines[i])), None)
    end = len(lines) if closing is None else closing
    items = [item for item in items if item.index < end]
    is_cut = closing is None or extent.is_cut
    entries = read_entries(lines, items, end, is_closed=not is_cut, is_cut=is_cut)
    if not entries:
        problem = PageProblem(NO_ITEMS, "main part", "")
        return MainPart("home", is_cut=is_cut, problems=(problem,))
    reason = list_misfit(lines, begin, items, end)
    if reason is not None:
        return MainPart("home", is_cut=is_cut, problems=(withheld("home", reason),))
    boxes, problems = read_boxes(lines[:begin], entries, grammar)
    return MainPart("home", None, (ListText("home", 1, entries), *boxes), None, is_cut, problems)
