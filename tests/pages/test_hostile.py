"""Pages that are none, broken pages, huge pages: nothing invented, no crash, linear time."""

from __future__ import annotations

import time
from dataclasses import replace

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embassy_scraper.items import Capture, Page, RawCapture
from embassy_scraper.pages import read_page
from embassy_scraper.sites import load_profile
from pipelines.normalise import normalise
from tests.examples import examples, quickly
from tests.frame_markups import FRAMES, to_frame
from tests.markups import NBSP, STYLES, renderings, text_a, text_b, to_html
from tests.pages.test_markups import AT, BLOCK, READ_WHOLE, SITE, STATEMENT, WITHHELD, read

URL = f"{SITE}fnapr/6956"
BLOCKS = ("h1", "h2", "h3", "p", "address", "pre")
CLOUDFLARE = (
    "<title>Just a moment...</title><h1>www.rusemb.org.uk</h1><h2>Checking if the site connection"
    " is secure</h2><p>Enable JavaScript and cookies to continue</p><p>Ray ID: <code>7a</code></p>"
)
BLOCKED = {
    "cloudflare": CLOUDFLARE,
    "old cloudflare": "<title>Just a moment...</title><h1>Checking your browser before accessing"
    " rusemb.org.uk.</h1><p>This process is automatic. Your browser will redirect shortly.</p>"
    "<p>Please allow up to 5 seconds…</p><p>DDoS protection by Cloudflare</p>",
    "attention": "<title>Attention Required! | Cloudflare</title><h1>One more step</h1>"
    "<h2>Please complete the security check to access www.rusemb.org.uk</h2>",
    "denied": "<title>Access denied | www.rusemb.org.uk used Cloudflare to restrict access</title>"
    "<h1>Error 1020</h1><p>You do not have access to www.rusemb.org.uk.</p>",
    "blocked": "<h1>Sorry, you have been blocked</h1>"
    "<h2>You are unable to access rusemb.org.uk</h2>",
    "ddos-guard": "<title>DDoS-Guard</title><p>Checking your browser before accessing"
    " rusemb.org.uk</p><p>Please wait a few seconds.</p>",
    "captcha": "<h1>rusemb.org.uk</h1><p>To continue, please complete the captcha below.</p>"
    "<p>This helps us to tell that you are not a robot.</p>",
    "akamai": "<title>Access Denied</title><h1>Access Denied</h1><p>You don't have permission to"
    ' access "http://www.rusemb.org.uk/fnapr/6956" on this server.</p><p>Reference #18.2</p>',
    "incapsula": "<p>Request unsuccessful. Incapsula incident ID: 443-0</p>",
    "waf": "<p>The requested URL was rejected. Please consult with your administrator.</p>",
    "interruption": "<h1>Pardon Our Interruption</h1><p>As you were browsing something about your"
    " browser made us think you were a bot.</p>",
    "russian": "<title>Проверка браузера</title><p>Подтвердите, что вы не робот</p>",
}
FAILED = {
    "404": "<title>404 Not Found</title><h1>Not Found</h1><p>The requested URL /fnapr/6956 was not"
    " found on this server.</p><hr><address>Apache/2.4 Server at rusemb.org.uk Port 80</address>",
    "nginx": "<center><h1>404 Not Found</h1></center><hr><center>nginx/1.18</center>",
    "500": "<h1>Internal Server Error</h1><p>The server encountered an internal error.</p>",
    "502": "<title>502 Bad Gateway</title><center><h1>502 Bad Gateway</h1></center>",
    "503": "<h1>Service Temporarily Unavailable</h1><p>Please try again later.</p>",
    "mysql": "<b>Warning</b>: mysql_connect(): Access denied for user 'rusemb' in"
    " <b>/home/rusemb/db.php</b> on line <b>12</b><br>Could not connect to the database",
    "php": "<b>Fatal error</b>: Uncaught Error: Call to undefined function in /a.php:3",
    "wordpress": "<h1>Error establishing a database connection</h1>",
    "wayback": "<p>The Wayback Machine has not archived that URL.</p>",
    "suspended": "<h1>Account Suspended</h1><p>Contact your hosting provider.</p>",
    "maintenance": "<h1>Site is under maintenance</h1><p>Come back soon.</p>",
    "not exist": "<h1>The page you requested does not exist.</h1>",
    "russian": "<h1>Страница не найдена</h1><p>Ошибка 404</p>",
    "index": "<h1>Index of /fnapr</h1><pre>Name Last modified Size</pre>",
    "iis": "<h2>403 - Forbidden: Access is denied.</h2><h3>You do not have permission.</h3>",
}


def withheld(capture: Capture) -> set[str]:
    """The parts that are withheld, by the problems that name them."""
    return {p.where for p in capture.problems if p.what in WITHHELD}


def nothing_told(page: Page) -> None:
    assert page.statement is None and page.lists == ()
    assert page.problems


@pytest.mark.parametrize("kind", ["html", "fragment", "text"])
@pytest.mark.parametrize("name", [*BLOCKED, *(f"failed {name}" for name in FAILED)])
def test_a_refusal_tells_nothing(name: str, kind: str) -> None:
    part = FAILED[name[7:]] if name.startswith("failed ") else BLOCKED[name]
    html = f"<html><body>{part}</body></html>" if kind == "html" else part
    payload, media_type = html.encode(), "text/html"
    if kind == "text":
        tree = lxml.html.fromstring(f"<div>{part.replace('<br>', ' ')}</div>")
        texts = [" ".join(e.text_content().split()) for e in tree.iter("title", *BLOCKS)]
        shown = "\n\n".join(texts or [" ".join(tree.text_content().split())])
        payload, media_type = shown.encode(), "text/plain"
    for url in (URL, SITE, f"{SITE}newarh/&start=1&ps=10&ppp=15", None, f"{SITE}embassy/"):
        raw = RawCapture(payload, media_type, "test", url=url, http_status=200)
        page = read_page(raw, load_profile())
        nothing_told(page)
        assert page.kind in ("blocked", "error"), (page.kind, url)


SOFT = ("404", "Error 404", "Page not found", "The page you requested was not found.",
        "404 - Page not found", "Страница не найдена", "Not found")  # fmt: skip


@pytest.mark.parametrize("title", SOFT)
def test_a_soft_404_in_the_sites_own_dress_is_no_statement(title: str) -> None:
    model = replace(STATEMENT, heading=None, on=None, title=title, body=("Please try again.",),
                    signature=None)  # fmt: skip
    for markup, (payload, media_type) in renderings(model).items():
        capture = read(payload, media_type, model.url)
        parts = withheld(capture)
        assert capture.page_kind == "error" or "main part" in parts, markup
        places = {s.list for s in capture.sightings}
        if markup in READ_WHOLE:
            assert (capture.page_kind, places, parts) == ("error", {"latest"}, set()), markup
            assert len(capture.readings) == 2, markup
        else:
            assert places == {"latest"} or (not places and parts & {"latest", "main part"}), markup
            assert capture.header is not None, markup
            assert len(capture.readings) == 2 or capture.header.shape is None, markup


GENUINE = (
    ("Access denied to the consular premises", "Our consul was told: access denied."),
    ("Access denied: Embassy comment", "The authorities’ “access denied” is their only answer."),
    ("Embassy comment on captcha", "A captcha on the visa site is a nuisance."),
    ("404 days without an answer", "The page on the matter was not found."),
    ("Error 404 in British logic: Embassy comment", "The evidence was not found, says the report."),
    ("Not found guilty", "The sailor was not found guilty. Access denied, captcha, 404."),
    ("Warning: fog in the Channel", "Citizens are advised to wait. Please try again later."),
    ("Service unavailable: the visa centre is closed", "Visas are not available this week."),
    ("Just a moment of silence for the fallen", "It was held by the Embassy on 9 May."),
    ("Security check at the airport", "An Aeroflot flight was checked without explanation."),
    ("Under construction: the new school of the Embassy", "The building will be ready soon."),
    ("Forbidden questions", "What may not be asked. 403 is just a number."),
    ("Embassy press officer on DDoS attacks", "The site of the Embassy was blocked by an attack."),
    ("Page not found: how the archive lost a treaty", "The page of the treaty is not found."),
)


@pytest.mark.parametrize(("title", "body"), GENUINE)
@pytest.mark.parametrize("has_header", [True, False])
def test_a_statement_that_speaks_of_refusals_is_one(
    title: str, body: str, has_header: bool
) -> None:
    model = replace(STATEMENT, heading=None, on=None, title=title, body=(body,), signature=None,
                    block=(), has_header=has_header, email=None)  # fmt: skip
    for markup, (payload, media_type) in renderings(model).items():
        if not has_header:
            payload = payload.replace(b"<title>02.02.2002 - A hidden item</title>", b"")
        capture = read(payload, media_type, model.url)
        wordings, parts = [s.wording for s in capture.sightings], withheld(capture)
        if markup in READ_WHOLE and (has_header or "frame" in markup):
            assert not parts, (markup, capture.problems)
        elif parts & {"main part", "page"}:  # no text without the site's header shows whose it is
            assert wordings == [] and len(parts) == 1, (markup, capture.problems)
            continue
        assert [wording.title for wording in wordings] == [title], (markup, capture.problems)
        assert wordings[0].body == body or (parts == {"body"} and not wordings[0].body), markup


BASE = to_frame(STATEMENT, FRAMES["frame"])
SIZE = 1_900_000


def filled(unit: str, *, inside: str = "<body>{}</body></html>") -> bytes:
    return inside.replace("{}", unit * (SIZE // len(unit.encode()))).encode()


HUGE = {
    "one line": filled("a"),
    "one line of spaces": filled(" "),
    "one line of no-break spaces": filled("&nbsp;"),
    "one line of dashes": filled("-"),
    "lines of dashes": filled("-<br>"),
    "punctuation": filled(".,;:!"),
    "digits": filled("7"),
    "lines of digits": filled("7\n", inside="<pre>{}</pre>"),
    "dates": filled("12.03.2018 <br>"),
    "dates in elements": filled("<b>12.03.2018</b> - <i>x</i> "),
    "items": filled("<p>12.03.2018 - A title<p>A lead"),
    "linked items": filled("<p>12.03.2018 - <a href=/fnapr/1>A title</a><p>A lead"),
    "clocks": filled("<p>24 November 2020<p>Moscow: 15:22<p>London:"),
    "one-city clocks": filled("<p>24 November 2020<p>Moscow: 15:22<p>x"),
    "counters": filled("<p>996 days have passed since the flood - no answer"),
    "counters on one line": filled("996 days have passed since the flood - no answer &nbsp; "),
    "half counters": filled("996 days have "),
    "pagers": filled("<p>Pages: ««« :: 123456789 :: »»»"),
    "emails": filled("a@b.c"),
    "almost emails": filled("a@", inside="<p>24 November 2020<p>Moscow: 1:11<p>London: 1:11<p>{}"),
    "phones": filled("+44 ", inside="<p>24 November 2020<p>Moscow: 1:11<p>London: 1:11<p>{}"),
    "labels": filled("x:", inside="<p>24 November 2020<p>Moscow: 1:11<p>London: 1:11<p>{}"),
    "signatures": filled("<p>3 April 2020, 18:05"),
    "all messages": filled("<p>all messages"),
    "headings": filled("<p>LATEST EVENTS"),
    "asides": filled("<aside>12.03.2018 - x</aside>"),
    "asides of one": filled("<p>12.03.2018 - x", inside="<aside>{}</aside>"),
    "navs": filled("<nav><a href=/a>b</a></nav>"),
    "links": filled("<a href=/a>b</a>"),
    "unclosed links": filled("<a href=/a>b"),
    "boxes": filled("<div><a href=/a>b</a>"),
    "closed boxes": filled("<div><a href=/a>b</a></div>"),
    "end tags": filled("</div></p></font>"),
    "tables": filled("<table><tr><td>x"),
    "fonts": filled("<font><b>x<p>"),
    "less-than": filled("<"),
    "tags begun": filled("<a "),
    "comments": filled("<!-- x -->"),
    "comments begun": filled("<!--"),
    "comments at the end": b"<body>x</body></html>" + b"<!---->" * 200 + b"x",
    "quotes": filled("<p title=\"'>"),
    "attributes": b"<body><div " + b" ".join(b'a%d="1"' % n for n in range(180_000)) + b">x</div>",
    "links among attributes": b"<a " + b" ".join(b"h%d=x" % n for n in range(150_000)) + b">x</a>",
    "attributes without values": b"<body><p " + b" ".join(b"a%d" % n for n in range(300_000)),
    "attributes side by side": b"<p " + b"".join(b"a%d='>'" % n for n in range(200_000)) + b">x",
    "odd quotes": filled("<a \"'<b '"),
    "styles": filled('<p style="display:block">x'),
    "long style": b'<p style="' + b"display " * 200_000 + b'">x',
    "references": filled("&#8217;"),
    "ampersands": filled("&"),
    "controls": filled("&#1;"),
    "private use": filled("\ue000\ue001\ue003"),
    "combining": filled("a\u0301\u0323"),
    "titles": filled("<title>x"),
    "scripts": filled("<script>x</script>"),
    "hidden": filled("<p hidden>x"),
    "pre": filled("\n", inside="<pre>{}</pre>"),
    "menu": filled("<li><a href=/x>y</a>", inside="<ul>{}</ul>"),
    "emails hidden": filled('<a data-cfemail="5a333c35">x</a>'),
    "cp1251": "<p>Проверка ".encode("cp1251") * 150_000,
    "invalid bytes": b"<p>\xff\xfe\xed\xa0\x80x" * 200_000,
}  # fmt: skip


@pytest.mark.parametrize("name", quickly(HUGE))
def test_a_huge_page_takes_time_in_proportion(name: str) -> None:
    payload = HUGE[name]
    kinds = ("text/html", "text/plain") if name not in {"attributes"} else ("text/html",)
    for media_type in kinds:
        raw = RawCapture(payload, media_type, "test", url=URL, captured_at=AT)
        started = time.process_time()
        capture = normalise(raw, read_page(raw, load_profile()), load_profile())
        assert time.process_time() - started < 5, media_type
        assert not any(w.covers_after for w in capture.windows if name != "all messages")


def test_a_page_too_large_is_not_read() -> None:
    page = read_page(RawCapture(b"<p>x" * 3_000_000, "text/html", "test", url=URL), load_profile())
    nothing_told(page)
    assert page.problems[0].what == "too large"


def test_pictures_that_a_saver_has_put_into_a_page_do_not_count() -> None:
    picture = f'<img src="data:image/png;base64,{"iVBOR" * 30_000}">'
    page = BASE.replace("</body>", picture * 40 + "</body>").encode()
    assert 6_000_000 < len(page) < 8_000_000
    with_pictures, without = (read(one, "text/html", URL) for one in (page, BASE.encode()))
    assert with_pictures.sightings == without.sightings
    assert with_pictures.problems == without.problems
    page = BASE.replace("</body>", picture.replace("data:", "x") * 40 + "</body>").encode()
    assert [problem.what for problem in read(page, "text/html", URL).problems] == ["too large"]


def test_what_stands_deep_between_an_archives_comments_does_no_harm() -> None:
    inserted = (
        f"<!-- BEGIN WAYBACK TOOLBAR INSERT -->{'<b>' * 300}<!-- END WAYBACK TOOLBAR INSERT -->"
    )
    page = read_page(
        RawCapture(f"<body>{inserted}<p>x".encode(), "text/html", "test"), load_profile()
    )
    assert [problem.what for problem in page.problems] == ["nested too deep"]


@pytest.mark.parametrize("depth", [200, 900, 10_000, 300_000])
@pytest.mark.parametrize("tag", ["div", "font", "table><tr><td", "ul><li", "b", "aside"])
def test_deep_nesting_does_no_harm(tag: str, depth: int) -> None:
    last = tag.rpartition("<")[2]
    html = f"<body>{f'<{tag}>' * depth}x{f'</{last}>' * depth}</body></html>"
    capture = read(html.encode(), "text/html", URL)
    assert {s.wording.title for s in capture.sightings} <= {"x"}


JUNK = {
    "empty": b"",
    "spaces": b" \r\n\t ",
    "no-break spaces": NBSP.encode() * 9,
    "bom": b"\xef\xbb\xbf",
    "nul": b"\x00" * 5000,
    "binary": bytes(range(256)) * 40,
    "png": b"\x89PNG\r\n\x1a\n" + bytes(range(64)) * 50,
    "pdf": b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n" + bytes(range(30)) * 90,
    "gzip": b"\x1f\x8b\x08\x00" + bytes(range(200)) * 30,
    "comment": b"<!-- nothing -->",
    "doctype": b"<!DOCTYPE html>",
    "head": b"<html><head><title>Embassy</title></head><body></body></html>",
    "script": b"<html><body><script>document.write('12.03.2018 - x')</script></body></html>",
}


@pytest.mark.parametrize("name", JUNK)
def test_junk_tells_nothing(name: str) -> None:
    for media_type in ("text/html", "text/plain", ""):
        if (name, media_type) in {(n, "text/plain") for n in ("comment", "doctype", "head",
                                                             "script")}:  # fmt: skip
            continue
        raw = RawCapture(JUNK[name], media_type, "test", url=URL)
        nothing_told(read_page(raw, load_profile()))


def test_marks_of_our_own_in_a_page_are_harmless() -> None:
    for evil in ("\x01\x02\x03\x04", "&#3;&#4;", "&#x3;", "&#0000003", "\ue003", "&#xE003;9",
                 "&#xD800;", "&#99999999999999999999;"):  # fmt: skip
        model = replace(STATEMENT, title="A title MARK", body=("BODY text",), signature=None)
        html = to_frame(replace(model, block=()), FRAMES["frame"])
        html = html.replace("MARK", f"{evil}of sorts")
        html = html.replace("BODY", f"{evil}<a href=x>Body</a>{evil}")
        capture = read(html.encode(), "text/html", URL)
        (page,) = capture.sightings
        assert page.wording.title and page.wording.title.endswith("of sorts")
        assert page.wording.body and page.wording.body.startswith(("Body", "\ue003", "�", "9"))


def test_links_are_resolved_against_the_base() -> None:
    html = BASE.replace("<head>", '<head><base href="https://www.rusemb.org.uk/">')
    html = html.replace('href="/', 'href="')
    capture = read(html.encode(), "text/html", URL)
    keys = [s.wording.url_key for s in capture.sightings if s.list == "latest"]
    assert keys == [e.key for e in BLOCK]
    for base in ("javascript:x", "//[", "http://evil.example/", "", "data:text/html,x"):
        told = read(
            BASE.replace("<head>", f'<head><base href="{base}">').encode(), "text/html", URL
        )
        assert len(told.sightings) == 11


@pytest.mark.parametrize("href", [
    "javascript:alert(1)", "mailto:a@b", "http://[", "//", "#", "", "?", "http://rusemb.org.uk:x/",
    "https://www.rusemb.org.uk/fnapr/" + "9" * 5000, "\\\\x", "http://evil.example/fnapr/1",
    "data:text/html,fnapr/1", " /fnapr/ 1", "http://" + "a" * 100_000,
])  # fmt: skip
def test_odd_links_are_no_statements(href: str) -> None:
    html = BASE.replace('href="/fnapr/7001"', f'href="{href}"')
    capture = read(html.encode(), "text/html", URL)
    (first,) = [s for s in capture.sightings if (s.list, s.position) == ("latest", 1)]
    assert first.wording.url_key is None or len(first.wording.url_key) < 20


NUMBERS = ("999999999", "99999999999999999999", "0", "007", "1,234,567,890", "-5")


@pytest.mark.parametrize("number", NUMBERS)
def test_huge_counters_are_problems_at_most(number: str) -> None:
    counter = f"{number} days have passed since the flood - no answer"
    for payload, media_type in renderings(replace(STATEMENT, counters=(counter,))).values():
        capture = read(payload, media_type, URL)
        assert all(r.value >= 0 for r in capture.readings)
        assert capture.header is not None and capture.header.phone == STATEMENT.phone


@pytest.mark.parametrize("on", ["31.02.2020", "99.99.9999", "00.00.0000", "1.2.20", "12/03/2018",
                                "20.11.20201", "20.13.2020"])  # fmt: skip
def test_impossible_dates_are_null_with_a_problem(on: str) -> None:
    block = (*BLOCK[:3], replace(BLOCK[3], on=on), *BLOCK[4:])
    html = to_frame(replace(STATEMENT, block=block), FRAMES["frame"])
    capture = read(html.encode(), "text/html", URL)
    assert not any(w.covers_after for w in capture.windows if w.entries == 10)
    assert "2020-11-06" not in [s.wording.date for s in capture.sightings if s.position == 4]
    if on != "20.11.20201":
        assert [p.text[: len(on)] for p in capture.problems] == [on]


@pytest.mark.slow
def test_a_thousand_items_and_three_hundred_counters() -> None:
    items = tuple(replace(BLOCK[0], key=f"fnapr/{n}") for n in range(1_000))
    counters = tuple(f"{n} days have passed since event {n} - no answer" for n in range(300))
    model = replace(STATEMENT, block=items, counters=counters)
    shorter = replace(model, counters=counters[:200])  # a page has 2 MB of markup at most
    rendered = {
        "form A": text_a(model), "form B": text_b(model),
        "frame": to_frame(shorter, FRAMES["frame"]),
        "divs": to_html(model, STYLES["divs"]), "siblings": to_html(model, STYLES["siblings"]),
    }  # fmt: skip
    pages = {"form A": 1_000, "form B": 10, "frame": 1_000, "divs": None, "siblings": None}
    for markup, count in pages.items():  # a heading marks where the block of form A begins
        payload = rendered[markup].encode()
        media_type = "text/plain" if markup.startswith("form") else "text/html"
        started = time.process_time()
        capture = read(payload, media_type, URL)
        assert time.process_time() - started < 5, markup
        told = len([s for s in capture.sightings if s.list == "latest"])
        is_withheld = not told and withheld(capture) & {"latest", "main part"}
        assert told == count or (count is None and (told == 1_000 or is_withheld)), markup
        assert len(capture.readings) <= 300


fragments = st.lists(
    st.sampled_from([
        "<p>", "</p>", "<div>", "</div>", "<td>", "<table>", "</table>", "<a href='/fnapr/7'>",
        "</a>", "<br>", "<b>", "</b>", "<aside>", "</aside>", "<nav>", "<footer>", "<pre>", "\n",
        " ", NBSP, "12.03.2018", " - ", "A title", "all messages", "LATEST EVENTS", "Pages: «« 12",
        "24 November 2020", "Moscow: 15:22", "London: 12:22", "Consular queries:", "+44 20 123 456",
        "996 days have passed since the flood - x", "3 April 2020, 18:05", "VIDEOS",
        "<main>", "</main>", "<p hidden>", "<!--", "-->", "<script>", "</script>", "&#3;", "<", ">",
        "<title>", "Home »", "\x00", "<pre>", "</nav>", "</aside>", "<li>", "<span>", "</span>",
    ]),
    max_size=60,
)  # fmt: skip


@examples(400)
@given(fragments, st.sampled_from([URL, SITE, f"{SITE}newarh/&start=11&ps=10", None]))
def test_any_mixture_of_a_pages_parts_is_read_without_a_crash(
    parts: list[str], url: str | None
) -> None:
    text = "".join(parts)
    for media_type in ("text/html", "text/plain"):
        for short in (False, True):
            capture: Capture = read(text.encode(), media_type, url, announced_bytes_missing=short)
            for window in capture.windows:
                assert window.covers_after is None or not short


@examples(200)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_without_a_crash(payload: bytes) -> None:
    for media_type in ("text/html", "text/plain", ""):
        read(payload, media_type, URL)
        read(b"<p>" + payload, media_type, None)
