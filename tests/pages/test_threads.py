"""`serve` reads pages in several threads: none sees what another takes out of a page."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from embassy_scraper.items import RawCapture
from embassy_scraper.pages import read_page
from embassy_scraper.sites import load_profile

PAGE = Path(__file__).parents[1] / "captures" / "3-statement.html"
URL = "https://www.rusemb.org.uk/fnapr/9005"


@pytest.fixture
def hasty():
    """Threads that take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("hasty")
def test_one_page_read_by_many_threads_at_once_says_the_same() -> None:
    raw = RawCapture(PAGE.read_bytes(), "text/html", "html", URL, "2021-03-05T08:30:00Z")
    read = partial(read_page, raw, load_profile())
    alone = read()
    assert alone.header is not None and alone.statement is not None
    with ThreadPoolExecutor(8) as pool:
        assert all(page == alone for page in pool.map(lambda _: read(), range(200)))
