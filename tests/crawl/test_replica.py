"""The replica is the site: its pages say what it says, in every markup, and read as that."""

import urllib.error
import urllib.request
from dataclasses import replace
from datetime import timedelta
from importlib.resources import as_file, files

import pytest
from lxml import html

from embassy_scraper.errors import ConfigError
from embassy_scraper.items import RawCapture
from embassy_scraper.pages import read_page
from embassy_scraper.replica import Replica, load_scenario
from embassy_scraper.replica.pages import render
from embassy_scraper.replica.scenario import make_scenario
from embassy_scraper.sites import Layout, load_profile, with_layouts
from tests.replica_markups import MARKUPS

SITE = "https://www.rusemb.org.uk"
PATHS = ("/", "/fnapr/9003", "/article/901", "/newarh/", "/embassy/", "/ambartarh/",
         "/newarh/&start=1&ps=10&ppp=15", "/varh/&start=11&ps=10&ppp=15")  # fmt: skip


def story():
    with as_file(files("embassy_scraper.replica").joinpath("story.toml")) as path:
        return load_scenario(path)


def page_of(path: str, markup: str = "frame") -> str:
    scenario = replace(story(), markup=MARKUPS[markup])
    found = render(scenario, path, scenario.opens)
    assert found is not None
    return found[0]


def tree_of(path: str, markup: str = "frame") -> html.HtmlElement:
    return html.fromstring(page_of(path, markup))


def boxes(path: str) -> dict[str, html.HtmlElement]:
    """The parts of a page in the real frame, by their headings."""
    cells = tree_of(path).xpath('//td[@class="content"][h1]')
    return {cell.findtext("h1"): cell for cell in cells}


def titles(cell: html.HtmlElement) -> list[str]:
    return [" ".join(h3.text_content().split()) for h3 in cell.findall("h3")]


@pytest.mark.parametrize("path", PATHS)
def test_every_markup_gives_the_same_page(path: str) -> None:
    pages = set()
    for name in MARKUPS:
        raw = RawCapture(
            page_of(path, name).encode(), "text/html", "test", SITE + path, body_is_whole=True
        )
        page = read_page(raw, load_profile())
        assert page.header is not None and len(page.header.counters) == 1
        lists = [part for part in page.lists if part.name != "box"]  # the frame alone has boxes
        hrefs = [replace(e, href=None) for part in lists for e in part.entries]
        body = page.statement.body.split() if page.statement and page.statement.body else None
        title = page.statement.title if page.statement else None
        pages.add(repr((page.kind, page.header, title, body, hrefs)))
    assert len(pages) == 1


def test_the_frame_bears_the_marks_of_the_sites_layout() -> None:
    layouts = load_profile().layout
    for path in PATHS:
        tree = tree_of(path)
        fits = [all(tree.cssselect(mark) for mark in layout.marks) for layout in layouts]
        assert fits.count(True) == 1, path
        assert not any(tree.iter("nav", "main", "article", "header", "footer"))


def test_the_homepage_is_one_list_of_fifteen_with_boxes_and_a_foreign_feed_beside_it() -> None:
    parts = boxes("/")
    assert list(parts) == ["ARTICLE", "VIDEO", "PHOTO REPORT", "EMBASSY INFORMS", "TWITTER NEWS"]
    news = titles(parts["EMBASSY INFORMS"])
    assert len(news) == 15
    assert news[0] == "26.02.2021 - The ambassador's article for the Harbour Gazette"
    assert titles(parts["VIDEO"]) == ["The harbour in winter"]
    assert "12.01.2021 - VIDEO: The harbour in winter" not in news[:14]
    ends = [parts[name].xpath("string(span)").strip() for name in list(parts)[3:]]
    assert ends == ["all messages"] * 2
    links = {a.get("href") for a in parts["TWITTER NEWS"].iter("a")}
    assert f"{SITE}/article/901" in links


@pytest.mark.parametrize("markup", MARKUPS)
def test_the_homepage_has_no_latest_block_in_any_markup(markup: str) -> None:
    text = tree_of("/", markup).text_content()
    assert "LATEST EVENTS" not in text and "EMBASSY INFORMS" in text
    news = text.split("EMBASSY INFORMS")[1].split("all messages")[0]
    assert news.count(".2021") == 15
    assert "LATEST EVENTS" in tree_of("/fnapr/9003", markup).text_content()


def test_a_statements_page_in_the_frame_is_one_box_and_the_block_the_next() -> None:
    parts = boxes("/article/901")
    assert list(parts) == ["SPEECHES, INTERVIEWS, ARTICLES", "LATEST EVENTS"]
    own = parts["SPEECHES, INTERVIEWS, ARTICLES"]
    assert [own.findtext(tag) for tag in ("h2", "h3")] == [
        "26.02.2021", "The ambassador's article for the Harbour Gazette",
    ]  # fmt: skip
    assert len(titles(parts["LATEST EVENTS"])) == 10
    signed = boxes("/fnapr/9003")["PRESS RELEASES AND NEWS"].findall("p")
    assert signed[-1].text_content() == "15 February 2021, 18:05"


def test_a_listing_in_the_frame_prints_the_pager_and_no_closing_line() -> None:
    parts = boxes("/newarh/&start=11&ps=10&ppp=15")
    own = parts["EMBASSY INFORMS"]
    pager = own.find("p").text_content().replace("\u00a0", "")
    assert pager == "Pages: ««« :: 123456789101112131415 :: »»»"
    assert [a.text for a in own.find("p").iter("a")] == ["«««", "1", *map(str, range(3, 16)), "»»»"]
    assert len(titles(own)) == 7 and own.find("span") is None


def test_the_menu_says_the_headings_in_small_letters() -> None:
    labels = {a.text: a.get("href") for a in tree_of("/").xpath('//a[@id="leftmenu"]')}
    said = {label.upper(): href for label, href in labels.items()}
    assert {one.heading: f"/{one.name}/" for one in load_profile().list}.items() <= said.items()
    assert not labels.keys() & {one.heading for one in load_profile().list}
    assert "/historyukrel/300/" in labels.values()


def test_what_a_statement_lacks_is_left_out_of_the_frame() -> None:
    event = {"at": story().opens, "do": "publish", "key": "fnapr/1", "date": story().opens.date(),
             "title": "", "body": "No title stands above me."}  # fmt: skip
    scenario = make_scenario({"site": {"opens": story().opens}, "event": [event]})
    found = render(scenario, "/fnapr/1", scenario.opens)
    assert found is not None
    (own, _) = html.fromstring(found[0]).xpath('//td[@class="content"][h1]')
    assert own.find("h3") is None and own.find("h2") is not None


def test_another_sites_replica_wears_another_profile() -> None:
    profile = load_profile()
    lists = tuple(replace(one, heading="NEWS OF THE HOUSE") if one.on_home else one
                  for one in profile.list)  # fmt: skip
    clock = replace(profile.clock, local_zone="Europe/Paris")
    other = replace(profile, list=lists, clock=clock, lines=replace(profile.lines, closing="more"))
    scenario = replace(story(), profile=other)
    found = render(scenario, "/", scenario.opens)
    assert found is not None
    text = html.fromstring(found[0]).text_content()
    assert "NEWS OF THE HOUSE" in text and "EMBASSY INFORMS" not in text
    assert "London: 10:00" in text and "all messages" not in text


def test_it_answers_as_a_server_does() -> None:
    with Replica(story()) as replica:
        with urllib.request.urlopen(replica.url + "fnapr/9001") as answer:
            tag, modified = answer.headers["ETag"], answer.headers["Last-Modified"]
            assert answer.headers["Date"] == "Mon, 01 Mar 2021 09:00:00 GMT"
        for headers in ({"If-None-Match": tag}, {"If-Modified-Since": modified}):
            request = urllib.request.Request(replica.url + "fnapr/9001", headers=headers)
            with pytest.raises(urllib.error.HTTPError, match="304"):
                urllib.request.urlopen(request)
        with urllib.request.urlopen(replica.url + "css/index.css") as answer:
            assert answer.headers["Content-Type"].startswith("text/css")
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


def test_a_redesign_is_followed_by_one_layout() -> None:
    from dataclasses import replace as but

    layout = Layout(
        name="of the redesign", marks=("main article", "aside ul"), header="header",
        part="main, aside", heading="h2", date="article > time", title="article > h1",
        entry="li", lead="li > div", chrome=("nav", "footer"),
    )  # fmt: skip
    profile = with_layouts(load_profile(), (layout,))
    for path in ("/fnapr/9003", "/newarh/&start=1&ps=10&ppp=15"):
        pages = [
            read_page(
                RawCapture(
                    page_of(path, markup).encode(), "text/html", "test", SITE + path,
                    body_is_whole=True,
                ),
                told,
            )
            for markup, told in (("frame", load_profile()), ("modern", profile))
        ]  # fmt: skip
        frame, modern = (but(page, layout=None, header=None, pager=None) for page in pages)
        assert pages[1].layout == "of the redesign" and not modern.problems
        assert [
            [(e.date_text, e.title, e.lead, e.href) for e in part.entries] for part in modern.lists
        ] == [
            [(e.date_text, e.title, e.lead, e.href) for e in part.entries] for part in frame.lists
        ]
        assert modern.statement == frame.statement
