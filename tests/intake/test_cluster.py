"""``ingest --engine dask``: real schedulers and workers on loopback, some of them killed."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from benchmarks.world import captures, write_warc
from embassy_scraper import __version__
from embassy_scraper.archives.saved import find_files
from embassy_scraper.archives.shards import whole
from embassy_scraper.errors import ClusterError
from embassy_scraper.intake.cluster import read_piece
from embassy_scraper.intake.reading import Reader
from embassy_scraper.sites import load_profile
from tests.archives.test_files import GARBAGE, record
from tests.world import program
from tests.world.chaos import make_chaos
from tests.world.files import write_world

pytestmark = pytest.mark.peer

ROOT = Path(__file__).parents[2]
PATIENCE = 600  # seconds


class Cluster:
    """A scheduler and its workers, each a process of its own."""

    def __init__(self) -> None:
        self.processes: list[subprocess.Popen[str]] = []
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0")
        self.address = self._read(self.scheduler, r"Scheduler at:\s+(tcp://\S+)")
        self.workers = [self.add_worker(), self.add_worker()]

    def _start(self, *words: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "distributed.cli.dask_" + words[0], *words[1:],
             "--no-dashboard"],
            env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True,
            stderr=subprocess.PIPE, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        self.processes.append(process)
        return process

    def _read(self, process: subprocess.Popen[str], pattern: str) -> str:
        assert process.stderr is not None
        for line in process.stderr:
            if found := re.search(pattern, line):
                return found[1]
        raise AssertionError("it ended before it said where it is")

    def add_worker(self) -> subprocess.Popen[str]:
        worker = self._start(
            "worker", self.address, "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny"
        )
        self._read(worker, r"Registered to:\s+(\S+)")
        return worker

    def end(self) -> None:
        for process in reversed(self.processes):
            process.kill()
            process.communicate()


@contextmanager
def cluster() -> Iterator[Cluster]:
    one = Cluster()
    try:
        yield one
    finally:
        one.end()


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Large, damaged, and chaotic captures, and the database that one process makes of them."""
    folder = tmp_path_factory.mktemp("cluster")
    inside = folder / "in"
    inside.mkdir()
    write_warc(inside / "large.warc.gz", captures(1_300))
    write_warc(inside / "damaged.warc.gz", captures(900, 3_000))
    with (inside / "damaged.warc.gz").open("ab") as file:
        file.write(GARBAGE + record(number=7))
    write_warc(folder / "bundled.warc.gz", captures(600, 6_000))  # more than a worker gives at once
    with zipfile.ZipFile(inside / "bundle.wacz", "w") as bundle:
        bundle.write(folder / "bundled.warc.gz", "archive/bundled.warc.gz")
    for seed in range(3):
        world = make_chaos(seed)
        write_world(world, inside / str(seed), [[n] for n in range(len(world.captures))])
    db = folder / "alone" / "embassy.db"
    assert program.ingest(db, inside).exit_code == 3
    return inside, db


def command(source: Path, db: Path, *more: str) -> tuple[str, ...]:
    return ("ingest", str(source), "--engine", "dask", "--db", str(db), *more)


def test_a_cluster_gives_the_same_history(source, tmp_path: Path) -> None:
    inside, alone = source
    db = tmp_path / "embassy.db"
    with cluster() as one:
        run = program.start(*command(inside, db, "--scheduler", one.address))
        _, said = run.communicate(timeout=PATIENCE)
    assert run.returncode == 3, said
    assert not program.table_differences(alone, db)
    assert program.report(alone) == program.report(db)


@pytest.mark.slow
def test_workers_on_this_machine_give_it_too(source, tmp_path: Path) -> None:
    inside, alone = source
    db = tmp_path / "embassy.db"
    run = program.start(*command(inside, db, "--jobs", "2"))
    _, said = run.communicate(timeout=PATIENCE)
    assert run.returncode == 3, said
    assert not program.table_differences(alone, db)


@pytest.mark.slow
def test_a_killed_worker_costs_nothing(source, tmp_path: Path) -> None:
    inside, alone = source
    db = tmp_path / "embassy.db"
    with cluster() as one:
        run = program.start(*command(inside, db, "--scheduler", one.address))
        while run.poll() is None and not program.count(db, "captures"):
            time.sleep(0.01)
        assert run.poll() is None
        one.workers[0].kill()
        _, said = run.communicate(timeout=PATIENCE)
    assert run.returncode == 3, said
    assert not program.table_differences(alone, db)


@pytest.mark.slow
def test_a_cluster_that_is_lost_is_told_and_the_next_run_completes(source, tmp_path) -> None:
    inside, alone = source
    db = tmp_path / "embassy.db"
    with cluster() as one:
        run = program.start(*command(inside, db, "--scheduler", one.address))
        while run.poll() is None and not program.count(db, "_shards"):
            time.sleep(0.01)
        for worker in one.workers:
            worker.send_signal(signal.SIGSTOP)
        one.scheduler.kill()
        _, said = run.communicate(timeout=PATIENCE)
    lines = said.decode().splitlines()
    assert run.returncode == 1
    assert "the cluster is lost" in lines[-1] and "run it again" in lines[-1]
    assert program.run("ingest", str(inside), "--jobs", "2", "--db", str(db)).exit_code == 3
    assert not program.table_differences(alone, db)


@pytest.mark.slow
def test_killed_whole_it_goes_on(source, tmp_path: Path) -> None:
    inside, alone = source
    db = tmp_path / "embassy.db"
    with cluster() as one:
        words = command(inside, db, "--scheduler", one.address)
        program.cut_short(words, db, "_shards")
        assert program.count(db, "captures") < program.count(alone, "captures")
        run = program.start(*words)
        _, said = run.communicate(timeout=PATIENCE)
    assert run.returncode == 3, said
    assert not program.table_differences(alone, db)


def test_where_there_is_no_cluster_one_line_says_so(source, tmp_path: Path) -> None:
    inside, _ = source
    for address in ("nonsense", "tcp://127.0.0.1:x"):
        done = program.run(*command(inside, tmp_path / "embassy.db", "--scheduler", address))
        assert (done.exit_code, done.err.count("\n")) == (1, 1)
        assert address in done.err
    done = program.run("ingest", str(inside), "--scheduler", "tcp://x:1", "--db", str(tmp_path))
    assert done.exit_code == 2


def test_a_worker_that_cannot_read_says_why(source, tmp_path: Path) -> None:
    """The driver reads such a shard itself."""
    inside, _ = source
    (shard,) = whole(find_files([inside / "damaged.warc.gz"])[0])
    with pytest.raises(ClusterError, match="has version"):
        read_piece(shard, Reader(load_profile()), 0, "0.0")
    (inside / "damaged.warc.gz").rename(tmp_path / "gone")
    try:
        with pytest.raises(ClusterError, match="cannot see the file"):
            read_piece(shard, Reader(load_profile()), 0, __version__)
    finally:
        (tmp_path / "gone").rename(inside / "damaged.warc.gz")
