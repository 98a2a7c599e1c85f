"""From the bytes of a page to the text of it that is read: without what others have put in."""

import re

from embassy_scraper.items import RawCapture
from embassy_scraper.limits import MAX_MARKUP
from embassy_scraper.pages.archive_bars import without_inserts
from embassy_scraper.pages.charset import decode
from embassy_scraper.pages.lines import NoPage
from embassy_scraper.text import MOST_CONTROLS, count_controls

_INLINED = re.compile(  # a picture or a font that a saver has put into the page
    r"([\"'(=]data:[\w/+.;=-]{1,100};base64,)[A-Za-z0-9+/=]{100,}+", re.A
)


def text_of(raw: RawCapture, *, is_html: bool) -> str:
    """Return what is to be read of *raw*: as text, without what savers and archives have put in.

    Raises:
        NoPage: it is no text, or has more markup than any page.
    """
    text = decode(raw.payload, raw.charset, is_html=is_html)
    if is_html:
        if len(text) > MAX_MARKUP and len(text := _INLINED.sub(r"\1", text)) > MAX_MARKUP:
            raise NoPage("too large")
        text = without_inserts(text)
    if count_controls(text) > MOST_CONTROLS:
        raise NoPage("not text")
    return text
