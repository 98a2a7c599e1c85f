"""Unknown markup, rule by rule: what the lines and their elements prove, and what they do not."""

from __future__ import annotations

from functools import partial

import pytest

from embassy_scraper.pages.context import Context
from embassy_scraper.pages.grammar import grammar_of
from embassy_scraper.pages.lines import Line
from embassy_scraper.pages.parts import Extent
from embassy_scraper.pages.proof_heads import Unproven, find_heads
from embassy_scraper.pages.proof_lists import prove_list
from embassy_scraper.pages.proof_statement import find_beginning, prove_statement
from embassy_scraper.pages.roles import Trace
from embassy_scraper.pages.screen import Screen
from embassy_scraper.pages.shown import Shown, is_chrome, is_prose, is_sentence
from embassy_scraper.pages.tree import document_title, parse_html
from embassy_scraper.sites import load_profile
from embassy_scraper.sites.addresses import link_key, read_address

PROFILE = load_profile()
URL = f"{PROFILE.site.base_url}fnapr/1"


def shown_on(html: str) -> Shown:
    """The lines of a page, as a screen shows them."""
    root = parse_html(html)
    screen = Screen()
    screen.show(root)
    return Shown(screen.lines, screen.owners, document_title(root))


def context_of(url: str = URL) -> Context:
    address = read_address(url, PROFILE)
    key_of = partial(link_key, page_url=url, profile=PROFILE)
    return Context(address, grammar_of(PROFILE), Extent(True, False), key_of, Trace())


def entry(day: str, number: int, title: str, lead: str = "<p>A lead.</p>") -> str:
    return f'<h3>{day} - <a href="/fnapr/{number}">{title}</a></h3>{lead}'


A, B = entry("20.11.2020", 2, "On otters"), entry("19.11.2020", 3, "On lanterns")


# --- what a page shows


@pytest.mark.parametrize(
    ("title", "agrees"),
    [
        ("On the otters", True),
        ("On the otters | Embassy", True),
        ("Embassy: ON THE OTTERS", True),
        ("On the ottersea", False),
        ("Upon the otters", False),
        ("Embassy", False),
    ],
)
def test_the_documents_title_repeats_a_line(title: str, agrees: bool) -> None:
    assert Shown([Line("On the otters")], [], title).agrees_with_title(0) is agrees


def test_two_words_agree_with_no_title() -> None:
    assert not Shown([Line("The otters")], [], "The otters").agrees_with_title(0)


@pytest.mark.parametrize(
    ("html", "goes_on"),
    [
        ("<p>One<br>two", True),
        ("<p>One<br><br>two", False),
        ("<p>One<p>two", False),
        ("<div>One<p>two</p></div>", False),
    ],
)
def test_a_line_goes_on_in_its_own_block(html: str, goes_on: bool) -> None:
    shown = shown_on(html)
    assert [line.text for line in shown.lines] == ["One", "two"]
    assert shown.goes_on(0) is goes_on
    assert not shown.goes_on(1)


def test_where_a_line_stands() -> None:
    shown = shown_on('<main><div class="a"><p>One</p></div><div><h2><i>Two</i></h2></div>x</main>')
    main = shown.container([0, 1])
    assert main is not None and main.tag == "main"
    assert shown.path(0, main) == (("p", ""), ("div", "a"))
    assert [shown.is_heading_element(i) for i in range(3)] == [False, True, False]
    first, second = shown.child(0, main), shown.child(1, main)
    assert first is not second and first is not None and second is not None
    assert shown.child(2, main) is None
    assert shown.is_inside(0, first) and not shown.is_inside(1, first)


@pytest.mark.parametrize(
    ("text", "sentence", "prose", "chrome"),
    [
        ("They sleep.", True, True, True),
        ("“They sleep.”", True, True, True),
        ("He said:", False, True, True),
        ("Read more", False, False, True),
        ("No more than six words here", False, False, True),
        ("These are no more than seven words", False, False, False),
        ("x" * 100, True, True, True),
    ],
)
def test_what_a_line_may_be(text: str, sentence: bool, prose: bool, chrome: bool) -> None:
    line = Line(text)
    assert (is_sentence(line), is_prose(line), is_chrome(line)) == (sentence, prose, chrome)


# --- lists


@pytest.mark.parametrize(
    ("html", "forms"),
    [
        (A, ["own"]),
        ('<p>20.11.2020</p><p><a href="/fnapr/2">On otters</a></p>', ["below"]),
        ('<p><a href="/fnapr/2">On otters</a></p><p>20.11.2020</p>', ["above"]),
        ("<p>20.11.2020</p><p>On otters</p>", []),
        ('<p>20.11.2020</p><p><a href="/elsewhere">On otters</a></p>', []),
        ("<p>20.11.2020</p>", []),
    ],
)
def test_how_date_and_title_of_an_entry_stand(html: str, forms: list[str]) -> None:
    shown = shown_on(html)
    heads = find_heads(shown, 0, len(shown.lines), context_of())
    assert [head.form for head in heads] == forms
    assert {head.title for head in heads} <= {"On otters"}


def proven(html: str, *, is_closed: bool = True) -> tuple[list[tuple[object, ...]], str | None]:
    shown = shown_on(html)
    found = prove_list(shown, 0, len(shown.lines), context_of(), is_closed=is_closed)
    return [(e.date_text, e.title, e.lead) for e in found.entries], found.reason


OTTERS, LANTERNS = ("20.11.2020", "On otters"), ("19.11.2020", "On lanterns")


@pytest.mark.parametrize(
    ("html", "leads", "reason"),
    [
        (A.replace("A lead.", "One.") + B, ["One.", "A lead."], None),
        (entry(*OTTERS[:1], 2, OTTERS[1], "") + entry(LANTERNS[0], 3, LANTERNS[1], ""),
         ["", ""], None),
        (A.replace("A lead.", "One.") + B + "<p>We are here to help.</p>", None, "the last lead"),
        (A.replace("A lead.", "One.") + B.replace("<p>", '<p class="x">'),
         None, "the lines of the leads are in elements of several kinds"),
        (A.replace("</p>", "</p><p>Comments: 3</p>") + B.replace("</p>", "</p><p>Comments: 4</p>"),
         None, "every entry contains figures"),
        (A.replace("A lead.", "One.</p><p>Press room") + B, None, "a few words are beside"),
    ],
    ids=["plain", "no leads", "a line too many", "another look", "figures", "a label"],
)  # fmt: skip
def test_leads_are_known_or_withheld(
    html: str, leads: list[str] | None, reason: str | None
) -> None:
    entries, told = proven(html)
    assert [one[:2] for one in entries] == [OTTERS, LANTERNS]
    if reason is None:
        assert ([one[2] for one in entries], told) == (leads, None)
    else:
        assert told is not None and told.startswith(reason)
        assert entries[-1][2] is None


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<p>Nothing</p>", "it has no dated entry"),
        ("<p>Welcome</p>" + A + B, "there is a line before the first entry"),
        (A + B.replace("h3", "h4"), "its entries do not all have the same shape"),
        (A + '<h3>19.11.2020 - <a href="/about">On us</a></h3>', "an entry does not link"),
        (f"<div>{A}{B}</div><div>{A}</div>", "its entries are in more than one element"),
        (A.replace("A lead.", "20 November 2020, 12:22") + B, "an entry contains a line"),
        (A.replace("A lead.", '<a href="/fnapr/9">Another</a>') + B, "an entry contains a line"),
        (A + "<h2>A heading</h2>" + B, "an entry contains a heading"),
    ],
)
def test_what_is_no_list_is_not_proven(html: str, reason: str) -> None:
    with pytest.raises(Unproven, match=f"^{reason}"):
        proven(html)


@pytest.mark.parametrize(
    ("html", "last"),
    [
        (f"<ul><li>{A}</li><li>{B}</li></ul><p>Behind.</p>", "A lead."),
        (f"<div>{A}{B}</div><p>Behind.</p>", "A lead."),
        (f"<div>{A}{B}<p>Behind.</p></div>", None),
        (f"<div>{B}</div><p>Behind.</p>", None),
    ],
    ids=["elements of their own", "as long as the other", "more of its look", "one entry"],
)
def test_where_the_last_lead_ends_without_a_closing_line(html: str, last: str | None) -> None:
    html = html.replace("A lead.", "One.", 1) if html.count("A lead.") > 1 else html
    entries, reason = proven(html, is_closed=False)
    assert entries[-1] == (*LANTERNS, last)
    assert (reason is None) == (last is not None)


# --- statements

HEADING, DAY, NAME = "<h2>PRESS RELEASES AND NEWS</h2>", "<p>20.11.2020</p>", "<h1>On otters</h1>"
TEXT, SIGNED = "<p>They sleep.</p><p>They wake.</p>", "<p>20 November 2020, 12:22</p>"


def statement(html: str) -> tuple[str | None, str | None, str | None, str | None]:
    """Title, date, body and why the body is withheld."""
    shown = shown_on(html)
    end, context = len(shown.lines), context_of()
    found = prove_statement(shown, find_beginning(shown, end, context), end, context, None)
    return found.text.title, found.text.date_text, found.text.body, found.reason


@pytest.mark.parametrize(
    ("html", "day"),
    [
        (HEADING + DAY + NAME, "20.11.2020"),
        (HEADING + NAME + DAY, "20.11.2020"),
        ("<title>All on the otters</title>" + DAY + "<h1>All on the otters</h1>", "20.11.2020"),
        ("<title>All on the otters</title><h1>All on the otters</h1>", None),
    ],
    ids=["date, title", "title, date", "by the document's title", "without a date"],
)
def test_where_a_statement_begins(html: str, day: str | None) -> None:
    title, date_text, body, reason = statement(html + TEXT + SIGNED)
    assert title in ("On otters", "All on the otters")
    assert (date_text, body, reason) == (day, "They sleep.\n\nThey wake.", None)


@pytest.mark.parametrize(
    ("behind", "reason"),
    [
        (TEXT, "no signature ends it"),
        (TEXT + SIGNED + SIGNED, "it has 2 signatures"),
        (TEXT + "<p>Pages: 1 2</p>" + SIGNED, "it contains a counter or a pager"),
        ("<p>They sleep.</p><p>Read more</p><p>They wake.</p>" + SIGNED, "a line is not"),
        ("<p>They sleep.</p><div>They wake.</div>" + SIGNED, "its lines are in elements"),
        (
            TEXT + SIGNED + "<p>And this goes on for more than a label does</p>",
            "there is text after",
        ),
    ],
)
def test_a_body_that_is_not_proven_is_withheld(behind: str, reason: str) -> None:
    title, _, body, told = statement(HEADING + DAY + NAME + behind)
    assert (title, body) == ("On otters", None)
    assert told is not None and told.startswith(reason)


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        (NAME + TEXT + SIGNED, "no section heading has a date below it"),
        (HEADING + DAY + NAME + HEADING + DAY + NAME, "more than one section heading"),
        (HEADING + DAY + '<h1><a href="/fnapr/9">On otters</a></h1>' + TEXT + SIGNED,
         "the title links to another statement"),
        (HEADING + DAY + "<p>all messages</p>" + TEXT + SIGNED, "no title where it should be"),
        (HEADING + DAY + "<p>On otters<br>and more</p>" + TEXT + SIGNED, "the title may go on"),
        (HEADING + DAY + NAME + TEXT + "<h2>More</h2>" + TEXT + SIGNED, "there is another heading"),
        (HEADING + DAY + "<p>On otters</p><p>On lanterns</p>" + TEXT + SIGNED,
         "either of two lines may be the title"),
        (HEADING + "<p>Print</p>" + DAY + TEXT + SIGNED, "the line above the date may be"),
    ],
)  # fmt: skip
def test_a_title_that_is_not_proven_is_no_statement(html: str, reason: str) -> None:
    with pytest.raises(Unproven, match=f"^{reason}"):
        statement(html)
