"""The leads of a list in unknown markup: what of the lines below each title is the entry's text."""

import re
from collections.abc import Collection, Sequence

from embassy_scraper.pages.context import Context
from embassy_scraper.pages.lines import Line
from embassy_scraper.pages.proof_heads import Head
from embassy_scraper.pages.shown import Shape, Shown, is_prose

_DIGITS = re.compile(r"\d+")


def last_misfit(shown: Shown, regions: Sequence[range]) -> str | None:
    """Return in what the last lead of a closed list is not as the others are."""
    *others, last = regions
    if not others:
        return None if len(last) <= 1 else "the only entry has several lines"
    shapes = {shown.shape(i) for region in others for i in region}
    most = max(len(region) for region in others)
    strange = next((i for i in last if shown.shape(i) not in shapes), None)
    if len(last) <= most and strange is None:
        return None
    line = shown.lines[strange if strange is not None else last[-1]].text[:80]
    return f"the last lead is not like the others: {line}"


def read_leads(
    shown: Shown, heads: Sequence[Head], regions: Sequence[range], context: Context
) -> tuple[list[str | None], str | None]:
    """Return every entry's lead, without what is no text of it; or why none is known."""
    found: list[list[tuple[str, Shape]]] = []
    for head, region in zip(heads, regions, strict=True):
        key = context.key_of(head.href)
        lines = [(_without_own_link(shown.lines[i], key, context), shown.shape(i)) for i in region]
        found.append([(head.rest, ("", ""))] * bool(head.rest) + [one for one in lines if one[0]])
    common: set[str] = set()
    if len(heads) > 1:
        common = set.intersection(*({text for text, _ in lines} for lines in found))
        found = [[one for one in lines if one[0] not in common] for lines in found]
    misfit = _lead_misfit(found) or _shared_text(common)
    if misfit is not None:
        return [None] * len(heads), misfit
    return [" ".join(text for text, _ in lines) for lines in found], None


def _shared_text(common: Collection[str]) -> str | None:
    """Return why leads are not known where what stands in every entry may be a text."""
    text = next((text for text in sorted(common) if is_prose(Line(text))), None)
    return None if text is None else f"every entry contains the same text: {text[:80]}"


def _without_own_link(line: Line, key: str | None, context: Context) -> str:
    """Return the text of *line* without a link to the entry itself at its end."""
    if key is None or line.href is None or context.key_of(line.href) != key:
        return line.text
    if line.is_linked:
        return ""
    return line.text.removesuffix(line.link_text or "").strip()


def _lead_misfit(found: Sequence[Sequence[tuple[str, Shape]]]) -> str | None:
    """Return why leads are not known.

    Lines stand in every entry with other figures, or lines have another look, or words that are no
    text stand beside a lead.
    """
    if len(found) < 2:
        return None
    masked = [
        {_DIGITS.sub("0", text) for text, _ in lines if _DIGITS.search(text)} for lines in found
    ]
    figures = set.intersection(*masked)
    if figures:
        return f"every entry contains figures: {min(figures)[:80]}"
    shapes = {shape for lines in found for _, shape in lines if shape != ("", "")}
    if len(shapes) > 1:
        tags = ", ".join(sorted(f"{tag}.{name}" if name else tag for tag, name in shapes)[:3])
        return f"the lines of the leads are in elements of several kinds: {tags}"
    for lines in found:
        label = next((text for text, _ in lines if not is_prose(Line(text))), None)
        if len(lines) > 1 and label is not None:
            return f"a few words are beside a lead: {label[:80]}"
    return None
