"""``problems``, ``show``, and what is said of pages of which a part was withheld."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from embassy_scraper.archives import Offer
from embassy_scraper.archives.saved import SavedReader, find_files
from embassy_scraper.archives.shards import whole
from embassy_scraper.intake.engine import Intake
from embassy_scraper.intake.files import ShardIntake
from embassy_scraper.intake.reading import Piece, Reader
from embassy_scraper.intake.stored import derive_facts, read_again, stored_captures
from embassy_scraper.items import UNPROVEN, PageProblem, Taken
from embassy_scraper.sites import load_profile
from pipelines.tables.database import is_ours, open_as_it_stands, open_database, writing
from pipelines.tables.facts import forget_everything
from pipelines.tables.runs import Run
from pipelines.tables.withheld import shares, unclean_run
from tests.copies import answered
from tests.world import program


@pytest.fixture
def troubled(run, db, demo_captures, tmp_path) -> Path:
    """The demonstration's captures, and two files that have something wrong."""
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "none.txt").write_text("Nothing says when this was.")
    assert run("ingest", demo_captures, tmp_path / "bad").exit_code == 3
    return db


def written(db: Path, query: str, *values: object) -> None:
    connection = sqlite3.connect(db)
    with connection:
        connection.execute(query, values)
    connection.close()


def test_problems_are_told_kind_by_kind(troubled, run, rows) -> None:
    ids = [row[0] for row in rows("SELECT id FROM captures ORDER BY id")]
    for name in ids[:3]:
        written(
            troubled, "INSERT INTO problems VALUES (?, NULL, 'unreadable date', 'home', 'x')", name
        )
    said = run("problems").stdout
    kinds = [line for line in said.splitlines() if line and not line.startswith(" ")]
    assert kinds == ["cut off: 1", "unknown kind of file: 1", "unreadable date: 3"]
    of_dates = said.split("unreadable date: 3\n")[1].splitlines()
    assert of_dates == [f"  {name}: home: x" for name in reversed(ids[:3])]
    assert "  none.txt: file: " in said


def test_of_many_problems_the_newest_are_told(troubled, run, rows) -> None:
    name = rows("SELECT max(id) FROM captures")[0][0]
    for number in range(13):
        problem = "INSERT INTO problems VALUES (?, NULL, 'unreadable date', 'home', ?)"
        written(troubled, problem, name, f"{number:02}")
    said = run("problems").stdout.split("unreadable date: 13\n")[1].splitlines()
    assert len(said) == 11
    more = f'embassy-scraper problems --kind "unreadable date" --db {troubled}'
    assert said[-1] == f"  and 3 more: {more}"
    assert len(run("problems", "--kind", "unreadable date").stdout.splitlines()) == 14


def test_problems_are_data_too(troubled, run) -> None:
    told = list(csv.DictReader(io.StringIO(run("problems", "--format", "csv").stdout)))
    assert {row["what"] for row in told} == {"cut off", "unknown kind of file"}
    assert json.loads(run("problems", "--format", "json", "--kind", "cut off").stdout) == [
        {name: value or None for name, value in row.items()}
        for row in told
        if row["what"] == "cut off"
    ]
    (cut,) = (row for row in told if row["what"] == "cut off")
    assert cut["captured_at"] == "2021-03-11T09:00:00Z"
    assert cut["url"] == "https://www.rusemb.org.uk/fnapr/9005"


def test_no_problem_is_said_too(run, tmp_path, demo_captures) -> None:
    (tmp_path / "in").mkdir()
    text = (demo_captures / "2-statement.txt").read_bytes()
    (tmp_path / "in" / "statement.txt").write_bytes(text)
    assert run("ingest", tmp_path / "in").exit_code == 0
    assert run("problems").stdout == "no problems\n"


def test_a_kind_of_which_there_is_no_problem_is_no_clean_bill(troubled, run) -> None:
    found = run("problems", "--kind", "unreadabel date")
    said = (
        "no problem of the kind 'unreadabel date'; the kinds are: cut off, unknown kind of file\n"
    )
    assert found.stderr == said
    assert run("problems", "--kind", "cut off").stderr == ""


def test_show_tells_all_that_was_read(troubled, run, rows) -> None:
    said = run("show", "20210303").stdout
    name, file, offset = rows(
        "SELECT id, warc_file, warc_offset FROM captures WHERE id GLOB '20210303*'"
    )[0]
    assert said.startswith(f"capture {name}\n")
    for told in (
        "https://www.rusemb.org.uk/fnapr/9005", "2021-03-03T10:15:00Z", file, str(offset),
        "Consular queries", "+44 (0) 203 668 7474", "302", "02.03.2021",
        "Embassy comment on the loan of fourteen historical maps", "2 March 2021, 16:40",
        "Admission is free on weekdays.", "latest, covers dates after 2021-02-16",
        "Notice on consular hours in March", "[fnapr/9004]",
    ):  # fmt: skip
        assert told in said, told
    assert "problems" not in said
    assert said.count("days have passed since") == 2
    assert "\nproblems\n  cut off, page: " in run("show", "20210311").stdout


def test_show_is_data_too(troubled, run, rows) -> None:
    told = json.loads(run("show", "20210308", "--format", "json").stdout)
    assert told["capture"][0]["page_kind"] == "home"
    home = [row for row in told["entries"] if row["list"] == "home"]
    known = rows(
        "SELECT position, statement FROM sightings WHERE capture GLOB '20210308*'"
        " AND list = 'home' ORDER BY position"
    )
    assert [(row["position"], row["statement"]) for row in home] == known
    assert told["windows"] and not told["page"]


def test_show_gives_the_bytes_as_they_came(troubled, run, demo_captures) -> None:
    found = run("show", "20210305", "--raw")
    assert found.stdout_bytes == (demo_captures / "3-statement.html").read_bytes()


@pytest.mark.parametrize(
    "given, said",
    [
        ("2021", "several ids begin with '2021': 20210301T090000Z-"),
        ("1999", "no capture has an id that begins with '1999'"),
        ("%", "no capture has an id that begins with '%'"),
        ("", "no capture has an id that begins with ''"),
    ],
)
def test_a_capture_that_is_none_is_one_line(troubled, run, given: str, said: str) -> None:
    found = run("show", given)
    assert found.exit_code == 1
    assert said in found.stderr
    assert found.stderr.count("\n") == 1
    assert found.stdout == ""


def test_they_only_read(troubled, run) -> None:
    folder = troubled.parent
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    folder.chmod(0o555)
    try:
        for words in (("problems",), ("show", "20210303"), ("show", "20210303", "--raw")):
            assert run(*words).exit_code == 0
    finally:
        folder.chmod(0o755)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


# -- withheld -----------------------------------------------------------------------------------


def taken(db: Path, folder: Path, *, withheld: int) -> Intake:
    """Take in the captures of a folder, as if a part of so many could not be proven."""
    reader = Reader(load_profile())
    offers = [
        offer
        for shard in whole(find_files((folder,))[0])
        for offer in reader.offers(shard, saved=SavedReader(reader.hosts))
    ]
    read = [reader.read(Offer(one.path, one.where, one.found)) for one in offers]
    assert all(isinstance(one, Taken) for one in read)
    problem = PageProblem(UNPROVEN, "main part", "no heading")
    for number in range(withheld):
        one = read[number]
        assert isinstance(one, Taken)
        problems = (*one.capture.problems, problem)
        read[number] = replace(one, capture=replace(one.capture, problems=problems))
    connection = open_database(db)
    run = Run(connection, "ingest")
    intake = Intake(connection, db.parent / "captures", reader, say=print)
    (shard,) = list(whole(find_files((folder,))[0]))[:1]
    ShardIntake(intake).take(iter([Piece(shard, list(read), 0, is_last=True)]), settles=True)
    run.finish("complete", intake.tally.counts())
    connection.close()
    return intake


def test_a_run_counts_what_it_withheld(db, tmp_path, demo_captures) -> None:
    intake = taken(db, demo_captures, withheld=2)
    assert intake.tally.withheld == 2
    connection = open_database(db)
    unclean = unclean_run(connection)
    assert unclean is not None
    assert (unclean.withheld, unclean.captures, unclean.capture) == (2, 6, intake.withheld)
    assert [(s.month, s.captures, s.withheld) for s in shares(connection)] == [("2021-03", 6, 2)]
    connection.close()


def test_status_and_coverage_say_it_until_a_run_is_clean(run, db, tmp_path, demo_captures) -> None:
    intake = taken(db, demo_captures, withheld=2)
    look = f"ook at one with: embassy-scraper probe {intake.withheld}"
    found = run("status")
    assert found.exit_code == 1
    assert "withheld in 2021-03: 2 of 6 (33 %)\n" in found.stdout
    assert look in found.stdout
    told = json.loads(run("status", "--json").stdout)
    assert told["withheld"] == [{"month": "2021-03", "captures": 6, "withheld": 2}]
    said = run("coverage").stderr
    assert "withheld in 2021-03: 2 of 6 (33 %)\n" in said
    assert look in said
    clean = tmp_path / "clean"
    clean.mkdir()
    text = (demo_captures / "1-home.txt").read_text()
    (clean / "later.txt").write_text(text.replace("1 March 2021", "12 March 2021"))
    assert run("ingest", clean).exit_code == 0
    found = run("status")
    assert found.exit_code == 0
    assert "withheld" not in found.stdout
    assert "withheld" not in run("coverage").stderr


@pytest.fixture
def menus(tmp_path: Path, demo_captures: Path) -> Path:
    """A text capture with other lines around the page: nearly all of it is withheld."""
    page = tmp_path / "in" / "menus.txt"
    page.parent.mkdir()
    text = (demo_captures / "1-home.txt").read_text()
    page.write_text(f"{text}\n\nAnother site's menu\n\n* Sign in\n* Search\n")
    return page


def test_a_rebuild_brings_no_news_of_what_was_withheld_before(run, menus, demo_captures) -> None:
    assert run("ingest", menus).exit_code == 0
    assert run("status").exit_code == 1
    assert "withheld: in 1 of 1 captures" in run("rebuild").stderr
    told = run("status")
    assert told.exit_code == 1 and "\ningest, begun " in told.stdout
    assert run("ingest", demo_captures).exit_code == 0
    assert "withheld: in 1 of 7 captures" in run("rebuild").stderr
    assert run("status").exit_code == 0


def test_a_database_made_of_raw_captures_alone_says_what_is_withheld(run, db, menus) -> None:
    assert run("ingest", menus).exit_code == 0
    db.unlink()
    made = run("rebuild", "--from", db.parent / "captures")
    assert made.exit_code == 0 and "a part is withheld: 1;" in made.stderr
    told = run("status")
    assert told.exit_code == 1 and "\nrebuild, begun " in told.stdout


def test_coverage_counts_what_was_withheld_as_not_seen(run, rows, db, demo_captures) -> None:
    assert run("ingest", demo_captures).exit_code == 0
    look = "capture GLOB '20210308*'"
    ((name,),) = rows(f"SELECT list FROM snapshots WHERE {look}")

    def spans() -> list[tuple[bool, str]]:
        """Which spans are over the eighth of March, and what of them is unread."""
        told = csv.DictReader(io.StringIO(run("coverage", "--list", name).stdout))
        return [
            (
                row["observed_after"] < "2021-03-08" and row["observed_by"] > "2021-03-09",
                row["unread"],
            )
            for row in told
        ]

    assert {unread for _, unread in spans()} == {"0"}
    assert not any(is_over for is_over, _ in spans())
    query = "INSERT INTO problems SELECT id, NULL, ?, 'home', 'no heading' FROM captures WHERE id"
    written(db, f"{query} GLOB '20210308*'", UNPROVEN)
    written(db, f"DELETE FROM _observations WHERE {look}")
    assert [unread for is_over, unread in spans() if is_over] == ["1"]


def test_a_history_is_read_by_one_who_may_not_write(run, db, demo_captures) -> None:
    """As another user where the tests run as root, whom no mode of a folder keeps out."""
    assert run("ingest", demo_captures).exit_code == 0
    with TemporaryDirectory(dir="/tmp") as folder:
        kept = Path(folder) / "kept" / db.name
        shutil.copytree(db.parent, kept.parent)
        for path in (Path(folder), kept.parent):
            path.chmod(0o755)
        kept.chmod(0o644)
        kept.parent.chmod(0o555)
        with nobody():
            assert is_ours(kept)
            assert not os.access(kept.parent, os.W_OK)
            with closing(open_as_it_stands(kept)) as connection:
                assert connection.execute("SELECT count(*) FROM captures").fetchone() == (6,)
        kept.parent.chmod(0o755)


def underive(db: Path) -> None:
    """Leave the history as a run does that is killed before it derives what follows."""
    with closing(open_database(db)) as connection:
        found = [
            (read_again(db.parent / "captures", one, load_profile()), one.place)
            for one in stored_captures(connection)
        ]
        with writing(connection):
            forget_everything(connection)
            derive_facts(connection, iter(found))


def test_the_verbs_that_only_read_need_nothing_to_write_to(
    run, db, demo_captures, monkeypatch
) -> None:
    """In whatever state a run has left the history, even one that was cut short."""
    assert run("ingest", demo_captures).exit_code == 0
    read = ("verify", "status", "report", "coverage", "problems", ("rebuild", "--dry-run"))
    for state in ("settled", "cut short"):
        if state == "cut short":
            underive(db)
        with TemporaryDirectory(dir="/tmp") as folder:
            kept = Path(folder) / "kept"
            shutil.copytree(db.parent, kept, ignore=lambda *_: ["embassy.db.lock"])
            for path in (Path(folder), *kept.rglob("*")):
                path.chmod(0o755 if path.is_dir() else 0o644)
            kept.chmod(0o555)
            before = {path: path.stat().st_mtime_ns for path in kept.rglob("*")}
            monkeypatch.chdir(folder)
            with nobody():
                for verb in read:
                    words = (verb,) if isinstance(verb, str) else verb
                    outcome = program.run(*words, "--db", str(kept / db.name))
                    assert outcome.exit_code == 0, (state, words, outcome)
            assert {path: path.stat().st_mtime_ns for path in kept.rglob("*")} == before
            kept.chmod(0o755)


@contextmanager
def nobody() -> Iterator[None]:
    """Be a user without rights for a while, if this process is root's."""
    if os.getuid():
        yield
        return
    os.setresuid(65534, 65534, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


def test_status_works_where_it_may_not_write(run, db, demo_captures) -> None:
    assert run("ingest", demo_captures).exit_code == 0
    db.parent.chmod(0o555)
    try:
        assert run("status").exit_code == 0
    finally:
        db.parent.chmod(0o755)


@pytest.mark.parametrize(
    "given, said",
    [
        (("nosuch.html",), "nosuch.html: no such file; name a file, a capture or a URL"),
        (("https://example.org/", "--fetch"), "https://example.org/ is not an address of https://"),
    ],
)
def test_probe_says_what_it_cannot_look_at(run, given: tuple[str, ...], said: str) -> None:
    found = run("probe", *given)
    assert found.exit_code == 1
    assert found.stderr.startswith(f"embassy-scraper: {said}")
    assert found.stderr.count("\n") == 1


def test_probe_reads_a_file_as_an_import_does(run, tmp_path, demo_captures) -> None:
    """Whatever its name and form; an archive of many is not one page."""
    page = (demo_captures / "3-statement.html").read_bytes()
    told = b"<!-- saved from url=(0036)https://www.rusemb.org.uk/fnapr/9005 -->"
    path = tmp_path / "9005"
    path.write_bytes(gzip.compress(page.replace(b"<head>", told + b"<head>", 1)))
    found = run("probe", path)
    assert "url      https://www.rusemb.org.uk/fnapr/9005 (saver)" in found.stdout
    assert "kind     statement" in found.stdout
    given = run("probe", path, "--url", "https://www.rusemb.org.uk/fnapr/1")
    assert "url      https://www.rusemb.org.uk/fnapr/1\n" in given.stdout
    many = answered(
        tmp_path / "many", page, "https://www.rusemb.org.uk/fnapr/9005", "2021-03-03T10:15:00Z"
    )
    for no_page, said in ((many, "it holds many captures"), (tmp_path / "x.pdf", "a PDF")):
        (tmp_path / "x.pdf").write_bytes(b"%PDF-1.4")
        refused = run("probe", no_page)
        assert refused.exit_code == 1 and said in refused.stderr


def test_probe_names_a_line_once_and_says_why_a_strangers_page_is_not_read(run, tmp_path) -> None:
    page = tmp_path / "roses.html"
    page.write_text("<html><h1>Gardening weekly</h1><p>Cut above a bud.</p></html>")
    said = run("probe", page).stdout
    assert said.count("Cut above a bud.") == 1
    assert "too few marks of the site's own pages" in said
    elsewhere = run("probe", page, "--url", "https://gardening.example/roses").stdout
    assert elsewhere.count("Cut above a bud.") == 1
    assert "of another site than the one that is followed" in elsewhere


def test_a_database_that_may_not_be_read_is_no_other_programs(
    run, db, demo_captures, monkeypatch
) -> None:
    """Whoever follows that advice moves a sound history away."""
    assert run("ingest", demo_captures).exit_code == 0
    with TemporaryDirectory(dir="/tmp") as folder:
        kept = Path(folder) / "data" / db.name
        shutil.copytree(db.parent, kept.parent)
        Path(folder).chmod(0o755)
        kept.parent.chmod(0o755)
        kept.chmod(0o000)
        monkeypatch.chdir(folder)
        with nobody():
            found = program.run("report")
    assert found.exit_code == 1
    assert "Permission denied; ask its owner for permission to read it" in found.err
