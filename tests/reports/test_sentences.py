"""Every kind of change as a sentence, and its interval."""

from __future__ import annotations

import pytest

from embassy_scraper.reports.entries import Entry
from embassy_scraper.reports.sentences import place_words, sentence, subject_words, when
from embassy_scraper.reports.times import say_between, say_instant, say_length
from pipelines.history.kinds import KINDS

from .samples import DAY, change, edit

HEADINGS = {"newarh": "EMBASSY INFORMS", "varh": "VIDEOS"}
OFF = "counter_anomaly"
# what changed -> the sentence
SAID = [
    ([change("statement_discovered", field="page")], "First seen, on its own page"),
    ([change("statement_discovered", field="box")], "First seen, in a box on the homepage"),
    ([change("statement_discovered", field="newarh")],
     "First seen, in the list “Embassy informs”"),
    ([change("statement_added", field="latest")], "Added to the block of latest items"),
    ([change("statement_added", field="newarh", note="backdated 6 days")],
     "Added to the list “Embassy informs”, backdated 6 days"),
    ([change("statement_added", field="http_status")],
     "Published: its page answered, where there had been none"),
    ([edit("body", "for 1.5 thousand readers", "for 15 thousand readers")],
     "Figure changed: 1.5 thousand → 15 thousand"),
    ([edit("body", "1 pound, 2 pence", "3 pounds, 4 pence")], "Text changed (3 words)"),
    ([edit("title", "Ambassador meets", "Ambassador met")], "Title changed (one word)"),
    ([edit("title", "a b c", "a")], "Title changed (2 words removed)"),
    ([edit("lead", "a", "a b")], "Lead changed (1 word added)"),
    ([edit("lead", "a b c", "d")], "Lead changed (3 words removed, 1 word added)"),
    ([edit("title", "“A”", '"A"', significance="cosmetic")],
     "Title changed (only quotes, dashes, case or punctuation)"),
    ([edit("published_on", "2018-05-03", "2018-05-04")], "Date changed: 3 May 2018 → 4 May 2018"),
    ([edit("published_on", None, "2018-05-04")], "Date changed: none → 4 May 2018"),
    ([edit("published_at", "2018-05-03T10:00:00Z", None)],
     "Time of signature changed: 3 May 2018, 10:00 (UTC) → none"),
    ([edit("title", "a", "b"), edit("published_on", "2018-05-03", "2018-05-04", change_id="b")],
     "Title and date changed"),
    ([edit("title", "a", "b"), edit("title", "a", "c", change_id="b")],
     "Title changed, in one place differently from another"),
    ([change("statement_withdrawn", field="newarh")],
     "Removed from the list “Embassy informs”"),
    ([change("statement_withdrawn", field=n, change_id=n) for n in ("newarh", "home", "x", "y")],
     "Removed from four lists"),
    ([change("statement_withdrawn", field="home"),
      change("page_gone", field="http_status", after="404", change_id="b")],
     "Removed from the homepage, and its own page is gone (404)"),
    ([change("page_gone", field="http_status", after="410")], "Its own page is gone (410)"),
    ([change("page_gone", field="http_status", after="404", note="with the whole site"),
      change("page_gone", field="http_status", after="404", note="with the whole site",
             change_id="b", url="https://www.rusemb.org.uk/fnapr/1")],
     "The whole site stopped answering: 2 pages gone with it (404)"),
    ([change("statement_restored", field="varh")], "Back in the list “Videos”"),
    ([change("page_back", field="http_status", after="200")], "Its own page is back"),
    ([change("statement_restored", field="home"), change("page_back", change_id="b")],
     "Back on the homepage, and its own page is back"),
    ([change("counter_discovered", after="290")], "Counter first seen, at 290"),
    ([change("counter_appeared", after="290")], "Counter appeared, at 290"),
    ([change("counter_progressed", before="290", after="297")],
     "Counter agreed with the calendar at every look: 290 → 297"),
    ([change(OFF, before="297", after="300", note="behind: expected +5, actual +3")],
     "Counter fell behind the calendar: 297 → 300 (by the calendar +5, shown +3)"),
    ([change(OFF, before="1", after="9", note="ahead: expected +5, actual +8")],
     "Counter ran ahead: 1 → 9 (by the calendar +5, shown +8)"),
    ([change(OFF, before="9", after="9", note="stalled: expected +5, actual +0")],
     "Counter stalled: 9 → 9 (by the calendar +5, shown +0)"),
    ([change(OFF, before="9", after="1", note="reset: expected +5, actual -8")],
     "Counter was reset: 9 → 1 (by the calendar +5, shown -8)"),
    ([change(OFF, before="9", after="1", note="in a way not known here")],
     "Counter off the calendar: 9 → 1 (in a way not known here)"),
    ([change("counter_reworded", field="label", before="days since A", after="days after A")],
     "Counter reworded: days since A → days after A"),
    ([change("counter_vanished", before="300")], "Counter vanished, at 300"),
    ([change("contact_changed", subject="header", field="phone", before="1", after="2")],
     "Telephone changed: 1 → 2"),
    ([change("contact_changed", subject="header", field="phone", before="1", after="2"),
      change("contact_changed", subject="header", field="email", before=None, after="a@b",
             change_id="b")],
     "E-mail changed: none → a@b; telephone changed: 1 → 2"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "said"), SAID)
def test_a_change_is_a_sentence(changes, said) -> None:
    assert sentence(Entry.of(changes), HEADINGS) == said


def test_every_kind_has_a_sentence() -> None:
    assert {one.kind for changes, _ in SAID for one in changes} == set(KINDS)


def test_long_values_are_cut_off_in_a_sentence() -> None:
    entry = Entry.of([change("contact_changed", field="phone", before="1" * 10**6, after="2")])
    assert len(sentence(entry)) < 120


WHEN = [
    (change(), "between 3 March, 09:00 and 5 March 2021, 09:00 (UTC)"),
    (change(observed_after="2020-12-30T09:00:00Z"),
     "between 30 December 2020, 09:00 and 5 March 2021, 09:00 (UTC)"),
    (change("statement_discovered", observed_after=None),
     "on 5 March 2021, 09:00 (UTC); nothing earlier is known"),
    (change("counter_progressed"), "from 3 March 2021, 09:00 to 5 March 2021, 09:00 (UTC)"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "said"), WHEN)
def test_an_interval_is_said_as_a_visitor_would(one, said) -> None:
    assert when(Entry.of([one])) == said


def test_two_looks_in_one_minute_are_told_apart() -> None:
    said = say_between("2021-03-05T09:00:07Z", "2021-03-05T09:00:59Z")
    assert said == "between 5 March, 09:00:07 and 5 March 2021, 09:00:59 (UTC)"
    assert say_instant("2021-03-05T09:00:07Z") == "5 March 2021, 09:00"


@pytest.mark.parametrize(
    ("end", "said"),
    [("2021-03-03T09:00:01Z", "1 second"), ("2021-03-03T09:59:00Z", "59 minutes"),
     ("2021-03-03T10:00:00Z", "1 hour"), ("2021-03-05T08:59:59Z", "48 hours"),
     ("2021-03-05T09:00:00Z", "2 days"), ("2022-04-27T09:00:00Z", "420 days")],
)  # fmt: skip
def test_a_length_is_said_in_the_unit_that_says_most(end, said) -> None:
    assert say_length(DAY.format(3), end) == said


def test_a_place_has_a_name_and_an_entry_a_subject() -> None:
    assert place_words("home") == "the homepage"
    assert place_words("newarh", HEADINGS) == "the list “Embassy informs”"
    assert place_words("other", HEADINGS) == "the list other"
    assert subject_words(Entry.of([change(title=None)])) == "fnapr/9005"
    assert subject_words(Entry.of([change(OFF, subject="the concert")])) == "since the concert"
    assert subject_words(Entry.of([change("contact_changed")])) is None
