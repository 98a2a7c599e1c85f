"""What programs that save pages write into them: the address, and most of them the moment.

Each form is the one that the program's own source writes.
"""

import re
from collections.abc import Iterator

from embassy_scraper.archives.moments import read_moment
from embassy_scraper.archives.page_ends import Ends
from embassy_scraper.archives.told import Told, is_address

_COMMENTS = [
    re.compile(form)
    for form in (
        r"saved from url=\([0-9]+\)(?P<url>\S+)\Z",  # browsers; the number is its length
        r"(?:Page saved with|Archive processed by) SingleFileZ?\s+(?:url: (?P<url>\S+)\s+)?"
        r"(?:saved date: (?P<at>[^\r\n]*))?",
        r"Mirrored from (?P<bare>[^\r\n]{1,4000}?)"
        r"(?: by HTTrack [^\[\r\n]{1,60}\[[^\]\r\n]{1,20}\],| on) (?P<at>[^\r\n]{1,60})\Z",
        r"Saved from (?P<url>\S+) at (?P<at>\S+) using monolith\b",
        r"OriginalSrc: (?P<url>\S+)",  # MaoXian Web Clipper
    )
]


def told_by_savers(ends: Ends) -> Iterator[Told]:
    """Yield what the savers of a page say of it.

    One that saved a file, or a page of no address, does not know when the page was seen.
    """
    for url, at in _said(ends):
        if not url or is_address(url):
            yield Told("saver", url or None, read_moment(at))


def _said(ends: Ends) -> Iterator[tuple[str, str]]:
    """Yield address and moment as each saver printed them, empty where it did not."""
    for comment in ends.comments:
        for form in _COMMENTS:
            if found := form.match(comment.strip()):
                parts = found.groupdict(default="")
                url = parts.get("url") or _whole(parts.get("bare", ""))
                yield url, parts.get("at", "")
    metas: dict[str, str] = {}
    for name, attributes in ends.tags:
        if name == "html" and "data-scrapbook-source" in attributes:  # WebScrapBook
            at = attributes.get("data-scrapbook-create", "")
            yield attributes["data-scrapbook-source"], at
        elif name == "meta":
            metas.setdefault(attributes.get("name", ""), attributes.get("content", ""))
    if "savepage-url" in metas:  # Save Page WE
        yield metas["savepage-url"], metas.get("savepage-date", "")


def _whole(bare: str) -> str:
    """Return the address that HTTrack prints as *bare*: with spaces, and without ``http://``."""
    url = bare.replace(" ", "%20")
    return url if "://" in url[:8] or not url else f"http://{url}"
