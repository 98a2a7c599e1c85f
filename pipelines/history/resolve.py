"""What the wordings of one statement really show, read beside each other.

A page without a title shows the start of its text first; a page or list whose end is not marked may
be cut off.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from embassy_scraper.text import one_line
from pipelines.history.timeline import Shown

_SURE_START = 30  # characters by which a text is known to be the start of another


def resolve(wordings: list[Shown]) -> dict[int, Shown]:
    """Return the wordings of one statement by id, each with what it really shows."""
    wordings = [
        replace(
            wording, body=one_line(wording.body_text) if wording.body_text is not None else None
        )
        for wording in wordings
    ]
    if len(wordings) > 1:
        wordings = _without_false_titles(wordings)
        wordings = [_without_cut_text(wording, wordings) for wording in wordings]
    return {wording.id: wording for wording in wordings}


def _without_false_titles(wordings: list[Shown]) -> list[Shown]:
    """Return *wordings*, first lines of pages given to the body where they are the text's start.

    A page whose first line starts the known lead, while another title is known, shows no title.
    """
    titles = {wording.title for wording in wordings if wording.title is not None}
    if len(titles) < 2:
        return wordings
    listed = {wording.title for wording in wordings if not wording.is_page}
    return [
        _without_false_title(wording, wording.title, wordings)
        if wording.is_page and wording.title is not None and wording.title not in listed
        else wording
        for wording in wordings
    ]


def _without_false_title(wording: Shown, title: str, wordings: list[Shown]) -> Shown:
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
