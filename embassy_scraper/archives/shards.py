"""Shards: what is saved, cut into parts that can be read each by itself.

A shard is some pages, or an archive file, or a stretch of a WARC file between two records. Reading
the shards one by one offers exactly what reading the files from end to end does: a file is cut only
where a sound record begins, and behind damage it is not cut any more.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from fastwarc.warc import ArchiveIterator

from embassy_scraper.archives import IsWanted, Offer, shown
from embassy_scraper.archives.odd_heads import begins_at, is_usual
from embassy_scraper.archives.records import GZIP_MAGIC
from embassy_scraper.archives.saved import SavedFile, SavedReader

_PLAIN = b"WARC"
_FILES, _RECORDS, _BYTES = 100, 250, 4_000_000  # of which a shard has one at most


@dataclass(frozen=True, slots=True)
class Shard:
    """One part: *files*, or of a single WARC file the records from *begin* up to *end*.

    ``size`` is in bytes on disk; ``file`` tells an archive file, as it was when it was cut, from
    any other.
    """

    files: tuple[SavedFile, ...]
    size: int
    file: str | None = None
    begin: int = 0
    end: int | None = None

    @property
    def name(self) -> str | None:
        """Return what tells it from any other; ``None`` for pages."""
        return self.file and f"{self.file} {self.begin} {self.end}"


def whole(files: Iterable[SavedFile], most: int = _BYTES) -> Iterator[Shard]:
    """Yield a shard for every archive file, and one for some pages, of *most* bytes, at a time."""
    pages: list[SavedFile] = []
    size = 0
    for file in files:
        if file.is_archive:
            yield _archive(file)
            continue
        pages.append(file)
        size += size_of(file)
        if len(pages) == _FILES or size > most:
            yield Shard(tuple(pages), size)
            pages, size = [], 0
    if pages:
        yield Shard(tuple(pages), size)


def cut(files: Iterable[SavedFile], most: int = _BYTES) -> Iterator[Shard]:
    """Yield the same, with every WARC file of over *most* bytes cut into stretches."""
    for shard in whole(files, most):
        if shard.size > most and shard.files[0].is_warc:
            yield from _cut(shard, most)
        else:
            yield shard


def _cut(shard: Shard, most: int) -> Iterator[Shard]:
    begin = 0
    for end in _beginnings(shard.files[0].path, most):
        yield replace(shard, size=end - begin, begin=begin, end=end)
        begin = end
    yield replace(shard, size=shard.size - begin, begin=begin)


def _beginnings(path: Path, most: int) -> Iterator[int]:
    """Yield where a WARC file can be cut: at records that begin where they should."""
    begin = records = 0
    try:
        with path.open("rb") as file:
            if not file.read(len(_PLAIN)).startswith(
                (_PLAIN, GZIP_MAGIC)
            ):  # packed in another way, and read as a whole
                return
            file.seek(0)
            for record in ArchiveIterator(file, parse_http=False):
                if not is_usual(record):
                    return
                at = record.stream_pos
                records += 1
                is_full = records > _RECORDS or at - begin > most
                if is_full and at > begin and begins_at(file, at, record):
                    yield at
                    begin, records = at, 1
    except OSError:  # damage, which whoever reads the rest will tell of
        return


def read_shard(
    reader: SavedReader, shard: Shard, is_wanted: IsWanted | None = None
) -> Iterator[Offer]:
    """Yield what *shard* offers; of archives, only records whose URL *is_wanted*."""
    for file in shard.files:
        yield from reader.read(file, is_wanted, shard.begin, shard.end)


def size_of(file: SavedFile) -> int:
    """Return the size of *file* in bytes; 0 where there is none."""
    try:
        return file.path.stat().st_size
    except OSError:
        return 0


def _archive(file: SavedFile) -> Shard:
    try:
        stat = file.path.stat()
    except OSError:
        return Shard((file,), 0)
    name = f"{shown(file.path.resolve())} {stat.st_size} {stat.st_mtime_ns}"
    return Shard((file,), stat.st_size, file=name)
