"""``ingest --jobs``: the same history, whatever dies."""

import gzip
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from embassy_scraper.archives import Offer
from embassy_scraper.archives.saved import SavedReader, find_files
from embassy_scraper.archives.shards import Shard, whole
from embassy_scraper.intake.reading import Found, Reader, Rejected
from embassy_scraper.intake.workers import read_in_processes
from embassy_scraper.items import RawCapture, Taken
from embassy_scraper.sites import load_profile
from tests.archives.test_files import record
from tests.crawl.test_schedule import children_of
from tests.world import program
from tests.world.chaos import make_chaos
from tests.world.files import write_world

pytestmark = pytest.mark.peer

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Captures of some worlds, and the database that one process makes of them."""
    folder = tmp_path_factory.mktemp("many")
    for seed in range(6):
        world = make_chaos(seed)
        groups = [[n] for n in range(len(world.captures))]
        write_world(world, folder / "in" / str(seed), groups)
    db = folder / "alone" / "embassy.db"
    db.parent.mkdir()
    assert program.ingest(db, folder / "in").exit_code in (0, 3)
    return folder / "in", db


def test_several_processes_give_the_same_history(many, tmp_path: Path) -> None:
    source, alone = many
    db = tmp_path / "embassy.db"
    done = program.run("ingest", str(source), "--jobs", "3", "--db", str(db))
    assert done.exit_code in (0, 3)
    assert not program.table_differences(alone, db)
    assert program.report(alone) == program.report(db)


def test_a_killed_worker_costs_nothing(many, tmp_path: Path) -> None:
    source, alone = many
    db = tmp_path / "embassy.db"
    run = subprocess.Popen(
        [sys.executable, "-m", "embassy_scraper", "ingest", str(source), "--jobs", "2",
         "--db", str(db)],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    killed: set[int] = set()
    while run.poll() is None and len(killed) < 3:
        for child in children_of(run.pid):
            for worker in children_of(child):  # below the fork server
                if worker not in killed and len(killed) < 3:
                    os.kill(worker, signal.SIGKILL)
                    killed.add(worker)
        time.sleep(0.01)
    _, said = run.communicate(timeout=600)
    assert run.returncode in (0, 3), said
    assert killed
    assert not program.table_differences(alone, db)


def test_killed_whole_it_goes_on(many, tmp_path: Path) -> None:
    source, alone = many
    db = tmp_path / "embassy.db"
    command = ("ingest", str(source), "--jobs", "2", "--db", str(db))
    for _ in range(3):
        program.cut_short(command, db, "captures")
    assert 0 < program.count(db, "captures") < program.count(alone, "captures")
    assert program.run(*command).exit_code in (0, 3)
    assert not program.table_differences(alone, db)


@dataclass(frozen=True, slots=True)
class Poisoned(Reader):
    """A reader that some pages kill, whichever process it is in."""

    poison: tuple[bytes, ...] = ()
    deadly_file: str = ""

    def offers(
        self, shard: Shard, skip: int = 0, saved: SavedReader | None = None
    ) -> Iterator[Offer]:
        for offer in Reader.offers(self, shard, skip, saved):
            if self.deadly_file and self.deadly_file in offer.path:
                os.kill(os.getpid(), signal.SIGKILL)
            yield offer

    def _placed(self, raw: RawCapture) -> RawCapture:
        if raw.payload in self.poison:
            os.kill(os.getpid(), signal.SIGKILL)
        if raw.payload == b"<p>odd":
            raise ValueError("an odd page")
        return Reader._placed(self, raw)


def written(folder: Path, *pages: bytes) -> list[Shard]:
    parts = [record(page, number=number) for number, page in enumerate(pages)]
    (folder / "some.warc.gz").write_bytes(b"".join(parts))
    for number in range(5):
        (folder / f"page-{number}.html").write_bytes(b"<p>a page")
    return list(whole(find_files([folder])[0]))


def read(shards: list[Shard], reader: Reader) -> list[Found]:
    return [one for piece in read_in_processes(shards, reader, 2) for one in piece.found]


def test_pages_that_kill_their_reader_stop_no_other(tmp_path: Path) -> None:
    poison = (b"<p>poison", b"<p>worse")
    shards = written(tmp_path, b"<p>1", poison[0], b"<p>2", b"<p>3", poison[1])
    found = read(shards, Poisoned(load_profile(), poison=poison))
    assert sum(isinstance(one, Taken) for one in found) == 3
    faults = [(one.file, one.error.what, one.error.where) for one in found
              if isinstance(one, Rejected) and one.file == "some.warc.gz"]  # fmt: skip
    data = (tmp_path / "some.warc.gz").read_bytes()
    assert [fault[:2] for fault in faults] == [("some.warc.gz", "reading failed")] * 2
    for (*_, where), page in zip(faults, poison, strict=True):
        assert gzip.decompress(data[int(where) :]).startswith(b"WARC/1.0")
        assert page in gzip.decompress(data[int(where) :])


def test_a_file_that_cannot_be_gone_through_is_told(tmp_path: Path) -> None:
    shards = written(tmp_path, b"<p>1", b"<p>2")
    found = read(shards, Poisoned(load_profile(), deadly_file="some.warc"))
    (told,) = [one for one in found if isinstance(one, Rejected) and "some" in one.file]
    assert "the rest of it is not read" in str(told.error)
    assert len(found) == 6


def test_a_page_that_breaks_the_reader_is_told(tmp_path: Path) -> None:
    (shard, *_) = written(tmp_path, b"<p>1", b"<p>odd", b"<p>2")
    here = [one for piece in Poisoned(load_profile()).pieces(shard) for one in piece.found]
    for found in (here, read([shard], Poisoned(load_profile()))):
        (told,) = [one for one in found if isinstance(one, Rejected) and "odd" in str(one.error)]
        assert told.error.what == "reading failed" and "please report it" in str(told.error)


def test_sockets_lie_in_a_folder_with_a_short_name(many, tmp_path: Path) -> None:
    """A socket's path may have 107 bytes; what is unpacked lies where TMPDIR says all the same."""
    source, alone = many
    temporary = tmp_path / ("long" * 30)
    temporary.mkdir()
    run = start_with(temporary, source, tmp_path / "embassy.db")
    assert run.returncode in (0, 3), run.stderr
    assert "AF_UNIX" not in run.stderr and "Traceback" not in run.stderr
    assert not program.table_differences(alone, tmp_path / "embassy.db")
    assert list(temporary.iterdir()) == []


def test_without_such_a_folder_one_line_says_what_to_do(many, tmp_path: Path) -> None:
    source, _ = many
    temporary = tmp_path / ("long" * 30)
    temporary.mkdir()
    run = start_with(temporary, source, tmp_path / "embassy.db", "_SHORT = ()")
    assert run.returncode == 1
    told = "the name of this folder is too long for the sockets of several processes"
    assert run.stderr.splitlines()[-1].endswith(f"{told}; name a shorter one in TMPDIR")
    assert "Traceback" not in run.stderr


def start_with(
    temporary: Path, source: Path, db: Path, setting: str = ""
) -> subprocess.CompletedProcess[str]:
    """Import *source* in two processes, whose temporary files lie in *temporary*."""
    code = f"import embassy_scraper.intake.processes as p; p.{setting or '__doc__'}\n"
    words = ["ingest", str(source), "--jobs", "2", "--db", str(db)]
    return subprocess.run(
        [sys.executable, "-c", f"{code}from embassy_scraper.commands import main; main()", *words],
        cwd=ROOT, env={**os.environ, "TMPDIR": str(temporary)}, capture_output=True, text=True,
    )  # fmt: skip
