"""Passages: the texts of a change that a plain search finds in its captures, or does not.

The search knows nothing of pages: it drops tags and white space and looks for the words. So it says
less than reading a page does, but anyone can repeat it, as the script in the bundle does.
"""

import re
from collections.abc import Iterator
from typing import Any

from embassy_scraper.bundle.kept import KeptCapture
from embassy_scraper.bundle.prove import squeeze
from embassy_scraper.reports.entries import Change

Shown = dict[str, list[dict[str, Any]]]  # of one capture, as ``one_capture.show_capture`` has it
_DATES = {"published_on": "date_text", "published_at": "signature_text"}
_ONE_BYTE = re.compile(r"(?:windows-|cp|iso-8859-)\d{1,4}|koi8-[ru]", re.I)  # not Python's own
_CHARSETS = ("utf-8-sig", "utf-8", "windows-1251", "latin-1")


def passages_of(change: Change, shown: list[Shown]) -> list[str]:
    """Return the texts that tell the two states of a *change* apart, each once.

    *shown* are its captures as they were read: of dates and counters the text as printed counts.
    """
    found = [text for one in shown for text in _printed(change, one)]
    if change.kind.startswith("page_") or change.field in _DATES or _is_counter(change):
        return _once(found)
    pieces = [piece for text in (change.before, change.after) for piece in (text or "").split("…")]
    return _once([*pieces, *found])


def _is_counter(change: Change) -> bool:
    return change.kind.startswith("counter_")


def _printed(change: Change, shown: Shown) -> Iterator[str]:
    """Yield what one capture prints where the change has a value."""
    if _is_counter(change):
        for row in shown["counters"]:
            if change.subject in row["label"] or row["label"] in (change.before, change.after):
                yield f"{row['value']} {row['label']}"
    elif change.field in _DATES:
        for row in (*shown["page"], *shown["entries"]):
            if row["statement"] == change.subject:
                yield row.get(_DATES[change.field]) or ""


def _once(texts: list[str]) -> list[str]:
    return list(dict.fromkeys(text.strip() for text in texts if squeeze(text)))


def charset_of(capture: KeptCapture) -> str:
    """Return the encoding in which all bytes of a capture make sense to the search."""
    declared = capture.raw.charset or ""
    likely = [declared] if _ONE_BYTE.fullmatch(declared) else []
    for name in (*_CHARSETS[:2], *likely, *_CHARSETS[2:]):
        try:
            capture.raw.payload.decode(name)
        except (UnicodeError, LookupError):
            continue
        return name
    raise AssertionError("every byte is a character of latin-1")


def look_for(texts: list[str], capture: KeptCapture) -> list[dict[str, object]]:
    """Return of each text whether the search finds it in *capture*."""
    page = squeeze(capture.raw.payload.decode(charset_of(capture)), is_html(capture))
    return [{"text": text, "is_found": squeeze(text) in page} for text in texts]


def is_html(capture: KeptCapture) -> bool:
    """Say whether the bytes of a capture are markup."""
    return "text/plain" not in capture.raw.media_type
