"""Reading offered captures: in this process, or in several at once.

What a worker does is pure: bytes go in, values and a WARC record come out. The process that began
it is the only one that touches the database.
"""

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from hashlib import sha256
from multiprocessing import get_context, parent_process
from threading import Thread

from embassy_scraper.archives import Offer
from embassy_scraper.captures import make_record
from embassy_scraper.errors import CaptureRejected
from embassy_scraper.items import Capture, RawCapture
from embassy_scraper.pages import read_page
from pipelines.normalise import normalise

_AHEAD = 2  # batches that wait at each worker's door
_RESTARTS = 3  # of the pool, after which what is left is read in this process


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


def _end_with_parent() -> None:
    """Let a worker end when the process that began it is gone, however that ended."""
    parent = parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
        os._exit(1)

    Thread(target=watch, daemon=True).start()


class Readers:
    """Reads batches of offers, with *jobs* processes where there are more than one."""

    def __init__(self, jobs: int, mirror: str | None) -> None:
        """Prepare; the processes begin with the first batch."""
        self._jobs, self._mirror = jobs, mirror
        self._pool: ProcessPoolExecutor | None = None
        self._restarts = 0

    def read(self, batches: Iterable[list[Offer]]) -> Iterator[tuple[list[Offer], list[Found]]]:
        """Yield every batch with what it says, in order."""
        if self._jobs == 1:
            for batch in batches:
                yield batch, [read_offer(offer, self._mirror) for offer in batch]
            return
        try:
            yield from self._read_ahead(iter(batches))
        finally:
            if self._pool is not None:
                self._pool.shutdown(wait=True, cancel_futures=True)

    def _read_ahead(
        self, batches: Iterator[list[Offer]]
    ) -> Iterator[tuple[list[Offer], list[Found]]]:
        waiting: deque[tuple[list[Offer], Future[list[Found]]]] = deque()
        while True:
            while len(waiting) < self._jobs * _AHEAD:
                batch = next(batches, None)
                if batch is None:
                    break
                waiting.append((batch, self._submit(batch)))
            if not waiting:
                return
            batch, future = waiting.popleft()
            try:
                found = future.result()
            except BrokenProcessPool:
                found = self._read_again(batch)
                again = [(other, self._submit(other)) for other, _ in waiting]
                waiting = deque(again)
            yield batch, found

    def _submit(self, batch: list[Offer]) -> Future[list[Found]]:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self._jobs, mp_context=get_context("forkserver"), initializer=_end_with_parent
            )
        try:
            return self._pool.submit(read_and_pack, batch, self._mirror)
        except BrokenProcessPool as error:
            lost: Future[list[Found]] = Future()
            lost.set_exception(error)
            return lost

    def _read_again(self, batch: list[Offer]) -> list[Found]:
        """Read a batch whose worker died here, and begin with new workers, if not too often."""
        if self._pool is not None and self._restarts < _RESTARTS:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool, self._restarts = None, self._restarts + 1
        return [read_offer(offer, self._mirror) for offer in batch]
