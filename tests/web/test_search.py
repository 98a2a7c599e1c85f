"""Search: no question is an error, and each result says whether the words still stand."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from embassy_scraper.items import StatementText
from embassy_scraper.web.pages.search import highlight, match
from tests.handed import Handed, shown, take
from tests.web.asking import check, get, page

START = datetime(2021, 3, 1, 9)


def look(hours: int, key: str, title: str, body: str, date: str = "26.02.2021") -> Handed:
    text = StatementText(title, body, date_text=date)
    return shown(START + timedelta(hours=hours), key, statement=text)


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("search")
    many = [
        look(
            n,
            f"fnapr/{100 + n}",
            f"Notice {n}",
            "Seals and otters.",
            f"{n % 27 + 1:02}.02.20{n % 3 + 18}",
        )
        for n in range(45)
    ]
    gone = shown(START + timedelta(hours=90), "fnapr/101", kind="error", status=404)
    edited = [
        look(
            0, "fnapr/1", "On the garden", "Paid for by 1.5 thousand o'brien readers <b>bold</b>."
        ),
        look(9, "fnapr/1", "On the garden", "Paid for by 15 thousand readers \ue000marked\ue001."),
        look(9, "fnapr/2", "AND <script>alert(1)</script>", "Нота посольства о саде. \u202eevil"),
    ]
    return take(folder / "embassy.db", [*many, *edited, gone])


def test_without_a_question_there_is_a_field_and_how_to_ask(history) -> None:
    got = page(history, "/search")
    assert got.tree.xpath("//form//input[@name='q']") and "Put a phrase in quotes" in got.text
    assert page(history, "/search?q=++").text == got.text


def test_a_result_says_in_which_version_the_words_stood_and_whether_they_still_do(history) -> None:
    old = page(history, "/search?q=o'brien")
    assert old.all("//h2") == ["On the garden"]
    assert old.all("//mark") == ["o'brien"]
    assert "Not in its newest version any more: these words stood in version 1 of 2" in old.text
    assert "<b>bold</b>" in old.text
    new = page(history, "/search?q=%2215 thousand%22")
    assert "In its newest version, 2 of 2." in new.text
    both = page(history, "/search?q=thousand")
    assert both.all("//h2") == ["On the garden"] and "In its newest version" in both.text


def test_marks_and_markup_of_the_site_stay_text(history) -> None:
    got = page(history, "/search?q=AND script")
    assert "AND <script>alert(1)</script>" in got.all("//h2")[0]
    assert "<script>alert" not in got.source
    marked = page(history, "/search?q=readers marked")
    assert set(marked.all("//mark")) <= {"readers", "marked", "readers marked"}
    assert "\u202e" not in page(history, "/search?q=посольства").source
    assert page(history, "/search?q=посольства").all("//p[@lang='ru']")


def test_results_are_paged_and_each_stands_once(history) -> None:
    address, seen = "/search?q=seals", []
    while True:
        got = page(history, address)
        seen += got.all("//h2/a/@href")
        following = got.all("//a[@rel='next']/@href")
        if not following:
            break
        address = following[0]
    assert len(seen) == len(set(seen)) == 45
    assert "45 statements" in got.text


def test_the_numbers_of_the_filters_are_those_of_what_they_show(history) -> None:
    got = page(history, "/search?q=seals")
    links = got.tree.xpath("//div[@class='filters']//li")
    assert len(links) > 3
    for one in links:
        number = int(one.xpath("string(span)"))
        shown_ = page(history, one.xpath("a/@href")[0])
        assert f" {number} statement{'s' if number != 1 else ''}" in shown_.text
    assert page(history, "/search?q=seals&status=withdrawn").all("//h2") == ["Notice 1"]
    nothing = page(history, "/search?q=seals&year=1999")
    assert "Nothing fits." in nothing.text and "0 statements" in nothing.text


@pytest.mark.parametrize("number", ["0", "x", "-1", "1e9", "²", "99999999"])
def test_a_page_that_is_no_number_is_said_so(history, number) -> None:
    (got,) = get(history, f"/search?q=seals&page={quote(number)}")
    assert got.status == 400 and "number of a page" in got.text
    assert page(history, "/search?q=seals&page=9999").all("//h2") == []


ODD = ["o'brien", "AND", "NOT", "NEAR(a b)", '"', '""', '"a', "*", "a*", "title:a", "-a", "(", "^a",
       "a OR", "{a}", "\\", "\x00", "%", "😀", "ё", "\ue000", "a\nb", "'; DROP TABLE statements --",
       "x" * 5000, "a " * 3000]  # fmt: skip


def test_odd_questions_are_no_errors(history) -> None:
    addresses = [f"/search?q={quote(one)}" for one in ODD]
    for question, got in zip(ODD, get(history, *addresses), strict=True):
        assert got.status == 200, question
        check(got)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.text(max_size=20), max_size=8))
def test_no_question_is_an_error(history, words) -> None:
    asked = [
        f"/search?q={quote(one.encode('utf-8', 'replace'))}" for one in (*words, " ".join(words))
    ]
    assert {got.status for got in get(history, *asked)} == {200}


@given(st.text(alphabet="ab\"' -*^:(){}\n\x00é", max_size=30))
def test_a_question_is_phrases_alone(words) -> None:
    asked = match(words)
    assert asked.count('"') % 2 == 0
    assert all(not part.strip() for part in asked.split('"')[::2])


@given(st.text(alphabet="ab \ue000\ue001", max_size=40))
def test_no_letter_of_a_passage_is_lost_and_no_mark_is_left(passage) -> None:
    pieces = highlight(passage)
    text = "".join(piece.text for piece in pieces)
    assert text == passage.replace("\ue000", "").replace("\ue001", "")
