"""What the history costs grows with what a page shows, not with its square, whatever it shows.

Counted are calls of functions and steps of SQLite, so that no machine is too slow for it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from embassy_scraper.items import CounterLine, Header, ListText, StatementText, Taken
from embassy_scraper.sites import load_profile
from embassy_scraper.warc_writer import WarcWriter
from pipelines.diff import settle
from pipelines.normalise import normalise
from pipelines.store import keep
from pipelines.tables import reconcile
from pipelines.tables.database import open_database, writing
from pipelines.tables.site_and_reader import note_first_reader
from tests.handed import Handed, entry, shown, take

from .test_laws import compared_at_most

FEW, TIMES = 25, 5
LEAD = "Forty students asked questions for two hours about many things."
STEPS = 20  # of SQLite, as much as a call


def at(number: int) -> datetime:
    return datetime(2021, 3, 1) + timedelta(hours=number)


def listing(number: int, *items: tuple[str, str, str], day: str = "26.02.2021") -> Handed:
    """A list at an hour: title, lead and address of each item, and older ones below them."""
    below = [entry(f"{20 - n}.01.2021", f"Older {n}", "A lead.", f"fnapr/{n}") for n in range(9)]
    entries = [entry(day, *item) for item in items]
    return shown(at(number), "newarh/", ListText("newarh", 1, (*entries, *below)))


def one_title(size: int) -> list[Handed]:
    return [listing(0, *(("T", f"{LEAD} {n}", f"fnapr/{100 + n}") for n in range(size)))]


def one_title_without_leads(size: int) -> list[Handed]:
    return [listing(0, *(("T", "", f"fnapr/{100 + n}") for n in range(size)))]


def one_title_in_turn(size: int) -> list[Handed]:
    return [listing(n, ("T", f"{LEAD} {n}", f"fnapr/{100 + n}")) for n in range(size)]


def all_titles_change(size: int) -> list[Handed]:
    return [listing(k, *((f"T {k} {n}", LEAD, "") for n in range(size))) for k in range(3)]


def all_leads_change(size: int) -> list[Handed]:
    return [listing(k, *((f"T {n}", f"{LEAD} {k}", "") for n in range(size))) for k in range(3)]


def all_addresses_change(size: int) -> list[Handed]:
    return [
        listing(k, *((f"T {n}", LEAD, f"fnapr/{1000 * k + 100 + n}") for n in range(size)))
        for k in range(3)
    ]


def all_days_change(size: int) -> list[Handed]:
    return [
        listing(k, *((f"T {n}", LEAD, "") for n in range(size)), day=f"{20 + k}.02.2021")
        for k in range(3)
    ]


def two_sets_take_turns(size: int) -> list[Handed]:
    return [
        listing(k, *((f"T {k % 2} {n}", LEAD, f"fnapr/{k % 2}{100 + n}") for n in range(size)))
        for k in range(6)
    ]


def one_comes_and_goes(size: int) -> list[Handed]:
    return [listing(k, *[("T", LEAD, "fnapr/100")][k % 2 :]) for k in range(size)]


def one_is_edited_again_and_again(size: int) -> list[Handed]:
    return [listing(k, (f"T {k}", f"{LEAD} {k}", "fnapr/100")) for k in range(size)]


def one_page_is_edited_again_and_again(size: int) -> list[Handed]:
    texts = [StatementText("T", f"{LEAD} {k}", date_text="26.02.2021") for k in range(size)]
    return [shown(at(k), "fnapr/100", statement=text) for k, text in enumerate(texts)]


def one_page_at_many_addresses(size: int) -> list[Handed]:
    text = StatementText("T", LEAD, date_text="26.02.2021")
    return [shown(at(k), f"fnapr/{100 + k}", statement=text) for k in range(size)]


def undated_pages(size: int) -> list[Handed]:
    texts = [StatementText("T", f"{LEAD} {k}") for k in range(size)]
    return [shown(at(k), f"fnapr/{100 + k}", statement=text) for k, text in enumerate(texts)]


def undated_pages_that_fit_many(size: int) -> list[Handed]:
    return [*undated_pages(size), *one_title(size)]


def pages_come_and_go(size: int) -> list[Handed]:
    text = StatementText("T", LEAD, date_text="26.02.2021")
    there = [shown(at(2 * k), "fnapr/100", statement=text, status=200) for k in range(size)]
    return [
        *there,
        *(shown(at(2 * k + 1), "fnapr/100", kind="error", status=404) for k in range(size)),
    ]


def boxes(size: int) -> list[Handed]:
    return [
        shown(at(k), "", ListText("box", 1, tuple(entry("26.02.2021", f"T {k} {n}", None)
              for n in range(size))))
        for k in range(3)
    ]  # fmt: skip


def _counters(number: int, *events: str) -> Handed:
    day = at(24 * number)
    lines = [CounterLine(300, "days", event, f"days have passed since {event}") for event in events]
    clock = Header(f"{day:%-d %B %Y}", f"{day:%H:%M}", f"{day:%H:%M}", "en")
    header = replace(clock, counters=tuple(lines), counters_known=True)
    return shown(day, "", kind="home", header=header)


def all_counters_change(size: int) -> list[Handed]:
    return [_counters(k, *(f"event {k} {n}" for n in range(size))) for k in range(3)]


def one_counter_changes_again_and_again(size: int) -> list[Handed]:
    return [_counters(k, f"event {k}") for k in range(size)]


def one_counter_stands_still(size: int) -> list[Handed]:
    return [_counters(k, "event") for k in range(size)]


def many_at_one_instant(size: int) -> list[Handed]:
    return [listing(0, (f"T {n}", LEAD, f"fnapr/{100 + n}")) for n in range(size)]


def titles_change_that_are_linked_or_not(size: int) -> list[Handed]:
    links = [[f"fnapr/{100 + n}" if k % 2 else "" for n in range(size)] for k in range(4)]
    return [listing(k, *((f"T {k} {n}", LEAD, links[k][n]) for n in range(size))) for k in range(4)]


def one_address_under_many_titles(size: int) -> list[Handed]:
    return [listing(k, *((f"T {k} {n}", LEAD, "fnapr/100") for n in range(size))) for k in range(3)]


def ever_other_counters(size: int) -> list[Handed]:
    """None goes on as one before it would, so none is the same."""
    return [_counters(k, *(f"event {k} {n}" for n in range(40))) for k in range(size)]


FORMS = [
    one_title, one_title_without_leads, one_title_in_turn, all_titles_change, all_leads_change,
    all_addresses_change, all_days_change, two_sets_take_turns, one_comes_and_goes,
    one_is_edited_again_and_again, one_page_is_edited_again_and_again, one_page_at_many_addresses,
    undated_pages, undated_pages_that_fit_many, pages_come_and_go, boxes, all_counters_change,
    one_counter_changes_again_and_again, one_counter_stands_still, many_at_one_instant,
    titles_change_that_are_linked_or_not, one_address_under_many_titles, ever_other_counters,
]  # fmt: skip


def work(looks: list[Handed]) -> int:
    """How much is done to derive the history of what is stored."""
    done = 0

    def step(*event: object) -> int:
        nonlocal done
        done += 1
        return 0

    with TemporaryDirectory() as folder, closing(open_database(Path(folder, "a.db"))) as db:
        with closing(WarcWriter(Path(folder, "captures"))) as writer, writing(db):
            note_first_reader(db, load_profile())
            keep(db, writer, [Taken(normalise(*one, load_profile()), one[0]) for one in looks])
        db.set_progress_handler(step, STEPS)
        sys.setprofile(step)
        try:
            settle(db)
        finally:
            sys.setprofile(None)
        assert db.execute("SELECT count(*) FROM changes").fetchone()[0] >= 1
    return done


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_more_of_one_kind_costs_so_much_more(form: Callable[[int], list[Handed]]) -> None:
    with compared_at_most(FEW // 2):
        few, many = work(form(FEW)), work(form(FEW * TIMES))
    assert many / few < 2 * TIMES, (few, many)


def test_to_compare_one_capture_does_not_go_through_what_others_disagree_in(tmp_path) -> None:
    def steps(size: int) -> int:
        done = 0

        def step() -> int:
            nonlocal done
            done += 1
            return 0

        path = take(tmp_path / str(size) / "embassy.db", many_at_one_instant(size))
        with closing(open_database(path)) as db:
            (last,) = db.execute("SELECT max(id) FROM captures").fetchone()
            db.set_progress_handler(step, 1)
            reconcile.compare(db, [last])
        return done

    with compared_at_most(3):
        few, many = steps(FEW), steps(FEW * TIMES)
    assert many < 1.1 * few, (few, many)
