"""The site's new design, and what its user writes into ``embassy.toml`` to follow it."""

from __future__ import annotations

import re
from pathlib import Path

from embassy_scraper.replica.frame import frame
from embassy_scraper.replica.page_text import PageText
from embassy_scraper.replica.sections import SHIPPED, Sections

_DOCS = Path(__file__).parents[2] / "docs" / "redesign.md"
_PLEA = (
    '<table class="ban"><tr><td>Please tell your friends and neighbours of this page, and of all'
    " the others that you have read</td></tr></table>\n"
)
_NAMES = (
    ("table_header_back", "top"), ("table_corner_", "edge_"), ('class="menu"', 'class="side"'),
    ('class="content"', 'class="box"'),
)  # fmt: skip


def redesigned(page: PageText, names: Sections = SHIPPED) -> str:
    """The page with other names for its boxes, its header, its menus and its day.

    A plea stands below the text, so that without a layout nothing shows where the text ends.
    """
    text = frame(page, names)
    for old, new in _NAMES:
        text = text.replace(old, new)
    text = re.sub(r"<h2([^>]*)>([0-9.]+)</h2>", r'<p class="day"\1>\2</p>', text)
    latest = text.find(f"<h1>{names.latest}</h1>")
    begin = text.rfind("<table", 0, latest) if latest >= 0 else len(text)
    return text[:begin] + (_PLEA if latest >= 0 else "") + text[begin:]


def layout() -> str:
    """The ``[[layout]]`` that docs/redesign.md gives as its example."""
    text = _DOCS.read_text(encoding="utf-8")
    return text[text.index("[[layout]]\n") :].partition("```")[0]
