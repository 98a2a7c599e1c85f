"""Who tells the URL and the instant of a saved page, in the words of savers and archives."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embassy_scraper.archives.provenance import placed, told_by_page
from embassy_scraper.archives.told import Told
from embassy_scraper.evidence import Teller
from embassy_scraper.items import RawCapture
from tests.examples import examples

URL = "https://www.rusemb.org.uk/fnapr/9005"
BARE = "www.rusemb.org.uk/fnapr/9005"
SHOWN = f"https://web.archive.org/web/20210305090500/http://{BARE}"
AT = "2021-03-05T09:05:00Z"
TEXT = "<p>The doors open at seven.</p>"

BROWSER = f"<!-- saved from url=({len(URL):04}){URL} -->"
SINGLEFILE = (
    "<!--\n Page saved with SingleFile \n url: {} \n saved date: Fri Mar 05 2021 10:05:00 GMT+0100"
    " (Mitteleuropäische Zeit) \n info: url: https://elsewhere.example/ \n-->"
)
HTTRACK = (
    f"<!-- Mirrored from {BARE} by HTTrack Website Copier/3.x [XR&CO'2014],"
    " Fri, 05 Mar 2021 09:05:{} GMT -->"
)
SAVEPAGE = (
    f'<meta name="savepage-url" content="{URL}">\n<meta name="savepage-title" content="A title">\n'
    f'<meta name="savepage-from" content="{URL}#top">\n<meta name="savepage-date"'
    ' content="Fri Mar 05 2021 17:05:00 GMT+0800 (台北標準時間)">'
)
WAYBACK = (
    '<script src="/_static/js/wombat.js?v=x"></script>\n<script type="text/javascript">\n'
    '  __wm.init("https://web.archive.org/web");\n'
    f'  __wm.wombat("http://{BARE}","20210305090500","https://web.archive.org/","web",\n'
    '\t      "/_static/", "1614935100");\n</script>'
)
CLOSING = (
    "<!--\n     FILE ARCHIVED ON 09:05:00 Mar 05, 2021 AND RETRIEVED FROM THE\n"
    "     INTERNET ARCHIVE ON 17:07:45 Jul 26, 2023.\n     JAVASCRIPT APPENDED BY WAYBACK MACHINE\n"
    "-->\n<!--\nplayback timings (ms):\n  captures_list: 132.883\n-->"
)
TOOLBAR = (
    "<!-- BEGIN WAYBACK TOOLBAR INSERT -->\n<div id='wm-ipp-base'></div><script>\n"
    f'__wm.bt(750,27,25,2,"web","https://{BARE}","20210305090500",1996,"/_static/",[], false);\n'
    "</script>\n<!-- END WAYBACK TOOLBAR INSERT -->"
)
OLD_TOOLBAR = (
    "<!-- BEGIN WAYBACK TOOLBAR INSERT -->\n<script>var __wm = (function(){\n"
    f'var wbPrefix = "/web/";\nvar wbCurrentUrl = "http://{BARE}";\n'
    "})();</script><!-- END WAYBACK TOOLBAR INSERT -->"
)
OPENWAYBACK = (
    "<!--\n  ====\n  BEGIN Wayback INSERTED TIMELINE BANNER\n  ====\n-->\n<div id='wm-ipp'></div>"
    f'<script>var wbCurrentUrl = "http://{BARE}";</script>'
    "<!--\n ===\n END Wayback INSERTED TIMELINE BANNER\n ===\n-->"
)
PYWB = (
    '<!-- WB Insert -->\n<script>\n  wbinfo = {};\n  wbinfo.top_url = "https://www.webarchive.org'
    f'.uk/wayback/archive/20210301000000/http://{BARE}";\n  wbinfo.url = "http://{BARE}";\n'
    '  wbinfo.timestamp = "20210305090500";\n  wbinfo.request_ts = "20210301000000";\n</script>'
)
TODAY = (
    '<meta property="og:url" content="http://archive.is/Ab1Cd"/>'
    '<link rel="canonical" href="https://archive.is/Ab1Cd"/>'
    f'<link rel="bookmark" href="http://archive.today/20210305090500/{URL}"/>'
)
TODAY_DOTTED = f'<link rel="canonical" href="https://archive.ph/2021.03.05-090500/{URL}">'


def page(before: str = "", head: str = "", top: str = "", last: str = "", after: str = "") -> bytes:
    return (
        f"<!DOCTYPE html>\n{before}<html lang='en'>{head}<title>A title</title></head>\n"
        f"<body class='a'>{top}{TEXT}{last}</body>\n</html>\n{after}"
    ).encode()


def saver(instant: str | None = AT, url: str = URL) -> Told:
    return Told("saver", url, instant)


def archive(instant: str | None = AT, url: str | None = f"http://{BARE}") -> Told:
    return Told("archive", url, instant)


TELLING = {
    "browser": (page(before=BROWSER), [saver(None)]),
    "browser, another number": (page(before=BROWSER.replace("0036", "0035")), [saver(None)]),
    "browser, of an archive": (
        page(before=f"<!-- saved from url=({len(SHOWN):04}){SHOWN} -->"), [saver(None, SHOWN)]),
    "browser, a file": (page(before="<!-- saved from url=(0017)file:///C:/a.html -->"), []),
    "browser, a part": (page(before="<!-- saved from url=(0026)game/ -->"), []),
    "browser, no page": (page(before="<!-- saved from url=(0014)about:internet -->"), []),
    "browser, non-ASCII": (page(before="<!-- saved from url=(0014)http://a.example/п -->"), []),
    "SingleFile": (page(head=SINGLEFILE.format(URL)), [saver()]),
    "SingleFile, its first name": (
        page(head=SINGLEFILE.format(URL).replace("Page saved with", "Archive processed by")),
        [saver()]),
    "SingleFileZ": (page(head=SINGLEFILE.format(URL).replace("File ", "FileZ ", 1)), [saver()]),
    "SingleFile, no tags but these": (
        f"<!DOCTYPE html> <html><!--\n Page saved with SingleFile \n url: {URL} \n saved date: "
        f"Fri Mar 05 2021 09:05:00 GMT+0000 (GMT)\n--><meta charset=utf-8>{TEXT}".encode(),
        [saver()]),
    "SingleFile, a file that was saved before": (
        page(before=BROWSER, head=SINGLEFILE.format("file:///C:/a.html")), [saver(None)]),
    "SingleFile, no such day": (
        page(head=SINGLEFILE.format(URL).replace("Mar 05", "Feb 30")), [saver(None)]),
    "HTTrack": (
        page(head=HTTRACK.format("00"), last="</body>" + HTTRACK.format("01")),
        [saver(url=f"http://{BARE}")]),
    "HTTrack, a space": (
        page(head=HTTRACK.format("00").replace("9005", "9005 ]")),
        [saver(url=f"http://{BARE}%20]")]),
    "HTTrack, with the scheme": (
        page(head=HTTRACK.format("00").replace("www.", "https://www.")), [saver()]),
    "HTTrack of an archive": (
        page(head=HTTRACK.format("00").replace(BARE, SHOWN[8:])),
        [saver(url=SHOWN.replace("https:", "http:", 1))]),
    "HTTrack, a copy of a copy": (
        page(head=HTTRACK.format("00") + HTTRACK.format("00").replace("www", "copy")), []),
    "HTTrack, another time": (
        page(head=HTTRACK.format("00") + HTTRACK.format("00").replace("2021", "2022")),
        [saver(None, f"http://{BARE}")]),
    "Save Page WE": (page(head=SAVEPAGE), [saver()]),
    "WebScrapBook": (
        page(head="x").replace(
            b"lang='en'>x",
            f'data-scrapbook-source="{URL}" data-scrapbook-create="20210305090500123">'.encode()),
        [saver()]),
    "monolith, with milliseconds": (
        page(before=f"<!-- Saved from {URL} at 2021-03-05T09:05:00.123Z using monolith v2.8.1 -->"),
        [saver()]),
    "monolith": (
        page(before=f"<!-- Saved from {URL} at 2021-03-05T09:05:00Z using monolith v2.8.1 -->"),
        [saver()]),
    "MaoXian": (page(head=f"<!-- OriginalSrc: {URL} -->"), [saver(None)]),
    "Wayback": (page(head=WAYBACK, top=TOOLBAR, after=CLOSING), [archive()]),
    "Wayback, head": (page(head=WAYBACK), [archive()]),
    "Wayback, toolbar": (page(top=f"\n{TOOLBAR}"), [archive(url=URL)]),
    "Wayback, toolbar of 2015": (page(top=OLD_TOOLBAR, after=CLOSING), [archive()]),
    "OpenWayback": (page(top=OPENWAYBACK), [archive(None)]),
    "OpenWayback, not closed": (page(top=OPENWAYBACK.partition("<!--\n ===\n END")[0]), []),
    "Wayback, end": (page(after=CLOSING), [archive(url=None)]),
    "Wayback, end of 2011": (
        page(after=CLOSING.replace("09:05:00 Mar 05", "9:05:00 Mar 5")), [archive(url=None)]),
    "Wayback, port and entity": (
        page(head=WAYBACK.replace("uk/fnapr/9005", "uk:80/newarh/&amp;start=11")),
        [archive(url="http://www.rusemb.org.uk:80/newarh/&start=11")]),
    "Wayback, another end": (
        page(head=WAYBACK, after=CLOSING.replace("09:05", "08:05")), [archive(None)]),
    "Wayback, saved by a browser": (
        page(before=f"<!-- saved from url=({len(SHOWN):04}){SHOWN} -->", head=WAYBACK),
        [archive(), saver(None, SHOWN)]),
    "Wayback, the page's own canonical link": (
        page(head=f"{WAYBACK}<link rel='canonical' href='{SHOWN[:-4]}'>"),
        [archive(), Told("canonical", SHOWN[:-4])]),
    "pywb": (page(head=PYWB), [archive()]),
    "pywb, escaped": (
        page(head=PYWB.replace(BARE, f"{BARE}/\\u0026start=1\\u0026ppp=15")),
        [archive(url=f"http://{BARE}/&start=1&ppp=15")]),
    "pywb, a live page": (page(head=PYWB.replace('"20210305090500"', '""')), []),
    "archive.today": (page(head=TODAY), [archive(url=URL)]),
    "archive.today, dotted": (
        page(head=TODAY_DOTTED),
        [archive(url=URL),
         Told("canonical", f"https://archive.ph/2021.03.05-090500/{URL}")]),
    "archive.today, short": (page(head="<link rel=canonical href='https://archive.ph/Ab1Cd'>"), []),
    "canonical": (
        page(head=f"<link href={URL} rel='alternate Canonical'/>"), [Told("canonical", URL)]),
    "canonical, relative": (page(head="<link rel=canonical href='/fnapr/9005'>"), []),
    "canonical, twice": (
        page(head=f"<link rel=canonical href={URL}><link rel=canonical href={URL}1>"), []),
    "nothing": (page(), []),
    "empty": (b"", []),
    "no closing": (f"<html><head>{BROWSER}<title>A".encode(), [saver(None)]),
}  # fmt: skip


@pytest.mark.parametrize("form", TELLING)
@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1251"])
def test_a_page_tells_what_was_written_around_it(form: str, charset: str) -> None:
    payload, right = TELLING[form]
    text = payload.decode().replace("台北標準時間", "CST")
    assert told_by_page(text.encode(charset, "replace")) == right


INSIDE = [BROWSER, SINGLEFILE.format(URL), HTTRACK.format("00"), SAVEPAGE, WAYBACK, TOOLBAR, PYWB]
INSIDE += [
    TODAY,
    CLOSING,
    OPENWAYBACK,
    "</head>",
    "<html>",
    "<!--",
    "-->",
    "<script>",
    "</script>",
    "<title>",
]
INSIDE += [f"<link rel='canonical' href='{URL}'>", "</body>", "</html>", "\n", "<template>", '"']


@examples(400)
@given(
    st.lists(st.one_of(st.sampled_from(INSIDE), st.text(max_size=9)), max_size=12).map("".join),
    st.sampled_from(["<body>", "</head>", "<body id='</body>'>", ""]),
)
def test_nothing_inside_a_body_tells(inside: str, begin: str) -> None:
    whole = f"<html><head><title>A</title>{begin}<p>{inside}</p></body></html>"
    assert told_by_page(whole.encode("utf-8", "replace")) == []


@examples(300)
@given(
    st.datetimes(datetime(1000, 1, 2), datetime(9998, 12, 30)),
    st.integers(-14 * 60, 14 * 60),
)
def test_every_instant_is_read_in_every_zone(moment: datetime, ahead: int) -> None:
    utc = moment.replace(microsecond=0, tzinfo=UTC)
    local = utc.astimezone(timezone(timedelta(minutes=ahead)))
    months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
    day = f"Mon {months[local.month - 1]} {local.day:02} {local.year:04}"
    date = f"{day} {local:%H:%M:%S} GMT{local:%z}"
    html = page(head=f"<!--\n Page saved with SingleFile \n url: {URL} \n saved date: {date}\n-->")
    right = utc.replace(tzinfo=None).isoformat() + "Z"
    assert told_by_page(html) == [saver(right)]
    stamp = f"{utc.year:04}{utc:%m%d%H%M%S}"
    assert told_by_page(page(head=WAYBACK.replace("20210305090500", stamp))) == [archive(right)]


NO_MOMENTS = ["20211340090500", "20210305240000", "00000101000000", "20210305 09:05", "yesterday"]


@pytest.mark.parametrize("stamp", NO_MOMENTS)
def test_a_moment_that_never_was_is_none(stamp: str) -> None:
    assert told_by_page(page(head=SAVEPAGE.replace("Fri Mar 05 2021", stamp))) == [saver(None)]
    told = told_by_page(page(head=WAYBACK.replace("20210305090500", stamp)))
    assert told in ([], [archive(None)])


@examples(300)
@given(st.lists(st.one_of(st.binary(max_size=40), st.sampled_from(INSIDE).map(str.encode))))
def test_whatever_a_file_holds_what_it_tells_is_an_address_and_an_instant(parts: list[bytes]):
    for one in told_by_page(b"".join(parts)):
        assert one.url is None or one.url.startswith(("http://", "https://"))
        assert one.url is None or one.url.isascii()
        assert one.instant is None or datetime.fromisoformat(one.instant).tzinfo == UTC


HOSTILE = ["<!-- saved from url=", "<!---->", "<meta a=", '<meta a="', "<meta a ", "</body>", "<"]
HOSTILE += ["<script>", "<html ", "<!DOCTYPE ", " ", "<!--\n Page saved with SingleFile url: ", "&"]
HOSTILE += ['__wm.wombat("', "<link rel=canonical href=http://a.example/>", "<title></title>"]
HOSTILE += ["<!-- Mirrored from a by HTTrack [x], ", "<script>wbinfo.url = 'http://a'</script>"]


@pytest.mark.parametrize("begin", ["", "<!-- ", "<script>", "<html ", "<!-- Mirrored from "])
@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_head_costs_no_more_than_its_length(begin: str, text: str) -> None:
    payload = (begin + text * 400_000).encode()[:4_000_000]
    for whole in (payload, payload + b"--></script></body>" + payload[:300_000]):
        started = time.process_time()
        told_by_page(whole)
        assert time.process_time() - started < 2


RECORD = Told("record", f"https://{BARE}", "2026-11-27T10:00:00Z")
MOMENT = "2020-01-01T00:00:00Z"
LIVE = Told("response", URL, MOMENT)
SHORT = "https://archive.ph/Ab1Cd"
PLACES: dict[str, tuple[list[Told], tuple[str | None, Teller | None, str | None, Teller | None]]]
PLACES = {
    "nothing": ([], (None, None, None, None)),
    "the order holds for each alone": (
        [Told("canonical", f"{URL}1"), Told("folder", f"{URL}2", AT), Told("saver", URL)],
        (URL, "saver", AT, "folder")),
    "a manifest is first": (
        [RECORD, Told("manifest", f"{URL}1", AT)], (f"{URL}1", "manifest", AT, "manifest")),
    "a manifest without an instant": (
        [Told("manifest", f"{URL}1"), LIVE], (f"{URL}1", "manifest", MOMENT, "response")),
    "a record is before a banner": (
        [archive(), RECORD], (RECORD.url, "record", RECORD.instant, "record")),
    "an archive's page, saved as MHTML": (
        [Told("record", SHOWN, RECORD.instant), archive()], (SHOWN, "record", AT, "archive")),
    "the same without a banner": (
        [Told("record", SHOWN, RECORD.instant)], (SHOWN, "record", AT, "archive")),
    "the same without its address, which a browser wrote": (
        [Told("record", None, RECORD.instant), saver(None, SHOWN)],
        (SHOWN, "saver", AT, "archive")),
    "an archive's page, saved later": ([saver(MOMENT, SHOWN)], (SHOWN, "saver", AT, "archive")),
    "a manifest's instant stays": (
        [Told("manifest", SHOWN, MOMENT)], (SHOWN, "manifest", MOMENT, "manifest")),
    "a manifest's address is before a banner": (
        [Told("manifest", SHOWN), archive(MOMENT)], (SHOWN, "manifest", AT, "archive")),
    "a banner is before the address asked for": (
        [saver(None, SHOWN), archive(MOMENT, None)], (SHOWN, "saver", MOMENT, "archive")),
    "an address without a full instant": (
        [saver(MOMENT, f"https://web.archive.org/web/2021/{URL}")],
        (f"https://web.archive.org/web/2021/{URL}", "saver", None, None)),
    "the page's clock is no moment of saving": (
        [saver(MOMENT, f"https://web.archive.org/web/2021/{URL}"), Told("clock", None, AT)],
        (f"https://web.archive.org/web/2021/{URL}", "saver", AT, "clock"),
    ),
    "a banner of another page": (
        [Told("manifest", URL), archive(MOMENT, "http://elsewhere.example/")],
        (URL, "manifest", None, None)),
    "a short address": (
        [Told("record", SHORT, RECORD.instant), archive()],
        (f"http://{BARE}", "archive", AT, "archive")),
    "a short address in a manifest": (
        [Told("manifest", SHORT, MOMENT), archive()],
        (f"http://{BARE}", "archive", MOMENT, "manifest")),
    "a short address alone": ([saver(MOMENT, SHORT)], (SHORT, "saver", MOMENT, "saver")),
}  # fmt: skip


@pytest.mark.parametrize("case", PLACES)
def test_who_tells_url_and_instant(case: str) -> None:
    told, right = PLACES[case]
    for offered in (told, told[::-1]):
        capture = placed(RawCapture(b"", "text/html", "html"), offered)
        found = (capture.url, capture.url_from, capture.captured_at, capture.instant_from)
        assert found == right
