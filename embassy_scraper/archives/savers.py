"""What programs that save pages write into them: the address, and most of them the moment.

Each form is the one that the program's own source writes.
"""

import re
from collections.abc import Iterator

from embassy_scraper.archives.heads import Ends
from embassy_scraper.archives.moments import read_moment
from embassy_scraper.archives.told import Told, is_address

_COMMENTS = [
    re.compile(form)
    for form in (
        r"\s*saved from url=\([0-9]+\)(?P<url>\S+)\s*\Z",  # browsers; the number is its length
        r"\s*(?:Page saved with|Archive processed by) SingleFileZ?\s+(?:url: (?P<url>\S+)\s+)?"
        r"(?:saved date: (?P<at>[^\r\n]*))?",
        r"\s*Mirrored from (?P<url>\S+)(?: by HTTrack [^\[\r\n]{1,60}\[[^\]\r\n]{1,20}\],| on)"
        r" (?P<at>[^\r\n]{1,60}?)\s*\Z",
        r"\s*Saved from (?P<url>\S+) at (?P<at>\S+) using monolith\b",
        r"\s*OriginalSrc: (?P<url>\S+)",  # MaoXian Web Clipper
    )
]


def told_by_savers(ends: Ends) -> Iterator[Told]:
    """Yield what the savers of a page say of it.

    One that saved a file, or a page of no address, does not know when the page was seen.
    """
    for url, at in _said(ends):
        address = url if "://" in url or not url else f"http://{url}"  # HTTrack leaves it out
        if not address or is_address(address):
            yield Told("saver", address or None, read_moment(at))


def _said(ends: Ends) -> Iterator[tuple[str, str]]:
    """Yield address and moment as each saver printed them, empty where it did not."""
    for comment in ends.comments:
        for form in _COMMENTS:
            if found := form.match(comment):
                parts = found.groupdict(default="")
                yield parts["url"], parts.get("at", "")
    metas: dict[str, str] = {}
    for name, attributes in ends.tags:
        if name == "html" and "data-scrapbook-source" in attributes:  # WebScrapBook
            at = attributes.get("data-scrapbook-create", "")
            yield attributes["data-scrapbook-source"], at
        elif name == "meta":
            metas.setdefault(attributes.get("name", ""), attributes.get("content", ""))
    if "savepage-url" in metas:  # Save Page WE
        yield metas["savepage-url"], metas.get("savepage-date", "")
