"""The verbs as a person or a script uses them: what they print, where, and how they end."""

import csv
import gzip
import io
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from embassy_scraper.commands import main


def test_ingest_twice_knows_what_it_has(run, demo_captures) -> None:
    first = run("ingest", demo_captures)
    assert first.stderr.splitlines()[-1].startswith("captures: 6 stored, 0 known, 0 rejected;")
    again = run("ingest", demo_captures)
    assert again.stderr == "captures: 0 stored, 6 known, 0 rejected; changes: 0\n"
    assert again.exit_code == 0


def test_what_is_rejected_is_listed_and_the_rest_is_stored(run, rows, tmp_path, demo_captures):
    folder = tmp_path / "mixed"
    folder.mkdir()
    (folder / "no-clock.txt").write_text("A text without a clock\n\nand nothing else")
    (folder / "good.txt").write_bytes((demo_captures / "1-home.txt").read_bytes())
    (folder / "broken.warc.gz").write_bytes(b"this is no gzip")
    (folder / "notes.pdf").write_bytes(b"%PDF-1.7")
    (folder / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    result = run("ingest", folder)
    assert result.exit_code == 3
    assert result.stderr.splitlines()[-1].startswith("captures: 1 stored, 0 known, 3 rejected;")
    assert f"rejected: {folder}/broken.warc.gz" in result.stderr
    assert "no-clock.txt: a text that shows nothing of the site; if it is a page" in result.stderr
    assert "side files of mirrors, passed over: 1 (images 1)" in result.stderr
    told = rows("SELECT path, what FROM problems WHERE capture IS NULL ORDER BY path")
    assert told == [
        ("broken.warc.gz", "damaged record"),
        ("no-clock.txt", "unknown kind of file"),
        ("notes.pdf", "unknown kind of file"),
    ]


@pytest.mark.parametrize("verb", ["report", "verify", "rebuild"])
def test_without_a_history_one_line_says_what_to_do(run, db, verb) -> None:
    result = run(verb)
    assert result.exit_code == 1
    assert result.stderr == (
        f"embassy-scraper: {db}: no history there; name another file with --db, or begin one with"
        f" embassy-scraper ingest FOLDER --db {db} or embassy-scraper backfill wayback --db {db}\n"
    )
    assert not db.exists()


def test_a_file_that_is_no_database_is_named(run, db, demo_captures) -> None:
    db.parent.mkdir()
    db.write_text("something else entirely, " * 100)
    result = run("ingest", demo_captures)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"embassy-scraper: {db}: ")
    assert result.stderr.count("\n") == 1


def test_wrong_usage_ends_with_2(run, demo_captures) -> None:
    assert run("ingest", "/nowhere/at/all").exit_code == 2
    run("ingest", demo_captures)
    assert run("report", "--kind", "statement_lost").exit_code == 2
    assert run("report", "--since", "08/03/2021").exit_code == 2


def test_a_range_that_ends_before_it_begins_is_wrong_usage(run, demo_captures) -> None:
    run("ingest", demo_captures)
    found = run("report", "--since", "2021-03-05", "--until", "2021-03-04")
    assert found.exit_code == 2
    assert "is later than --until" in found.stderr
    assert run("report", "--since", "2021-03-05", "--until", "2021-03-05").exit_code == 0


def test_a_list_that_is_not_there_is_wrong_usage(run, demo_captures) -> None:
    run("ingest", demo_captures)
    found = run("coverage", "--list", "newahr")
    assert found.exit_code == 2
    assert "there is no list 'newahr'; the lists are: home, latest, newarh, " in found.stderr
    assert run("coverage", "--list", "page", "--pages").stderr == ""


@pytest.mark.parametrize("verb", ["report", "coverage", "problems", "status", "verify"])
def test_every_verb_finds_the_database_by_the_settings(run, db, tmp_path, demo_captures, verb):
    run("ingest", demo_captures)
    config = tmp_path / "elsewhere.toml"
    config.write_text(f'[paths]\ndb = "{db}"\n')
    found = CliRunner().invoke(main, [verb, "--config", str(config)])
    assert found.exit_code == 0, found.output


def test_report_filters_by_kind_and_time(run, demo_captures) -> None:
    run("ingest", demo_captures)

    def kinds(*arguments: str) -> list[str]:
        table = csv.DictReader(io.StringIO(run("report", *arguments).stdout))
        return [row["kind"] for row in table]

    everything = kinds()
    assert kinds("--kind", "page_gone") == []
    assert set(kinds("--kind", "statement_edited", "--kind", "contact_changed")) == {
        "statement_edited",
        "contact_changed",
    }
    early, late = kinds("--until", "2021-03-05"), kinds("--since", "2021-03-06")
    assert early + late == everything
    assert early
    assert late


def test_report_is_sorted_and_rfc_4180(run, demo_captures) -> None:
    run("ingest", demo_captures)
    text = run("report").stdout_bytes.decode()
    assert text.endswith("\r\n")
    table = list(csv.DictReader(io.StringIO(text)))
    names = ("observed_by", "kind", "subject", "field", "change_id")
    order = [tuple(row[name] for name in names) for row in table]
    assert order == sorted(order)
    as_json = json.loads(run("report", "--format", "json").stdout)
    assert [row["change_id"] for row in as_json] == [row["change_id"] for row in table]
    assert as_json[0]["observed_after"] is None


def test_report_for_a_spreadsheet_runs_nothing(run, tmp_path, demo_captures) -> None:
    page = (demo_captures / "1-home.txt").read_text(encoding="utf-8")
    page = page.replace("Notice on consular hours in March", "=cmd|' /C calc'!A1")
    (tmp_path / "evil.txt").write_text(page, encoding="utf-8")
    run("ingest", tmp_path / "evil.txt")
    assert "=cmd|' /C calc'!A1" in {
        row["title"] for row in csv.DictReader(io.StringIO(run("report").stdout))
    }
    safe = csv.DictReader(io.StringIO(run("report", "--spreadsheet").stdout))
    assert not [cell for row in safe for cell in row.values() if cell.startswith("=")]


def test_report_writes_a_file_whole_or_not_at_all(run, tmp_path, demo_captures) -> None:
    run("ingest", demo_captures)
    target = tmp_path / "changes.csv"
    assert run("report", "--output", target).stdout == ""
    assert target.read_bytes() == run("report").stdout_bytes
    missing = run("report", "--output", tmp_path / "no" / "such.csv")
    assert missing.exit_code == 1
    assert missing.stderr.count("\n") == 1


def test_verify_finds_a_flipped_bit_anywhere_in_a_raw_file(run, db, demo_captures) -> None:
    run("ingest", demo_captures)
    (raw,) = (db.parent / "captures").iterdir()
    whole = raw.read_bytes()
    for place in range(0, len(whole), max(1, len(whole) // 12)):
        raw.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
        result = run("verify")
        assert result.exit_code == 1, place
        assert raw.name in result.stdout
    raw.write_bytes(whole)
    assert run("verify").exit_code == 0


def test_verify_finds_a_lost_record_and_a_lost_file(run, db, demo_captures) -> None:
    run("ingest", demo_captures)
    (raw,) = (db.parent / "captures").iterdir()
    whole = raw.read_bytes()
    raw.write_bytes(whole[: len(whole) // 2])
    assert run("verify").exit_code == 1
    raw.unlink()
    result = run("verify")
    assert result.exit_code == 1
    assert "restore" in result.stdout


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE changes SET after = 'x' WHERE kind = 'counter_progressed'",
        "DELETE FROM changes WHERE kind = 'statement_withdrawn'",
        "UPDATE statements SET status = 'withdrawn' WHERE key = 'fnapr/9000'",
        "UPDATE _texts SET text = 'x' WHERE id IN (SELECT body FROM _versions)",
        "UPDATE _entries SET position = 99 WHERE position = 1",
        "UPDATE _parts SET covers_after = '1999-01-01'",
        "UPDATE captures SET url = NULL",
        "UPDATE _readings SET value = value + 1",
        "UPDATE counters SET since_date = NULL",
        "DELETE FROM problems",
        "INSERT INTO problems VALUES (NULL, 'x', 'x', 'x', 'x')",
    ],
)
def test_verify_finds_an_edited_row_and_rebuild_mends_it(run, db, rows, demo_captures, edit):
    run("ingest", demo_captures)
    before = run("report").stdout
    connection = sqlite3.connect(db)
    connection.execute("PRAGMA recursive_triggers = ON")
    with connection:
        connection.execute(edit)
    connection.close()
    result = run("verify")
    if "INSERT INTO problems" in edit:
        assert result.exit_code == 0  # a rejected file leaves nothing to check it against
        return
    assert result.exit_code == 1, result.stdout
    assert run("rebuild").exit_code == 0
    assert run("verify").exit_code == 0
    assert run("report").stdout == before


def test_the_raw_files_alone_give_the_same_history(run, db, tmp_path, demo_captures) -> None:
    run("ingest", demo_captures)
    from click.testing import CliRunner

    from embassy_scraper.commands import main

    other = tmp_path / "other" / "embassy.db"
    CliRunner().invoke(main, ["ingest", str(db.parent / "captures"), "--db", str(other)])
    again = CliRunner().invoke(main, ["report", "--db", str(other)])
    assert again.stdout == run("report").stdout


def test_raw_files_are_read_by_another_library(run, db, demo_captures) -> None:
    from warcio.archiveiterator import ArchiveIterator

    run("ingest", demo_captures)
    (raw,) = (db.parent / "captures").iterdir()
    with raw.open("rb") as file:
        records = [
            (record.rec_type, record.rec_headers["WARC-Target-URI"], record.content_stream().read())
            for record in ArchiveIterator(file, check_digests="raise")
        ]
    assert [kind for kind, _, _ in records] == ["warcinfo"] + 6 * [
        "resource", "metadata"  # what the manifest told
    ]  # fmt: skip
    payloads = {payload for kind, _, payload in records if kind == "resource"}
    assert payloads == {
        path.read_bytes() for path in demo_captures.iterdir() if path.suffix != ".tsv"
    }


def test_help_is_quick_to_import() -> None:
    script = "import sys, embassy_scraper.commands; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    heavy = {"scrapy", "lxml", "sqlite_utils", "fastwarc", "rapidfuzz", "filelock", "sqlite3"}
    assert not heavy & set(done.stdout.split())


def test_a_second_writer_waits_and_both_finish(db, demo_captures, tmp_path) -> None:
    command = [sys.executable, "-m", "embassy_scraper", "ingest"]
    files = sorted(p for p in demo_captures.iterdir() if p.suffix != ".tsv")
    root = Path(__file__).parents[2]
    runs = [
        subprocess.Popen([*command, *map(str, part), "--db", str(db)], cwd=root,
                         stderr=subprocess.PIPE, text=True)
        for part in (files[:3], files[3:])
    ]  # fmt: skip
    assert [run.wait(timeout=600) for run in runs] == [0, 0], [run.stderr.read() for run in runs]


def test_a_kill_between_storing_and_comparing_costs_nothing(run, db, demo_captures) -> None:
    script = (
        "import os, signal, pipelines.diff as d\n"
        "d.derive_pending = lambda *a: os.kill(os.getpid(), signal.SIGKILL)\n"
        "from embassy_scraper.commands import main\n"
        f"main(['ingest', {str(demo_captures)!r}, '--db', {str(db)!r}])\n"
    )
    killed = subprocess.run(
        [sys.executable, "-c", script], cwd=Path(__file__).parents[2], check=False,
        env={**os.environ, "PYTHONPATH": "."},
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL
    report = run("report")
    assert report.exit_code == 0
    assert len(report.stdout.splitlines()) == 21
    assert run("verify").exit_code == 0
    assert run("ingest", demo_captures).stderr.startswith("captures: 0 stored, 6 known")


def test_a_lost_raw_file_is_mended_by_offering_the_captures_again(run, db, demo_captures) -> None:
    run("ingest", demo_captures)
    (raw,) = (db.parent / "captures").iterdir()
    raw.unlink()
    assert run("verify").exit_code == 1
    assert run("ingest", demo_captures).exit_code == 0
    assert run("verify").exit_code == 0


def test_an_address_of_another_site_is_a_problem(run, rows, tmp_path, demo_captures) -> None:
    (tmp_path / "page.txt").write_bytes((demo_captures / "1-home.txt").read_bytes())
    (tmp_path / "manifest.tsv").write_text("file\turl\npage.txt\thttps://example.com/\n")
    assert run("ingest", tmp_path).exit_code == 0
    assert rows("SELECT what, text FROM problems") == [("another site", "https://example.com/")]
    for table in ("statements", "headers", "counter_readings", "changes"):
        assert rows(f"SELECT count(*) FROM {table}") == [(0,)]


def test_the_demonstration_leaves_a_history_alone(db, run, demo_captures) -> None:
    run("ingest", demo_captures)
    result = run("demo")
    assert result.exit_code == 1
    assert "already exists" in result.stderr


def test_report_through_a_link_keeps_the_link(run, tmp_path, demo_captures) -> None:
    run("ingest", demo_captures)
    target, link = tmp_path / "target.csv", tmp_path / "link.csv"
    target.write_text("old")
    link.symlink_to(target)
    run("report", "--output", link)
    assert link.is_symlink()
    assert target.read_bytes() == run("report").stdout_bytes


def test_a_report_never_takes_the_place_of_a_history(run, tmp_path, db, demo_captures) -> None:
    run("ingest", demo_captures)
    other = tmp_path / "other.db"
    shutil.copy(db, other)
    lock = tmp_path / "other.db.lock"
    lock.touch()
    raw = next((db.parent / "captures").glob("*.warc.gz"))
    plain = tmp_path / "renamed.csv"
    plain.write_bytes(gzip.decompress(raw.read_bytes()))
    for path in (other, lock, raw, plain):
        before = path.read_bytes()
        result = run("report", "--output", path)
        assert result.exit_code == 1
        assert "not a report" in result.stderr
        assert path.read_bytes() == before


def test_a_report_is_readable_by_those_who_could_before(run, tmp_path, demo_captures) -> None:
    run("ingest", demo_captures)
    path = tmp_path / "changes.csv"
    before = os.umask(0o027)
    try:
        run("report", "--output", path)
        assert path.stat().st_mode & 0o777 == 0o640
        path.chmod(0o600)
        run("report", "--output", path)
        assert path.stat().st_mode & 0o777 == 0o600
    finally:
        os.umask(before)


def test_search_finds_words_of_every_version(run, rows, demo_captures) -> None:
    run("ingest", demo_captures)
    query = (
        "SELECT number FROM versions WHERE rowid IN"
        " (SELECT rowid FROM versions_fts WHERE versions_fts MATCH 'archive') ORDER BY number"
    )
    assert rows(query) == [(1,), (2,)]


@pytest.mark.parametrize("with_digest", [True, False])
def test_a_revisit_is_a_sighting_of_what_it_refers_to(run, rows, tmp_path, with_digest) -> None:
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    url = "https://www.rusemb.org.uk/fnapr/7010"
    header = b"24 November 2020\nMoscow: 15:00\nLondon: 12:00\n\n"
    page = header + b"A speech\n\nIt has a body of some length, which is all that it has."
    plain = StatusAndHeaders("200 OK", [("Content-Type", "text/plain")], protocol="HTTP/1.1")
    unchanged = StatusAndHeaders("304 Not Modified", [], protocol="HTTP/1.1")
    with (tmp_path / "two.warc.gz").open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        first = writer.create_warc_record(
            url, "response", payload=io.BytesIO(page), http_headers=plain,
            warc_headers_dict={"WARC-Date": "2020-11-24T12:00:00Z"},
        )  # fmt: skip
        writer.write_record(first)
        digest = first.rec_headers["WARC-Payload-Digest"] if with_digest else "sha1:UNKNOWN"
        writer.write_record(
            writer.create_revisit_record(
                url, digest, url, "2020-11-24T12:00:00Z", http_headers=unchanged,
                warc_headers_dict={"WARC-Date": "2020-11-25T12:00:00Z"},
            )
        )  # fmt: skip
    result = run("ingest", tmp_path / "two.warc.gz")
    assert result.exit_code == 0, result.stderr
    assert rows("SELECT first_seen, last_seen FROM statements") == [
        ("2020-11-24T12:00:00Z", "2020-11-25T12:00:00Z")
    ]
    assert run("verify").exit_code == 0
