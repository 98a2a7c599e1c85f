"""The replica is the site: its pages read as what it says, in every markup."""

import urllib.error
import urllib.request
from datetime import timedelta
from importlib.resources import as_file, files

import pytest

from embassy_scraper.errors import ConfigError
from embassy_scraper.items import RawCapture
from embassy_scraper.pages import read_page
from embassy_scraper.replica import Replica, load_scenario
from embassy_scraper.replica.markups import MARKUPS
from embassy_scraper.replica.pages import render
from embassy_scraper.replica.scenario import make_scenario
from embassy_scraper.sites import load_profile


def story():
    with as_file(files("embassy_scraper.replica").joinpath("story.toml")) as path:
        return load_scenario(path)


@pytest.mark.parametrize("path", ["/", "/fnapr/9003", "/article/901", "/newarh/", "/embassy/",
                                  "/newarh/&start=1&ps=10&ppp=15", "/ambartarh/"])  # fmt: skip
def test_every_markup_gives_the_same_page(path: str) -> None:
    from dataclasses import replace

    scenario = story()
    pages = set()
    for name in MARKUPS:
        found = render(replace(scenario, markup=name), path, scenario.opens)
        assert found is not None
        url = "https://www.rusemb.org.uk" + path
        raw = RawCapture(found[0].encode(), "text/html", "test", url, body_is_whole=True)
        page = read_page(raw, load_profile())
        assert page.header is not None and len(page.header.counters) == 1
        hrefs = [replace(e, href=None) for part in page.lists for e in part.entries]
        body = page.statement.body.split() if page.statement and page.statement.body else None
        title = page.statement.title if page.statement else None
        pages.add(repr((page.kind, page.header, title, body, hrefs)))
    assert len(pages) == 1


def test_it_answers_as_a_server_does() -> None:
    with Replica(story()) as replica:
        with urllib.request.urlopen(replica.url + "fnapr/9001") as answer:
            tag, modified = answer.headers["ETag"], answer.headers["Last-Modified"]
            assert answer.headers["Date"] == "Mon, 01 Mar 2021 09:00:00 GMT"
        for headers in ({"If-None-Match": tag}, {"If-Modified-Since": modified}):
            request = urllib.request.Request(replica.url + "fnapr/9001", headers=headers)
            with pytest.raises(urllib.error.HTTPError, match="304"):
                urllib.request.urlopen(request)
        replica.move_to(replica.now + timedelta(days=1))  # the header says another day
        request = urllib.request.Request(replica.url + "fnapr/9001", headers={"If-None-Match": tag})
        with urllib.request.urlopen(request) as answer:
            assert answer.status == 200
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(replica.url + "fnapr/1")


def test_a_scenario_that_makes_no_sense_is_refused(tmp_path) -> None:
    path = tmp_path / "s.toml"
    path.write_text("[[event]]\nat = 2021-03-01\n")
    with pytest.raises(ConfigError, match="site"):
        load_scenario(path)
    with pytest.raises(ConfigError, match="do must be one of"):
        make_scenario({"site": {"opens": story().opens}, "event": [{"do": "explode"}]})
