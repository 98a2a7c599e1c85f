"""One entry without a URL that was called otherwise: joined by lists, whatever else is joined."""

from __future__ import annotations

from datetime import datetime, timedelta

from embassy_scraper.items import Entry, ListText, StatementText
from embassy_scraper.limits import MAX_LEAD
from tests.handed import changes, entry, shown, take_in_any_order

START = datetime(2021, 3, 20, 9)
LEAD = "The ferry to the island leaves at ten and comes back before the tide turns again."
NEWER, OLDER = (entry(f"{day:02}.03.2021", f"Notice {day}", f"Lead {day}.") for day in (9, 2))


def called(title: str) -> Entry:
    return entry("06.03.2021", title, LEAD)


def listed(days: int, name: str, title: str):
    part = ListText(name, 1, (NEWER, called(title), OLDER))
    return shown(START + timedelta(days=days), f"{name}/", part)


def own_page(days: int, title: str):
    text = StatementText(title, f"{LEAD}\n\nMore of it.", date_text="06.03.2021")
    return shown(START + timedelta(days=days), "fnapr/7006", statement=text)


def test_a_name_that_its_page_skipped_is_joined_with_those_before_and_after(tmp_path) -> None:
    """The page joins the first name and the third; a list that had the second shows the third."""
    looks = [
        own_page(0, "First name"),
        listed(0, "latest", "First name"),
        listed(2, "newarh", "Second name"),
        own_page(4, "Third name"),
        listed(6, "newarh", "Third name"),
    ]
    db = take_in_any_order(tmp_path, looks)
    told = [row for row in changes(db, "subject", "kind", "before", "after") if "/7006" in row[0]]
    assert told == [
        ("fnapr/7006", "statement_discovered", None, "First name"),
        ("fnapr/7006", "statement_edited", "First name", "Third name"),
        ("fnapr/7006", "statement_edited", "Second name", "Third name"),
    ]


def test_a_name_that_a_list_knew_before_is_no_new_one(tmp_path) -> None:
    looks = [
        listed(0, "latest", "Another name"),
        listed(2, "newarh", "First name"),
        listed(4, "newarh", "Another name"),
    ]
    db = take_in_any_order(tmp_path, looks)
    kinds = [kind for (kind,) in changes(db, "kind")]
    assert "statement_edited" not in kinds
    assert "statement_withdrawn" in kinds


def of_words(title: str, *changed: str) -> Entry:
    """An entry whose lead has ten words, of which some are *changed*: eight alike are enough."""
    return entry("06.03.2021", title, " ".join([*changed, *"abcdefghij"[len(changed) :]]))


def test_one_that_may_be_several_keeps_another_from_the_only_one_it_may_be(tmp_path) -> None:
    """However many the first may be, which is not written down of each."""
    new = [of_words(f"New {i}", f"new {i}".replace(" ", "-")) for i in range(4)]
    first = of_words("May be any")
    second = of_words("May be the last", "new-3", "x", "y")
    looks = [
        shown(START, "newarh/", ListText("newarh", 1, (NEWER, first, second, OLDER))),
        shown(START + timedelta(1), "newarh/", ListText("newarh", 1, (NEWER, *new, OLDER))),
    ]
    kinds = [kind for (kind,) in changes(take_in_any_order(tmp_path / "both", looks), "kind")]
    assert "statement_edited" not in kinds
    looks[0] = shown(START, "newarh/", ListText("newarh", 1, (NEWER, second, OLDER)))
    db = take_in_any_order(tmp_path / "one", looks)
    edits = [row for row in changes(db, "kind", "before", "after") if row[0] == "statement_edited"]
    assert ("statement_edited", "May be the last", "New 3") in edits


def test_of_leads_longer_than_any_the_beginnings_are_compared(tmp_path) -> None:
    lead, rest = "w " * MAX_LEAD, "a b c " * MAX_LEAD
    looks = [
        shown(
            START + timedelta(days),
            "newarh/",
            ListText("newarh", 1, (NEWER, entry("06.03.2021", title, text), OLDER)),
        )
        for days, title, text in ((0, "Once", lead + "z"), (1, "Now", lead + rest))
    ]
    told = changes(take_in_any_order(tmp_path, looks), "kind", "before", "after")
    assert ("statement_edited", "Once", "Now") in told
