"""What web archives say: on pages of their own, and in the bars that a text capture shows.

Text has no marks but words, so nothing of a bar is cut from it, but for the one line that says
whose copy a page is. Sources: the pages of the Wayback Machine, OpenWayback, pywb, Archive-It,
archive.today, the UK Web Archive and Perma.cc.
"""

import re
from collections.abc import Sequence

from embassy_scraper.items import NOT_OWN, PageProblem
from embassy_scraper.pages.lines import Line
from embassy_scraper.sites.archives import load_archives

_SEARCHED, _LONG = 60, 300  # lines, and characters of one
_TODAY = load_archives().any_host("archive.today")
_LINK = r"(?:\[\d{1,4}\])?"  # the number that a text browser gives a link


def _either(*phrases: str) -> re.Pattern[str]:
    return re.compile(rf"\W{{0,3}}{_LINK}\W{{0,3}}(?:{'|'.join(phrases)})\W{{0,3}}", re.I)


_OWN_PAGE = _either(
    r"(?:internet archive )?wayback machine",
    r"got an http \d{3} response at crawl time",
    r"(?:hrm\W+)?(?:the )?wayback machine (?:has not archived that url|doesn.t have that page"
    r" archived).*",
    r"the machine that serves this file is down.*",
    r"this (?:url|page) has been excluded from the wayback machine",
    r"page cannot be (?:crawled or )?displayed due to robots\.txt.*",
    r"this snapshot cannot be displayed.*",
    r"the wayback machine (?:is an initiative of|requires your browser) .*",
    r"your use of the wayback machine is subject to .*",
    r"this calendar view maps the number of times .*",
    r"saved \d[\d,]* times? (?:between )?\w{3,9} \d{1,2}, \d{4}.*",
    r"we are limiting the number of urls you can .*",
    r"internet archive: log in",
    r"open\s?wayback(?: exception)?",
    r"pywb error",
    r"(?:resource )?not in archive",
    r"the (?:resource|document) you requested is not in this archive.*",
    r"blocked content",
    r"access to this content has been blocked .*",
    r"url not found",
    r"the url \S+ could not be found in this collection",
    r"\d[\d,]* captures? of \S+",
    r"the page you requested has not been archived.*",
    r"available in legal deposit library reading rooms only",
    r"list of urls, ordered from newer to older",
    r"this (?:perma )?record is private.*",
)
_LOGIN = _either(r"password", r"(?:log|sign) ?in")
_SURE_OF_BAR = _either(
    r"the wayback machine -(?: https?://.*)?",
    r"you are viewing an? +archived web ?page.*",
    r".{0,200}archived on \w{3}, \d\d? \w{3} \d{4} [\d:]{8} gmt.*",
    r"(?:.{0,200}\W)?external links, forms,? and search boxes may not (?:function|work)\b.*",
    rf"(?:{_TODAY})\s{{0,9}}webpage capture.*",
    r"viewing version \d+ of \d+\b.*",
    r"(?:next|previous) capture",
)
_OF_BAR = _either(
    r"success|fail",
    r"(?:internet archive )?wayback machine",
    r"\d[\d,]* captures?",
    r"\d\d? \w{3} \d{4} - \d\d? \w{3} \d{4}",
    r"about this capture",
    r"collected by",
    r"timestamps",
    _TODAY,
    r"webpage capture",
    r"saved from(?: https?://\S+.*)?",
    r"no other snapshots(?: from this url)?",
    r"all snapshots(?: from host .*)?",
    r"(?:share ?)?download \.zip(?: ?report bug or abuse)?.*",
)
_COPY_OF = re.compile(
    r"\s{0,99}The Wayback Machine\s{1,9}-\s{1,9}https?://"
    rf"(?:{load_archives().any_host('Wayback Machine')})/web/\S+[ \t]{{0,99}}"
    r"(?:\r?\n[ \t]{0,99}(?:\r?\n|\Z)|\Z)"
)


def find_archives_page(lines: Sequence[Line], title: str) -> PageProblem | None:
    """Return the problem of a page on which an archive speaks for itself, or asks to log in.

    *title* is that of the HTML's head. Called only for pages without the site's clock.
    """
    asked = set()
    for text in (title, *(line.text for line in lines[:_SEARCHED])):
        if not text or len(text) > _LONG:
            continue
        if _LOGIN.fullmatch(text):
            asked.add(text.casefold())
        if _OWN_PAGE.fullmatch(text) or len(asked) > 1:
            return PageProblem(NOT_OWN, "page", text)
    return None


def shows_bar(lines: Sequence[Line]) -> bool:
    """Say whether an archive's bar stands at the top of a text capture.

    One line may happen to say what a bar says; two that differ never do.

    >>> shows_bar([Line("success"), Line("fail")]), shows_bar([Line("Success"), Line("We won.")])
    (True, False)
    """
    said = set()
    for line in lines[:_SEARCHED]:
        if len(line.text) > _LONG:
            continue
        if _SURE_OF_BAR.fullmatch(line.text):
            return True
        if _OF_BAR.fullmatch(line.text):
            said.add(line.text.casefold())
    return len(said) > 1


def without_copy_line(text: str) -> str:
    r"""Return *text* without the line at its top that says of what the Wayback Machine has a copy.

    An empty line must stand behind it: text browsers break long addresses.

    >>> without_copy_line("The Wayback Machine - https://web.archive.org/web/2021/http://a/\n\nOf")
    'Of'
    """
    found = _COPY_OF.match(text)
    return text[found.end() :] if found else text
