"""The files of a history, where a careless hand has been: links, pipes, damage, no room.

Each is told in one line that names what is wrong, and what to do that helps.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from embassy_scraper.disk import true_path, why_no_file
from embassy_scraper.errors import DatabaseError
from pipelines.tables.database import open_database
from tests.commands.test_problems import nobody
from tests.world import program
from tests.world.terminal import Printed, piped

BESIDE = ("-journal", "-wal", "-shm")  # what SQLite opens with a database


NOWHERE = """
[site]
base_url = 'http://127.0.0.1:9/'
[crawl]
retries = 0
[archives]
wayback = 'http://127.0.0.1:9/'
commoncrawl_index = 'http://127.0.0.1:9/'
commoncrawl_data = 'http://127.0.0.1:9/'
retries = 0
"""


@pytest.fixture
def history(tmp_path: Path, demo_captures: Path) -> Path:
    """A folder with a history of six captures in ``h``."""
    assert program.ingest(tmp_path / "h" / "embassy.db", demo_captures).exit_code == 0
    return tmp_path


def refused(history: Path, *words: str, db: str = "h/embassy.db") -> str:
    """Run what cannot be done; return its one line."""
    done = piped(history, *words, "--db", db)
    assert done.code == 1, done
    *before, line = done.err.splitlines()
    assert all(one.startswith("the feed was not written: ") for one in before)
    return line.removeprefix("embassy-scraper: ")


def files_of(folder: Path) -> set[str]:
    """Return the names of what lies below a folder, but for what SQLite needs while it reads."""
    return {path.name for path in folder.rglob("*") if not path.name.endswith(("-wal", "-shm"))}


def done_well(history: Path, *words: str, db: str = "h/embassy.db") -> Printed:
    done = piped(history, *words, "--db", db)
    assert done.code == 0, done
    return done


@pytest.mark.parametrize("link", ["data/embassy.db", "embassy.db"])
def test_a_link_to_a_history_is_that_history(history: Path, demo_captures: Path, link: str) -> None:
    """All that lies beside a database is found and made beside the file itself."""
    (history / "data").mkdir()
    (history / link).symlink_to(os.path.relpath(history / "h/embassy.db", (history / link).parent))
    before = files_of(history / "h")
    assert "faults: 0" in done_well(history, "verify", db=link).err
    assert "0 stored, 6 known" in done_well(history, "ingest", str(demo_captures), db=link).err
    (history / "embassy.toml").write_text(f"[paths]\ndb = '{link}'\n")
    assert piped(history, "verify").code == 0
    assert files_of(history / "h") == before
    assert not list((history / "data").glob("*[!b]")) and not (history / "captures").exists()


@pytest.mark.parametrize("link", ["embassy.db", "deep/embassy.db"])
def test_raw_captures_beside_a_link_have_to_be_moved_to_its_file(history: Path, link: str) -> None:
    """Beside the link is where earlier versions put them; what to do is said, and helps."""
    at = history / link
    at.parent.mkdir(exist_ok=True)
    at.symlink_to(history / "h/embassy.db")
    shutil.move(history / "h/captures", at.parent / "captures")
    captures = f"{Path(link).parent / 'captures'}"
    for words in (("verify",), ("rebuild",), ("ingest", captures), ("report",)):
        assert refused(history, *words, db=link) == (
            f"{link}: a link, and raw captures lie beside the file that it leads to;"
            f" move {captures} to {history}/h/captures"
        )
    assert not (history / "h/captures").exists()
    shutil.move(history / captures, history / "h/captures")
    assert "faults: 0" in done_well(history, "verify", db=link).err
    shutil.copytree(history / "h/captures", history / captures)
    assert "faults: 0" in done_well(history, "verify", db=link).err


def test_saved_pages_beside_a_link_are_no_raw_captures(history: Path, demo_captures: Path) -> None:
    shutil.copytree(demo_captures, history / "captures")
    (history / "embassy.db").symlink_to("new/embassy.db")
    (history / "new").mkdir()
    assert "6 stored" in done_well(history, "ingest", "captures", db="embassy.db").err


def test_writers_by_a_link_and_by_its_file_wait_for_each_other(
    history: Path, demo_captures: Path
) -> None:
    from filelock import FileLock

    (history / "link.db").symlink_to("h/embassy.db")
    with FileLock(history / "h/embassy.db.lock"):
        waiting: list[Printed] = []
        words = ("ingest", str(demo_captures), "--db", "link.db")
        writer = threading.Thread(target=lambda: waiting.append(piped(history, *words)))
        writer.start()
        writer.join(4)
        assert writer.is_alive()
    writer.join(60)
    assert f"waiting for another run that writes to {history}/h/embassy.db" in waiting[0].err


def test_scrapys_own_front_door_follows_a_link_too(history: Path) -> None:
    from scrapy.crawler import Crawler

    from embassy_scraper.intake.crawler import crawl_settings, intake_of
    from embassy_scraper.spiders.homepage import HomepageSpider

    (history / "link.db").symlink_to("h/embassy.db")
    door = intake_of(Crawler(HomepageSpider, crawl_settings(history / "link.db", None)))
    assert door.history().captures_folder == history / "h" / "captures"
    door.close()


def test_a_name_is_left_as_it_was_given_where_it_is_no_link(tmp_path: Path) -> None:
    (tmp_path / "to itself").symlink_to("to itself")
    assert true_path(Path("data/../x.db")) == Path("data/../x.db")
    assert why_no_file(true_path(tmp_path / "to itself")) == "a link that leads to itself"
    assert true_path(Path("x" * 5000)) == Path("x" * 5000)


LOCKS = {
    "ingest in": ".lock",
    "rebuild": ".lock",
    "report --new me": ".told.lock",
    "crawl": ".crawl.lock",
    "backfill wayback": ".wayback.lock",
    "backfill commoncrawl": ".commoncrawl.lock",
    "schedule": ".schedule.lock",
}
HOW = [
    (os.mkfifo, "a pipe or a device"),
    (Path.mkdir, "a folder"),
    (lambda at: at.symlink_to("nowhere"), "a link"),
    (lambda at: at.symlink_to(at.name), "a link that leads to itself"),
]


@pytest.mark.parametrize("end", BESIDE)
@pytest.mark.parametrize("verb", ["report", "rebuild", "verify", "ingest in"])
def test_pipes_beside_a_history_are_told_and_not_waited_for(
    history: Path, demo_captures: Path, end: str, verb: str
) -> None:
    shutil.copytree(demo_captures, history / "in")
    beside = history / f"h/embassy.db{end}"
    beside.unlink(missing_ok=True)
    os.mkfifo(beside)
    told = refused(history, *verb.split())
    assert told == f"h/embassy.db{end}: a pipe or a device; move it away"


def test_a_pipe_in_the_place_of_the_feed(history: Path) -> None:
    (history / "h/embassy.atom").unlink()
    os.mkfifo(history / "h/embassy.atom")
    said = done_well(history, "rebuild").err
    assert "the feed was not written: h/embassy.atom: a pipe or a device; move it away" in said


@pytest.mark.parametrize(("how", "what"), HOW)
@pytest.mark.parametrize("verb", LOCKS)
def test_a_lock_that_is_none_is_told_to_who_would_take_it(
    history: Path, demo_captures: Path, verb: str, how, what: str
) -> None:
    shutil.copytree(demo_captures, history / "in")
    (history / "embassy.toml").write_text(NOWHERE)
    lock = history / f"h/embassy.db{LOCKS[verb]}"
    lock.unlink(missing_ok=True)
    how(lock)
    done = piped(history, *verb.split(), "--db", "h/embassy.db")
    told = f"embassy-scraper: h/embassy.db{LOCKS[verb]}: {what}; move it away"
    assert (done.code, done.err.splitlines()[-1]) == (1, told)


@pytest.mark.parametrize(("how", "_what"), HOW)
@pytest.mark.parametrize("verb", ["report", "verify", "status", "problems"])
def test_who_only_reads_needs_no_lock(history: Path, verb: str, how, _what: str) -> None:
    """Also where a crawl was killed: whether one is under way, its lock is asked."""
    killed = (
        "INSERT INTO runs (started, command, counts, outcome)"
        " VALUES ('2021-03-01T09:00:00Z', 'crawl', '{}', 'interrupted')"
    )
    with closing(sqlite3.connect(history / "h/embassy.db")) as connection:
        connection.execute(killed)
        connection.commit()
    before = piped(history, verb, "--db", "h/embassy.db")
    assert before.err.count("\n") <= (verb == "verify") and (before.out or before.err)
    for end in set(LOCKS.values()):
        lock = history / f"h/embassy.db{end}"
        lock.unlink(missing_ok=True)
        how(lock)
    assert piped(history, verb, "--db", "h/embassy.db") == before


@pytest.mark.parametrize("at", [20_000, 0])
def test_of_a_damaged_database_each_verb_says_how_to_go_on(
    history: Path, demo_captures: Path, at: int
) -> None:
    """And that way leads out."""
    db = history / "h" / "embassy.db"
    with db.open("r+b") as file:
        file.seek(at)
        file.write(bytes(range(1, 256)) * 200)
    for words in (("verify",), ("rebuild",), ("ingest", str(demo_captures))):
        told = refused(history, *words)
        assert (
            "move" in told and "rebuild --from" in told and "run embassy-scraper verify" not in told
        )
    db.rename(history / "damaged.db")
    assert "rebuilt: 6 captures" in done_well(history, "rebuild", "--from", "h/captures").err
    assert done_well(history, "verify").code == 0


@pytest.mark.parametrize("content", [b"", None])
def test_a_file_that_a_run_has_only_begun_to_make_is_no_stranger(
    history: Path, content: bytes | None
) -> None:
    """As of a first run for which the disk had no room."""
    db = history / "h" / "embassy.db"
    db.unlink()
    if content is None:
        with sqlite3.connect(db) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
        connection.close()
    else:
        db.write_bytes(content)
    for verb in ("verify", "report", "rebuild"):
        assert "no history there, but raw captures beside it; make it" in refused(history, verb)
    assert "a raw capture of a history" in refused(history, "ingest", "h/captures")
    assert "rebuilt: 6 captures" in done_well(history, "rebuild", "--from", "h/captures").err
    shutil.rmtree(history / "h" / "captures")
    db.write_bytes(b"")
    assert "no history there; name another file" in refused(history, "verify")


LOGS = ["h/embassy.db", "h/embassy.db.lock", "h/embassy.db-wal", "link.db", "raw",
        "in/manifest.tsv", "embassy.toml", "site.toml", "profile"]  # fmt: skip
NOT_THERE = ["h/captures/embassy-new.warc.gz", "h/captures/new/x.csv", "new/captures", "raw/x.csv",
             "h/embassy.db.crawl.lock", "h/embassy.db.told.lock", "h/embassy.db.made",
             "h/embassy.db-wal", "h/embassy.atom", "link/embassy.db-journal"]  # fmt: skip


@pytest.mark.parametrize("name", LOGS)
@pytest.mark.parametrize("verb", ["ingest", "crawl", "schedule"])
def test_a_log_takes_no_place_of_what_is_kept(
    history: Path, demo_captures: Path, name: str, verb: str
) -> None:
    shutil.copytree(demo_captures, history / "in")
    (history / "link.db").symlink_to("h/embassy.db")
    facts = Path("embassy_scraper/sites/rusemb.toml").read_bytes()
    for profile in ("site.toml", "profile"):
        (history / profile).write_bytes(facts)
    file = str(next((history / "h/captures").iterdir())) if name == "raw" else name
    (history / "embassy.toml").write_text(
        "[site]\nprofile = 'profile'\nbase_url = 'http://127.0.0.1:9/'\n[crawl]\nretries = 0\n"
        f"[log]\nfile = '{file}'\n"
    )
    before = (history / file).read_bytes() if (history / file).exists() else None
    told = refused(history, verb, *(["in"] if verb == "ingest" else []))
    assert told.startswith(f"{file}: ") and "[log] file" in told
    assert before == ((history / file).read_bytes() if (history / file).exists() else None)


@pytest.mark.parametrize("name", NOT_THERE)
def test_nor_does_it_or_a_report_take_a_name_that_is_kept(history: Path, name: str) -> None:
    db = "new/embassy.db" if name.startswith("new/") else "h/embassy.db"
    for link, there in (("link", "h"), ("raw", "h/captures")):
        (history / link).symlink_to(there)
    (history / "new").mkdir()
    (history / "h/embassy.atom").unlink()
    if db == "h/embassy.db":
        told = refused(history, "report", "--output", name)
        assert told == f"{name}: a file of this program, not a report; name another file"
    (history / "embassy.toml").write_text(f"[log]\nfile = '{name}'\n")
    told = refused(history, "ingest", "h", db=db)
    assert told.startswith(f"{name}: a file of this program, not a log ([log] file); ")


def test_stdout_is_no_file_among_those_that_are_kept(history: Path) -> None:
    """Nor is what lies elsewhere, whatever its name begins with."""
    assert piped(history / "h/captures", "report", "--output", "-", "--db", "../embassy.db").out
    for name in ("embassy.db.csv", "h/embassy.csv", "h/embassy.dbs.csv"):
        done_well(history, "report", "--output", name)


def test_a_log_without_room_is_one_line_and_the_run_goes_on(
    history: Path, demo_captures: Path
) -> None:
    (history / "embassy.toml").write_text("[log]\nfile = '/dev/full'\n")
    told, last = done_well(history, "ingest", str(demo_captures)).err.splitlines()
    assert told.startswith("the log was not written: /dev/full: No space left on device; make room")
    assert last.startswith("captures: 0 stored, 6 known")


def test_bytes_that_no_capture_uses_are_said_and_no_fault(
    history: Path, demo_captures: Path
) -> None:
    assert done_well(history, "verify").err == "verified: 6 captures; faults: 0\n"
    raw = next((history / "h/captures").iterdir())
    with raw.open("ab") as file:
        file.write(b"half a record")
    line = "raw files with bytes that no capture uses: 1 (first: h/captures/"
    said = done_well(history, "verify")
    assert said.err.startswith(line) and "faults: 0" in said.err and not said.out
    (history / "h/embassy.db").unlink()
    page = str(demo_captures / "1-home.txt")
    assert "1 stored" in done_well(history, "ingest", page).err
    assert done_well(history, "verify").err.startswith(line)
    found = piped(history, "rebuild", "--from", "h/captures", "--db", "NEW/embassy.db")
    assert "rebuilt: 6 captures" in found.err


def test_raw_captures_have_a_folder(history: Path, demo_captures: Path) -> None:
    (history / "new").mkdir()
    (history / "new/captures").write_text("x")
    told = refused(history, "ingest", str(demo_captures), db="new/embassy.db")
    assert told.startswith("new/captures: a file in the place of the folder of raw captures; ")


def test_a_raw_file_that_is_lost_is_named_once(history: Path) -> None:
    raw = next((history / "h/captures").iterdir())
    raw.rename(history / raw.name)
    told = piped(history, "verify", "--db", "h/embassy.db").out
    assert f"{raw.name} at " in told and "[Errno" not in told and "'" not in told


def test_a_rebuild_that_is_refused_leaves_nothing(history: Path) -> None:
    before = files_of(history / "h")
    raw = next((history / "h/captures").iterdir())
    raw.rename(history / raw.name)
    assert "cannot be read again" in refused(history, "rebuild")
    assert files_of(history / "h") == before - {raw.name}


def test_what_this_program_writes_itself_is_passed_over(history: Path, demo_captures: Path) -> None:
    """Also beside a database that is open, where pages lie in the same folder."""
    shutil.copytree(demo_captures, history / "h/in")
    with closing(sqlite3.connect(history / "h/embassy.db")) as reader:
        reader.execute("SELECT count(*) FROM captures").fetchone()
        assert {"embassy.db-shm", "embassy.db-wal", "embassy.atom"} <= {
            path.name for path in (history / "h").iterdir()
        }
        done = done_well(history, "ingest", "h", db="other/embassy.db")
    assert "6 stored, 6 known, 0 rejected" in done.err


def test_a_working_folder_that_is_gone(history: Path) -> None:
    (history / "gone").mkdir()
    command = f"cd gone && rmdir ../gone && {sys.executable} -P -m embassy_scraper ingest ."
    env = {**os.environ, "PYTHONPATH": str(program.ROOT)}
    done = subprocess.run(
        command, shell=True, cwd=history, env=env, capture_output=True, check=False, text=True
    )
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "the working folder: No such file or directory" in done.stderr


@pytest.mark.peer
def test_what_fails_in_the_demonstration_is_said_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = piped(tmp_path, "demo", "--db", "file/embassy.db")
    assert done.code == 1 and done.err.splitlines()[-1].count("embassy-scraper: ") == 1


def test_a_folder_that_cannot_be_written_to_is_told_as_such(history: Path) -> None:
    """SQLite only says that it cannot open the file."""
    with TemporaryDirectory(dir="/tmp") as folder:
        kept = Path(folder) / "h"
        shutil.copytree(history / "h", kept)
        for path in (Path(folder), *kept.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
        kept.chmod(0o555)
        told = f"{kept}/embassy.db: Permission denied; name another file with --db"
        with nobody(), pytest.raises(DatabaseError, match=told):
            open_database(kept / "embassy.db")
        kept.chmod(0o755)


def test_what_fills_the_disk_names_the_folder_of_temporary_files(tmp_path: Path) -> None:
    """And a full disk is never told as one that cannot be written to."""
    code = (
        "from embassy_scraper.disk import what_failed; from errno import ENOSPC;"
        "print(what_failed(OSError(ENOSPC, 'No space left'), 'let this program write to it'))"
    )
    env = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": str(program.ROOT)}
    told = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, check=True)
    assert told.stdout.decode() == (
        "No space left; make room on its disk, and where temporary files are written"
        f" ({tmp_path}), then run it again\n"
    )
