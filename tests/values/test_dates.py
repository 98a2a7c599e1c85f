"""Dates as printed: each form strictly, in the site's own zone, never a guess: tables of cases."""

from __future__ import annotations

from datetime import date

import pytest

from embassy_scraper.sites import load_profile
from pipelines.values.instants import (
    UnreadableDate,
    compact,
    days_between,
    instant,
    instant_of,
    is_a_day_apart,
    read_header_date,
    read_item_date,
    read_page_clock,
    read_signature,
    read_signature_day,
)

PROFILE = load_profile()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("09.01.2022", "2022-01-09"),
        ("29.02.2020", "2020-02-29"),
        ("29.02.2021", None),
        ("31.04.2020", None),
        ("00.01.2020", None),
        ("2022-01-09", None),
        ("9.1.22", None),
        ("09/01/2022", None),
        ("09.01.2022 ", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_the_date_of_an_item(text: str, day: str | None) -> None:
    if day is None:
        with pytest.raises(UnreadableDate):
            read_item_date(text, PROFILE)
    else:
        assert read_item_date(text, PROFILE) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("24 November 2020", date(2020, 11, 24)),
        ("1 March 2021", date(2021, 3, 1)),
        ("31 June 2020", None),
        ("24 Nov 2020", None),
        ("November 24, 2020", None),
    ],
)
def test_the_date_of_a_header(text: str, day: date | None) -> None:
    if day is None:
        with pytest.raises(UnreadableDate):
            read_header_date(text, PROFILE)
    else:
        assert read_header_date(text, PROFILE) == day


@pytest.mark.parametrize(
    ("text", "at", "day"),
    [
        ("3 April 2020, 18:05", "2020-04-03T17:05:00Z", "2020-04-03"),  # summer time
        ("3 January 2020, 18:05", "2020-01-03T18:05:00Z", "2020-01-03"),
        ("(3 April 2020, 18:05).", "2020-04-03T17:05:00Z", "2020-04-03"),
        ("28 March 2021, 01:30", None, "2021-03-28"),  # skipped by the clocks
        ("31 October 2021, 01:30", "2021-10-31T00:30:00Z", "2021-10-31"),  # twice: the first
        ("3 April 2020, 25:05", None, "2020-04-03"),
        ("31 April 2020, 18:05", None, None),
    ],
)
def test_a_signature(text: str, at: str | None, day: str | None) -> None:
    for read, expected in ((read_signature, at), (read_signature_day, day)):
        if expected is None:
            with pytest.raises(UnreadableDate):
                read(text, PROFILE)
        else:
            assert read(text, PROFILE) == expected


@pytest.mark.parametrize(
    ("day", "local", "other", "clock", "deviation"),
    [
        (date(2020, 11, 24), "12:22", "15:22", "2020-11-24T12:22:00Z", 0),
        (date(2020, 7, 1), "12:22", "14:22", "2020-07-01T11:22:00Z", 0),
        (date(2020, 11, 24), "23:30", "02:30", "2020-11-24T23:30:00Z", 0),  # there the next day
        (date(2020, 11, 24), "12:22", "16:22", "2020-11-24T12:22:00Z", 60),
        (date(2020, 11, 24), "12:22", None, "2020-11-24T12:22:00Z", None),
        (date(2020, 10, 25), "01:30", "03:30", "2020-10-25T00:30:00Z", 0),  # shown twice:
        (date(2020, 10, 25), "01:30", "04:30", "2020-10-25T01:30:00Z", 0),  # the other decides
        (date(2020, 3, 29), "01:30", "03:30", None, None),  # skipped
        (date(2020, 11, 24), "24:00", "15:22", None, None),
    ],
)
def test_the_page_clock(
    day: date, local: str, other: str | None, clock: str | None, deviation: int | None
) -> None:
    if clock is None:
        with pytest.raises(UnreadableDate):
            read_page_clock(day, local, other, PROFILE)
    else:
        assert read_page_clock(day, local, other, PROFILE) == (clock, deviation)


def test_instants_in_capture_ids() -> None:
    capture = "20201124T122200Z-53beac90f2a7d6ee"
    assert instant_of(capture) == "2020-11-24T12:22:00Z"
    assert compact(instant_of(capture)) == instant(capture) == "20201124T122200Z"
    assert days_between("2020-02-28", "2020-03-01") == 2
    assert is_a_day_apart("2021-03-28T09:00:00Z", "2021-03-29T09:00:01Z")
