"""Facts of a site, rule by rule: printed forms of dates, and tables that become dataclasses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

import pytest

from embassy_scraper.errors import ConfigError
from embassy_scraper.sites import load_profile
from embassy_scraper.sites.date_forms import UnreadableDate, read_form
from embassy_scraper.sites.tables import read_table, write_table

DAY = date(2021, 3, 9)


@pytest.mark.parametrize(
    ("form", "text", "day", "hour"),
    [
        ("%d.%m.%Y", "09.03.2021", DAY, None),
        ("%-d %B %Y", "9 March 2021", DAY, None),
        ("%-d %B %Y", "9 марта 2021", DAY, None),
        ("%-d %B %Y", "09 MARCH 2021", DAY, None),
        ("%Y/%m/%d", "2021/03/09", DAY, None),
        ("%-d %B %Y, %H:%M", "9 March 2021, 8:05", DAY, time(8, 5)),
        ("%-d %B %Y, %H:%M", "9 March 2021 18:05", DAY, time(18, 5)),
    ],
)
def test_a_date_in_its_form_is_read(form: str, text: str, day: date, hour: time | None) -> None:
    assert read_form(form, load_profile()).read(text) == (day, hour)


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("%d.%m.%Y", "9.03.2021"),
        ("%d.%m.%Y", "09-03-2021"),
        ("%d.%m.%Y", "31.02.2021"),
        ("%d.%m.%Y", "09.03.2021 "),
        ("%d.%m.%Y", "٠٩.٠٣.٢٠٢١"),
        ("%-d %B %Y", "9 Marchember 2021"),
        ("%-d %B %Y, %H:%M", "9 March 2021, 24:00"),
    ],
)
def test_a_date_that_is_not_in_its_form_is_not_read(form: str, text: str) -> None:
    with pytest.raises(UnreadableDate):
        read_form(form, load_profile()).read(text)


def test_the_day_is_read_whatever_its_hour() -> None:
    form = read_form("%-d %B %Y, %H:%M", load_profile())
    assert form.read_day("9 March 2021, 25:30") == DAY


@dataclass(frozen=True)
class Boat:
    name: str
    seats: int = 2
    from_: str | None = None


@dataclass(frozen=True)
class Harbour:
    boat: tuple[Boat, ...] = ()
    is_open: bool = True
    master: Boat | None = None


TOLD = {"boat": [{"name": "Otter", "seats": 4, "from": "Hull"}], "is_open": False}


def test_a_table_becomes_a_dataclass_and_a_table_again() -> None:
    harbour = Harbour((Boat("Otter", 4, "Hull"),), is_open=False)
    assert read_table(Harbour, TOLD, "") == harbour
    assert read_table(Harbour, write_table(harbour), "") == harbour
    assert write_table(harbour) == TOLD


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"boats": []}, "boats is not a known key; the keys are boat, is_open, master"),
        ({"boat": {}}, "boat must be a list"),
        ({"boat": [{}]}, "[[boat]] 1: name is missing"),
        ({"boat": [{"name": "Otter"}, {"name": 3}]}, "[[boat]] 2: name must be a text, not 3"),
        ({"boat": [{"name": "Otter", "seats": True}]}, "must be a whole number, not True"),
        ({"is_open": 1}, "is_open must be true or false, not 1"),
        ({"master": "Otter"}, "[master] must be a table of keys"),
    ],
)
def test_a_table_that_makes_no_sense_is_refused(told: object, said: str) -> None:
    with pytest.raises(ConfigError) as error:
        read_table(Harbour, told, "")
    assert said in str(error.value)
