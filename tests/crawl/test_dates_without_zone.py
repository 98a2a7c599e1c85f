"""A date of a header that names no zone is UTC, wherever this machine stands."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from scrapy.http import Response

from embassy_scraper.fetching.manners import seconds_to_wait
from embassy_scraper.spiders.answers import answered_at

DATES = ["Fri, 05 Mar 2021 12:05:00 -0000", "Fri, 05 Mar 2021 12:05:00"]


@pytest.fixture(params=["Asia/Tokyo", "America/New_York", "UTC"])
def _zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("_zone")
@pytest.mark.parametrize("date", DATES)
def test_it_is_utc(date: str) -> None:
    response = Response("http://a.example/", headers={"Date": date})
    assert answered_at(response, "server") == "2021-03-05T12:05:00Z"


@pytest.mark.usefixtures("_zone")
@pytest.mark.parametrize("date", DATES)
def test_so_is_what_a_server_asks_to_wait_for(date: str) -> None:
    head = {"Date": "Fri, 05 Mar 2021 12:04:00 GMT", "Retry-After": date}
    assert seconds_to_wait(Response("http://a.example/", headers=head)) == 60
