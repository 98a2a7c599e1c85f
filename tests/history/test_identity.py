"""Which entries and pages are one statement: the contract's section 4, rule by rule."""

from datetime import datetime

import pytest

from tests.saying import Folder, page

SITE = "https://www.rusemb.org.uk/"
NIGHT, NOON, LATER = (datetime(2021, 2, day, hour) for day, hour in ((1, 0), (1, 12), (5, 9)))
LEAD = "The reading room opens again on Monday and visitors are asked to book a place in advance."
OTHER_LEAD = "Nothing of this kind was ever said by anybody who was there when the doors closed."
OLD = ("20.01.2021", "An older statement that stays where it is", "It has a lead of its own.")
ONE = ("29.01.2021", "Embassy comment", LEAD)


@pytest.fixture
def seen(tmp_path, run) -> Folder:
    return Folder(tmp_path / "captures", run)


@pytest.fixture
def keys(rows):
    def ask() -> list[str]:
        return [key for (key,) in rows("SELECT key FROM statements ORDER BY key")]

    return ask


def kinds(rows) -> list[str]:
    return [kind for (kind,) in rows("SELECT kind FROM changes ORDER BY observed_by, kind")]


def test_host_scheme_www_and_junk_tails_do_not_matter(seen, keys) -> None:
    for number, url in enumerate(
        ("http://rusemb.org.uk/fnapr/5481", "https://www.rusemb.org.uk/fnapr/5481%20%5D")
    ):
        seen.see(NOON.replace(minute=number), "A title\n\nA body.", [OLD], url=url)
    assert "fnapr/5481" in keys()
    assert len(keys()) == 2


def test_same_day_and_title_with_another_lead_are_two(seen, keys) -> None:
    seen.see(NOON, "", [ONE, OLD], url=SITE)
    seen.see(LATER, "", [(ONE[0], ONE[1], OTHER_LEAD), OLD], url=SITE)
    assert len(keys()) == 3


def test_a_lead_that_repeats_the_title_is_another_lead_than_one_that_does_not(seen, keys) -> None:
    repeated = (ONE[0], ONE[1], ONE[1])
    seen.see(NOON, "", [repeated, OLD], url=SITE)
    seen.see(LATER, "", [ONE, OLD], url=SITE)
    assert len(keys()) == 3


def test_a_lead_that_repeats_the_title_contradicts_no_body(seen, keys) -> None:
    repeated = (ONE[0], ONE[1], ONE[1])
    seen.see(NOON, "", [repeated, OLD], url=SITE)
    body = f"PRESS RELEASES AND NEWS\n\n29.01.2021\n\n{ONE[1]}\n\n{LEAD}\n\n29 January 2021, 10:00"
    seen.see(LATER, body, [OLD], url=f"{SITE}fnapr/7001")
    assert [key for key in keys() if not key.startswith("2021-01-20")] == ["fnapr/7001"]


def test_a_page_whose_first_line_starts_the_lead_shows_no_title(seen, rows) -> None:
    url = f"{SITE}fnapr/7001"
    seen.see(NIGHT, f"Embassy comment\n\n{LEAD}\n\nMore is not said.", [ONE, OLD], url=url)
    wrapped = LEAD.replace("The reading room ", "The reading room\n", 1)
    assert wrapped != LEAD
    seen.see(LATER, f"{wrapped}\n\nMore is not said.", [ONE, OLD], url=url)
    assert "statement_edited" not in kinds(rows)


def test_same_title_on_another_day_is_another(seen, keys, rows) -> None:
    seen.see(NOON, "", [ONE, OLD], url=SITE)
    seen.see(LATER, "", [("03.02.2021", ONE[1], LEAD), ONE, OLD], url=SITE)
    assert len(keys()) == 3
    assert "statement_edited" not in kinds(rows)


def test_two_that_stand_in_one_window_are_two_though_their_leads_are_alike(seen, keys) -> None:
    almost = (ONE[0], ONE[1], LEAD.replace("Monday", "Tuesday"))
    seen.see(NOON, "", [ONE, OLD], url=SITE)
    seen.see(NIGHT, "", [almost, OLD], url=SITE)
    assert len(keys()) == 2
    seen.see(LATER, "", [ONE, almost, OLD], url=SITE)
    assert len(keys()) == 3


def test_an_entry_printed_twice_word_for_word_is_one(seen, keys, rows) -> None:
    seen.see(NOON, "", [ONE, ONE, OLD], url=SITE)
    seen.see(LATER, "", [ONE, OLD], url=SITE)
    assert len(keys()) == 2
    assert kinds(rows) == 2 * ["statement_discovered"]


@pytest.mark.parametrize(
    ("after", "field"),
    [
        ((ONE[0], "Embassy comment on the reading room", LEAD), "title"),
        (("28.01.2021", ONE[1], LEAD), "published_on"),
        ((ONE[0], ONE[1], LEAD.replace("Monday", "Friday")), "lead"),
    ],
)
def test_one_thing_edited_is_an_edit(seen, keys, rows, after, field) -> None:
    seen.see(NOON, "", [ONE, OLD], url=SITE)
    seen.see(LATER, "", [after, OLD], url=SITE)
    assert len(keys()) == 2
    query = "SELECT kind, field, observed_after, observed_by FROM changes WHERE kind GLOB '*_e*'"
    at = ("2021-02-01T12:00:00Z", "2021-02-05T09:00:00Z")
    assert rows(query) == [("statement_edited", field, *at)]


def test_title_and_date_edited_together_are_two_statements(seen, keys, rows) -> None:
    seen.see(NOON, "", [ONE, OLD], url=SITE)
    seen.see(LATER, "", [("28.01.2021", "Quite another title", LEAD), OLD], url=SITE)
    assert len(keys()) == 3
    assert kinds(rows)[2:] == ["statement_added", "statement_withdrawn"]


def test_where_two_new_entries_fit_none_is_joined(seen, keys, rows) -> None:
    first = (ONE[0], "First new title", LEAD)
    second = (ONE[0], "Second new title", LEAD)
    seen.see(NOON, "", [ONE, OLD], url=SITE)
    seen.see(LATER, "", [first, second, OLD], url=SITE)
    assert len(keys()) == 4
    assert kinds(rows)[2:] == ["statement_added", "statement_added", "statement_withdrawn"]


def test_a_late_capture_can_part_what_was_joined(seen, keys, rows) -> None:
    after = (ONE[0], "Embassy comment on the reading room", LEAD)
    seen.see(NOON, "", [ONE, OLD], url=SITE)
    seen.see(LATER, "", [after, OLD], url=SITE)
    assert len(keys()) == 2
    seen.see(NIGHT, "", [ONE, after, OLD], url=SITE)
    assert len(keys()) == 3
    assert "statement_edited" not in kinds(rows)


def test_an_entry_and_the_page_it_leads_to_are_one(seen, keys) -> None:
    seen.see(NOON, "", [ONE, OLD], url=SITE)
    body = f"Embassy comment\n\n{LEAD}\n\nMore is not said.\n\n29 January 2021, 10:00"
    seen.see(LATER, body, [ONE, OLD], url=f"{SITE}fnapr/7001")
    assert [key for key in keys() if not key.startswith("2021-01-20")] == ["fnapr/7001"]


def test_a_page_that_begins_otherwise_is_another(seen, keys) -> None:
    seen.see(NOON, "", [ONE, OLD], url=SITE)
    seen.see(LATER, f"Embassy comment\n\n{OTHER_LEAD}", [OLD], url=f"{SITE}fnapr/7001")
    assert len(keys()) == 3


def test_two_urls_are_one_where_both_dates_title_and_text_agree(seen, keys, rows) -> None:
    main = f"SPEECHES, INTERVIEWS, ARTICLES\n\n29.01.2021\n\nA speech\n\n{LEAD}"
    seen.see(NOON, main, [OLD], url=f"{SITE}article/276")
    seen.see(LATER, main, [OLD], url=f"{SITE}ambarticles/276")
    assert "ambarticles/276" in keys()
    assert len(keys()) == 2
    assert rows("SELECT count(*) FROM sightings WHERE statement = 'ambarticles/276'") == [(2,)]


def test_two_urls_without_dates_stay_two(seen, keys) -> None:
    for url in ("article/276", "ambarticles/276"):
        seen.see(NOON, f"A speech\n\n{LEAD}", [OLD], url=SITE + url)
    assert {"article/276", "ambarticles/276"} < set(keys())


def test_pages_without_url_and_date_are_one_when_title_and_start_agree(seen, keys) -> None:
    start = " ".join(f"word{number}" for number in range(60))
    for number, end in enumerate(("An end.", "Another end altogether.")):
        seen.see(NOON.replace(minute=number), f"A title\n\n{start}\n\n{end}", [OLD])
    assert len(keys()) == 2
    seen.see(LATER, f"A title\n\n{start[::-1]}", [OLD])
    assert len(keys()) == 3


def test_a_page_without_its_title_shows_no_edit(seen, keys, rows) -> None:
    seen.see(NIGHT, "", [ONE, OLD], url=SITE)
    url = f"{SITE}fnapr/7001"
    seen.see(NOON, f"Embassy comment\n\n{LEAD}\n\nMore is not said.", [ONE, OLD], url=url)
    seen.see(LATER, f"{LEAD}\n\nMore is not said.", [ONE, OLD], url=url)
    assert "statement_edited" not in kinds(rows)
    assert len(keys()) == 2


def test_ids_of_changes_outlive_a_late_capture_that_only_narrows(seen, rows) -> None:
    edited = (ONE[0], ONE[1], LEAD.replace("Monday", "Friday"))
    new = ("04.02.2021", "A new statement", "It is new.")
    seen.see(NIGHT, "", [ONE, OLD], url=SITE, counters=["9 days have passed since A - b"])
    seen.see(LATER, "", [new, edited, OLD], url=SITE, counters=["13 days have passed since A - b"])
    before = set(rows("SELECT change_id FROM changes"))
    seen.see(NOON, "", [ONE, OLD], url=SITE, counters=["9 days have passed since A - b"])
    assert set(rows("SELECT change_id FROM changes")) == before
    seen.see(NIGHT.replace(year=2020, month=12), "", [OLD], url=SITE)
    assert before <= set(rows("SELECT change_id FROM changes"))


def test_an_edit_between_a_page_with_and_one_without_its_url_is_seen(seen, rows) -> None:
    main = "PRESS RELEASES AND NEWS\n\n29.01.2021\n\nA speech\n\n" + LEAD
    seen.see(NOON, f"{main}\n\nIt was cold.", [OLD])
    seen.see(LATER, f"{main}\n\nIt was warm.", [OLD], url=f"{SITE}fnapr/7010")
    query = "SELECT field, before, after FROM changes WHERE kind = 'statement_edited'"
    ends = ("… in advance. It was cold.", "… in advance. It was warm.")
    assert rows(query) == [("body", *ends)]
    assert rows("SELECT count(*) FROM versions WHERE statement = 'fnapr/7010'") == [(2,)]


def test_a_title_edited_twice_around_a_cut_off_capture_is_one_statement(seen, keys, rows) -> None:
    first, second, third = ((ONE[0], f"{n} weeks have passed", LEAD) for n in (85, 86, 87))
    seen.see(NIGHT, "", [first, OLD], url=f"{SITE}embassy/")
    cut = page(NOON, "A title\n\nA body.", [second, OLD, OLD]).removesuffix("all messages")
    seen.see(NOON, url=f"{SITE}fnapr/1", text=cut)
    seen.see(LATER, "", [third, OLD], url=f"{SITE}embassy/")
    edits = rows("SELECT before, after FROM changes WHERE kind = 'statement_edited'")
    assert edits == [(first[1], second[1]), (second[1], third[1])]


def test_a_counter_behind_a_line_that_is_not_understood_is_not_taken_for_vanished(seen, rows):
    line = "9 days have passed since A - b"
    seen.see(NIGHT, "", [OLD], url=SITE, counters=[line])
    seen.see(NOON, "", [OLD], url=SITE, counters=["The Embassy is closed today\n\n" + line])
    assert "counter_vanished" not in kinds(rows)


@pytest.mark.parametrize(
    "text",
    [
        "Site under maintenance\n\nWe will be back soon.",
        "Service temporarily unavailable. Please try again later.",
        "Технические работы.\n\nЗайдите позже.",
        "Redirecting...",
        "Error",
    ],
)
def test_a_server_that_excuses_itself_edits_nothing(seen, rows, text) -> None:
    url = f"{SITE}fnapr/7010"
    seen.see(NOON, f"A speech\n\n{LEAD}", [OLD], url=url)
    seen.see(LATER, url=url, text=text)
    assert "statement_edited" not in kinds(rows)
    assert [what for (what,) in rows("SELECT what FROM problems")] == ["error page"]


def test_a_short_statement_may_speak_of_such_things(seen, rows) -> None:
    text = "Notice\n\nThe consular telephone line is temporarily unavailable because of the storm."
    seen.see(NOON, url="https://m.rusemb.org.uk/article/notice", text=text)
    assert rows("SELECT title FROM statements") == [("Notice",)]
