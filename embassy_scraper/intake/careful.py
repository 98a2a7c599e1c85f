"""Reading with care: offer by offer, in a process that may die of any of them.

For a shard on which workers were killed. An offer that kills its reader twice is rejected, and
reading continues after it.
"""

import signal
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing.connection import Connection

from embassy_scraper.archives import shown
from embassy_scraper.archives.shards import Shard
from embassy_scraper.errors import CaptureRejected
from embassy_scraper.intake.processes import process_context
from embassy_scraper.intake.reading import Found, Piece, Reader, Rejected
from embassy_scraper.limits import MAX_DEATHS

Place = tuple[str, str, str]  # of an offer: path, place in it, and name of its file


def read_carefully(shard: Shard, reader: Reader, skip: int) -> Iterator[Piece]:
    """Yield what *shard* says behind its first *skip* offers, in pieces of one."""
    deaths = 0
    while True:
        place: Place | None = None
        for answer in _try(shard, reader, skip):
            if isinstance(answer, tuple):
                place = answer
                continue
            yield answer
            if answer.is_last:
                return
            place, deaths, skip = None, 0, skip + 1
        deaths += 1
        if deaths == MAX_DEATHS:
            yield Piece(shard, [_rejected(shard, place)], 0, is_last=place is None)
            if place is None:  # what killed it was no offer, but the way to the next one
                return
            deaths, skip = 0, skip + 1


def _try(shard: Shard, reader: Reader, skip: int) -> Iterator[Place | Piece]:
    """Yield the place of each offer before it is read, then what it says; until the end or death.

    The way there is gone again in every try, so a shard with much poison is read slowly.
    """
    context = process_context()
    pipe, theirs = context.Pipe()
    process = context.Process(target=_work, args=(theirs, shard, reader, skip), daemon=True)
    process.start()
    theirs.close()
    try:
        with suppress(OSError, EOFError):
            while True:
                yield pipe.recv()
    finally:
        pipe.close()
        process.terminate()
        process.join()


def _work(pipe: Connection, shard: Shard, reader: Reader, skip: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the driver's business
    with suppress(OSError):
        for offer in reader.offers(shard, skip):
            pipe.send((offer.path, offer.where, offer.name))
            pipe.send(Piece(shard, [reader.read(offer, pack=True)], 0, is_last=False))
        pipe.send(Piece(shard, [], shard.size, is_last=True))


def _rejected(shard: Shard, place: Place | None) -> Found:
    first = shard.files[0]
    path, where, name = place or (shown(first.path), "", first.name)
    at = f" at {where}" if where else ""
    rest = "" if place else " up to here; the rest of it is not read"
    message = f"{path}{at}: the process that read it died twice{rest}; please report it"
    return Rejected(name, CaptureRejected("reading failed", message, where))
