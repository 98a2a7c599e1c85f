"""The formats of a report: each is read by what it is made for, whatever a page says."""

from __future__ import annotations

import csv
import io
import json
import re
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from embassy_scraper.reports.charts import Point
from embassy_scraper.reports.columns import aligned
from embassy_scraper.reports.days import About
from embassy_scraper.reports.entries import COLUMNS, Entry, entries_of
from embassy_scraper.reports.formats import LONGEST_CELL, as_csv, as_json, for_spreadsheet
from embassy_scraper.reports.links import archive_address, web_address
from embassy_scraper.reports.markdown import as_markdown, escape
from embassy_scraper.reports.page import CounterDays, as_html
from embassy_scraper.reports.text import Screen, as_sentences
from embassy_scraper.visible import one_line, visible
from pipelines.tables.database import open_database

from .samples import DAY, HOSTILE, URL, capture, change, edit

REPORTS = Path(__file__).parents[2] / "embassy_scraper/reports"
ABOUT = About(
    "Changes on the site", DAY.format(9), "embassy-scraper report --since x", DAY.format(1)
)
HIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def told(text: str) -> list[Entry]:
    """Entries in which every value that a page can choose is *text*."""
    return entries_of(
        [
            edit("body", text, f"{text} more", title=text, url=text, url_after=text, change_id="1"),
            edit("title", text, "b", title=text, note=text, subject=text, change_id="2"),
            change("counter_anomaly", subject=text, before=text, after=text, note=text, title=None),
            change("counter_reworded", subject=text, field="label", before=text, after="b"),
            change("contact_changed", subject="header", field="phone", before=text, after=text),
            change("statement_added", subject="x", field=text, after=text, note=text),
        ]
    )


def page(entries: list[Entry], **more: Any) -> html.HtmlElement:
    return html.document_fromstring("".join(as_html(entries, about=ABOUT, **more)))


# CSV and JSON


def test_a_cell_is_as_long_as_excel_takes_it_and_says_where_it_was_cut_off() -> None:
    texts = ["x" * LONGEST_CELL, "x" * (LONGEST_CELL + 1), "😀" * LONGEST_CELL, "=" * LONGEST_CELL]
    (cells,) = for_spreadsheet([[*texts, 12, None]])
    units = [len(cell.encode("utf-16-le")) // 2 for cell in cells[:4]]
    assert all(LONGEST_CELL - 1 <= unit <= LONGEST_CELL for unit in units)
    assert cells[0] == texts[0]
    assert cells[1].endswith(" … [cut off: 32,768 characters]")
    assert cells[2].endswith("😀 … [cut off: 32,767 characters]")
    assert cells[3].startswith("'===")
    assert cells[4:] == [12, None]


def test_csv_gives_every_text_back() -> None:
    rows = [[text, f"{text}\r\n{text}", f'"{text}"'] for text in HOSTILE if "\x00" not in text]
    text = "".join(as_csv("abc", rows))
    assert list(csv.reader(io.StringIO(text, newline="")))[1:] == rows


def test_json_has_numbers_as_numbers() -> None:
    text = "".join(
        as_json(["days", "similarity", "title"], [[1.5, "0.952", "1"], [None, None, ""]])
    )
    first, second = json.loads(text)
    assert first == {"days": 1.5, "similarity": 0.952, "title": "1"}
    assert second == {"days": None, "similarity": None, "title": ""}


# The terminal


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_of_a_page_reaches_a_terminal_but_text(text) -> None:
    said = "".join(as_sentences(told(text), screen=Screen(80)))
    assert not HIDDEN.search(said)
    assert not HIDDEN.search("".join(aligned(["a"], [[text]])))
    coloured = "".join(as_sentences(told(text), screen=Screen(80, has_colour=True)))
    assert not HIDDEN.search(re.sub(r"\x1b\[(?:0|1|31|32)m", "", coloured))


def test_sentences_are_wrapped_to_the_terminal() -> None:
    entries = entries_of([edit("title", "a" * 500, "b c " * 300, title="t" * 1_000_000)])
    for width in (20, 40, 80, 200):
        lines = "".join(as_sentences(entries, screen=Screen(width))).splitlines()
        assert max(map(len, lines)) <= max(width, 34)


def test_an_entry_is_a_sentence_a_title_and_marked_words() -> None:
    said = "".join(as_sentences(entries_of([edit("title", "A talk on tea", "A talk on gin")])))
    assert said == (
        "5 March 2021\n\n"
        "  Title changed (one word), between 3 March, 09:00 and 5 March 2021, 09:00 (UTC)\n"
        "    Press release on the spring concert (2 March 2021)\n"
        "    A talk on [-tea-] {+gin+}\n"
    )
    assert "".join(as_sentences([])) == "no changes\n"


def test_colour_marks_words_and_days_alone() -> None:
    entries = entries_of([edit("title", "on tea", "on gin")])
    said = "".join(as_sentences(entries, screen=Screen(80, has_colour=True)))
    assert "\x1b[31m[-tea-]\x1b[0m \x1b[32m{+gin+}\x1b[0m" in said
    assert said.startswith("\x1b[1m5 March 2021\x1b[0m")


# Markdown


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_page_says_is_text_in_markdown(text) -> None:
    said = "".join(as_markdown(told(text), about=ABOUT))
    assert not HIDDEN.search(said)
    bare = re.sub(r"\\.", "", said)  # what is escaped is text
    bare = re.sub(r"<https://[^<>\s]+>", "", bare)
    assert not re.search(r"<[a-z/!]|\]\((?!\))|^#(?!#? \w)|\|", bare, re.M)
    assert bare.count("`") == 2


def test_markdown_has_the_title_as_a_link_and_the_archives_copies() -> None:
    said = "".join(as_markdown(entries_of([edit("title", "on tea", "on gin")]), about=ABOUT))
    assert f"[Press release on the spring concert](<{URL}>) (2 March 2021)" in said
    assert "> on ~~tea~~ **gin**" in said
    assert f"[after](<https://web.archive.org/web/20210305090000/{URL}>)" in said
    assert said.startswith("# Changes on the site\n\n1 change; from 1 March 2021, 09:00 (UTC).")


@pytest.mark.parametrize(
    ("text", "escaped"),
    [("1. a", "1\\. a"), ("2021 is", "2021 is"), ("- a", "\\- a"), ("a-b", "a-b"),
     ("http://x", "http\\://x"), ("www.x.org", "www\\.x.org"), ("a@b", "a\\@b"),
     ("a\n\n# b", "a \\# b")],
)  # fmt: skip
def test_only_what_markdown_would_take_for_its_own_is_escaped(text, escaped) -> None:
    assert escape(text) == escaped


# HTML


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_page_says_is_text_in_html(text) -> None:
    counter = CounterDays(text, text, (Point("2021-03-01", 1), Point("2021-03-02", 5, 2)))
    sides = (f"{text}\nsame\n{text} 1 2 3", f"{text}\nsame\n{text} 1 2 4")
    found = page(told(text * 50), texts_of=lambda one: sides, counters=[counter])
    assert {"script", "img", "iframe", "link", "object", "form", "b"} & {
        one.tag for one in found.iter() if isinstance(one.tag, str)
    } <= {"b"}
    for one in found.iter():
        assert not [name for name in one.attrib if name.startswith("on") or name == "style"]
    for link in found.iter("a"):
        assert link.get("href", "").startswith(("#", "http://", "https://"))
    flat = one_line(text)
    assert flat in " ".join(found.text_content().split()) or not flat
    assert not HIDDEN.search(found.text_content().replace("\t", ""))


def test_a_page_needs_nothing_from_outside() -> None:
    text = "".join(as_html(entries_of([edit("title", "a", "b")]), about=ABOUT))
    assert not re.search(r"<(script|link|img|iframe)|@import|url\((?!#)", text)
    assert "default-src 'none'" in text


def test_a_page_says_who_made_it_when_and_what_is_in_it() -> None:
    found = page(entries_of([edit("title", "a", "b")]))
    words = " ".join(found.text_content().split())
    assert "Made on 9 March 2021, 09:00 (UTC) by embassy-scraper report --since x." in words
    (link,) = found.xpath("//nav//a")
    assert found.get_element_by_id(link.get("href")[1:]).xpath("string(.//h2)") == "5 March 2021"


def test_two_versions_stand_side_by_side_and_equal_paragraphs_are_folded() -> None:
    texts = ("one\ntwo\nthree cats and a dog\nfour", "one\ntwo\nthree cats and a cow\nfour")
    found = page(entries_of([edit("body", "a dog", "a cow")]), texts_of=lambda one: texts)
    (sides,) = found.find_class("sides")
    said = [" ".join(one.text_content().split()) for one in sides]
    assert said == [
        "Before", "After", "… 2 paragraphs unchanged onetwo",
        "Before:three cats and a deleted: dog",
        "After:three cats and a inserted: cow", "… 1 paragraph unchanged four",
    ]  # fmt: skip


def test_a_counter_has_its_chart_and_its_numbers() -> None:
    counter = CounterDays(
        "x", "days have passed", (Point("2021-03-01", 1), Point("2021-03-02", 5, 2))
    )
    found = page(entries_of([change("counter_anomaly")]), counters=[counter])
    assert len(found.xpath("//*[local-name()='svg'][@role='img']")) == 1
    cells = [one.text_content() for one in found.xpath("//tbody//td")]
    assert cells == ["1", "", "5", "2"]


def test_a_report_of_nothing_says_so() -> None:
    assert "No changes." in page([]).text_content()


def test_a_title_of_a_megabyte_can_be_shown_whole() -> None:
    found = page(entries_of([change("page_gone", title="y" * 1_000_000, url=None)]))
    (rest,) = found.xpath("//details[summary[contains(., '1,000,000')]]")
    assert len(rest.text_content()) > 1_000_000
    assert len(found.xpath("string(//*[@class='words']/text())")) < 500


# What all have in common


def test_what_cannot_be_seen_is_shown_by_its_number() -> None:
    for text in HOSTILE:
        assert not HIDDEN.search(visible(text).replace("\t", ""))
    assert visible("plain – “text”, тоже\n") == "plain – “text”, тоже\n"
    assert one_line(" " * 1000 + "x", 5) == "…"
    assert one_line("x" * 10**6, 5) == "xxxx…"


def test_links_lead_to_the_web_alone() -> None:
    for url in ("javascript:alert(1)", "data:text/html,x", "//x", "", None, "HTTP://x"):
        assert web_address(url) is None
        assert archive_address(url, capture(DAY.format(1))) is None
    assert web_address('http://x/ \x00"<>é\ud800') == "http://x/%20%00%22%3C%3E%C3%A9?"


def test_the_columns_of_a_change_are_those_of_the_timeline(tmp_path) -> None:
    with closing(open_database(tmp_path / "embassy.db")) as connection:
        names = re.findall(r":(\w+)", (REPORTS / "timeline.sql").read_text(encoding="utf-8"))
        found = connection.execute(
            (REPORTS / "timeline.sql").read_text(encoding="utf-8"),
            dict.fromkeys(names) | {"most": 1},
        )
        assert tuple(one[0] for one in found.description) == COLUMNS
