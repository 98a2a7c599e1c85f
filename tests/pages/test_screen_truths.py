"""What a screen shows of a page, and what it does not, decides what the page says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from embassy_scraper.items import UNPROVEN, Page, RawCapture
from embassy_scraper.pages import read_page
from embassy_scraper.replica.boxes import box
from embassy_scraper.replica.frame import frame
from embassy_scraper.replica.page_text import Box, Item, PagerLink, PageText
from embassy_scraper.sites import load_profile

PROFILE = load_profile()
KEY = "fnapr/6956"
FIRST, SECOND = "The Embassy sent a note.", "Three otters are still waiting for an answer."
PAGE = PageText(
    date="30 March 2018",
    other_time="18:44",
    local_time="16:44",
    label="Consular queries",
    phone="+44 (0) 203 668 7474",
    email="info@rusemb.org.uk",
    counters=("26 days have passed since the Harbour incident - no credible word",),
    path="/fnapr/6956",
    heading="PRESS RELEASES AND NEWS",
    own_date="27.03.2018",
    title="On the lighthouse",
    body=f"{FIRST}\n\n{SECOND}",
    latest=tuple(
        Item(
            f"fnapr/{7000 - n}", f"{28 - n}.03.2018", f"On the lantern {n} of the mole", "It burns."
        )
        for n in range(10)
    ),
)
HTML = frame(PAGE)
OTHER = frame(replace(PAGE, date="11 March 2018", title="On the beacon", local_time="09:11"))
P = '<p align="justify">'
HEADER = '<td class="table_header_back"'


def read(html: str, path: str = KEY, *, is_whole: bool = True) -> Page:
    url = PROFILE.site.base_url + path
    raw = RawCapture(
        html.encode(), "text/html", "test", url=url, http_status=200, body_is_whole=is_whole
    )
    return read_page(raw, PROFILE)


def withheld(page: Page) -> list[str]:
    return [problem.where for problem in page.problems if problem.what == UNPROVEN]


WHOLE = read(HTML)


def test_the_page_itself_is_read_whole() -> None:
    assert WHOLE.problems == () and WHOLE.statement is not None
    assert WHOLE.statement.body == PAGE.body


@pytest.mark.parametrize("tag", ["wbr", "embed", "embed src=x.swf", "map name=m"])
def test_text_behind_a_tag_that_has_no_end_is_shown(tag: str) -> None:
    page = read(HTML.replace("are still", f"<{tag}> are still"))
    assert page.statement == WHOLE.statement


@pytest.mark.parametrize(
    "end", ["</html>", "</body></html>", "</body></html><!DOCTYPE html><html><body>"]
)
@pytest.mark.parametrize("before", [f"{P}{SECOND}", "<h1>LATEST EVENTS"])
def test_text_behind_an_early_end_of_the_page_is_shown(end: str, before: str) -> None:
    assert read(HTML.replace(before, end + before)) == WHOLE


def test_of_two_whole_pages_in_one_nothing_is_taken_that_both_have() -> None:
    page = read(HTML + OTHER)
    assert (page.header, page.statement, page.lists) == (None, None, ())
    assert withheld(page) == ["latest", "main part", "header"]


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        ("<div style='display:none'>", "</div>"),
        ("<noscript>", "</noscript>"),
        ("<template>", "</template>"),
    ],
)
def test_what_is_not_shown_is_no_part_of_the_page(begin: str, end: str) -> None:
    inside = OTHER.partition("<body>")[2].partition("</body>")[0]
    assert read(HTML.replace("<body>", f"<body>{begin}{inside}{end}")) == WHOLE


def test_two_clocks_are_none() -> None:
    start = HTML.index(HEADER)
    header = HTML[start : HTML.index('<td class="table_header_left"', start)]
    other = header.replace("30 March", "11 March")
    page = read(HTML.replace(header, other + header))
    assert page.header is None and withheld(page) == ["header"]
    assert page.statement == WHOLE.statement
    assert read(HTML.replace(header, header + header)) == WHOLE


def test_two_values_of_one_counter_are_none() -> None:
    counter = PAGE.counters[0]
    page = read(HTML.replace("</body>", f"<p>{counter.replace('26', '25')}</p></body>"))
    assert page.header is not None and withheld(page) == ["counters"]
    assert (page.header.counters, page.header.counters_known) == ((), False)
    assert read(HTML.replace("</body>", f"<p>{counter}</p></body>")) == WHOLE


@pytest.mark.parametrize("begin", ["<!-- ", "<!--[if mso]>", "<script>"])
def test_what_swallows_the_rest_of_a_page_leaves_its_text_open(begin: str) -> None:
    ends = "<!-- a --><script></script></body>"
    html = HTML.replace("</body>", ends)
    assert read(html) == WHOLE
    page = read(html.replace(f"{P}{SECOND}", f"{begin}{P}{SECOND}"))
    assert page.statement is not None
    assert (page.statement.body, page.statement.is_open) == (FIRST, True)


def test_a_script_that_writes_scripts_swallows_nothing() -> None:
    script = "<script>document.write('<script src=a.js><\\/script>')</script>"
    latest = HTML.index("<table", HTML.index(SECOND))
    html = HTML[:latest] + "</td></tr></table>" + script + "</body></html>"
    page = read(html)
    assert page.statement == WHOLE.statement


@pytest.mark.parametrize("tag", ["h4", "p", "b"])
def test_a_title_in_another_element_is_no_first_paragraph(tag: str) -> None:
    page = read(HTML.replace(f"<h3>{PAGE.title}</h3>", f"<{tag}>{PAGE.title}</{tag}>"))
    assert page.statement is None and withheld(page) == ["main part"]


def test_a_statement_may_have_no_title() -> None:
    page = read(HTML.replace(f"<h3>{PAGE.title}</h3>", ""))
    assert page.statement is not None and page.problems == ()
    assert (page.statement.title, page.statement.body) == (None, PAGE.body)


@pytest.mark.parametrize("mark", ["<br>", "</a> ", '</a> <a href="/fnapr/1">'])
def test_half_a_title_is_no_title(mark: str) -> None:
    page = read(HTML.replace("lantern 3 of", f"lantern 3 {mark}of"))
    titles = [entry.title for entry in page.lists[0].entries]
    assert titles[3] is None and None not in titles[:3] + titles[4:]
    assert withheld(page) == ["latest"] and page.lists[0].covers_nothing


@pytest.mark.parametrize("inside", ["", '<img src="/a.gif" />', " - "])
def test_an_entry_without_words_has_no_title(inside: str) -> None:
    page = read(HTML.replace("On the lantern 3 of the mole", inside))
    assert page.lists == () and withheld(page) == ["latest"]


@pytest.mark.parametrize("day", ["Friday, 30 March 2018", "30.03.2018", "30th March 2018"])
def test_a_header_without_a_clock_is_named(day: str) -> None:
    page = read(HTML.replace("30 March 2018", day))
    assert page.header is None and withheld(page) == ["header"]


def test_an_hour_of_twelve_is_no_hour_of_the_clock() -> None:
    page = read(HTML.replace("London: 16:44", "London: 4:44 pm"))
    assert page.header is not None and page.header.local_time is None


def test_the_title_of_a_box_in_which_a_page_ends_is_not_known() -> None:
    side = Box("ARTICLE", Item("article/5", "14.02.2018", "On otters and seals", ""))
    html = frame(replace(PAGE, path="/", heading="EMBASSY INFORMS", title="", boxes=(side,)))
    page = read(html[: html.index(" and seals")], "", is_whole=False)
    assert page.lists == ()


def test_a_pager_in_which_a_page_ends_is_not_known() -> None:
    pager = tuple(PagerLink(n, f"/newarh/&start={n}1&ps=10&ppp=15") for n in range(1, 9))
    html = frame(replace(PAGE, heading="EMBASSY INFORMS", pager=pager, items=PAGE.latest))
    page = read(html[: html.index(">7</a>")], "newarh/", is_whole=False)
    assert page.pager is None and page.lists == ()


def test_a_range_of_days_is_no_date_with_a_title() -> None:
    titled = "12.03.2018-18.03.2018 Week of otters"
    html = HTML.replace("<h2>27.03.2018</h2>", "").replace(f"<h3>{PAGE.title}", f"<h3>{titled}")
    page = read(html)
    assert page.statement is not None
    assert (page.statement.date_text, page.statement.title) == (None, titled)


def test_a_listing_box_of_another_page_changes_nothing_of_this_one() -> None:
    hidden = f"<div hidden>{box('LATEST EVENTS', '<p>all messages</p>')}</div>"
    assert read(HTML.replace("</body>", hidden + "</body>")) == WHOLE
