"""Captures that are taken out of the history: offered again, repeated, restored, killed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

import pytest
import sqlite_utils
from click.testing import Result
from fastwarc.warc import ArchiveIterator
from hypothesis import assume, example, given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator as OtherIterator

from embassy_scraper.archives.own_metadata import metadata_in, warc_files
from embassy_scraper.archives.own_records import OwnRecord, own_records
from embassy_scraper.archives.retractions import RetractionRecord
from embassy_scraper.intake import from_raw
from embassy_scraper.intake import retract as retracting
from embassy_scraper.intake.retract import note_told
from pipelines.tables import runs
from pipelines.tables.database import APPLICATION_ID, open_database, remove_database, writing
from pipelines.tables.retracted import retractions
from pipelines.tables.schema import migrations
from tests.copies import answered, saved
from tests.examples import examples
from tests.history.test_laws import workplace
from tests.history.test_retraction_laws import assert_same_rows, assert_sound, retract
from tests.live.site import Open, site
from tests.world import program

from .test_evidence import AT, URL, write_revisit

Run = Callable[..., Result]
Rows = Callable[[str], list[tuple[object, ...]]]
WHY = ("--why", "a page of another site")
NAMES = [name for name in program.TABLES if name != "problems"]  # rejections are lost


@pytest.fixture
def page(demo_captures: Path) -> bytes:
    """A statement's page that does not tell whether it is whole: that is a matter of evidence."""
    page = (demo_captures / "2-statement.txt").read_bytes()
    return page[: page.rindex(b"all messages")]


def id_of(db: Path, which: str = "1") -> str:
    (row,) = program.query(db, f"SELECT id FROM captures WHERE {which}")
    return str(row[0])


def fresh(folder: Path, *paths: Path) -> Path:
    """A history of *paths* alone."""
    db = folder / "embassy.db"
    outcome = program.ingest(db, *paths)
    assert outcome.exit_code == 0, outcome.err
    return db


def test_offered_again_it_is_known_and_stays_out(run: Run, db: Path, demo_captures: Path) -> None:
    assert run("ingest", demo_captures).exit_code == 0
    out = id_of(db, "url LIKE '%/fnapr/%' ORDER BY id LIMIT 1")
    retract(db, [out])
    before = program.tables(db)
    for jobs in (1, 2):
        again = run("ingest", demo_captures, "--jobs", jobs)
        assert again.stderr.endswith("captures: 0 stored, 6 known, 0 rejected; changes: 0\n")
        assert program.tables(db) == before
    own = run("ingest", db.parent / "captures")  # our own records, that of the retraction too
    assert own.exit_code == 0
    assert "0 stored, 6 known, 0 rejected" in own.stderr
    assert program.tables(db) == before
    assert_sound(db)


def test_a_history_whose_only_capture_is_retracted_is_empty(
    run: Run, db: Path, page: bytes, tmp_path: Path, rows: Rows
) -> None:
    run("ingest", saved(tmp_path / "one", page, URL, AT, ".txt"))
    retract(db, [id_of(db)])
    kept = {name: found for name, found in program.tables(db).items() if found}
    assert kept == {}
    assert [rows(f"SELECT count(*) FROM {name}") for name in ("_parts", "_wordings", "_spans")] == [
        [(0,)], [(0,)], [(0,)],
    ]  # fmt: skip
    assert_sound(db)


@pytest.mark.parametrize("is_before", [True, False])
def test_stronger_evidence_that_came_meanwhile_counts_when_it_is_back(
    tmp_path: Path, page: bytes, demo_captures: Path, is_before: bool
) -> None:
    weak = saved(tmp_path / "weak", page, URL, AT, ".txt")
    strong = answered(tmp_path / "gone.warc.gz", page, URL, AT, status="404 Not Found")
    first = weak if is_before else strong
    out = id_of(fresh(tmp_path / "one", first))
    db = fresh(tmp_path / "db", first, demo_captures)
    retract(db, [out])
    before = program.tables(db)
    for path in (strong, weak):
        told = program.ingest(db, path)
        assert "0 stored, 1 known" in told.err
        assert program.tables(db) == before
        assert_sound(db)
    retract(db, [out], "--undo")
    assert_same_rows(db, fresh(tmp_path / "all", weak, strong, demo_captures))
    assert_sound(db)


def test_a_revisit_still_repeats_what_is_retracted(tmp_path: Path, page: bytes) -> None:
    original = answered(tmp_path / "original.warc.gz", page, URL, AT)
    revisit = write_revisit(tmp_path / "revisit.warc.gz", page, "304 Not Modified")
    later = f"captured_at != '{AT}'"
    whole = fresh(tmp_path / "whole", original, revisit)
    before, after = tmp_path / "before", tmp_path / "after"
    first = fresh(before, original)
    retract(first, [id_of(first)])
    assert program.ingest(first, revisit).exit_code == 0
    last = fresh(after, original, revisit)
    retract(last, [id_of(last, f"captured_at = '{AT}'")])
    assert_same_rows(first, last)
    told = "url, page_kind, captured_at, http_status, source, sha256, is_cut, evidence"
    query = f"SELECT {told} FROM captures WHERE {later}"
    assert program.query(first, query) == program.query(whole, query)
    assert program.query(first, "SELECT count(*) FROM captures") == [(1,)]
    for db in (first, last):
        assert_sound(db)
        assert program.run("rebuild", "--db", str(db)).exit_code == 0
        assert program.query(db, query) == program.query(whole, query)
        retract(db, ["20210303"], "--undo")
        assert_same_rows(db, whole)


def test_stronger_evidence_of_what_is_retracted_reads_its_revisits_otherwise(
    tmp_path: Path, page: bytes
) -> None:
    whole = answered(tmp_path / "ok.warc.gz", page, URL, AT)
    short = answered(tmp_path / "short.warc.gz", page, URL, AT, announced=len(page) + 50)
    revisit = write_revisit(tmp_path / "revisit.warc.gz", page, "304 Not Modified")
    db = fresh(tmp_path / "db", whole, revisit)
    retract(db, ["20210303"])
    assert program.ingest(db, short).exit_code == 0
    other = fresh(tmp_path / "other", short, whole, revisit)
    retract(other, ["20210303"])
    assert_same_rows(db, other)
    retract(db, ["20210303"], "--undo")
    assert_same_rows(db, fresh(tmp_path / "all", short, whole, revisit))


def test_a_revisit_that_is_retracted_is_read_from_its_original_when_back(
    tmp_path: Path, page: bytes
) -> None:
    original = answered(tmp_path / "original.warc.gz", page, URL, AT)
    revisit = write_revisit(tmp_path / "revisit.warc.gz", page, "304 Not Modified")
    db = fresh(tmp_path / "db", original, revisit)
    retract(db, ["202104"])
    assert_same_rows(db, fresh(tmp_path / "alone", original))
    assert program.ingest(db, revisit).exit_code == 0
    assert program.query(db, "SELECT count(*) FROM captures") == [(1,)]
    retract(db, ["202103"])
    assert_sound(db)
    retract(db, ["202104"], "--undo")
    retract(db, ["202103"], "--undo")
    assert_same_rows(db, fresh(tmp_path / "both", original, revisit))


def test_its_lost_bytes_are_mended_by_what_is_offered_again(
    tmp_path: Path, demo_captures: Path
) -> None:
    db = fresh(tmp_path / "db", demo_captures)
    out = id_of(db, "url LIKE '%/fnapr/%' ORDER BY id LIMIT 1")
    retract(db, [out])
    for path in (db.parent / "captures").glob("*.warc.gz"):
        if any(r.headers["WARC-Type"] == "resource" for r in ArchiveIterator(path.open("rb"))):
            path.unlink()
    assert program.run("verify", "--db", str(db)).exit_code == 1
    assert program.ingest(db, demo_captures).exit_code == 0
    assert_sound(db)
    shown = program.run("show", out, "--raw", "--db", str(db))
    assert shown.exit_code == 0 and shown.out


def test_the_reason_stands_beside_the_raw_captures(run: Run, db: Path, demo_captures: Path) -> None:
    run("ingest", demo_captures)
    out = id_of(db, "url LIKE '%/fnapr/%' ORDER BY id LIMIT 1")
    told: list[tuple[RetractionRecord, str]] = []
    for more in ((), ("--undo",)):
        retract(db, [out], *more)
        told += metadata_in(db.parent / "captures").retractions.values()
    for path in sorted((db.parent / "captures").glob("*.warc.gz")):
        with path.open("rb") as file:  # another reader takes it for metadata, and for sound
            kinds = [one.rec_type for one in OtherIterator(file, check_digests="raise")]
            assert kinds[0] == "warcinfo" and set(kinds) <= {"warcinfo", "resource", "metadata"}
    assert [(one.capture, one.why, one.is_undone) for one, _ in told] == [
        (out, "it is wrong", False), (out, "", True),
    ]  # fmt: skip


def test_the_raw_captures_alone_tell_what_is_retracted(tmp_path: Path, demo_captures: Path) -> None:
    db = fresh(tmp_path / "db", demo_captures)
    one, two, three = (str(row[0]) for row in program.query(
        db, "SELECT id FROM captures ORDER BY id LIMIT 3"
    ))  # fmt: skip
    retract(db, [one, two])
    retract(db, [two], "--undo")
    retract(db, [three])
    retract(db, [three], "--undo")
    retract(db, [three], "--why", "once more")
    kept = db.parent / "captures"
    (kept / "half.warc.gz").write_bytes(next(kept.glob("*.warc.gz")).read_bytes()[:-20])
    new = tmp_path / "new" / "embassy.db"
    with closing(open_database(new)) as connection, writing(connection):
        note_told(connection, metadata_in(kept))
    (kept / "half.warc.gz").unlink()
    assert program.ingest(new, kept).exit_code == 0
    for query in ("SELECT id, url FROM _retracted", "SELECT capture, why, at FROM retractions"):
        assert program.query(new, query) == program.query(db, query)
    assert program.query(new, "SELECT count(*) FROM _retracted") == [(2,)]
    names = [name for name in program.TABLES if name != "captures"]  # whose source is another
    assert program.table_differences(db, new, names) == []
    assert_sound(new)
    retract(new, [one, three], "--undo")
    retract(db, [one, three], "--undo")
    assert program.table_differences(db, new, names) == []


@pytest.mark.parametrize("cut_off", ["retract", "undo"])
@pytest.mark.parametrize("then", ["the same", "the other"])
def test_the_raw_captures_say_what_the_database_does_after_a_run_that_was_cut_off(
    tmp_path: Path, demo_captures: Path, monkeypatch: pytest.MonkeyPatch, cut_off: str, then: str
) -> None:
    """It had told the raw captures already; and the next run may be asked for the other thing."""
    db = fresh(tmp_path / "db", demo_captures)
    out = id_of(db, "1 ORDER BY id LIMIT 1")
    words = {"retract": WHY, "undo": ("--undo",)}
    if cut_off == "undo":
        retract(db, [out], *WHY)
    before = program.tables(db)
    with monkeypatch.context() as failing:
        for name in ("note_retractions", "forget_retractions"):
            failing.setattr(retracting, name, _full)
        told = program.run("retract", out, *words[cut_off], "--db", str(db))
        assert (told.exit_code, "no room" in told.err) == (1, True)
    assert program.tables(db) == before
    asked = cut_off if then == "the same" else next(word for word in words if word != cut_off)
    retract(db, [out], *words[asked])
    is_out = asked == "retract"
    again = program.run("retract", out, *words[asked], "--db", str(db))
    assert again.exit_code == 0 and "changes: 0" in again.err
    made = tmp_path / "made" / "embassy.db"
    told = program.run("rebuild", "--from", str(db.parent / "captures"), "--db", str(made))
    assert told.exit_code == 0, told.err
    for one in (db, made):
        assert program.query(one, "SELECT id FROM _retracted") == [(out,)] * is_out
        assert (
            program.query(one, "SELECT capture, why FROM retractions") == [(out, WHY[1])] * is_out
        )
        assert_sound(one)
    assert program.table_differences(db, made, NAMES) == []


def _full(*_given: object) -> None:
    raise OSError(28, "no room")


@pytest.mark.parametrize("days", [(400, 0), (400, 0, 1), (0, 1, -1, 3, -2)])
def test_what_is_said_last_counts_though_the_clock_goes_back(
    tmp_path: Path, demo_captures: Path, monkeypatch: pytest.MonkeyPatch, days: tuple[int, ...]
) -> None:
    db = fresh(tmp_path / "db", demo_captures)
    out = id_of(db, "1 ORDER BY id LIMIT 1")
    for number, shift in enumerate(days):

        class Clock(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None, by: int = shift) -> datetime:  # type: ignore[override]
                return datetime.now(tz) + timedelta(days=by)

        for module in (runs, retracting):
            monkeypatch.setattr(module, "datetime", Clock)
        retract(db, [out], *(["--undo"] if number % 2 else []))
    with closing(open_database(tmp_path / "new.db")) as connection, writing(connection):
        said = metadata_in(db.parent / "captures")
        note_told(connection, said)
        assert len(retractions(connection)) == len(days) % 2


def test_a_profile_that_reads_other_addresses_keeps_captures_out(
    run: Run, db: Path, page: bytes, tmp_path: Path, rows: Rows
) -> None:
    """Its id is another one then, and two captures may have become one."""
    mirror = "http://embassy.example/"
    one = saved(tmp_path / "one", page, f"{mirror}fnapr/9005", AT, ".txt")
    two = saved(tmp_path / "two", page, URL, AT, ".txt")
    run("ingest", one, two)
    out = id_of(db, "url NOT LIKE '%rusemb%'")
    retract(db, [out])
    config = write_settings_of_two_hosts(tmp_path)
    told = run("rebuild", "--config", config)
    assert told.exit_code == 0, told.stderr
    (row,) = rows("SELECT capture, why FROM retractions")
    assert row[1] == "it is wrong"
    assert rows("SELECT id FROM _retracted") == [row[:1]]
    assert rows("SELECT count(*) FROM captures") == [(0,)]
    assert_sound_by(db, config)


@pytest.mark.parametrize("is_early", [True, False])
def test_the_raw_captures_tell_of_a_capture_whatever_its_id_is_by_now(
    run: Run, db: Path, page: bytes, tmp_path: Path, is_early: bool
) -> None:
    """Taken out before or after another profile read it, then brought back."""
    run("ingest", saved(tmp_path / "one", page, "http://embassy.example/fnapr/9005", AT, ".txt"))
    first = id_of(db)
    if is_early:
        retract(db, [first])
    config = write_settings_of_two_hosts(tmp_path)
    assert run("rebuild", "--config", config).exit_code == 0
    (row,) = program.query(db, "SELECT id FROM captures UNION ALL SELECT id FROM _retracted")
    now = str(row[0])
    assert now != first
    if not is_early:
        retract(db, [now], *WHY, "--config", str(config))
    for count, words in enumerate([(), ("--undo",)]):
        if words:
            retract(db, [now], *words, "--config", str(config))
        made = tmp_path / f"{count}" / "embassy.db"
        raw = ("--from", str(db.parent / "captures"), "--config", str(config))
        told = program.run("rebuild", *raw, "--db", str(made))
        assert told.exit_code == 0, told.err
        for query in ("SELECT capture, why FROM retractions", "SELECT id FROM captures"):
            assert program.query(made, query) == program.query(db, query)
        assert program.query(made, "SELECT id FROM captures") == [(now,)] * count
        assert_sound_by(made, config)


THERE = "http://embassy.example/fnapr/9005"
STEPS = [
    *("save here", "save there", "answer here", "answer there"),
    *("other profile", "retract", "make again"),
]


def begins_with_one(steps: list[str]) -> bool:
    """Say whether one is offered before any is asked for."""
    return next(
        (step.split()[0] in ("save", "answer") for step in steps if step != STEPS[4]), False
    )


@examples(60)
@given(
    steps=st.lists(st.sampled_from(STEPS), max_size=6).filter(begins_with_one),
    at_last=st.booleans(),
)
@example(steps=["other profile", "save here", "answer there", "retract"], at_last=False)
@example(
    steps=["other profile", "answer there", "retract", "other profile", "save here"], at_last=True
)
def test_what_is_retracted_stays_out_whatever_profile_makes_the_history_again(
    monkeypatch: pytest.MonkeyPatch, page: bytes, steps: list[str], at_last: bool
) -> None:
    """One page of two hosts, which are one site in one of the profiles: one capture, or two.

    Not where two have become one in a database: that knows the record of one of them alone.
    """
    monkeypatch.setattr(from_raw, "_BATCH", 1)
    with workplace() as folder:
        two_hosts = ("--config", str(write_settings_of_two_hosts(folder)))
        raw, db, profiles = folder / "captures", folder / "embassy.db", [(), two_hosts]
        steps = [*steps, "retract"]
        for number, (what, where) in enumerate(step.partition(" ")[::2] for step in steps):
            path, url = folder / f"{number}.warc.gz", URL if where == "here" else THERE
            told = ("--db", str(db), *profiles[0])
            assume(profiles[0] == () or len(names_in(raw)) < 2)
            if what == "other":
                profiles.reverse()
            elif what == "save":
                done("ingest", str(saved(path.with_suffix(""), page, url, AT, ".txt")), *told)
            elif what == "answer":
                done("ingest", str(answered(path, page, url, AT)), *told)
            elif what == "make":
                remove_database(db)
                done("rebuild", "--from", str(raw), *told)
            else:
                done("rebuild", *told)
                done("retract", *ids_in(db, "captures", "_retracted"), *WHY, *told)
        made = folder / "made" / "embassy.db"
        told = ("--db", str(made), *(two_hosts if at_last else ()))
        done("rebuild", "--from", str(raw), *told)
        held = ids_in(made, "_retracted")
        assert held and ids_in(made, "captures") == []
        done("verify", *told)


def names_in(raw: Path) -> set[str]:
    """The ids that raw records bear, of the profiles by which they were taken in."""
    found = [one for path in warc_files(raw) for one in own_records(path)]
    return {one.capture for one in found if isinstance(one, OwnRecord)}


def ids_in(db: Path, *tables: str) -> list[str]:
    query = " UNION ALL ".join(f"SELECT id FROM {table}" for table in tables)
    return [str(row[0]) for row in program.query(db, f"{query} ORDER BY id")]


def done(*words: str) -> None:
    outcome = program.run(*words)
    assert outcome.exit_code == 0, outcome.err


def test_what_an_earlier_version_told_of_one_id_alone_is_told_of_the_other_too(
    run: Run, db: Path, page: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That of its raw record, by which another profile finds it; once it is retracted again."""
    run("ingest", saved(tmp_path / "one", page, THERE, AT, ".txt"))
    config = ("--config", str(write_settings_of_two_hosts(tmp_path)))
    done("rebuild", "--db", str(db), *config)
    (out,) = ids_in(db, "captures")
    with monkeypatch.context() as earlier:
        earlier.setattr(retracting, "_ids_of", lambda _connection, _folder, capture: {capture})
        retract(db, [out], *WHY, *config)
    retract(db, [out], *WHY, *config)
    made = tmp_path / "made" / "embassy.db"
    done("rebuild", "--from", str(db.parent / "captures"), "--db", str(made))
    done("rebuild", "--db", str(db))
    assert ids_in(made, "captures") == ids_in(db, "captures") == []
    assert ids_in(made, "_retracted") == ids_in(db, "_retracted") != [out]


@pytest.mark.parametrize("is_first", [True, False])
def test_two_captures_of_which_one_is_retracted_become_one_that_is(
    run: Run,
    db: Path,
    page: bytes,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    is_first: bool,
) -> None:
    """Made again out of raw captures it is as read anew, whichever lies first."""
    paths = [saved(tmp_path / f"{len(url)}", page, url, AT, ".txt") for url in (THERE, URL)]
    for path in paths if is_first else reversed(paths):
        run("ingest", path)
    retract(db, [id_of(db, "url NOT LIKE '%rusemb%'")])
    config = ("--config", str(write_settings_of_two_hosts(tmp_path)))
    made = tmp_path / "made" / "embassy.db"
    monkeypatch.setattr(from_raw, "_BATCH", 1)
    done("rebuild", "--from", str(db.parent / "captures"), "--db", str(made), *config)
    done("rebuild", "--db", str(db), *config)
    for one in (db, made):
        assert ids_in(one, "captures") == []
        (out,) = program.query(one, "SELECT capture FROM retractions")
        assert ids_in(one, "_retracted") == [out[0]]
        done("verify", "--db", str(one), *config)
    assert program.table_differences(db, made, NAMES) == []


def write_settings_of_two_hosts(folder: Path) -> Path:
    """Settings whose profile takes embassy.example for the site as well."""
    shipped = Path(__file__).parents[2] / "embassy_scraper/sites/rusemb.toml"
    text = shipped.read_text("utf-8")
    assert "hosts = [" in text
    profile, config = folder / "site.toml", folder / "embassy.toml"
    profile.write_text(text.replace("hosts = [", 'hosts = ["embassy.example", ', 1), "utf-8")
    config.write_text(f'[site]\nprofile = "{profile}"\n')
    return config


def test_a_crawl_leaves_what_is_retracted_out_and_asks_in_full(live: Open) -> None:
    with live(site(3)) as it:
        it.crawl()
        out = id_of(it.db, "page_kind = 'statement' ORDER BY id LIMIT 1")
        retract(it.db, [out])
        assert program.query(it.db, f"SELECT count(*) FROM _visits WHERE capture = '{out}'") == [
            (0,)
        ]
        it.later(hours=200)
        it.crawl()
        assert program.query(it.db, f"SELECT count(*) FROM captures WHERE id = '{out}'") == [(0,)]
        assert_sound_by(it.db, it.config)


def assert_sound_by(db: Path, config: Path) -> None:
    outcome = program.run("verify", "--db", str(db), "--config", str(config))
    assert outcome.exit_code == 0, outcome.out


def test_a_database_of_schema_15_is_brought_up_to_date(
    run: Run, db: Path, demo_captures: Path
) -> None:
    run("ingest", demo_captures)
    out = id_of(db, "url LIKE '%/fnapr/%' ORDER BY id LIMIT 1")
    make_schema_15(db)
    with closing(sqlite3.connect(db)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (15,)
    retract(db, [out])
    assert_sound(db)
    retract(db, [out], "--undo")
    assert_sound(db)


def make_schema_15(db: Path, number: int = 15, before: str = "m016_looking") -> None:
    """Put in place of *db* a database of the same facts, with the tables of schema 15.

    Or with those of another *number*, that is those *before* a step.
    """
    old = db.with_name("old.db")
    with closing(sqlite3.connect(old)) as made:
        migrations.apply(sqlite_utils.Database(made), stop_before=before)
        made.execute("ATTACH ? AS kept", (str(db),))
        names = made.execute(
            "SELECT name FROM main.sqlite_master WHERE type = 'table'"
            " AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'versions_fts%'"
            " AND name != '_sqlite_migrations'"
        ).fetchall()
        for (name,) in names:
            there = [row[1] for row in made.execute(f"PRAGMA main.table_info({name})")]
            columns = ", ".join(f'"{column}"' for column in there)
            made.execute(f"INSERT INTO main.{name} SELECT {columns} FROM kept.{name}")
            if "evidence" in there:  # it told nothing of who told
                last = ", ".join(["'$[7]'"] * 3)
                made.execute(f"UPDATE main.{name} SET evidence = json_remove(evidence, {last})")
        made.commit()
        made.execute("DETACH kept")
        made.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        made.execute(f"PRAGMA user_version = {number}")
        made.commit()
    for end in ("-wal", "-shm"):
        Path(f"{db}{end}").unlink(missing_ok=True)
    old.replace(db)


def test_of_a_database_of_schema_16_it_is_found_who_told(
    run: Run, db: Path, rows: Rows, tmp_path: Path, demo_captures: Path
) -> None:
    page = (demo_captures / "2-statement.txt").read_bytes()
    by_clock = saved(tmp_path / "clock", page, URL, "", ".txt")
    run("ingest", saved(tmp_path / "saved", page, URL, "2021-03-03T10:20:00Z", ".txt"), by_clock)
    run("ingest", answered(tmp_path / "told.warc.gz", page, URL, "2021-03-03T10:30:00Z"))
    out = id_of(db, "source = 'text' ORDER BY id LIMIT 1")
    retract(db, [out])
    told = "SELECT id, evidence, source, url_from, instant_from FROM"
    before = [rows(f"{told} {table}") for table in ("captures", "_retracted")]
    make_schema_15(db, 16, "m017_provenance")
    run("report")
    assert [rows(f"{told} {table}") for table in ("captures", "_retracted")] == before
    assert_sound(db)


def test_both_tables_of_captures_have_the_same_columns(run: Run, db: Path, rows: Rows) -> None:
    run("ingest", Path(__file__))
    names = [rows(f"SELECT name, type FROM pragma_table_info('{table}')") for table in (
        "captures", "_retracted",
    )]  # fmt: skip
    assert names[0] == names[1] and names[0]
