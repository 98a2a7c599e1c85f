"""Records that are passed over are counted by why; those of the site are not among them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from embassy_scraper.archives import LeftOut
from embassy_scraper.archives.left_out import is_page
from embassy_scraper.captures import make_record
from embassy_scraper.items import RawCapture
from pipelines.values.instants import compact
from tests.archives.test_files import AT, BODY, read
from tests.archives.test_odd_heads import HTTP, PACKED, warc
from tests.world import program

CASES = Path(__file__).parents[3] / "shared" / "cases"
NO_PAGE = "records that hold no page of a web site (look-ups, logs, views), left out: {}"
OF_NO_PAGE = [
    "dns:www.rusemb.org.uk",
    "DNS:www.rusemb.org.uk",
    "whois:www.rusemb.org.uk",
    "urn:pageinfo:https://www.rusemb.org.uk/fnapr/1",
    "urn:text:https://www.rusemb.org.uk/fnapr/1",
    "urn:X-wpull:log",
    "<urn:X-wpull:log>",
    "onreadydom:https://www.rusemb.org.uk/fnapr/1",
    "screenshot:https://www.rusemb.org.uk/fnapr/1",
    "metadata://gnu.org/software/wget/warc/MANIFEST.txt",
    "ftp://www.rusemb.org.uk/fnapr/1",
    "mailto:info@rusemb.org.uk",
]
OF_PAGES = [
    "http://www.rusemb.org.uk/fnapr/1",
    "HTTPS://www.rusemb.org.uk/fnapr/1",
    "www.rusemb.org.uk/fnapr/1",
    "www.rusemb.org.uk:80/fnapr/1",
    "//www.rusemb.org.uk/fnapr/1",
    "<http://www.rusemb.org.uk/fnapr/1>",
]


@pytest.mark.parametrize("kind", ["response", "resource", "revisit", "conversion", "continuation"])
def test_what_holds_no_page_is_counted(tmp_path: Path, kind: str) -> None:
    records = [warc(n, kind, b"a log", WARC_Target_URI=url) for n, url in enumerate(OF_NO_PAGE)]
    seen = read(tmp_path, b"".join([warc(1), *records]), "x.warc")
    assert (seen.numbers(), seen.faults) == (["1"], [])
    (left_out,) = [one.found for one in seen.offers if isinstance(one.found, LeftOut)]
    assert (left_out.count, left_out.why) == (len(OF_NO_PAGE), "no page")


@pytest.mark.parametrize("url", OF_PAGES)
def test_what_holds_a_page_is_read(tmp_path: Path, url: str) -> None:
    assert read(tmp_path, warc(1, WARC_Target_URI=url), "x.warc").numbers() == ["1"]
    done = program.run(
        "ingest", str(tmp_path / "x.warc"), "--only-site", "--db", str(tmp_path / "e.db")
    )
    assert "captures: 1 stored" in done.err and "left out" not in done.err


def test_no_address_is_a_page() -> None:
    assert is_page("")


@pytest.mark.parametrize("more", [(), ("--only-site",), ("--jobs", "2")])
def test_each_reason_is_one_line(tmp_path: Path, more: tuple[str, ...]) -> None:
    for name in "ab":
        (tmp_path / f"{name}.warc").write_bytes(
            warc(1)
            + warc(2, WARC_Target_URI="https://www.example.org/")
            + warc(3, "resource", WARC_Target_URI="urn:view:https://www.rusemb.org.uk/")
            + warc(4, "screenshot")
        )
    db = tmp_path / "e.db"
    files = [str(tmp_path / f"{name}.warc") for name in "ab"]
    done = program.run("ingest", *files, *more, "--db", str(db))
    said = [line for line in done.err.splitlines() if "left out" in line]
    others = ["records of other sites, left out: 2"] if "--only-site" in more else []
    assert done.exit_code == 0
    assert said == [
        *others,
        NO_PAGE.format(2),
        "records of a kind that this program does not know, left out: 2",
    ]


def _id(number: int) -> str:
    return f"{compact(AT)}-{number:016x}"


def test_captures_of_a_mirror_are_of_the_site(tmp_path: Path) -> None:
    """The records of a mirror that this program wrote name it; no setting has to."""
    mirror = "http://127.0.0.1:8080/"
    raw = RawCapture(BODY, "text/html", "live", url=f"{mirror}fnapr/7", captured_at=AT,
                     http_status=200, record_type="response", mirror=mirror)  # fmt: skip
    foreign = replace(raw, url="http://127.0.0.1:9090/fnapr/8")
    path = tmp_path / "captures.warc.gz"
    path.write_bytes(make_record(raw, _id(1), AT) + make_record(foreign, _id(2), AT))
    db = tmp_path / "e.db"
    done = program.run("ingest", str(path), "--only-site", "--db", str(db))
    assert "records of other sites, left out: 1" in done.err
    assert program.query(db, "SELECT url FROM captures") == [("https://www.rusemb.org.uk/fnapr/7",)]


@pytest.mark.parametrize(
    ("url", "instant"),
    [
        ("https://web.archive.org/web/20190203040506/http://www.rusemb.org.uk/fnapr/7",
         "2019-02-03T04:05:06Z"),
        ("https://web.archive.org/web/20190203040506id_/http://rusemb.org.uk/fnapr/7",
         "2019-02-03T04:05:06Z"),
        ("https://web.archive.org/web/2019/http://www.rusemb.org.uk/fnapr/7", AT),
        ("https://www.rusemb.org.uk/fnapr/7", AT),
    ],
)  # fmt: skip
def test_who_told(tmp_path: Path, url: str, instant: str) -> None:
    """A page of a web archive was captured when that archive captured it."""
    for kind, block in (("response", HTTP + BODY), ("resource", BODY)):
        path = tmp_path / f"{kind}.warc"
        path.write_bytes(warc(7, kind, block, WARC_Target_URI=url))
        db = tmp_path / f"{kind}.db"
        assert program.run("ingest", str(path), "--only-site", "--db", str(db)).exit_code == 0
        assert program.query(
            db, "SELECT url, captured_at, url_from, instant_from FROM captures"
        ) == [
            ("https://www.rusemb.org.uk/fnapr/7", instant, "record",
             "record" if instant == AT else "archive")
        ]  # fmt: skip
        assert program.run("verify", "--db", str(db)).exit_code == 0


def test_a_record_tells_itself_and_its_revisit_too(tmp_path: Path) -> None:
    says = warc(
        1, "revisit", b"HTTP/1.1 304 Not Modified\r\n\r\n", WARC_Date="2020-01-05T00:00:00Z"
    )
    path = tmp_path / "x.warc"
    path.write_bytes(warc(1) + says)
    db = tmp_path / "e.db"
    program.ingest(db, path)
    told = program.query(db, "SELECT url_from, instant_from FROM captures")
    assert told == [("record", "record")] * 2


@pytest.mark.parametrize(
    ("name", "stored", "faults"),
    [
        ("urn-records", 1, []),
        ("heritrix-dns", 1, []),
        ("not-modified-revisit", 3, []),
        ("cut-status-line", 0, ["damaged record"]),
    ],
)
def test_shared_cases(tmp_path: Path, name: str, stored: int, faults: list[str]) -> None:
    folder = CASES / name / "in"
    if not folder.exists():
        pytest.skip("the shared cases are not here")
    db = tmp_path / "e.db"
    done = program.ingest(db, folder)
    assert done.exit_code == (3 if faults else 0)
    assert len(program.query(db, "SELECT id FROM captures")) == stored
    found = program.query(db, "SELECT what FROM problems WHERE capture IS NULL")
    assert [what for (what,) in found] == faults
    foreign = "SELECT 1 FROM problems WHERE what = 'another site'"
    assert program.query(db, foreign) == []


def test_all_packings_are_counted_alike(tmp_path: Path) -> None:
    records = [warc(1), warc(2, "resource", WARC_Target_URI="dns:a"), warc(3, "odd"), warc(4)]
    for packing, pack in PACKED.items():
        seen = read(tmp_path, pack(records), packing)
        assert seen.numbers() == ["1", "4"]
        left = [one.found for one in seen.offers if isinstance(one.found, LeftOut)]
        assert [(one.count, one.why) for one in left] == [(1, "no page"), (1, "unknown kind")]
