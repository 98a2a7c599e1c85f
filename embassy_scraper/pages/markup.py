"""From HTML to the lines that it shows.

The real markup of the site is unknown, so nothing here looks at class names or ids. Edges of
inline elements are kept as marks until a line is whole (``marked``).

The parser hands over tags and text as it meets them and no tree is built: a million attributes
or a huge page take linear time and little memory.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from urllib.parse import urljoin

from lxml import etree

from embassy_scraper.pages.lines import Line
from embassy_scraper.pages.screen import Screen

_NO_CHARACTER = re.compile(r"&#(?:x0*[0-8](?![0-9a-f])|0*[0-8](?![0-9]));?", re.I)
_CUT_TAIL = re.compile(r"(?:</?|&(?:#\w{0,8}|[a-z]{0,8}))\Z")
_TAIL = 12  # characters; the longest that a cut can leave of an entity


def html_lines(text: str) -> tuple[list[Line], str]:
    """Return the lines that the HTML page *text* shows, and its ``<title>``.

    Raises:
        TooDeep: its elements are nested deeper than in any page.
    """
    text = _without_marks(text)
    text = text[:-_TAIL] + _CUT_TAIL.sub("", text[-_TAIL:])
    if not text.strip():
        return [], ""
    screen = Screen()
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, target=screen)
    # Where nothing but a broken comment or declaration stands, there is no document.
    with suppress(etree.XMLSyntaxError):
        etree.fromstring(text.encode("utf-8", "replace"), parser)
    return screen.lines, screen.title
