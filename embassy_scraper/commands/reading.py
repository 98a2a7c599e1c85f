"""Reading offered captures: in this process, or in several at once.

What a worker does is pure: bytes go in, values and a WARC record come out. The process that began
it is the only one that touches the database.
"""

import signal
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import cast

from embassy_scraper.archives import Offer
from embassy_scraper.captures import make_record
from embassy_scraper.errors import CaptureRejected
from embassy_scraper.items import Capture, RawCapture
from embassy_scraper.pages import read_page
from pipelines.normalise import normalise


@dataclass(frozen=True, slots=True)
class Read:
    """An offer that was read; a worker packs its raw record, else it is packed when needed."""

    capture: Capture
    digest: str | None
    raw: RawCapture | None = None
    packed: bytes | None = None

    def record(self) -> bytes:
        """Return its WARC record."""
        if self.packed is not None:
            return self.packed
        assert self.raw is not None
        return make_record(self.raw, self.capture.id, self.capture.captured_at)


Found = Read | CaptureRejected | None


def read_offer(offer: Offer, mirror: str | None) -> Found:
    """Return what *offer* says; ``None`` for a revisit, which takes the database to read."""
    raw = offer.found
    if isinstance(raw, CaptureRejected):
        return raw
    if not isinstance(raw, RawCapture):
        return None
    try:
        raw = placed(raw, mirror)
        return Read(normalise(raw, read_page(raw)), offer.digest, raw)
    except CaptureRejected as error:
        where = f" at {offer.where}" if offer.where else ""
        message = f"{offer.path}{where}: {error}"
        evidence = f"sha256 {sha256(raw.payload).hexdigest()}"
        return CaptureRejected(error.what, message, offer.where, evidence)


def placed(raw: RawCapture, mirror: str | None) -> RawCapture:
    """Return *raw* as one of the mirror that the settings name, if they name any."""
    if mirror is None or raw.mirror is not None:
        return raw
    return replace(raw, mirror=mirror)


def read_and_pack(offers: list[Offer], mirror: str | None) -> list[Found]:
    """Return what *offers* say, with their records packed: the work of a worker."""
    found = [read_offer(offer, mirror) for offer in offers]
    return [
        replace(one, packed=one.record(), raw=None) if isinstance(one, Read) else one
        for one in found
    ]


class _Worker:
    """A process that reads one batch at a time.

    It has a pipe of its own, so that its death is seen at once and harms no other (a pool that
    shares its queues can hang for ever when one of its processes is killed while it writes). It
    ends by itself when the process that began it is gone, for then its pipe ends.
    """

    def __init__(self, mirror: str | None) -> None:
        self._context = get_context("forkserver")
        self._mirror = mirror
        self._process: BaseProcess | None = None
        self.batch: list[Offer] | None = None  # what it is reading

    def begin(self, batch: list[Offer]) -> None:
        """Let it read *batch*; where it is dead another one takes its place, once."""
        self.batch = batch
        for _ in range(2):
            if self._process is None:
                self._start()
            try:
                self.pipe.send(batch)
                return
            except OSError:
                self.end()

    def _start(self) -> None:
        self.pipe, theirs = self._context.Pipe()
        self._process = self._context.Process(target=_work, args=(theirs, self._mirror))
        self._process.start()
        theirs.close()

    def found(self) -> list[Found]:
        """Return what its batch says; one that its death has interrupted is read here."""
        batch, self.batch = self.batch, None
        assert batch is not None
        if self._process is not None:
            try:
                found: list[Found] = self.pipe.recv()
                return found
            except (OSError, EOFError):
                self.end()
        return [read_offer(offer, self._mirror) for offer in batch]

    def is_dead(self) -> bool:
        """Say whether no process is reading its batch."""
        return self._process is None

    def end(self) -> None:
        """End the process."""
        if self._process is not None:
            self.pipe.close()
            self._process.terminate()
            self._process.join()
            self._process = None


def _work(pipe: Connection, mirror: str | None) -> None:
    """Read batches from *pipe* until it ends: the main loop of a worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the driver's business
    with suppress(OSError, EOFError):
        while True:
            pipe.send(read_and_pack(pipe.recv(), mirror))


class Readers:
    """Reads batches of offers, with *jobs* processes where there are more than one."""

    def __init__(self, jobs: int, mirror: str | None) -> None:
        """Prepare; the processes begin with the first batches."""
        self._jobs, self._mirror = jobs, mirror

    def read(self, batches: Iterable[list[Offer]]) -> Iterator[tuple[list[Offer], list[Found]]]:
        """Yield every batch with what it says, as they are read."""
        if self._jobs == 1:
            for batch in batches:
                yield batch, [read_offer(offer, self._mirror) for offer in batch]
            return
        workers = [_Worker(self._mirror) for _ in range(self._jobs)]
        try:
            yield from _deal(iter(batches), workers)
        finally:
            for worker in workers:
                worker.end()


def _deal(
    batches: Iterator[list[Offer]], workers: list[_Worker]
) -> Iterator[tuple[list[Offer], list[Found]]]:
    """Give every worker a batch, and another one as soon as it is done."""
    for worker in workers:
        batch = next(batches, None)
        if batch is not None:
            worker.begin(batch)
    while busy := [worker for worker in workers if worker.batch is not None]:
        for worker in _done(busy):
            batch = worker.batch
            assert batch is not None
            found = worker.found()
            following = next(batches, None)
            if following is not None:
                worker.begin(following)
            yield batch, found


def _done(busy: list[_Worker]) -> list[_Worker]:
    """Wait for one of the *busy* workers to be done, or dead; return those that are."""
    dead = [worker for worker in busy if worker.is_dead()]
    if dead:
        return dead
    by_pipe = {worker.pipe: worker for worker in busy}
    return [by_pipe[cast(Connection, pipe)] for pipe in wait(list(by_pipe))]
