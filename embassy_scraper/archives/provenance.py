"""Provenance: who tells the URL and the instant of a capture, and whose word counts.

One order holds for both: a manifest before the record that holds the page, that before an archive
whose address or banner tells, and so on down to the clock on the page. A page of a web archive is
of the address that the archive's address holds, and of the archive's instant.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from urllib.parse import urljoin, urlsplit

from embassy_scraper.archives.banners import told_by_archives
from embassy_scraper.archives.page_ends import Ends, read_ends
from embassy_scraper.archives.savers import told_by_savers
from embassy_scraper.archives.told import Told, agreed, is_address, is_same_page
from embassy_scraper.evidence import TELLERS
from embassy_scraper.items import RawCapture
from embassy_scraper.sites.addresses import archive_instant, held_address
from embassy_scraper.sites.archives import is_archive


def told_by_page(payload: bytes) -> list[Told]:
    """Return what the page *payload* itself tells, at most one word of each teller.

    Only what savers and archives write around the page counts, and its canonical link; nothing
    inside its body does.

    >>> page = b"<html><!-- saved from url=(0035)http://www.rusemb.org.uk/fnapr/9005 --><head>"
    >>> told_by_page(page)
    [Told(by='saver', url='http://www.rusemb.org.uk/fnapr/9005', instant=None)]
    """
    ends = read_ends(payload)
    tellers = (told_by_archives(ends), told_by_savers(ends), _told_by_links(ends))
    return [one for said in tellers if (one := agreed(said)) is not None]


def _told_by_links(ends: Ends) -> Iterator[Told]:
    for name, attributes in ends.tags:
        url = attributes.get("href", "").strip()
        is_canonical = name == "link" and "canonical" in attributes.get("rel", "").lower().split()
        if is_canonical and is_address(url) and not _is_short(url):
            yield Told("canonical", url)


def placed(raw: RawCapture, told: Iterable[Told]) -> RawCapture:
    """Return *raw* with URL and instant, each as the first in the order tells it, and who told.

    Where an address that anyone tells is a web archive's, the archive saw the page when that says:
    all other moments, a manifest's excepted, are of saving the archive's page, and do not count.
    Of several such, the manifest's address is before the archive's banner, and that, which names
    the copy shown and not the one asked for, before the others. A banner of another page than the
    URL's tells no instant. The URL stays as it was told; who reads it reads what it holds. An
    address that does not say what it holds (``archive.ph/Ab1Cd``) is passed over where the banner
    says it.

    >>> url = "https://web.archive.org/web/20210305090500/http://www.rusemb.org.uk/fnapr/9005"
    >>> told = [Told("record", url, "2026-11-27T10:00:00Z")]  # when its MHTML was saved
    >>> capture = placed(RawCapture(b"", "text/html", "html"), told)
    >>> capture.url_from, capture.instant_from, capture.captured_at
    ('record', 'archive', '2021-03-05T09:05:00Z')
    """
    in_order = sorted(_behind_redirects(list(told)), key=lambda one: TELLERS.index(one.by))
    if any(one.by == "archive" and one.url for one in in_order):
        in_order = [_without_short(one) for one in in_order]
    url = next((one for one in in_order if one.url), None)
    moments = _moments(in_order, url.url if url else None)
    instant = next((one for one in moments if one.instant), None)
    return replace(
        raw,
        url=url.url if url else None,
        url_from=url.by if url else None,
        captured_at=instant.instant if instant else None,
        instant_from=instant.by if instant else None,
    )


def _behind_redirects(told: list[Told]) -> list[Told]:
    """Return what is told of an answer that came behind redirects.

    The folder and a saver tell the address that was asked for, and do not count: the last redirect
    tells the page's, together with the folder's where it is relative. Where it does not, nobody
    knows it.
    """
    answer = next((one for one in told if one.redirect is not None), None)
    if answer is None:
        return told
    asked = next((one.url for one in told if one.by == "folder" and one.url), "")
    url = _led_to(asked, answer.redirect or "")
    others = [one for one in told if one.by not in {"response", "saver", "folder"}]
    return [replace(answer, url=url), *others]


def _led_to(asked: str, redirect: str) -> str | None:
    """Return the address to which a *redirect* of the one *asked* for leads, if that is known.

    An archive may name what it holds from its own root, which is not that of the site's address.
    """
    try:
        url = urljoin(asked, redirect) if redirect else ""
    except ValueError:  # as of a host in brackets that is none
        return None
    is_of_archive = url.count("://") > 1 and not is_address(redirect)
    return url if is_address(url) and not is_of_archive else None


def _moments(in_order: list[Told], url: str | None) -> list[Told]:
    """Return who may tell the instant of the page *url*, the first before the others."""
    manifest = [one for one in in_order if one.by == "manifest"]
    clock = [one for one in in_order if one.by == "clock"]
    others = [one for one in in_order if one.by not in {"manifest", "archive", "clock"}]
    banner = [
        one
        for one in in_order
        if one.by == "archive" and not (one.url and url and not is_same_page(one.url, url))
    ]
    if any(one.url and held_address(one.url) != one.url for one in in_order):
        shown = [*map(_of_archive, manifest), *banner, *map(_of_archive, others)]
        return [*manifest, *shown, *clock]
    return [one for one in in_order if one.by != "archive" or one in banner]


def _of_archive(one: Told) -> Told:
    """Return what the archive tells whose address *one* tells."""
    return Told("archive", None, archive_instant(one.url or ""))


def _without_short(one: Told) -> Told:
    """Return *one* without an address that does not say which page the archive holds.

    Its moment is then of saving the archive's page; but a manifest means what it says.
    """
    if not _is_short(one.url):
        return one
    return replace(one, url=None, instant=one.instant if one.by == "manifest" else None)


def _is_short(url: str | None) -> bool:
    """Say whether *url* is a web archive's that does not say which page it holds."""
    if not url or not is_address(url) or held_address(url) != url:
        return False
    return is_archive(urlsplit(url).hostname or "")
