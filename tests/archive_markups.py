"""Pages as web archives show them, and what archives say for themselves.

The marks (comments, ids, how addresses are rewritten) are the archives' own; the words around them
are made up, in their manner.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape, unescape
from urllib.parse import urljoin

STAMP = "20201124122200"
_HREF = re.compile(r"(\s(?:href|action)\s*=\s*)([\"']?)([^\"'\s>]+)\2", re.I)
_BODY = re.compile(r"<body[^>]*>|(?<=</head>)", re.I)
_INNER = re.compile(r"<body[^>]*>(?P<body>.*?)(?:</body>|\Z)", re.I | re.S)
_SECTIONS = re.compile(r"<(/?)(?:article|aside|footer|header|main|nav|section)\b", re.I)
_CLASS = re.compile(r"\sclass\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.I)


@dataclass(frozen=True)
class Dress:
    """How an archive shows a page: what it puts before and behind it, how it writes its links."""

    link: str  # {url}: the address that the link had
    above: str = ""
    head: str = ""
    behind: str = ""
    around: str = ""  # {page}: the page inside the archive's own

    def put_on(self, page: str, url: str) -> str:
        """Return *page* of *url* as the archive shows it."""
        page = _HREF.sub(lambda found: self._linked(found, url), page)
        if self.around:
            inner = _INNER.search(page)
            inside = _SECTIONS.sub(r"<\1div", inner["body"] if inner else page)
            inside = _CLASS.sub(r' style="font-family:\1\2\3"', inside)
            return self._filled(self.around, url).replace("{page}", inside)
        found = _BODY.search(page)
        place = found.end() if found else 0
        page = page[:place] + self._filled(self.above, url) + page[place:]
        return page.replace("<head>", f"<head>{self.head}", 1) + self._filled(self.behind, url)

    def address(self, url: str) -> str:
        """Return the address at which the archive shows *url*."""
        return self.link.replace("{url}", url)

    def _linked(self, found: re.Match[str], url: str) -> str:
        to = unescape(found[3])
        if to.startswith(("#", "mailto:", "tel:", "javascript:", "/cdn-cgi/")):
            return found[0]
        return f'{found[1]}"{escape(self.address(urljoin(url, to)))}"'

    def _filled(self, template: str, url: str) -> str:
        return template.replace("{held}", escape(self.address(url))).replace("{url}", escape(url))


_BEGIN, _END = "<!-- BEGIN WAYBACK TOOLBAR INSERT -->", "<!-- END WAYBACK TOOLBAR INSERT -->"
_MONTHS = (
    '<table><tbody><tr class="m"><td class="b"><a href="{held}"><strong>Oct</strong></a></td>'
    '<td id="displayMonthEl">NOV</td><td class="f">Dec</td></tr><tr class="d"><td>'
    '<img alt="Previous capture"></td><td id="displayDayEl">24</td><td></td></tr>'
    '<tr class="y"><td><strong>2019</strong></td><td id="displayYearEl">2020</td>'
    '<td class="f">2021</td></tr></tbody></table>'
)
_CAPTURES = (
    '<a class="t" href="/web/2020*/{url}">26 captures</a>'
    '<div class="r">29 Jan 2014 - 17 Jul 2021</div>'
)
_SCRIPTS = (
    '<script src="//archive.org/includes/analytics.js"></script><script>__wm.init("/web");'
    "</script><!-- End Wayback Rewrite JS Include -->"
)
_ARCHIVED = (
    "<!--\n     FILE ARCHIVED ON 12:22:00 Nov 24, 2020 AND RETRIEVED FROM THE\n"
    "     INTERNET ARCHIVE ON 10:00:00 Mar 05, 2021.\n-->"
)
_SHOWN = (
    '<div id="wm-ipp-base" lang="en" style="display:block"><div id="wm-ipp">'
    '<div id="wm-ipp-inside"><div style="position:relative"><div id="wm-logo"><a href="/web/">'
    '<img alt="Wayback Machine"></a></div><div id="wm-btns"><div id="wm-save-snapshot-success">'
    'success</div><div id="wm-save-snapshot-fail">fail</div></div><table class="c"><tbody><tr>'
    '<td class="u" colspan="2"><form id="wmtb"><input type="text" name="url" value="{url}">'
    f'<input type="submit" value="Go"></form></td><td class="n" rowspan="2">{_MONTHS}</td></tr>'
    f'<tr><td class="s"><div id="wm-nav-captures">{_CAPTURES}</div></td></tr></tbody></table>'
    '<div><a id="wm-expand" href="#expand"><span>About this capture</span></a></div></div>'
    '<div id="wm-capinfo"><div>COLLECTED BY</div><div id="wm-collected-by-content">Organization: '
    "<a href='https://archive.org/details/some'>Some Crawls</a><div>Those who gave their crawls "
    "since 1996 gave them to whoever may come. All of it is kept.</div></div><div>TIMESTAMPS</div>"
    '<div id="wm-capresources-loading">loading</div></div></div></div></div>'
    '<div id="wm-ipp-print">The Wayback Machine - {held}</div>'
    '<div id="donato"><div id="donato-base"><iframe id="donato-if" src="x"></iframe></div></div>'
)
_OLD = (
    '<div id="wm-ipp" style="position:relative"><div id="wm-ipp-inside"><table><tbody><tr><td>'
    f'<a href="/web/">Wayback Machine</a></td><td><table><tr><td>{_MONTHS}</td></tr><tr><td>'
    f"{_CAPTURES}</td></tr></table></td><td><a href='#'>Close</a><a href='#'>Help</a></td></tr>"
    '</tbody></table></div></div><div id="wm-ipp-minimized"><img alt="Wayback Machine"></div>'
)
_HIDES = f"<script>function h() {{}} //</script><style>body {{margin-top:0}}</style>{_SHOWN}"
_WAYBACK = "https://web.archive.org/web/" + STAMP + "/{url}"
_PYWB_BAR = (
    '<wb_div id="{id}" lang="en"><span id="_wb_capture_info"><b id="title_or_url">{url}</b><i>'
    "Archived on&nbsp;</i>Tue, 24 Nov 2020 12:22:00 GMT</span><div id='_wb_ancillary_links'>"
    '<a id="calendarLink" href="#">View All Captures</a></div></wb_div>'
)
_TODAY = (
    '<!DOCTYPE html><html prefix="og: http://ogp.me/ns#"><head><meta charset="utf-8"><title>'
    'An embassy</title><link rel="canonical" href="{held}"></head><body><form '
    'action="https://archive.ph/search/" method="get"><div id="HEADER"><table><tbody><tr><td>'
    '<a href="https://archive.ph/">archive.today</a><br><span>webpage capture</span></td><td>'
    'Saved from</td><td><input name="q" value="{url}"></td><td>24 Nov 2020 12:22:00 UTC</td></tr>'
    "<tr><td>no other snapshots</td><td>from this url</td></tr><tr><td>All snapshots</td><td>"
    '<b>from host</b> <a href="https://archive.ph/www.rusemb.org.uk">www.rusemb.org.uk</a></td>'
    '</tr></tbody></table><div id="DIVSHARE"><a href="x">share</a><a href="y">download .zip</a>'
    '<a href="z">report bug or abuse</a></div></div></form><div id="CONTENT"><div class="html">'
    '<div class="body">{page}</div></div></div></body></html>'
)
DRESSES: dict[str, Dress] = {
    "wayback": Dress(
        _WAYBACK,
        f'{_BEGIN}<script>__wm.rw(0);</script>\n<div id="wm-ipp-base" lang="en" style="display:none'
        '">\n</div><div id="wm-ipp-print">The Wayback Machine - {held}</div>\n'
        f"<script>__wm.rw(1);</script>\n{_END}",
        _SCRIPTS,
        _ARCHIVED,
    ),
    "wayback, shown": Dress(_WAYBACK, _BEGIN + _HIDES + _END, _SCRIPTS, _ARCHIVED),
    "wayback, comments lost": Dress(_WAYBACK, _SHOWN),
    "wayback, of 2012": Dress("/web/" + STAMP + "/{url}", _BEGIN + _OLD + _END, "", _ARCHIVED),
    "wayback, not closed": Dress(_WAYBACK, f'{_BEGIN}{_SHOWN}<div id="wm-ipp"><b>{_END}'),
    "openwayback": Dress(
        "http://127.0.0.1:8080/wayback/" + STAMP + "/{url}",
        '<div id="wm-ipp-disclaimer">A copy - External links, forms, and search boxes may not '
        'function here. Url: {url} [ <a href="#">hide</a> ]'
        "</div><div id='wm-disclaim-banner'>The address that you asked for is not here.</div>",
    ),
    "timeline": Dress(
        "http://archive.example/some/" + STAMP + "/{url}",
        "<!--\n  ====\n  BEGIN Wayback INSERTED TIMELINE BANNER\n  ====\n-->\n<div id='wm-ipp'>"
        "Viewing version 2 of 7.</div><!--\n ===\n END Wayback INSERTED TIMELINE BANNER\n ===\n-->",
    ),
    "archive-it": Dress(
        "https://wayback.archive-it.org/1234/" + STAMP + "/{url}",
        '<div id="wm-disclaim"><div id="wm-disclaim-hide">hide</div>You are viewing an archived '
        "web page, kept for a library. See All versions of it.</div>",
    ),
    "national archives": Dress(
        "https://webarchive.nationalarchives.gov.uk/ukgwa/" + STAMP + "/{url}",
        '<div id="webArchiveInfobox"><p>Taken on 24/11/2020 for the archives. External links, '
        "forms and search boxes may not work in it.</p></div>",
    ),
    "uk web archive": Dress(
        "https://www.webarchive.org.uk/wayback/archive/" + STAMP + "mp_/{url}",
        head="<!-- WB Insert --><script>wbinfo = {};</script><!-- End WB Insert -->",
    ),
    "pywb": Dress(
        "http://localhost:8080/live/" + STAMP + "mp_/{url}",
        _PYWB_BAR.replace("{id}", "_wb_plain_banner"),
    ),
    "pywb, framed": Dress(
        "/live/" + STAMP + "mp_/{url}", _PYWB_BAR.replace("{id}", "_wb_frame_top_banner")
    ),
    "arquivo.pt": Dress("https://arquivo.pt/noFrame/replay/" + STAMP + "/{url}"),
    "replayweb.page": Dress("https://replayweb.page/w/id-0123456789ab/" + STAMP + "mp_/{url}"),
    "archive.today": Dress("https://archive.ph/o/Ab1Cd/{url}", around=_TODAY),
}


def _own(title: str, *lines: str, element: str = "p") -> str:
    shown = "".join(f"<{element}>{line}</{element}>" for line in lines)
    return f"<!DOCTYPE html><html><head><title>{title}</title></head><body>{shown}</body></html>"


_PAGE = "http://www.rusemb.org.uk/fnapr/9006"
_IA = (
    "The Wayback Machine is an initiative of the Internet Archive, a library of what was on the "
    "web. Other projects are kept there too.",
    "Your use of the Wayback Machine is subject to the Internet Archive's Terms of Use.",
)
OWN_PAGES = {
    "wayback, redirecting": _own(
        "Internet Archive Wayback Machine",
        "Loading...",
        f"{_PAGE} | 09:05:00 March 05, 2021",
        "Got an HTTP 302 response at crawl time",
        "Redirecting to...",
        '<a href="/web/20210305090501/https://www.rusemb.org.uk/">https://www.rusemb.org.uk/</a>',
        "Impatient?",
        *_IA,
    ),
    "wayback, redirecting to a statement": (
        "<html><head><title>Internet Archive Wayback Machine</title></head><body><div id=error>"
        f"<h1>Loading...</h1><h3>{_PAGE} | 5 March 2021</h3><p>Got an HTTP 301 response at crawl "
        "time</p><p>Redirecting to...</p><p><a href=/web/20210305/http://www.rusemb.org.uk/fnapr/1>"
        "http://www.rusemb.org.uk/fnapr/1</a></p><p>The Wayback Machine is an initiative of the "
        "Internet Archive.</p></div></body></html>"
    ),
    "wayback, not archived": _own(
        "Internet Archive Wayback Machine",
        "Hrm.",
        "The Wayback Machine has not archived that URL.",
        "This page is available on the web!",
        "Help make the Wayback Machine more complete!",
        "Save this url in the Wayback Machine",
        f"Click here to search for all archived pages under {_PAGE}.",
        *_IA,
    ),
    "wayback, no such page": _own(
        "Wayback Machine", "Hrm.", "Wayback Machine doesn't have that page archived.", *_IA
    ),
    "wayback, served by no machine": _own(
        "Internet Archive Wayback Machine",
        "Sorry.",
        "The machine that serves this file is down. We're working on it.",
        *_IA,
        element="h2",
    ),
    "wayback, excluded": _own(
        "Internet Archive Wayback Machine",
        "Sorry.",
        "This URL has been excluded from the Wayback Machine.",
        *_IA,
    ),
    "wayback, robots.txt": _own(
        "Internet Archive Wayback Machine",
        "Page cannot be crawled or displayed due to robots.txt.",
        f"See {_PAGE} robots.txt page. Learn more about robots.txt.",
        *_IA,
    ),
    "wayback, calendar": _own(
        "Wayback Machine",
        "INTERNET ARCHIVE WAYBACK MACHINE",
        "Explore more than 800 billion web pages saved over time",
        f"Saved 26 times between January 29, 2014 and July 17, 2019. {_PAGE}",
        "Calendar · Collections · Changes · Summary · Site Map · URLs",
        *(f"<a href='/web/2021030{day}*/{_PAGE}'>0{day}.03.2021</a>" for day in range(1, 8)),
        "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC",
        "Note",
        "This calendar view maps the number of times the page was crawled by the Wayback Machine.",
        *_IA,
    ),
    "wayback, calendar as a list": (
        "<html><head><title>Wayback Machine</title></head><body><h1>PRESS RELEASES AND NEWS</h1>"
        "<h3>Versions of this page</h3><ul>"
        + "".join(
            f"<li><span>0{day}.03.2021</span> - <a href='/web/2021030{day}090500/{_PAGE}'>{_PAGE}"
            "</a><p>text/html</p></li>"
            for day in range(7, 0, -1)
        )
        + "</ul></body></html>"
    ),
    "wayback, needs a script": _own(
        "Wayback Machine", "The Wayback Machine requires your browser to support JavaScript, ..."
    ),
    "wayback, too many requests": _own(
        "429 Too Many Requests",
        "Too Many Requests",
        "We are limiting the number of URLs you can submit to be archived.",
    ),
    "wayback, internal error": _own(
        "Internet Archive Wayback Machine",
        "Oops!",
        "This snapshot cannot be displayed due to an internal error.",
        *_IA,
    ),
    "wayback, log in": _own(
        "Internet Archive: Log in", "Log In", "Email address", "Password", "Remember me", "Sign up"
    ),
    "openwayback, not in archive": _own(
        "OpenWayback",
        "Resource Not In Archive",
        "The Resource you requested is not in this archive.",
        "More options: try searching http://www.rusemb.org.uk/fnapr/",
    ),
    "openwayback, blocked": _own(
        "OpenWayback",
        "Blocked Content",
        "Access to this content has been blocked by the sites robots.txt document.",
    ),
    "pywb, not found": (
        "<!DOCTYPE html><html><head><title>URL Not Found</title></head><body><header></header>"
        f"<section><div class=container><div><h4>URL Not Found</h4></div><p>The url <b>{_PAGE}</b> "
        "could not be found in this collection.</p></div></section></body></html>"
    ),
    "pywb, search results": _own("Search Results", "Search Results", f"7 captures of {_PAGE}"),
    "pywb, frame": (
        "<!DOCTYPE html><html><head><script>x</script></head><body><div id=app></div>"
        "<div id=wb_iframe_div><iframe id=replay_iframe></iframe></div></body></html>"
    ),
    "archive-it, not in archive": _own(
        "Archive-It Wayback", "Not In Archive", "The page you requested has not been archived in "
        "collection 1234.", "You can try another collection."
    ),
    "uk web archive, reading rooms": _own(
        "UK Web Archive", "Available in Legal Deposit Library Reading Rooms only",
        "Due to legal restrictions this page can be seen on the premises alone."
    ),
    "national archives, not found": _own(
        "The National Archives", "Page not found", "The page that you look for is not in the UK "
        "Government Web Archive.", element="h1"
    ),
    "archive.today, no results": _own(
        "www.rusemb.org.uk/fnapr/9006", "archive.today", "webpage capture", "No results",
        "You can archive this url", "save"
    ),
    "archive.today, all snapshots": _own(
        "www.rusemb.org.uk", "archive.today", "webpage capture", "Saved from",
        "List of URLs, ordered from newer to older", "02.03.2021 09:05", "01.03.2021 07:11"
    ),
    "archive.today, a check": _own(
        "archive.ph", "One more step",
        "Please complete the security check to access archive.ph", "Why do I have to complete a "
        "CAPTCHA?", "Completing the CAPTCHA proves you are a human."
    ),
    "perma, private": _own(
        "Perma.cc", "This record is private and cannot be displayed.", "What is Perma.cc?"
    ),
}  # fmt: skip
