"""The profile: slips of the pen are said, a second site is a second file, the facts are true."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from embassy_scraper.config import read_config, reading_config
from embassy_scraper.items import RawCapture
from embassy_scraper.pages import read_page
from embassy_scraper.sites import Profile, load_profile, read_facts, read_profile, written_facts
from embassy_scraper.sites.addresses import Address, list_url, read_address, statement_url
from pipelines.normalise import normalise
from pipelines.values.instants import (
    UnreadableDate,
    read_header_date,
    read_item_date,
    read_page_clock,
    read_signature,
)
from tests.profiles import SECOND, SHIPPED, changed, write_settings
from tests.world import program

SHARED = Path(__file__).parents[3] / "shared"
READINGS, PAGE = SHARED / "readings.tsv", SHARED / "html" / "home_2018-03-18.html"
needs_readings = pytest.mark.skipif(not READINGS.exists(), reason="no ../shared/readings.tsv")
needs_page = pytest.mark.skipif(not PAGE.exists(), reason="../shared/html is not here")
PROFILE = load_profile()
LAYOUT = """
[[layout]]
name = "of tomorrow"
marks = ["main.news"]
header = "header"
part = "section"
heading = "h2"
date = "time"
title = "h3"
entry = "li"
"""

# -- slips of the pen --------------------------------------------------------------------------

SLIPS = {
    "a key more": (
        changed("[clock]", "[clock]\nzone = 'x'"),
        "[clock] zone is not a known key; the keys are ",
    ),
    "a section more": (SHIPPED + "\n[colours]\n", " colours is not a known key; the keys are "),
    "a family's key": (
        changed('name = "fnapr"', 'name = "fnapr"\nnumber = 3'),
        "[[family]] 1: number is not a known key; the keys are inferred, name, prefix",
    ),
    "a key less": (
        changed('local_zone = "Europe/London"', ""),
        "[clock] local_zone is missing; add it",
    ),
    "a number for a text": (changed('name = "rusemb"', "name = 3"), "name must be a text, not 3"),
    "a text for a number": (
        changed("latest_size = 10", 'latest_size = "10"'),
        "[lines] latest_size must be a whole number, not '10'",
    ),
    "true for a number": (
        changed("latest_size = 10", "latest_size = true"),
        "[lines] latest_size must be a whole number, not True",
    ),
    "a text for a list": (
        changed('phrases = ["days have passed since", "day has passed since"]', 'phrases = "x"'),
        "[counter] phrases must be a list, not 'x'",
    ),
    "a table for a list of tables": (
        changed("[[feed]]", "[feed]"),
        "feed must be a list, not {'heading': 'TWITTER NEWS'}",
    ),
    "no such zone": (
        changed('"Europe/Moscow"', '"Europe/Mosscow"'),
        "[clock] other_zone: there is no time zone 'Europe/Mosscow'",
    ),
    "eleven months": (
        changed('"October", "November", "December"', '"October", "November"'),
        "[[language]] en: months must be twelve names",
    ),
    "a date without a year": (
        changed('header = "%-d %B %Y"', 'header = "%-d %B"'),
        "[dates] header: '%-d %B' must have each part once; write it as in %-d %B %Y",
    ),
    "a date with two days": (
        changed('item = "%d.%m.%Y"', 'item = "%d.%m.%Y (%-d)"'),
        "[dates] item: '%d.%m.%Y (%-d)' must have each part once; write it as in %d.%m.%Y",
    ),
    "a signature without an hour": (
        changed('signature = "%-d %B %Y, %H:%M"', 'signature = "%-d %B %Y"'),
        "[dates] signature: '%-d %B %Y' must have each part once; write it as in %-d %B %Y, %H:%M",
    ),
    "a letter that is not known": (
        changed('item = "%d.%m.%Y"', 'item = "%d.%m.%Y %p"'),
        "[dates] item: %p is not known; the letters are %d %-d %m %B %Y %H %M",
    ),
    "no such family": (
        changed('families = ["fnapr"]', 'families = ["fnappr"]'),
        "[[list]] apress_arh: there is no family 'fnappr'",
    ),
    "no address": (
        changed('base_url = "https://www', 'base_url = "www'),
        "[site] base_url must be an http or https address",
    ),
    "a layout without marks": (
        SHIPPED + LAYOUT.replace('"main.news"', ""),
        "[[layout]] 'of tomorrow' has no marks; name selectors that only its pages have",
    ),
    "a layout's day": (
        SHIPPED + LAYOUT + 'from = "March 2018"\n',
        "[[layout]] 'of tomorrow' from must be a day: 2018-03-31",
    ),
    "the settings' layouts": (
        SHIPPED.replace("[[layout]]", "[[own_layout]]"),
        "own_layout is not a known key; write [[layout]]",
    ),
    "a selector": (
        SHIPPED + LAYOUT.replace('"h2"', '"h2[["'),
        "[[layout]] 'of tomorrow' heading: 'h2[[' is not a selector (",
    ),
    "a selector of no element": (
        SHIPPED + LAYOUT.replace('"h2"', '"h2::text"'),
        "[[layout]] 'of tomorrow' heading: 'h2::text' is not a selector (it selects no element)",
    ),
    "two layouts of one name": (
        SHIPPED + LAYOUT + LAYOUT,
        "[[layout]] name: two are called 'of tomorrow'; give each its own name",
    ),
    "two lists of one name": (
        changed('name = "apress_arh"', 'name = "newarh"'),
        "[[list]] name: two are called 'newarh'; give each its own name",
    ),
    "two families of one name": (
        SHIPPED + '\n[[family]]\nname = "fnapr"\n',
        "[[family]] name: two are called 'fnapr'; give each its own name",
    ),
    "no TOML": (SHIPPED + "\n[[", "site.toml: "),
}


def refused(verb: tuple[str, ...], config: Path, db: Path) -> str:
    """What a verb says that must refuse the settings: one line, and nothing is stored."""
    outcome = program.run(*verb, "--config", str(config), "--db", str(db))
    assert outcome.exit_code == 1, outcome.err
    assert outcome.out == ""
    assert outcome.err.startswith("embassy-scraper: ")
    assert outcome.err.count("\n") == 1
    assert not db.exists()
    return outcome.err


@pytest.mark.parametrize("text, said", SLIPS.values(), ids=SLIPS)
def test_a_slip_in_a_profile_is_one_line(tmp_path: Path, text: str, said: str) -> None:
    config, db = write_settings(tmp_path, text), tmp_path / "data" / "embassy.db"
    captures = str(Path(__file__).parents[1] / "captures")
    for verb in (("config",), ("ingest", captures), ("crawl",), ("backfill", "wayback")):
        err = refused(verb, config, db)
        assert said in err
        assert "site.toml: " in err


@pytest.mark.parametrize(
    "layout, said",
    [
        (
            LAYOUT + "colour = 'red'\n",
            "[[layout]] 1: colour is not a known key; the keys are chrome, ",
        ),
        (LAYOUT.replace('"main.news"', ""), "'of tomorrow' has no marks; name selectors"),
        (LAYOUT.replace('"main.news"', '"main..news"'), "marks: 'main..news' is not a selector ("),
        (LAYOUT.replace('title = "h3"', ""), "[[layout]] 1: title is missing; add it"),
        (LAYOUT.replace("[[layout]]", "[layout]"), "layout must be a list, not {"),
        (LAYOUT.replace("[[layout]]", "[layout]"), "; write [[layout]] in two brackets"),
        (LAYOUT + "chrome = 'nav'\n", "chrome must be a list, not 'nav'; write ['nav']"),
        (LAYOUT + LAYOUT, "name: two are called 'of tomorrow'; give each its own name"),
        (
            LAYOUT.replace("of tomorrow", PROFILE.layout[0].name),
            f"[[layout]] name: the profile already has a layout {PROFILE.layout[0].name!r};"
            " give this one another name",
        ),
    ],
)
def test_a_slip_in_a_layout_of_the_settings_is_one_line(
    tmp_path: Path, layout: str, said: str
) -> None:
    config, db = write_settings(tmp_path, None, layout), tmp_path / "data" / "embassy.db"
    captures = str(Path(__file__).parents[1] / "captures")
    for verb in (("config",), ("ingest", captures), ("crawl",), ("backfill", "wayback")):
        err = refused(verb, config, db)
        assert said in err
        assert "embassy.toml: " in err


def test_a_profile_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    config = tmp_path / "embassy.toml"
    config.write_text('[site]\nprofile = "elsewhere.toml"\n')
    err = refused(("config",), config, tmp_path / "embassy.db")
    assert f"{tmp_path / 'elsewhere.toml'}: " in err
    assert "name another file by profile of [site]" in err


# -- settings ----------------------------------------------------------------------------------


def test_the_profile_is_looked_for_beside_the_settings(tmp_path: Path, monkeypatch) -> None:
    path = write_settings(tmp_path / "there", SECOND)
    monkeypatch.chdir(tmp_path)
    config = read_config(path)
    assert config.profile == read_profile(SECOND, "it")
    assert config.site.base_url == "https://harbour.example/"
    assert config.mirror is None
    assert config.crawl.lists == ["board"]
    printed = program.run("config", "--config", str(path)).out
    again = tmp_path / "again.toml"
    again.write_text(printed)
    assert read_config(again) == config


def test_the_lists_to_walk_are_those_that_are_proven() -> None:
    assert read_config(None).crawl.lists == ["newarh", "apress_arh", "ambartarh"]


def test_a_mirror_may_stand_in_for_any_site(tmp_path: Path) -> None:
    site = 'base_url = "http://127.0.0.1:8080"'
    config = read_config(write_settings(tmp_path, SECOND, site=site))
    assert config.mirror == "http://127.0.0.1:8080/"
    found = read_address("http://127.0.0.1:8080/notices/7", config.profile, config.mirror)
    assert found.url == "https://harbour.example/notices/7"


def test_layouts_of_the_settings_come_first_and_are_printed(tmp_path: Path) -> None:
    path = write_settings(tmp_path, None, LAYOUT + 'from = "2018-03-31"\n')
    config = reading_config(path)
    assert [one.name for one in config.profile.own_layout] == ["of tomorrow"]
    assert config.profile.layout == PROFILE.layout
    assert config.profile != PROFILE
    again = tmp_path / "again.toml"
    again.write_text(program.run("config", "--config", str(path)).out)
    assert read_config(again) == config


def test_a_profile_survives_being_written() -> None:
    for text in (SHIPPED, SECOND, SHIPPED + LAYOUT):
        profile = read_profile(text, "it")
        assert read_facts(written_facts(profile)) == profile


# -- a second site -----------------------------------------------------------------------------


def test_a_second_site_has_addresses_of_its_own() -> None:
    harbour = read_profile(SECOND, "it")
    found = read_address("http://www.harbour.example/notices/7%20]", harbour)
    assert (found.kind, found.key) == ("statement", "notices/7")
    assert statement_url("notices/7", harbour) == "https://harbour.example/notices/7"
    assert read_address("https://harbour.example/fnapr/7", harbour).kind == "static"
    assert read_address("https://www.rusemb.org.uk/fnapr/7", harbour).kind == "foreign"
    url = list_url("board", 21, harbour)
    assert url == "https://harbour.example/board/&start=21&ps=20&ppp=5"
    found = read_address(url, harbour)
    assert (found.kind, found.list, found.start, found.page_size) == ("listing", "board", 21, 20)
    assert harbour.domains == ("harbour.example",)


def test_a_second_site_has_times_of_its_own() -> None:
    harbour = read_profile(SECOND, "it")
    day = read_header_date("3 março 2021", harbour)
    assert day == date(2021, 3, 3)
    assert read_page_clock(day, "12:00", "21:00", harbour) == ("2021-03-03T12:00:00Z", 0)
    assert read_signature("3 julho 2021, 12:00", harbour) == "2021-07-03T11:00:00Z"
    with pytest.raises(UnreadableDate):
        read_header_date("3 March 2021", harbour)


def test_captures_of_a_second_site_are_its_own() -> None:
    harbour = read_profile(SECOND, "it")
    raw = RawCapture(
        b"", "text/plain", "test", "http://harbour.example/notices/7", "2021-03-03T12:00:00Z"
    )
    for profile, kind in ((harbour, "notices/7"), (PROFILE, None)):
        capture = normalise(raw, read_page(raw, profile), profile)
        assert capture.key == kind
        assert ("another site" in {p.what for p in capture.problems}) == (kind is None)


FORMS = {  # how a site may print its items' dates and its header's, and one day so printed
    "with dots": ("%d.%m.%Y", "%-d %B %Y"),
    "the year first": ("%Y-%m-%d", "%Y-%m-%d"),
    "the month first": ("%m/%d/%Y", "%m/%d/%Y"),
    "in words": ("%-d %B %Y", "%d.%m.%Y"),
    "the month in words first": ("%B %-d, %Y", "%B %-d, %Y"),
}


def printed(day: date, form: str) -> str:
    """*day* in a *form* of the profile."""
    month = PROFILE.language[0].months[day.month - 1]
    return day.strftime(form.replace("%B", month))


def of_forms(item: str, header: str) -> Profile:
    """The shipped profile, with dates in other forms."""
    text = SHIPPED.replace('item = "%d.%m.%Y"', f'item = "{item}"')
    return read_profile(text.replace('header = "%-d %B %Y"', f'header = "{header}"'), "it")


def clock(header: str) -> str:
    """The header of a page, with its date in the form *header*."""
    day = printed(date(2020, 11, 24), header)
    return f"{day}\nMoscow: 15:22\nLondon: 12:22\nConsular queries:\n+44 (0) 203 668 7474\n"


@pytest.mark.parametrize(("item", "header"), FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("heading", ["LATEST EVENTS\n", ""], ids=["heading", "no heading"])
@pytest.mark.parametrize("half", [5, 4])
def test_dates_are_looked_for_as_the_site_prints_them(
    item: str, header: str, heading: str, half: int
) -> None:
    """On days whose order is another one where day and month change places."""
    profile = of_forms(item, header)
    newest = (date(2020, 11, 20), date(2020, 10, 28))
    days = [day - timedelta(days=n) for day in newest for n in range(half)]
    block = "".join(f"{printed(day, item)} - News {day.day}\nThey sleep.\n" for day in days)
    page = (
        f"{clock(header)}{printed(date(2020, 11, 20), item)}\nOn otters\n"
        f"They sleep below the customs house.\n{heading}{block}all messages"
    )
    url = f"{profile.site.base_url}fnapr/1"
    raw = RawCapture(page.encode(), "text/plain", "test", url)
    capture = normalise(raw, read_page(raw, profile), profile)
    assert capture.problems == ()
    assert capture.captured_at == "2020-11-24T12:22:00Z"
    own, *entries = capture.sightings
    assert (own.wording.date, own.wording.title) == ("2020-11-20", "On otters")
    assert own.wording.body == "They sleep below the customs house."
    assert [one.wording.date for one in entries] == [day.isoformat() for day in days]
    (window,) = capture.windows
    assert window.covers_after == days[-1].isoformat()


@pytest.mark.parametrize(("item", "header"), FORMS.values(), ids=FORMS)
def test_a_page_cut_off_in_a_date_has_no_piece_of_it_in_a_text(item: str, header: str) -> None:
    profile = of_forms(item, header)
    head = f"{clock(header)}{printed(date(2020, 11, 20), item)}\nOn otters\nThey sleep."
    day = printed(date(2020, 11, 20), item)
    for cut in range(len(day) + 1):
        page = f"{head}\n\n{day[:cut]}"
        raw = RawCapture(page.encode(), "text/plain", "test", f"{profile.site.base_url}fnapr/1")
        statement = read_page(raw, profile).statement
        assert statement is not None
        assert statement.body == "They sleep.", day[:cut]


# -- the facts, against what is known of the site -------------------------------------------------


def readings() -> Iterator[dict[str, str]]:
    with READINGS.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def addresses() -> Iterator[tuple[dict[str, str], Address]]:
    """The readings of the site, each with its address; others' pages are left out."""
    for row in readings():
        address = read_address(row["url"], PROFILE)
        if address.kind != "foreign":
            yield row, address


KINDS = {"item": "statement", "listing": "listing", "static": "static"}


@needs_readings
def test_every_known_address_is_read_as_what_it_is() -> None:
    of_site = list(addresses())
    assert len(of_site) >= 120
    wrong = [row["url"] for row, found in of_site if found.kind != KINDS[row["page_kind"]]]
    assert wrong == []
    others = {row["url"] for row in readings()} - {row["url"] for row, _ in of_site}
    hosts = {re.split(r"[/:]+", url)[1] for url in others}
    assert not any(host.endswith("rusemb.org.uk") for host in hosts)


@needs_readings
def test_every_known_header_is_in_the_profile() -> None:
    labels, clocks = 0, 0
    for row, _ in addresses():
        label = row["phone"].partition(":")[0].strip() if ":" in row["phone"] else ""
        if label:
            labels += 1
            assert label.lower() in PROFILE.contact_labels, row
        if row["header_date"] and row["london_time"]:
            clocks += 1
            day = read_header_date(row["header_date"], PROFILE)
            london = read_page_clock(day, row["london_time"], row["moscow_time"], PROFILE)
            assert datetime.fromisoformat(london[0]).tzinfo is not None
    assert min(labels, clocks) >= 100


@needs_readings
def test_every_known_item_date_is_readable() -> None:
    days = [row["first_item_date"] for row, _ in addresses() if row["first_item_date"]]
    signatures = [day for day in days if "," in day]  # where a page shows no other date
    assert all(read_signature(day, PROFILE) for day in signatures)
    assert all(read_item_date(day, PROFILE) for day in days if day not in signatures)
    assert len(days) - len(signatures) >= 50


@needs_readings
def test_every_known_section_heading_is_in_the_profile() -> None:
    of_statements = {
        row["section_heading"]
        for row, found in addresses()
        if found.kind in {"statement", "listing"} and row["section_heading"]
    }
    assert of_statements
    assert of_statements <= PROFILE.headings


@needs_readings
def test_every_known_pager_has_the_pages_that_the_profile_says() -> None:
    blocks = {row["pager"] for row, _ in addresses() if re.fullmatch(r"\d+\.\.\d+", row["pager"])}
    assert blocks
    for block in blocks:
        first, last = map(int, block.split(".."))
        assert last - first + 1 == PROFILE.lines.pager_pages


def page_headings() -> set[str]:
    return {h.strip() for h in re.findall(r"<h1>([^<]+)</h1>", page_text())}


def page_text() -> str:
    return PAGE.read_text(encoding="utf-8", errors="replace")


@needs_page
def test_the_headings_of_the_page_are_those_of_the_profile() -> None:
    known = (
        PROFILE.home_headings | {one.heading.upper() for one in PROFILE.box} | PROFILE.feed_headings
    )
    assert page_headings() == known


@needs_page
def test_the_page_says_what_the_profile_says_of_the_site() -> None:
    text = page_text()
    assert re.search(r"<title>\s*([^<]+?)\s*</title>", text)[1] in PROFILE.site.names  # type: ignore[index]
    assert f">{PROFILE.lines.closing}<" in text
    for label in PROFILE.menu.labels:
        assert label in text


@needs_page
def test_the_boxes_prefixes_are_what_the_list_prints() -> None:
    text = page_text()
    for family in PROFILE.family:
        if family.prefix:
            printed = re.findall(rf'href="[^"]*/{family.name}/\d+">\s*([^<]+)', text)
            assert any(title.startswith(family.prefix) for title in printed), family


def is_proven_family(name: str) -> bool:
    in_readings = any(f"/{name}/" in row["url"] for row, found in addresses() if found.key)
    return in_readings or f"/{name}/" in page_text()


@needs_readings
@needs_page
def test_what_no_known_page_proves_is_marked_as_inferred() -> None:
    families = {one.name: one.inferred for one in PROFILE.family}
    assert families == {name: not is_proven_family(name) for name in families}
    walked = {found.list for _, found in addresses() if found.kind == "listing"}
    assert {one.name: one.inferred for one in PROFILE.list} == {
        one.name: one.name not in walked for one in PROFILE.list
    }
    there = page_headings()
    for box in (*PROFILE.box, *PROFILE.feed):
        assert box.inferred == (box.heading not in there), box
