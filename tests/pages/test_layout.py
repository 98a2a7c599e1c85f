"""Known markup, rule by rule: which layout a page bears, its parts, its lists, what is outside."""

from __future__ import annotations

from dataclasses import replace

import pytest

from embassy_scraper.pages.context import Context, Links, PartContext
from embassy_scraper.pages.grammar import grammar_of
from embassy_scraper.pages.layout_lists import read_box, read_list_part
from embassy_scraper.pages.layout_parts import Part, outermost, read_parts
from embassy_scraper.pages.layout_statement import Misfit, read_statement_part
from embassy_scraper.pages.layouts import Selection, fitting
from embassy_scraper.pages.lines import Line
from embassy_scraper.pages.outside import take_outside, unknown_text
from embassy_scraper.pages.parts import Extent
from embassy_scraper.pages.roles import Trace
from embassy_scraper.pages.screen import Screen
from embassy_scraper.pages.tree import parse_html
from embassy_scraper.sites import Layout, load_profile
from embassy_scraper.sites.addresses import read_address

PROFILE = load_profile()
KEY = "fnapr/1"
URL = f"{PROFILE.site.base_url}{KEY}"
LAYOUT = Layout(
    name="of tomorrow",
    marks=("main.news",),
    chrome=("nav",),
    header="header",
    part="section",
    heading="h2",
    date="time",
    title="h3",
    entry="h3",
    lead="p",
)
A = '<h3>20.11.2020 - <a href="/fnapr/2">On otters</a></h3><p>They sleep.</p>'
B = '<h3>19.11.2020 - <a href="/fnapr/3">On lanterns</a></h3><p>They are lit.</p>'
HEADING, CLOSING = "<h2>EMBASSY INFORMS</h2>", "<p>all messages</p>"


def selection_of(html: str) -> Selection:
    return Selection(parse_html(f'<body><main class="news">{html}</main></body>'))


def part_of(html: str) -> Part:
    selection = selection_of(f"<section>{html}</section>")
    (placed,) = read_parts(selection.of("section"), selection, LAYOUT, None)
    return placed.part


def context_of(*, is_cut: bool = False) -> Context:
    extent = Extent(not is_cut, is_cut)
    links = Links(URL, PROFILE)
    return Context(read_address(URL, PROFILE), grammar_of(PROFILE), extent, links, Trace())


def within(*, is_cut: bool = False) -> PartContext:
    return PartContext(grammar_of(PROFILE), Extent(not is_cut, is_cut), Links(URL, PROFILE))


# --- roles


@pytest.mark.parametrize("around", ["", "body "], ids=["by tag and class", "by XPath"])
def test_the_later_of_two_roles_counts_however_they_are_looked_for(around: str) -> None:
    layout = replace(LAYOUT, lead=f"{around}p", title=f"{around}p.on", date=f"{around}i.day")
    html = '<p>a</p><p class="x on">b</p><b>c</b><i>d</i><i class="day">e</i><p class="only">f</p>'
    selection = selection_of(html)
    roles = selection.roles(layout)
    found = [roles.of(element) for element in selection.of("main")[0]]
    assert found == ["lead", "title", None, None, "date", "lead"]


# --- which layout


@pytest.mark.parametrize(
    ("day", "begun", "ended", "fits"),
    [
        (None, "2024-01-01", "2024-12-31", True),
        ("2024-01-01", "2024-01-01", "2024-12-31", True),
        ("2024-12-31", "2024-01-01", "2024-12-31", True),
        ("2023-12-31", "2024-01-01", "", False),
        ("2025-01-01", "", "2024-12-31", False),
    ],
)
def test_a_layout_is_in_use_on_its_days(
    day: str | None, begun: str, ended: str, fits: bool
) -> None:
    layout = replace(LAYOUT, from_=begun, until=ended)
    profile = replace(PROFILE, own_layout=(layout,))
    assert fitting(selection_of(""), profile, day) == ([layout] if fits else [])


def test_layouts_of_the_settings_come_before_those_of_the_profile() -> None:
    own = replace(LAYOUT, name="own")
    profile = replace(PROFILE, own_layout=(own,), layout=(LAYOUT,))
    assert fitting(selection_of(""), profile, None) == [own]


def test_a_layout_needs_all_its_marks() -> None:
    profile = replace(PROFILE, own_layout=(replace(LAYOUT, marks=("main.news", "aside")),))
    assert fitting(selection_of(""), profile, None) == []
    assert len(fitting(selection_of("<aside></aside>"), profile, None)) == 1


@pytest.mark.parametrize("selector", ["p.a", "p.a.b", "main > p.a"])
def test_elements_come_in_the_order_of_the_page(selector: str) -> None:
    selection = selection_of('<p class="a b">1</p><p class="b a">2</p><p class="a b">3</p>')
    assert [element.text for element in selection.of(selector)] == ["1", "2", "3"]


def test_parts_inside_parts_and_empty_ones_are_none() -> None:
    html = "<section>One<section>two</section></section><section> </section>"
    selection = selection_of(html)
    assert [element.text for element in outermost(selection.of("section"))] == ["One"]


def test_a_part_may_be_any_element() -> None:
    layout = replace(LAYOUT, part="b.part")
    selection = selection_of(f'<b class="part">Welcome. {HEADING}{A}</b>')
    (placed,) = read_parts(selection.of("b.part"), selection, layout, None)
    assert placed.lines[0].text == "Welcome."


# --- what stands outside


def test_what_no_selector_names_is_outside() -> None:
    counter = "<p>9 days have passed since A - no word</p>"
    html = f"<header>Clock{counter}</header><nav>Menu</nav><section>Text</section>{counter}<p>Else"
    selection = selection_of(html)
    outside = take_outside(selection, LAYOUT, selection.of("section"), grammar_of(PROFILE))
    assert [line.text for line in outside.others] == ["Else"]
    assert [line.text for line in outside.counters] == ["9 days have passed since A - no word"]


@pytest.mark.parametrize(
    ("line", "unknown"),
    [
        (Line("No more than six words here"), None),
        (Line("These are more than six words here"), "These are more than six words here"),
        (Line("These are more than six words here", is_linked=True), None),
        (
            Line("These are all the words of a note.", is_linked=True),
            "These are all the words of a note.",
        ),
    ],
)
def test_more_than_a_label_is_unknown_text(line: Line, unknown: str | None) -> None:
    assert unknown_text([Line("Menu"), line], grammar_of(PROFILE)) == unknown


# --- lists


@pytest.mark.parametrize(
    ("html", "entries"),
    [
        (HEADING + A + B + CLOSING,
         [("20.11.2020", "They sleep."), ("19.11.2020", "They are lit.")]),
        (HEADING + A + CLOSING + B, [("20.11.2020", "They sleep.")]),
        (HEADING + A.replace("20.11.2020 - ", "") + CLOSING, [(None, "They sleep.")]),
        (A + CLOSING, [("20.11.2020", "They sleep.")]),
    ],
    ids=["two", "behind the closing line", "without a date", "without a heading"],
)  # fmt: skip
def test_every_entry_begins_with_its_own_element(
    html: str, entries: list[tuple[str | None, str]]
) -> None:
    found = read_list_part(part_of(html), "home", within(), has_closing=True)
    assert [(entry.date_text, entry.lead) for entry in found.entries] == entries
    assert (found.is_cut, found.problems) == (False, ())


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        (HEADING + "<p>Welcome.</p>" + A, "there is a line before the first entry"),
        (HEADING + A + "<h2>MORE</h2>" + B, "it has a second heading"),
        (HEADING + A + "<h3>On nothing</h3>" + B, "an entry has neither a date nor a link"),
    ],
)
def test_a_list_that_is_not_as_the_layout_has_it_is_withheld(html: str, reason: str) -> None:
    found = read_list_part(part_of(html + CLOSING), "home", within(), has_closing=True)
    assert found.entries == ()
    (problem,) = found.problems
    assert problem.where == "home" and problem.text.startswith(reason)


def test_a_lead_with_something_else_beside_it_is_not_known() -> None:
    html = HEADING + A + "<div>Share this</div>" + B + CLOSING
    found = read_list_part(part_of(html), "home", within(), has_closing=True)
    assert [entry.lead for entry in found.entries] == [None, "They are lit."]
    assert found.problems[0].text.endswith("Share this")


def test_a_list_that_nothing_closes_is_cut_in_its_last_entry() -> None:
    found = read_list_part(part_of(HEADING + A + B), "home", within(), has_closing=True)
    first, last = found.entries
    assert (first.title, first.lead, found.is_cut) == ("On otters", "They sleep.", True)
    assert (last.date_text, last.title, last.lead, last.lead_is_open) == (
        "19.11.2020", None, None, True,
    )  # fmt: skip


def test_a_list_that_shows_no_leads_says_nothing_of_them() -> None:
    bare = [
        f'<h3>{day}.11.2020 - <a href="/fnapr/{day}">No {day}</a></h3>' for day in range(20, 10, -1)
    ]
    for html, leads in ((bare, {None}), ([*bare[:5], A], {"", "They sleep."}), (bare[:2], {""})):
        found = read_list_part(part_of("".join(html) + CLOSING), "home", within(), has_closing=True)
        assert {entry.lead for entry in found.entries} == leads
        assert found.problems == ()


def test_what_a_page_says_beside_an_entry_is_no_part_of_it() -> None:
    html = HEADING + A + "<p>Read more</p>" + B + CLOSING
    found = read_list_part(part_of(html), "home", within(), has_closing=True)
    assert [(entry.title, entry.lead) for entry in found.entries] == [
        ("On otters", None), ("On lanterns", "They are lit."),
    ]  # fmt: skip
    assert [problem.where for problem in found.problems] == ["home"]
    counted = A.replace("</a>", "</a> <i>5 views</i>")
    found = read_list_part(part_of(HEADING + counted + CLOSING), "home", within(), has_closing=True)
    assert [(entry.title, entry.lead) for entry in found.entries] == [("On otters", None)]
    counted = A.replace("</a>", " <i>5 views</i></a>")
    found = read_list_part(part_of(HEADING + counted + CLOSING), "home", within(), has_closing=True)
    assert (found.entries, [problem.where for problem in found.problems]) == ((), ["home"])


def test_the_pager_of_a_listing_stands_above_or_below() -> None:
    pager = "<p>Pages: 1 2</p>"
    for html in (HEADING + pager + A + B, HEADING + pager + A + B + pager):
        found = read_list_part(part_of(html), "newarh", within(), has_closing=False)
        assert found.pager == "Pages: 1 2"
        assert [entry.lead for entry in found.entries] == ["They sleep.", "They are lit."]
        assert found.problems == ()


@pytest.mark.parametrize(
    ("html", "titles"),
    [
        ("<time>20.11.2020</time><h3>On otters</h3>", ["On otters"]),
        ("<time>Today</time><h3>On otters</h3>", []),
        ("<h3>On otters</h3>", []),
        ("<time>20.11.2020</time><h3>On otters</h3><p>More</p>", []),
    ],
)
def test_a_box_is_one_date_with_one_title(html: str, titles: list[str]) -> None:
    entries, problems = read_box(part_of("<h2>ARTICLE</h2>" + html), context_of())
    assert [entry.title for entry in entries] == titles
    assert bool(problems) is not bool(titles)


# --- statements


@pytest.mark.parametrize(
    ("html", "date_text"),
    [
        ("<time>20.11.2020</time><h3>On otters</h3>", "20.11.2020"),
        ("<h3>20.11.2020 - On otters</h3>", "20.11.2020"),
        ("<h3>On otters</h3>", None),
    ],
)
def test_a_statement_is_date_title_text(html: str, date_text: str | None) -> None:
    text = "<p>They sleep.</p><p>They wake.</p><p>20 November 2020, 12:22</p>"
    found = read_statement_part(part_of("<h2>NEWS</h2>" + html + text), KEY, within(), is_cut=False)
    assert found is not None
    assert (found.heading, found.date_text, found.title) == ("NEWS", date_text, "On otters")
    assert found.body == "They sleep.\n\nThey wake."
    assert found.signature_text == "20 November 2020, 12:22"


def test_a_part_with_nothing_below_its_heading_is_no_statement() -> None:
    assert read_statement_part(part_of("<h2>NEWS</h2>"), KEY, within(), is_cut=False) is None


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<p>They sleep.</p>", "no date or title is below"),
        ("<time>Today</time><h3>On otters</h3>", "no date where the layout expects it"),
        ('<h3><a href="/fnapr/2">On otters</a></h3>', "its title links to another statement"),
        ("<h3>On otters</h3><p>They sleep.</p><h3>More</h3>", "it has a second entry"),
        ("<h3>On otters</h3><div>Otters of today</div>", "a few words are in an element"),
        (
            "<h3>On otters</h3>" + 2 * "<p>3 April 2020, 18:05</p><p>They sleep.</p>",
            "it has 2 signatures",
        ),
        ("<h3>On otters</h3><p>Print version</p><p>They sleep.</p>", "it contains something"),
        ("<h3>On otters</h3><p>They sleep.</p><p>(12 comments)</p>", "it contains something"),
        ("<h3>On otters</h3><p>They sleep.</p><p>Published 2021-03-02 16:40</p>", "its last line"),
        ("<h3>On otters</h3><p>They sleep.</p><p>March 2nd, 2021 at 16.40</p>", "its last line"),
        ("<h3>On otters <span>Views: 1,234</span></h3><p>They sleep.</p>", "a count of visitors"),
        (
            '<h3>On otters <a href="/print/1">print</a></h3><p>They sleep.</p>',
            "something that is not",
        ),
        ("<h3>On otters <small>[Print version]</small></h3><p>They sleep.</p>", "something that"),
        (
            "<h3>On otters</h3><p>20 November 2020, 12:22</p>"
            '<p>21.11.2020 - <a href="/fnapr/2">On seals</a></p><p>They dive.</p>',
            "an entry of a list",
        ),
    ],
)
def test_a_statement_that_is_not_as_the_layout_has_it_is_a_misfit(html: str, reason: str) -> None:
    with pytest.raises(Misfit, match=f"^{reason}"):
        read_statement_part(part_of("<h2>NEWS</h2>" + html), KEY, within(), is_cut=False)


def test_of_a_page_that_is_cut_off_no_body_is_known() -> None:
    part = part_of("<h3>On otters</h3><p>They sl")
    found = read_statement_part(part, KEY, within(is_cut=True), is_cut=True)
    assert found is not None
    assert (found.title, found.body, found.is_open) == ("On otters", None, True)


# --- lines


def test_a_link_around_another_leaves_no_trace_behind_it() -> None:
    screen = Screen()
    screen.show(parse_html('<a href="/1">One<p><a href="/2">Two</a></p><i>Three</i></a>'))
    assert [line.text for line in screen.lines] == ["One", "Two", "Three"]
