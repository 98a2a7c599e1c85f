"""One capture offered with unlike evidence: the stronger counts, whichever came first."""

import gzip
import io
from base64 import b32encode
from hashlib import sha1
from itertools import permutations
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tests.copies import answered, saved
from tests.examples import thinned
from tests.world import program

URL, AT = "https://www.rusemb.org.uk/fnapr/9005", "2021-03-03T10:15:00Z"


def write_folder(folder: Path, page: bytes, suffix: str) -> Path:
    return saved(folder, page, URL, AT, suffix)


def write_warc(path: Path, page: bytes, status: str, *, announced: int | None = None) -> Path:
    length = len(page) if announced is None else announced
    return answered(path, page, URL, AT, status=status, announced=length)


@pytest.fixture
def offers(tmp_path: Path, demo_captures: Path) -> list[Path]:
    """The same bytes at the same instant: as text, as HTML, and as answers of three kinds."""
    page = (demo_captures / "2-statement.txt").read_bytes()
    page = page[: page.rindex(b"all messages")]  # so that its end is a matter of evidence
    return [
        write_folder(tmp_path / "text", page, ".txt"),
        write_folder(tmp_path / "html", page, ".html"),
        write_warc(tmp_path / "ok.warc.gz", page, "200 OK"),
        write_warc(tmp_path / "gone.warc.gz", page, "404 Not Found"),
        write_warc(tmp_path / "short.warc.gz", page, "200 OK", announced=len(page) + 50),
    ]


def test_any_order_of_evidence_gives_the_same_history(offers, tmp_path, demo_captures) -> None:
    found = set()
    for number, order in enumerate([*permutations(offers, 3)][:: thinned(1)]):
        rest = [offer for offer in offers if offer not in order]
        db = tmp_path / f"db{number}" / "embassy.db"
        db.parent.mkdir()
        assert program.ingest(db, demo_captures).exit_code == 0
        for batch in ([order[0]], [order[1]], [order[2], *rest]):
            outcome = program.ingest(db, *batch)
            assert outcome.exit_code == 0
        tables = program.tables(db)
        found.add((repr(tables), program.report(db)))
        if number % 6 == 0:  # the histories are equal, so these of some are those of all
            for verb in ("verify", "rebuild"):
                assert program.run(verb, "--db", str(db)).exit_code == 0
            assert program.tables(db) == tables
    assert len(found) == 1


def test_the_stronger_evidence_is_what_is_read(offers, run, rows) -> None:
    text, _, ok, gone, short = offers
    status = "SELECT http_status, page_kind, is_cut, source FROM captures"
    run("ingest", text)
    assert rows(status) == [(None, "statement", 1, "text")]
    run("ingest", ok)
    assert rows(status) == [(200, "statement", 1, "warc")]
    run("ingest", gone)
    assert rows(status)[0][:2] == (404, "error")
    assert rows("SELECT count(*) FROM statements") == [(0,)]
    run("ingest", short)
    assert rows(status)[0][:3] == (200, "statement", 1)
    assert rows("SELECT text FROM problems") == [("fewer bytes than announced",)]


def write_revisit_beside_original(folder: Path, page: bytes) -> tuple[Path, Path]:
    original, revisit = folder / "original.warc.gz", folder / "revisit.warc.gz"
    plain = StatusAndHeaders("200 OK", [("Content-Type", "text/plain")], protocol="HTTP/1.1")
    with original.open("wb") as file, revisit.open("wb") as later:
        writer = WARCWriter(file, gzip=True)
        first = writer.create_warc_record(
            URL, "response", payload=io.BytesIO(page), http_headers=plain,
            warc_headers_dict={"WARC-Date": AT},
        )  # fmt: skip
        writer.write_record(first)
        writer = WARCWriter(later, gzip=True)
        again = writer.create_revisit_record(
            URL, first.rec_headers["WARC-Payload-Digest"], URL, AT, http_headers=plain,
            warc_headers_dict={"WARC-Date": "2021-04-01T10:00:00Z"},
        )  # fmt: skip
        writer.write_record(again)
    return original, revisit


def test_a_revisit_waits_for_its_original(tmp_path, demo_captures) -> None:
    page = (demo_captures / "2-statement.txt").read_bytes()
    original, revisit = write_revisit_beside_original(tmp_path, page)
    histories = []
    for name, *batches in (
        ("together", [original, revisit]),
        ("forwards", [original], [revisit]),
        ("backwards", [revisit], [original]),
        ("twice", [revisit], [revisit], [original], [revisit]),
    ):
        db = tmp_path / name / "embassy.db"
        db.parent.mkdir()
        codes = [program.ingest(db, *batch).exit_code for batch in batches]
        assert codes[-1] == 0
        if name == "twice":
            assert codes == [3, 3, 0, 0]
        histories.append((program.tables(db), program.report(db)))
        assert program.run("verify", "--db", str(db)).exit_code == 0
    assert len(histories[0][0]["captures"]) == 2
    assert all(history == histories[0] for history in histories)


def test_a_revisit_without_its_original_is_a_problem(tmp_path, run, rows, demo_captures) -> None:
    page = (demo_captures / "2-statement.txt").read_bytes()
    _, revisit = write_revisit_beside_original(tmp_path, page)
    result = run("ingest", revisit)
    assert result.exit_code == 3
    assert (
        "revisit.warc.gz at 0: the record that it repeats is not in this history; ingest it too"
        in result.stderr
    )
    assert rows("SELECT path, what FROM problems") == [
        ("revisit.warc.gz", "revisit without its original")
    ]


def test_a_lost_file_is_mended_by_what_is_offered_again(offers, run, rows, db) -> None:
    """Even by a weaker copy: then the facts are what that copy says, until the stronger is back."""
    text, _, ok, *_ = offers
    run("ingest", ok)
    for path in (db.parent / "captures").glob("*.warc.gz"):
        path.unlink()
    assert run("verify").exit_code == 1
    run("ingest", text)
    assert rows("SELECT http_status FROM captures") == [(None,)]
    assert run("verify").exit_code == 0
    run("ingest", ok)
    assert rows("SELECT http_status FROM captures") == [(200,)]
    assert run("verify").exit_code == 0


def write_revisit(path: Path, page: bytes, status: str, *heads: tuple[str, str]) -> Path:
    """Write a revisit of ``URL`` at ``AT``, which brings a head of its own, or "not modified"."""
    with path.open("wb") as file:
        http = StatusAndHeaders(status, list(heads), protocol="HTTP/1.1")
        writer = WARCWriter(file, gzip=True)
        digest = f"sha1:{b32encode(sha1(page).digest()).decode()}"
        writer.write_record(writer.create_revisit_record(
            URL, digest, URL, AT, http_headers=http,
            warc_headers_dict={"WARC-Date": "2021-04-01T10:00:00Z"},
        ))  # fmt: skip
    return path


OTHERS = {  # what has the bytes of the page that the revisit names, and is not that page
    "a file saved later": lambda f, page: saved(f / "o", page, URL, "2021-05-01T00:00:00Z"),
    "a file saved before": lambda f, page: saved(f / "o", page, URL, "2020-05-01T00:00:00Z"),
    "a file of that instant": lambda f, page: saved(f / "o", page, URL, AT),
    "another page": lambda f, page: answered(
        f / "o.warc.gz", page, f"{URL[:-1]}6", "2021-01-01T00:00:00Z", "text/html"
    ),
    "a page not found": lambda f, page: answered(
        f / "o.warc.gz", page, URL, "2021-05-01T00:00:00Z", "text/html", "404 Not Found"
    ),
    "its own text": lambda f, page: write_text(f / "o.warc.wet.gz", b"A title\n\nAnd a text."),
}
HEADS = {
    "not modified": ("304 Not Modified",),
    "its own": ("200 OK", ("Content-Type", "text/plain")),
}


def write_text(path: Path, text: bytes) -> Path:
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        writer.write_record(writer.create_warc_record(
            URL, "conversion", payload=io.BytesIO(text), warc_content_type="text/plain",
            warc_headers_dict={"WARC-Date": AT},
        ))  # fmt: skip
    return path


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("other", OTHERS)
def test_a_revisit_repeats_what_it_names_in_any_order(tmp_path, demo_captures, other, head) -> None:
    """Not another capture with the same bytes, whatever comes first and last."""
    page = (demo_captures / "2-statement.txt").read_bytes()
    status, *heads = HEADS[head]
    parts = [
        answered(tmp_path / "named.warc.gz", page, URL, AT),
        write_revisit(tmp_path / "revisit.warc.gz", page, status, *heads),
        OTHERS[other](tmp_path, page),
    ]
    found = set()
    for number, order in enumerate([*[*permutations(parts)][:: thinned(1)], None]):
        db = tmp_path / f"db{number}" / "embassy.db"
        db.parent.mkdir()
        for batch in [[part] for part in order] if order else [parts]:
            outcome = program.ingest(db, *batch)
        assert outcome.exit_code == 0, outcome.err
        tables = program.tables(db)
        found.add((repr(tables), program.report(db)))
        revisit = [row for row in tables["captures"] if row[3] == "2021-04-01T10:00:00Z"]
        assert [row[5] for row in revisit] == [200]
        for verb in ("verify", "rebuild", "verify"):
            assert program.run(verb, "--db", str(db)).exit_code == 0, verb
        assert program.tables(db) == tables
    assert len(found) == 1


def test_not_modified_without_what_it_names_waits(tmp_path, demo_captures) -> None:
    """Another page with the same bytes does not tell its status and its kind."""
    page = (demo_captures / "2-statement.txt").read_bytes()
    other = OTHERS["another page"](tmp_path, page)
    db = tmp_path / "db" / "embassy.db"
    db.parent.mkdir()
    revisit = write_revisit(tmp_path / "revisit.warc.gz", page, "304 Not Modified")
    told = program.ingest(db, other, revisit)
    assert told.exit_code == 3
    assert "is not in this history; ingest it too" in told.err
    full = write_revisit(tmp_path / "full.warc.gz", page, *HEADS["its own"])
    assert program.ingest(db, full).exit_code == 0


def test_what_a_revisit_repeats_may_come_to_be_read_otherwise(tmp_path, demo_captures) -> None:
    """A page that was cut short, and its revisit, before the page is known to be cut short."""
    page = (demo_captures / "2-statement.txt").read_bytes()
    page = page[: page.rindex(b"all messages")]
    whole = write_warc(tmp_path / "ok.warc.gz", page, "200 OK")
    short = write_warc(tmp_path / "short.warc.gz", page, "200 OK", announced=len(page) + 50)
    revisit = write_revisit(tmp_path / "revisit.warc.gz", page, "304 Not Modified")
    found = set()
    for number, order in enumerate(permutations([whole, short, revisit])):
        db = tmp_path / f"db{number}" / "embassy.db"
        db.parent.mkdir()
        for one in order:
            program.ingest(db, one)
        assert program.run("verify", "--db", str(db)).exit_code == 0
        found.add(repr(program.tables(db)))
    assert len(found) == 1
    assert program.query(db, "SELECT count(*), sum(is_cut) FROM captures") == [(2, 2)]


@pytest.mark.parametrize(
    ("status", "heads"),
    [
        ("304 Not Modified", [("Date", "Thu, 01 Apr 2021 10:00:00 GMT"), ("ETag", '"x"')]),
        ("304 Not Modified", [("Content-Type", "text/plain")]),
        ("200 OK", [("Date", "Thu, 01 Apr 2021 10:00:00 GMT")]),
        ("200 OK", [("Content-Type", "text/html")]),
    ],
)
def test_a_revisit_is_kept_as_what_it_was_read(tmp_path, status, heads) -> None:
    """Its own head may tell neither type nor charset of the page that it repeats."""
    page = "03.03.2021\n\nЗаявление посольства\n\nТекст заявления.".encode("cp1251")
    kind = "text/html; charset=windows-1251"
    original = answered(tmp_path / "original.warc.gz", page, URL, AT, kind=kind)
    revisit = write_revisit(tmp_path / "revisit.warc.gz", page, status, *heads)
    db = tmp_path / "db" / "embassy.db"
    assert program.ingest(db, original, revisit).exit_code == 0
    tables = program.tables(db)
    for verb in ("verify", "rebuild", "verify"):
        assert program.run(verb, "--db", str(db)).exit_code == 0, verb
    assert program.tables(db) == tables


def test_a_revisit_of_a_revisit_in_any_order(tmp_path, demo_captures) -> None:
    page = (demo_captures / "2-statement.txt").read_bytes()
    first = answered(tmp_path / "first.warc.gz", page, URL, AT)
    second = write_revisit(tmp_path / "second.warc.gz", page, "304 Not Modified")
    third = tmp_path / "third.warc.gz"
    plain = gzip.decompress(second.read_bytes())
    plain = plain.replace(b"WARC-Date: 2021-04-01", b"WARC-Date: 2021-05-01")
    refers = b"WARC-Refers-To-Date: "
    plain = plain.replace(refers + AT.encode(), refers + b"2021-04-01T10:00:00Z")
    third.write_bytes(gzip.compress(plain))
    found = set()
    for number, order in enumerate(permutations([first, second, third])):
        for batches in ([order], [[one] for one in order]):
            db = tmp_path / f"db{number}-{len(batches)}" / "embassy.db"
            for batch in batches:
                done = program.ingest(db, *batch)
            assert done.exit_code == 0, done.err
            found.add(repr(program.tables(db)))
    assert len(found) == 1
    assert program.query(db, "SELECT count(*) FROM captures") == [(3,)]
