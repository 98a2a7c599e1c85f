"""Reading shards on a Dask cluster.

Its workers must see the files under the same paths, and have the same version of this program; a
shard that they cannot read, for any reason, is read here.
"""

import asyncio
import logging
from collections.abc import Generator, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from typing import Any

from embassy_scraper import __version__
from embassy_scraper.archives.shards import Shard
from embassy_scraper.errors import ClusterError
from embassy_scraper.intake.careful import read_carefully
from embassy_scraper.intake.processes import deaf, safe_path
from embassy_scraper.intake.reading import Piece, Reader

_AHEAD = 2  # shards for every thread of the cluster that wait there, or are being read
_TRIES = 3  # of a shard, each on whatever worker there is
_PATIENCE = 30  # seconds: for the scheduler, and while it has no worker
_LOOK = 5  # seconds between two looks at a cluster that is silent
_NOT_INSTALLED = "Dask is not installed here; run: pip install 'embassy-scraper[dask]'"


def read_in_cluster(
    shards: Iterable[Shard], reader: Reader, scheduler: str | None, jobs: int
) -> Generator[Piece]:
    """Yield what *shards* say, read by the workers of the cluster at *scheduler*.

    ``None`` is a cluster of *jobs* processes on this machine.

    Raises:
        ClusterError: there is no such cluster, or it was lost.
    """
    if find_spec("distributed") is None:
        raise ClusterError(_NOT_INSTALLED)
    with _client(scheduler, jobs) as client:
        try:
            _silence()
            yield from _read(client, shards, reader)
        except (OSError, asyncio.CancelledError) as error:
            where = scheduler or "local workers"
            message = f"{where}: the cluster is lost ({error}); what is stored stays, run it again"
            raise ClusterError(message) from error


def _silence() -> None:
    """Silence Dask's own log: this program says the same in one line."""
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL)


@contextmanager
def _client(scheduler: str | None, jobs: int) -> Iterator[Any]:
    from distributed import Client

    if scheduler is None:
        with safe_path(), _local_cluster(jobs) as cluster, Client(cluster) as client:
            yield client
        return
    try:
        client = Client(scheduler, timeout=_PATIENCE)
    except (OSError, ValueError) as error:
        raise ClusterError(
            f"{scheduler}: no Dask scheduler answers there ({error}); start one, or leave out"
            " --scheduler to read on this machine"
        ) from error
    try:
        try:
            client.wait_for_workers(1, timeout=_PATIENCE)
        except TimeoutError as error:
            raise ClusterError(
                f"{scheduler}: no worker came within {_PATIENCE} s; start one"
            ) from error
        yield client
    finally:
        client.close()


@contextmanager
def _local_cluster(jobs: int) -> Iterator[Any]:
    """Yield a cluster of *jobs* processes on this machine."""
    from distributed import LocalCluster

    with ExitStack() as stack:
        with deaf():
            cluster = LocalCluster(
                n_workers=jobs,
                threads_per_worker=1,
                host="127.0.0.1",
                dashboard_address=None,
                silence_logs=logging.CRITICAL,
            )
            stack.enter_context(cluster)
        yield cluster


def _read(client: Any, shards: Iterable[Shard], reader: Reader) -> Iterator[Piece]:
    waiting = iter(shards)
    running: dict[Any, tuple[Shard, int]] = {}
    while True:
        while len(running) < _AHEAD * max(1, sum(client.nthreads().values())):
            shard = next(waiting, None)
            if shard is None:
                break
            running[_submit(client, shard, reader, 0)] = shard, 0
        if not running:
            return
        for future in _done(client, list(running)):
            shard, skip = running.pop(future)
            if future.status != "finished":
                yield from read_carefully(shard, reader, skip)
                continue
            piece: Piece = future.result()
            yield piece
            future.release()
            if not piece.is_last:
                skip += len(piece.found)
                running[_submit(client, shard, reader, skip)] = shard, skip


def _submit(client: Any, shard: Shard, reader: Reader, skip: int) -> Any:
    return client.submit(read_piece, shard, reader, skip, __version__, retries=_TRIES, pure=False)


def _done(client: Any, running: list[Any]) -> set[Any]:
    """Wait until some of what is *running* is done, well or not; return it.

    Raises:
        ClusterError: there has been no worker for a while.
    """
    from distributed import wait

    alone = 0
    while True:
        try:
            done: set[Any] = wait(running, timeout=_LOOK, return_when="FIRST_COMPLETED").done
            return done
        except TimeoutError:
            alone = 0 if client.nthreads() else alone + _LOOK
            if alone >= _PATIENCE:
                reason = f"no worker has answered for {alone} s; start one, then run it again"
                raise ClusterError(reason) from None


def read_piece(shard: Shard, reader: Reader, skip: int, version: str) -> Piece:
    """Return what *shard* says behind its first *skip* offers: the work of a cluster's worker.

    So much of it as fits into memory: what a stretch of a WARC file says does in most cases, the
    rest of a damaged file or of a WACZ file may not.

    Raises:
        ClusterError: the worker has another version, or does not see the files.
    """
    if version != __version__:
        raise ClusterError(f"this worker has version {__version__}, not {version}")
    for file in shard.files:
        if not file.path.exists():
            raise ClusterError(f"{file.path}: this worker cannot see the file")
    return next(reader.pieces(shard, skip, pack=True))
