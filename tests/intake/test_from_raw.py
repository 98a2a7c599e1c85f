"""A lost database is made again out of the raw captures alone, and nothing is stored twice."""

from __future__ import annotations

import gzip
import os
import resource
import sqlite3
import struct
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from itertools import permutations
from pathlib import Path

import pytest
from click.testing import Result
from filelock import FileLock
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from embassy_scraper.errors import DatabaseError
from embassy_scraper.intake import from_raw as from_raw_module
from embassy_scraper.intake.from_raw import rebuild_from
from embassy_scraper.intake.place import captures_folder
from embassy_scraper.sites import load_profile
from pipelines.state.crawl_history import CrawlHistory
from pipelines.tables.database import make_whole
from tests.copies import answered, saved
from tests.examples import thinned
from tests.history.test_retraction_laws import retract
from tests.live.site import ROOT, Open, site
from tests.world import program
from tests.world.chaos import make_chaos
from tests.world.checks import from_raw
from tests.world.generate import make_world

from .test_evidence import AT, URL, write_revisit_beside_original

Run = Callable[..., Result]
NAMES = [name for name in program.TABLES if name != "problems"]  # rejections are lost
TOLD = "SELECT source, url_from, instant_from FROM captures"


def lose(db: Path) -> Path:
    """Move the database away; return its place now."""
    lost = db.with_name("lost.db")
    for end in ("-wal", "-shm", ""):
        if Path(f"{db}{end}").exists():
            Path(f"{db}{end}").rename(f"{lost}{end}")
    return lost


def make(db: Path, folder: Path | None = None) -> program.Outcome:
    raw = folder or db.parent / "captures"
    return program.run("rebuild", "--from", str(raw), "--db", str(db))


def assert_same(one: Path, other: Path) -> None:
    assert program.table_differences(one, other, NAMES) == []
    assert program.query(one, "SELECT capture, why, at FROM retractions") == program.query(
        other, "SELECT capture, why, at FROM retractions"
    )
    assert program.run("verify", "--db", str(other)).exit_code == 0


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_any_history_is_made_again(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    for world in (make_chaos(seed), make_world(seed)):
        assert from_raw(world, tmp_path_factory.mktemp("world")) == []


def test_a_page_told_by_all_is_told_by_the_best(tmp_path: Path, demo_captures: Path) -> None:
    """Whatever the order; and a database made of the raw captures says the same."""
    page = (demo_captures / "2-statement.txt").read_bytes()
    by_clock = tmp_path / "clock"
    by_clock.mkdir()
    (by_clock / "page.txt").write_bytes(page)
    (by_clock / "manifest.tsv").write_text(f"file\turl\npage.txt\t{URL}\n", encoding="utf-8")
    offers = [
        by_clock,
        saved(tmp_path / "saved", page, URL, AT, ".txt"),
        answered(tmp_path / "told.warc.gz", page, URL, AT),
        answered(tmp_path / "short.warc.gz", page, URL, AT, announced=len(page) + 5),
    ]
    found = set()
    for number, order in enumerate([*permutations(offers)][:: thinned(1)]):
        db = tmp_path / f"{number}" / "embassy.db"
        for one in order:
            assert program.ingest(db, one).exit_code == 0
        lost = lose(db)
        assert make(db).exit_code == 0
        assert_same(lost, db)
        found.add(repr(program.tables(db)))
    assert len(found) == 1
    assert program.query(db, TOLD) == [("warc", "record", "record")]


def test_a_manifest_is_kept_beside_the_raw_capture(run: Run, db: Path, tmp_path: Path) -> None:
    run("ingest", saved(tmp_path / "saved", b"<p>page</p>", URL, AT))
    (path,) = (db.parent / "captures").glob("*.warc.gz")
    with path.open("rb") as file:
        (note,) = [
            (record.rec_headers.get_header("WARC-Refers-To"), record.content_stream().read())
            for record in ArchiveIterator(file)
            if record.rec_type == "metadata"
        ]
    with path.open("rb") as file:
        (own,) = [
            record.rec_headers.get_header("WARC-Record-ID")
            for record in ArchiveIterator(file)
            if record.rec_type == "resource"
        ]
    assert note[0] == own
    for line in (f"url: {URL}", "url-from: manifest", f"captured-at: {AT}"):
        assert line in note[1].decode().splitlines()


def test_what_was_retracted_stays_out(run: Run, db: Path, demo_captures: Path) -> None:
    run("ingest", demo_captures)
    ids = [str(row[0]) for row in program.query(db, "SELECT id FROM captures ORDER BY id")]
    retract(db, ids[:2])
    retract(db, ids[1:2], "--undo")
    lost = lose(db)
    made = make(db)
    assert made.exit_code == 0 and "retracted captures, left out: 1" in made.err
    assert_same(lost, db)


def test_a_damaged_retraction_hides_no_other(run: Run, db: Path, demo_captures: Path) -> None:
    run("ingest", demo_captures)
    ids = [str(row[0]) for row in program.query(db, "SELECT id FROM captures ORDER BY id")]
    before = set((db.parent / "captures").iterdir())
    retract(db, ids[:3])
    (path,) = set((db.parent / "captures").iterdir()) - before
    lose(db)
    data = bytearray(path.read_bytes())
    members = [at for at in range(len(data)) if data[at : at + 3] == b"\x1f\x8b\x08"]
    data[members[2] + 40] ^= 0xFF  # of the second retraction
    path.write_bytes(data)
    made = make(db)
    assert made.exit_code == 3 and "may be back" in made.err
    out = program.query(db, "SELECT capture FROM retractions ORDER BY capture")
    assert out == [(ids[0],), (ids[2],)]


def test_a_crawl_with_pages_that_were_not_modified(live: Open) -> None:
    with live(site(3), recheck_first=1.0) as it:
        for _ in range(3):
            it.crawl()
            it.later(seconds=20)  # the clock on the page is as before
        assert program.query(it.db, "SELECT sum(is_revisit) > 2 FROM captures") == [(1,)]
        lost = lose(it.db)
        assert make(it.db).exit_code == 0
        assert_same(lost, it.db)
        assert program.query(it.db, f"{TOLD} GROUP BY 1, 2, 3") == [
            ("live", "response", "response")
        ]
        before = program.count(it.db, "captures")
        it.later(hours=30)
        it.crawl()  # goes on
        assert program.count(it.db, "captures") > before


def test_revisits_of_others_are_there(tmp_path: Path, demo_captures: Path) -> None:
    page = (demo_captures / "2-statement.txt").read_bytes()
    db = tmp_path / "db" / "embassy.db"
    assert program.ingest(db, *write_revisit_beside_original(tmp_path, page)).exit_code == 0
    lost = lose(db)
    assert make(db).exit_code == 0
    assert_same(lost, db)
    declared = "SELECT payload_digest FROM captures ORDER BY id"
    assert program.query(lost, declared) == program.query(db, declared) != [(None,), (None,)]


def test_raw_captures_from_elsewhere_are_copied(run: Run, db: Path, demo_captures: Path) -> None:
    run("ingest", demo_captures)
    other = db.parent / "other" / "embassy.db"
    assert make(other, db.parent / "captures").exit_code == 0
    assert_same(db, other)
    assert sorted(path.name for path in (other.parent / "captures").iterdir()) == sorted(
        path.name for path in (db.parent / "captures").iterdir()
    )


def test_a_copy_that_fails_is_named(run: Run, db: Path, demo_captures: Path) -> None:
    run("ingest", demo_captures)
    folder, new = captures_folder(db), db.parent / "other" / "embassy.db"
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "embassy_scraper",
        "rebuild",
        "--from",
        folder,
    ]
    done = subprocess.run(
        [*command, "--db", new], env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)),
        capture_output=True, check=False,
    )  # fmt: skip
    said = done.stderr.splitlines()[-1]
    assert done.returncode == 1 and str(captures_folder(new)) in said and f"{folder}/" in said
    assert "File too large" in said
    assert not list(new.parent.rglob("*.warc.gz*"))


def test_a_file_that_begins_with_damage_is_copied_and_told(
    run: Run, db: Path, demo_captures: Path
) -> None:
    run("ingest", demo_captures)
    (path,) = (db.parent / "captures").iterdir()
    damaged(path, lambda data: b"\0" * 900 + data[900:])
    other = db.parent / "other" / "embassy.db"
    made = make(other, db.parent / "captures")
    assert made.exit_code == 3 and f"{path.name} near offset 0" in made.err
    assert program.count(other, "captures") >= 4


def test_what_is_there_is_not_replaced(run: Run, db: Path, demo_captures: Path) -> None:
    run("ingest", demo_captures)
    before = db.read_bytes()
    again = make(db)
    assert again.exit_code == 1 and "there is a database already" in again.err
    assert db.read_bytes() == before
    empty = db.parent / "empty"
    empty.mkdir()
    answered(empty / "other.warc.gz", b"page", URL, AT)
    nothing = make(db.with_name("new.db"), empty)
    assert nothing.exit_code == 1 and "no raw captures of this program" in nothing.err
    assert not db.with_name("new.db").exists()


def test_what_is_made_already_is_not_made_again(run: Run, db: Path, demo_captures: Path) -> None:
    """A run may be killed when all is in its place: the same command ends in the same history."""
    run("ingest", demo_captures)
    retract(db, [str(program.query(db, "SELECT min(id) FROM captures")[0][0])])
    lose(db)
    first = make(db)
    before = db.read_bytes()
    again = make(db)
    told, _, rest = again.err.partition("\n")
    assert (again.exit_code, rest) == (0, first.err) and "made of these raw captures" in told
    assert db.read_bytes() == before
    (path, *_) = sorted((db.parent / "captures").glob("*.warc.gz"))
    damaged(path, lambda data: data + data)
    assert make(db).exit_code == 1  # they are others now
    damaged(path, lambda data: data[: len(data) // 2])
    assert make(db).exit_code == 0
    run("ingest", demo_captures)
    refused = make(db)
    assert refused.exit_code == 1 and "there is a database already" in refused.err


def damaged(path: Path, how: Callable[[bytes], bytes]) -> None:
    path.write_bytes(how(path.read_bytes()))


@pytest.mark.parametrize(
    "how",
    [
        lambda data: data + data[:60],  # a record that a killed run has begun
        lambda data: data + data[: len(data) // 2],  # other records once more, the last in half
        lambda data: data[: len(data) // 2] + b"\0" * 9 + data[len(data) // 2 + 9 :],
        lambda data: data[:-600],  # behind it only the note of a manifest
    ],
    ids=["begun at the end", "twice", "damaged within", "cut off"],
)
def test_damage_is_told_and_the_rest_is_read(
    run: Run, db: Path, demo_captures: Path, how: Callable[[bytes], bytes]
) -> None:
    run("ingest", demo_captures)
    count = program.count(db, "captures")
    lose(db)
    (path,) = (db.parent / "captures").glob("*.warc.gz")
    damaged(path, how)
    made = make(db)
    assert made.exit_code == 3, made.err
    assert program.count(db, "captures") >= count - 2
    assert program.run("verify", "--db", str(db)).exit_code == 0
    told = program.query(db, "SELECT path FROM problems WHERE capture IS NULL")
    assert set(told) == {(path.name,)}


def test_records_of_others_are_told(
    run: Run, db: Path, tmp_path: Path, demo_captures: Path
) -> None:
    run("ingest", demo_captures)
    lose(db)
    answered(db.parent / "captures" / "other.warc.gz", b"page", URL, AT)
    page = (demo_captures / "2-statement.txt").read_bytes()
    one, two = (answered(tmp_path / name, page, URL, AT) for name in ("one", "two"))
    plain = [gzip.decompress(path.read_bytes()) for path in (one, two)]
    junk = gzip.compress(plain[0] + b"JUNK JUNK\r\n\r\n" + plain[1])  # in one member
    (db.parent / "captures" / "junk.warc.gz").write_bytes(junk)
    made = make(db)
    assert made.exit_code == 3 and "records that could not be read: 4" in made.err
    assert made.err.count("no raw capture of this program") == 3


def test_its_own_raw_captures_are_not_ingested_into_a_new_database(
    run: Run, db: Path, demo_captures: Path
) -> None:
    run("ingest", demo_captures)
    raw = db.parent / "captures"
    before = {path: path.read_bytes() for path in raw.iterdir()}
    again = run("ingest", raw)
    assert again.exit_code == 0 and " 0 stored," in again.stderr
    assert {path: path.read_bytes() for path in raw.iterdir()} == before
    lose(db)
    for path in (raw, *raw.glob("*.warc.gz")):
        refused = run("ingest", path)
        assert refused.exit_code == 1 and "rebuild --from" in refused.stderr
        assert not db.exists()
    unread = run("report")
    assert unread.exit_code == 1 and "rebuild --from" in unread.stderr


def test_ingested_elsewhere_they_are_told_as_before(
    run: Run, db: Path, demo_captures: Path
) -> None:
    """A colleague's raw captures: live ones stay live, and a manifest's word stays one."""
    run("ingest", demo_captures)
    other = db.parent / "other" / "embassy.db"
    assert program.ingest(other, db.parent / "captures").exit_code == 0
    assert program.table_differences(db, other) == []
    declared = "SELECT id, payload_digest FROM captures ORDER BY id"
    assert program.query(db, declared) == program.query(other, declared)


@pytest.mark.parametrize("jobs", [1, 2])
def test_ingested_elsewhere_the_best_teller_counts(
    run: Run, db: Path, tmp_path: Path, demo_captures: Path, jobs: int
) -> None:
    """A manifest told later, and its word stands in a note; what is retracted is not so there."""
    page = (demo_captures / "2-statement.txt").read_bytes()
    place = tmp_path / "site" / "www.rusemb.org.uk" / "fnapr"
    place.mkdir(parents=True)
    (place / "9005").write_bytes(page)
    run("ingest", tmp_path / "site")
    ((one, at),) = program.query(db, "SELECT id, captured_at FROM captures")
    assert program.query(db, TOLD) == [("text", "folder", "clock")]
    run("ingest", saved(tmp_path / "manifest", page, URL, str(at), ".txt"))
    assert program.query(db, TOLD) == [("text", "manifest", "manifest")]
    other = db.parent / "other" / "embassy.db"
    raw = db.parent / "captures"
    assert program.run("ingest", str(raw), "--jobs", str(jobs), "--db", str(other)).exit_code == 0
    assert program.table_differences(db, other) == []
    retract(db, [str(one)])
    third = db.parent / "third" / "embassy.db"
    assert program.ingest(third, raw).exit_code == 0
    assert program.table_differences(other, third) == []


def test_a_database_that_another_run_has_made_meanwhile_is_kept(
    run: Run, db: Path, demo_captures: Path
) -> None:
    run("ingest", demo_captures)
    lost, raw = lose(db), captures_folder(db)
    said = []

    def say(line: str) -> None:
        said.append(line)
        lost.rename(db)
        other.release()

    other = FileLock(f"{db}.lock")
    other.acquire()
    with pytest.raises(DatabaseError, match="there is a database already"):
        rebuild_from(raw, db, load_profile(), say)
    assert said == [f"waiting for another run that writes to {db} …"]
    assert program.query(db, "SELECT command FROM runs") == [("ingest",)]


def test_a_crawl_that_begins_meanwhile_keeps_its_database(
    run: Run, db: Path, demo_captures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the log that it writes beside would be played back into the one that was made."""
    run("ingest", demo_captures)
    lost, raw = lose(db), captures_folder(db)
    crawls = []

    def begin(connection: sqlite3.Connection) -> None:
        crawls.append(CrawlHistory(db, load_profile()))
        assert crawls[0].begin("crawl", lambda: None)
        make_whole(connection)

    monkeypatch.setattr(from_raw_module, "make_whole", begin)
    with pytest.raises(DatabaseError, match="another run has begun a database there"):
        rebuild_from(raw, db, load_profile(), print)
    monkeypatch.undo()
    crawls[0].finish("complete", {}, None)
    crawls[0].close()
    assert program.query(db, "SELECT command FROM runs") == [("crawl",)]
    assert program.run("verify", "--db", str(db)).exit_code == 0
    db.rename(db.with_name("of the crawl.db"))
    assert make(db).exit_code == 0
    assert_same(lost, db)


# The journal of a first transaction: played back it leaves an empty database.
JOURNAL = (bytes.fromhex("d9d505f920a163d7") + struct.pack(">5I", 0, 1, 0, 512, 16384)).ljust(512)


class Killed(BaseException):
    """The end of a run, at a call that it never makes."""


@pytest.mark.parametrize("unlinked", range(5))
@pytest.mark.parametrize("is_left", [True, False], ids=["begun", "moved away"])
@pytest.mark.parametrize("then", ["rebuild", "ingest"])
def test_no_database_takes_up_what_lies_beside_another(
    run: Run,
    db: Path,
    demo_captures: Path,
    monkeypatch: pytest.MonkeyPatch,
    unlinked: int,
    is_left: bool,
    then: str,
) -> None:
    """Left by a run that was killed as it began, or by who moved the database alone away.

    A run that removes it may be killed there too.
    """
    run("ingest", demo_captures)
    with closing(sqlite3.connect(db)) as connection, connection:
        connection.execute("CREATE TABLE stray (x)")
        connection.commit()
        log = Path(f"{db}-wal").read_bytes()
        assert log
    whole = lose(db)
    if is_left:
        with closing(sqlite3.connect(db)) as connection:
            connection.execute("PRAGMA page_size = 16384")
            connection.execute("PRAGMA journal_mode = WAL")
        assert db.stat().st_size == 16384
    else:
        Path(f"{db}-wal").write_bytes(log)
    Path(f"{db}-journal").write_bytes(JOURNAL)
    calls = iter(range(unlinked, -1, -1))
    unlink = Path.unlink

    def killed(path: Path, missing_ok: bool = False) -> None:
        if str(path).startswith(str(db)) and not next(calls, 1):
            raise Killed
        unlink(path, missing_ok)

    with monkeypatch.context() as failing, suppress(Killed):
        failing.setattr(Path, "unlink", killed)
        rebuild_from(captures_folder(db), db, load_profile(), lambda line: None)
    if then == "rebuild":
        made = make(db)
        assert made.exit_code == 0, made.err
        assert_same(whole, db)
    told = run("ingest", demo_captures)
    assert told.exit_code == 0, told.stderr
    assert_same(whole, db)
    commands = ["rebuild", "ingest"] if then == "rebuild" else ["ingest"]
    assert [row[0] for row in program.query(db, "SELECT command FROM runs")][-2:] == commands
    assert not program.query(db, "SELECT 1 FROM sqlite_master WHERE name = 'stray'")
