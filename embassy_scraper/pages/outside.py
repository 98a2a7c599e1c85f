"""Text that a layout does not know: then the page is not quite of it, and nothing is sure."""

from collections.abc import Sequence

from lxml import etree

from embassy_scraper.pages.layouts import Selection
from embassy_scraper.pages.lines import Line
from embassy_scraper.pages.tree import Element
from embassy_scraper.sites import Layout

_MENU_WORDS = 6  # what has no more of them is a label, whatever stands there
_LONG_TEXTS = etree.XPath(
    "//body//*[not(self::script or self::style or self::noscript or self::option)]"
    "/text()[string-length(normalize-space(.)) > 30]"
)


def text_outside(
    selection: Selection, layout: Layout, parts: Sequence[Element], counters: Sequence[Line]
) -> str | None:
    """Return a text of more than six words that stands outside all that *layout* names.

    Links and counters are none. A tag closed too early puts the rest of a statement there.
    """
    known = {*parts, *selection.of(layout.header)}
    for selector in layout.chrome:
        known.update(selection.of(selector))
    texts: list[etree._ElementUnicodeResult] = _LONG_TEXTS(selection.root)  # type: ignore[assignment]
    for text in texts:
        parent = text.getparent()
        if parent is None or not known.isdisjoint([parent, *parent.iterancestors()]):
            continue
        folded = " ".join(text.split())
        is_counter = any(folded in line.text or line.text in folded for line in counters)
        in_link = any(one.tag == "a" for one in [parent, *parent.iterancestors()])
        if len(folded.split()) > _MENU_WORDS and not in_link and not is_counter:
            return folded
    return None
