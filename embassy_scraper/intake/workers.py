"""Reading shards in several processes at once, whichever of them dies.

Every process has a pipe of its own, so that its death is seen at once and harms no other (a pool
that shares its queues can hang for ever when one of its processes is killed while it writes). It
ends by itself when the process that began it is gone, for then its pipe ends.
"""

import signal
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import cast

from embassy_scraper.archives.saved import SavedReader
from embassy_scraper.archives.shards import Shard
from embassy_scraper.intake.careful import read_carefully
from embassy_scraper.intake.processes import process_context
from embassy_scraper.intake.reading import Piece, Reader, collect_garbage_seldom

_AHEAD = 2  # shards that a worker is given at a time, so that it never waits for one
_DEATHS = 2  # of its workers, after which a shard is read with care


@dataclass(slots=True)
class _Task:
    """A shard to read: how many of its offers have come, how many of its workers have died."""

    shard: Shard
    came: int = 0
    deaths: int = 0


class _Worker:
    """A process that reads the shards it is given, one after another."""

    def __init__(self, reader: Reader) -> None:
        context = process_context()
        self.pipe, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs, reader), daemon=True)
        self._process.start()
        theirs.close()
        self.tasks: deque[_Task] = deque()

    def give(self, task: _Task) -> None:
        """Let it read a shard next; if it is dead, that is found when it is asked."""
        self.tasks.append(task)
        with suppress(OSError):
            self.pipe.send((task.shard, task.came))

    def ask(self) -> Piece | None:
        """Return what it has read; ``None`` if it is dead."""
        try:
            piece: Piece = self.pipe.recv()
        except (OSError, EOFError):
            return None
        self.tasks[0].came += len(piece.found)
        if piece.is_last:
            self.tasks.popleft()
        return piece

    def end(self) -> None:
        """End the process."""
        self.pipe.close()
        self._process.terminate()
        self._process.join()


def _work(pipe: Connection, reader: Reader) -> None:
    """Read the shards that come through *pipe* until it ends: the main loop of a worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the driver's business
    collect_garbage_seldom()
    saved = SavedReader(reader.hosts)
    with suppress(OSError, EOFError):
        while True:
            shard, skip = pipe.recv()
            for piece in reader.pieces(shard, skip, pack=True, saved=saved):
                pipe.send(piece)


def read_in_processes(shards: Iterable[Shard], reader: Reader, jobs: int) -> Generator[Piece]:
    """Yield what *shards* say, read by *jobs* processes, as it comes."""
    tasks = map(_Task, shards)
    again: deque[_Task] = deque()  # those whose worker has died
    workers = [_Worker(reader) for _ in range(jobs)]
    try:
        while True:
            for worker in workers:
                _fill(worker, again, tasks)
            busy = [worker for worker in workers if worker.tasks]
            if not busy:
                return
            for worker in _ready(busy):
                piece = worker.ask()
                if piece is not None:
                    yield piece
                    continue
                workers[workers.index(worker)] = _Worker(reader)
                worker.end()
                suspect = worker.tasks.popleft()
                again.extend(worker.tasks)
                suspect.deaths += 1
                if suspect.deaths < _DEATHS:
                    again.append(suspect)
                else:
                    yield from read_carefully(suspect.shard, reader, suspect.came)
    finally:
        for worker in workers:
            worker.end()


def _fill(worker: _Worker, again: deque[_Task], tasks: Iterator[_Task]) -> None:
    while len(worker.tasks) < _AHEAD:
        task = again.popleft() if again else next(tasks, None)
        if task is None:
            return
        worker.give(task)


def _ready(busy: list[_Worker]) -> list[_Worker]:
    """Wait for one of the *busy* workers to have read something, or to be dead."""
    by_pipe = {worker.pipe: worker for worker in busy}
    return [by_pipe[cast(Connection, pipe)] for pipe in wait(list(by_pipe))]
