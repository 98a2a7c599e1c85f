"""Addresses of web archives are read as what they hold; addresses of the site stay its own."""

from __future__ import annotations

import time

import pytest

from embassy_scraper.sites import load_profile
from embassy_scraper.sites.addresses import archive_instant, held_address, link_key, read_address

PROFILE = load_profile()
PAGE = "http://www.rusemb.org.uk/fnapr/6956"
STAMP, AT = "20210305090500", "2021-03-05T09:05:00Z"
STAMPED = [
    "https://web.archive.org/web/{stamp}/{page}",
    "http://web.archive.org:80/web/{stamp}/{page}",
    "https://web.archive.org/web/{stamp}id_/{page}",
    "https://web.archive.org/web/{stamp}if_/{page}",
    "https://web.archive.org/web/{stamp}fw_/{page}",
    "https://web.archive.org/web/{stamp}wkrf_/{page}",
    "//web.archive.org/web/{stamp}/{page}",
    "web.archive.org/web/{stamp}/{page}",
    "/web/{stamp}/{page}",
    "https://web.archive.org/web/{stamp}/www.rusemb.org.uk/fnapr/6956",
    "https://web.archive.org/web/{stamp}/http:/www.rusemb.org.uk/fnapr/6956",
    "https://web.archive.org/web/{stamp}/http%3A//www.rusemb.org.uk/fnapr/6956",
    "https://web.archive.org/web/{stamp}/http%3A%2F%2Fwww.rusemb.org.uk%2Ffnapr%2F6956",
    "https://www.webarchive.org.uk/wayback/archive/{stamp}mp_/{page}",
    "https://www.webarchive.org.uk/en/ukwa/archive/{stamp}/{page}",
    "https://webarchive.nationalarchives.gov.uk/ukgwa/{stamp}/{page}",
    "http://webarchive.nationalarchives.gov.uk/{stamp}/{page}",
    "http://webarchive.nationalarchives.gov.uk/nobanner/{stamp}/{page}",
    "https://wayback.archive-it.org/1234/{stamp}/{page}",
    "https://wayback.archive-it.org/org-123/{stamp}mp_/{page}",
    "https://wayback.archive-it.org/all/{stamp}/{page}",
    "https://arquivo.pt/wayback/{stamp}/{page}",
    "https://arquivo.pt/noFrame/replay/{stamp}/{page}",
    "http://localhost:8080/live/{stamp}mp_/{page}",
    "http://[::1]:8080/live/{stamp}/{page}",
    "https://archive.library.example/own/collection/{stamp}mp_/{page}",
    "https://rejouer.perma.cc/replay-web-page/w/id-0123456789ab/{stamp}mp_/{page}",
    "https://replayweb.page/w/id-0123456789ab/{stamp}mp_/{page}",
    "https://conifer.rhizome.org/someone/a-collection/list/a-list/b1/{stamp}/{page}",
    "https://web-archive.org/web/{stamp}/{page}",
    "https://archive.ph/{stamp}/{page}",
    "https://archive.today/2021.03.05-090500/{page}",
    "https://web.archive.org/web/20220101000000/https://archive.is/{stamp}/{page}",
    "https://archive.vn/20220101000000/https://web.archive.org/web/{stamp}/{page}",
]
UNSTAMPED = [
    "https://web.archive.org/web/2021*/{page}",
    "https://web.archive.org/web/20210305090500*/{page}",
    "https://web.archive.org/web/*/{page}",
    "https://web.archive.org/web/2021/{page}",
    "https://web.archive.org/web/20210231090500/{page}",
    "https://web.archive.org/web/20210305256000/{page}",
    "https://web.archive.org/web/2/{page}",
    "https://web.archive.org/save/{page}",
    "/web/20210305/{page}",
    "http://webarchive.nationalarchives.gov.uk/+/{page}",
    "http://webarchive.nationalarchives.gov.uk/+/www.rusemb.org.uk/fnapr/6956",
    "https://www.webarchive.org.uk/wayback/archive/*/{page}",
    "https://archive.ph/o/Ab1Cd/{page}",
    "https://archive.md/newest/{page}",
    "https://archive.li/{page}",
    "https://megalodon.jp/2021-0305-0905-00/www.rusemb.org.uk/fnapr/6956",
    "https://web.archive.org/web/20220101000000/https://archive.is/o/Ab1Cd/{page}",
]
NOT_ARCHIVED = [
    PAGE,
    f"https://www.rusemb.org.uk/fnapr/{STAMP}/{PAGE}",
    f"/fnapr/{STAMP}/{PAGE}",
    f"https://www.rusemb.org.uk/fnapr/6956/{PAGE}",
    f"https://www.rusemb.org.uk/historyukrel/300/{PAGE}",
    f"https://www.rusemb.org.uk/newarh/{STAMP}/{PAGE}",
    f"https://m.rusemb.org.uk/press/{STAMP}/{PAGE}",
    f"https://elsewhere.example/share/2021/{PAGE}",
    f"https://elsewhere.example/share?to=/web/{STAMP}/{PAGE}",
    f"https://web.archive.org/cdx/search/cdx?url={PAGE}",
    "https://archive.ph/Ab1Cd",
    "fnapr/6956",
    "",
    "mailto:info@embassy.example",
]


@pytest.mark.parametrize("form", [*STAMPED, *UNSTAMPED])
def test_an_address_of_an_archive_is_read_as_the_one_it_holds(form: str) -> None:
    url = form.format(stamp=STAMP, page=PAGE)
    assert read_address(url, PROFILE) == read_address(PAGE, PROFILE)
    assert held_address(url) in (PAGE, PAGE.removeprefix("http://"))
    if url.startswith(("/", "http")):  # without a scheme a link would be relative
        assert link_key(url, "https://www.rusemb.org.uk/newarh/", PROFILE) == "fnapr/6956"


@pytest.mark.parametrize("form", STAMPED)
def test_its_full_instant_is_the_one_nearest_to_the_page(form: str) -> None:
    assert archive_instant(form.format(stamp=STAMP, page=PAGE)) == AT


@pytest.mark.parametrize("form", UNSTAMPED)
def test_what_is_no_full_instant_is_none(form: str) -> None:
    assert archive_instant(form.format(page=PAGE)) is None


@pytest.mark.parametrize("url", NOT_ARCHIVED)
def test_what_only_looks_alike_stays_as_it_is(url: str) -> None:
    assert held_address(url, PROFILE) == url
    assert archive_instant(url, PROFILE) is None


def test_a_statement_with_a_junk_tail_is_that_statement() -> None:
    found = read_address("https://www.rusemb.org.uk/fnapr/6956/https://www.mid.ru/", PROFILE)
    assert found.key == "fnapr/6956"


@pytest.mark.parametrize(
    "href",
    [
        "https://web.archive.org/web/20210305/http://www.rusemb.org.uk/fnapr/6956",
        "/web/20210305/http://www.rusemb.org.uk/fnapr/6956",
        "/live/20210305090500mp_/http://www.rusemb.org.uk/fnapr/6956",
        "../web/20210305090500/http://www.rusemb.org.uk/fnapr/6956",
        "//archive.ph/o/Ab1Cd/https://rusemb.org.uk/fnapr/6956",
        "/fnapr/6956",
        "../fnapr/6956",
    ],
)
def test_links_of_a_page_in_an_archive_lead_to_statements(href: str) -> None:
    page = f"https://web.archive.org/web/{STAMP}/http://www.rusemb.org.uk/newarh/"
    assert link_key(href, read_address(page, PROFILE).url, PROFILE) == "fnapr/6956"


@pytest.mark.parametrize("piece", ["/http://", "/web/20210305090500", "/a", "/20210305090500/a."])
def test_a_long_address_is_read_in_linear_time(piece: str) -> None:
    def seconds(times: int) -> float:
        started = time.process_time()
        for host in ("https://web.archive.org", "https://elsewhere.example", ""):
            held_address(host + piece * times)
        return time.process_time() - started

    assert seconds(40_000) < max(0.2, 12 * seconds(10_000))
