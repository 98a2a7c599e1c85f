"""From HTML to the lines that it shows.

The real markup of the site is unknown, so nothing here looks at class names or ids.

The parser hands over tags and text as it meets them and no tree is built: a million attributes
or a huge page take linear time and little memory.
"""

import re
from contextlib import suppress
from typing import Any

from lxml import etree

from embassy_scraper.pages.lines import Line
from embassy_scraper.pages.screen import Screen

_NO_CHARACTER = re.compile(rb"&#(?:x0*[0-8](?![0-9a-f])|0*[0-8](?![0-9]));?", re.I)
_MARKS = bytes(range(9))  # they serve as marks here; none of them is a character of HTML
_CUT_TAIL = re.compile(rb"(?:</?|&(?:#\w{0,8}|[a-z]{0,8}))\Z")
_TAIL = 12  # bytes; no cut leaves more of an entity


def html_lines(text: str) -> tuple[list[Line], str]:
    """Return the lines that the HTML page *text* shows, and its ``<title>``.

    Raises:
        NoPage: its lines are more, or its elements nested deeper, than in any page.
    """
    data = text.encode("utf-8", "replace").translate(None, _MARKS)
    data = data.replace(b"&nbsp;", b"\xc2\xa0")  # hundreds in a header; each would be an event
    if b"&#" in data:
        data = _NO_CHARACTER.sub(b"", data)
    data = data[:-_TAIL] + _CUT_TAIL.sub(b"", data[-_TAIL:])
    if not data or data.isspace():
        return [], ""
    screen = Screen()
    target: Any = screen  # the stubs ask for a target of bytes, which lxml never passes
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, target=target)
    # Where there is nothing but a broken comment or declaration there is no document.
    with suppress(etree.XMLSyntaxError):
        etree.fromstring(data, parser)
    return screen.finish(), " ".join(screen.title.split())
