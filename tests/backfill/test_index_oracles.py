"""Our reading of the archives' indexes against two other readers of them, on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.peers.adapter import Wayback
from tests.peers.backfill import Backfill, FromCommonCrawl
from tests.peers.holdings import Holdings
from tests.peers.servers import (
    common_crawl,
    needs_nginx,
    needs_pywb,
    needs_readers,
    pywb,
    read_index,
)

pytestmark = pytest.mark.peer

DOMAIN = "rusemb.org.uk"
PARTS: list[tuple[list[str], dict[str, Any]]] = [
    ([], {"url": DOMAIN, "matchType": "domain"}),
    (["--from", "2021-03-02", "--to", "20210303"],
     {"url": DOMAIN, "matchType": "domain", "from": "20210302", "to": "20210303"}),
    (["--family", "fnapr"], {"url": f"{DOMAIN}/fnapr/", "matchType": "prefix"}),
    (["--from", "1999", "--to", "2001"],
     {"url": DOMAIN, "matchType": "domain", "from": "1999", "to": "2001"}),
]  # fmt: skip
SIZES = [(0, 3), (0, 1000), (1, 7), (2, 7), (3, 7)]  # which part, rows of a page
Row = tuple[str, str, str, str]


@pytest.fixture(scope="module")
def warc(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("holdings") / "holdings.warc.gz"
    Holdings(path).write()
    return path


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory, warc: Path) -> Iterator[Wayback]:
    with pywb(tmp_path_factory.mktemp("pywb"), [warc]) as collection, Wayback(collection) as one:
        yield one


def ours(fill: Backfill, *words: str) -> list[Row]:
    """What our own reading writes down."""
    fill.run("--dry-run", *words)
    found = fill.rows("SELECT timestamp, url, coalesce(http_status, '-'), digest FROM _offers")
    return sorted((at, url, str(status), digest) for at, url, status, digest in found)


def theirs(rows: list[dict[str, Any]]) -> list[Row]:
    """What another reader gets; a row that stands in an index twice is one offer."""
    names = ("timestamp", "url", "status", "digest")
    return sorted({tuple(row.get(name, "-") for name in names) for row in rows})  # type: ignore


@needs_pywb
@needs_readers
@pytest.mark.parametrize("part, rows", SIZES)
def test_the_wayback_machine_as_cdx_toolkit_reads_it(tmp_path, machine, part, rows) -> None:
    words, query = PARTS[part]
    told = theirs(read_index("cdx_toolkit", f"{machine.url}/cdx/search/cdx", query))
    assert ours(Backfill(tmp_path / "fill", machine.url, rows), *words) == told
    assert len(told) > 20 or words[1:2] == ["1999"]


@needs_pywb
@needs_readers
@pytest.mark.parametrize("part, limit", SIZES)
def test_the_wayback_machine_as_edgi_reads_it(tmp_path, machine, part, limit) -> None:
    """Their reader takes the redundant port out of a URL, so ours is compared without it.

    It also leaves out URLs that are e-mail addresses, if asked to; and the same line twice in a
    row, which is one offer for us too.
    """
    words, query = PARTS[part]
    names = {"from": "from_date", "to": "to_date", "matchType": "match_type"}
    asked = {names.get(name, name): value for name, value in query.items()}
    asked |= {"limit": limit, "skip_malformed_results": False}
    told = theirs(read_index("wayback", f"{machine.url}/cdx/search/cdx", asked))
    found = ours(Backfill(tmp_path / "fill", machine.url, 7), *words)
    plain = [(at, url.replace("uk:80/", "uk/").replace("uk:443/", "uk/"), status, digest)
             for at, url, status, digest in found]  # fmt: skip
    assert sorted(plain) == told
    assert len(told) > 20 or words[1:2] == ["1999"]


@needs_pywb
@needs_readers
def test_what_is_compared_is_varied(machine) -> None:
    """The comparison means little if the archive has only plain pages."""
    rows = read_index("cdx_toolkit", f"{machine.url}/cdx/search/cdx", PARTS[0][1])
    assert {row["status"] for row in rows} >= {"200", "301", "302", "403", "404", "410", "-"}
    assert len(rows) > len(theirs(rows)) > len({(row["timestamp"], row["url"]) for row in rows})
    for odd in ("%D0%BD%D0%BE", "%D1%80", "{c}'d\"", ":443/", "#part", "@", "//double"):
        assert any(odd in row["url"] for row in rows), odd
    assert not any("notrusemb" in row["url"] or "example" in row["url"] for row in rows)
    machine.captures_asked()
    read_index("wayback", f"{machine.url}/cdx/search/cdx", {"url": DOMAIN, "limit": 1})
    assert machine.asked  # else a reader might have gone past us


@needs_pywb
@needs_nginx
@needs_readers
@pytest.mark.parametrize("lines_a_block", [1, 7])
def test_common_crawl_as_cdx_toolkit_reads_it(tmp_path, warc, lines_a_block) -> None:
    """Crawl by crawl, and from the list of crawls; one crawl repeats what another one has."""
    other = tmp_path / "other.warc.gz"
    Holdings(other, first_day=9).write()
    crawls = {"CC-MAIN-2021-10": [warc], "CC-MAIN-2021-17": [other], "CC-MAIN-2021-25": [warc]}
    query = {"url": f"*.{DOMAIN}"}
    with common_crawl(tmp_path / "served", crawls, lines_a_block) as url:
        fill = FromCommonCrawl(tmp_path / "fill", url)
        each = [read_index("cdx_toolkit", f"{url}/{name}-index", query) for name in crawls]
        rows = [row for one in each for row in one]
        found = ours(fill)
        assert found == theirs(rows) == theirs(read_index("cdx_toolkit_cc", url, query))
        assert len(found) == 2 * len(theirs(each[0]))
        places = {(row["filename"], int(row["offset"]), int(row["length"])) for row in rows}
        assert set(fill.rows("SELECT file, offset, length FROM _offers")) <= places
        part = FromCommonCrawl(tmp_path / "part", url)
        asked = {"url": f"{DOMAIN}/fnapr/*"}
        assert ours(part, "--family", "fnapr") == theirs(read_index("cdx_toolkit_cc", url, asked))
