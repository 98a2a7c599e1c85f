"""What web archives write into the pages that they show: which page it is, and when they saw it.

The Wayback Machine and its like call their scripts with both, in the head or in their toolbar, and
close with a comment that has the moment; pywb (the archives of the United Kingdom, Archive-It,
arquivo.pt) sets both in the head; archive.today links to an address that holds both.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from embassy_scraper.archives.moments import read_moment
from embassy_scraper.archives.page_ends import Ends
from embassy_scraper.archives.told import Told, is_address
from embassy_scraper.sites.addresses import archive_instant, held_address
from embassy_scraper.sites.archives import load_archives

_URL = r"(?P<quote>[\"'])(?P<url>[^\"'\s]{1,4000})(?P=quote)"
_AT = r"[\"'](?P<at>[0-9]{14})[\"']"
_CALLS = [
    re.compile(form)
    for form in (
        rf"__wm\.wombat\(\s*{_URL}\s*,\s*{_AT}",
        rf"__wm\.bt\([0-9,\s]{{1,40}}[\"']\w{{1,20}}[\"']\s*,\s*{_URL}\s*,\s*{_AT}",
        rf"__wm\.saveSnapshot\(\s*{_URL}\s*,\s*{_AT}",
        rf"wbCurrentUrl\s*=\s*{_URL}",
    )
]
_PYWB_URL = re.compile(rf"wbinfo\.url\s*=\s*{_URL}")
_PYWB_AT = re.compile(rf"wbinfo\.timestamp\s*=\s*{_AT}")
_ESCAPED = re.compile(r"\\u00([0-7][0-9a-f])", re.IGNORECASE)  # how pywb writes & and ' in a script
_CLOSING = re.compile(r"\s*FILE ARCHIVED ON (?P<at>[0-9:]{7,8} \w{3} [0-9]{1,2}, [0-9]{4})\s+AND")


def told_by_archives(ends: Ends) -> Iterator[Told]:
    """Yield what the archive that showed a page says of it."""
    for text in (*ends.scripts, ends.toolbar):
        for call in _CALLS:
            for found in call.finditer(text):
                yield from _told(found["url"], found.groupdict().get("at"))
        url, at = _PYWB_URL.search(text), _PYWB_AT.search(text)
        if url and at:
            yield from _told(url["url"], at["at"])
    for comment in ends.comments:
        if closing := _CLOSING.match(comment):
            yield Told("archive", None, read_moment(closing["at"]))
    for name, attributes in ends.tags:
        if name == "link" and attributes.get("rel", "").lower() in {"canonical", "bookmark"}:
            yield from _linked(attributes.get("href", ""))


def _told(url: str, at: str | None) -> Iterator[Told]:
    url = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), url.replace("&amp;", "&"))
    if is_address(url):
        yield Told("archive", url, read_moment(at or ""))


def _linked(href: str) -> Iterator[Told]:
    """Yield what a link of archive.today tells; in others' it is the page's, which they rewrote."""
    held = held_address(href)
    if held != href and is_address(href) and is_address(held) and _is_of_archive_today(href):
        yield Told("archive", held, archive_instant(href))


def _is_of_archive_today(url: str) -> bool:
    hosts = load_archives().any_host("archive.today")
    return re.fullmatch(hosts, urlsplit(url).hostname or "") is not None
