"""WACZ files: a zip with WARC or ARC files in it.

What else lies in it is passed over where it is a side file, or one that a WACZ has of its own;
of anything else it is told how much there is.

A member is read where it lies, or is unpacked once: going back inside a packed member of a zip
would unpack it from its beginning, again at each damaged place.
"""

import io
import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from embassy_scraper.archives import IsWanted, Offer, shown
from embassy_scraper.archives.arc import read_arc_records
from embassy_scraper.archives.beginnings import Kind
from embassy_scraper.archives.folders import Found
from embassy_scraper.archives.kinds import kind_of_member, read_head
from embassy_scraper.archives.side_files import side_kind
from embassy_scraper.archives.unpacked import most_bytes, temporary
from embassy_scraper.archives.unpackers import MAGIC, ZSTD, is_packed
from embassy_scraper.archives.warc import read_records, read_zstd
from embassy_scraper.archives.zip_bytes import ZipBytes
from embassy_scraper.errors import CaptureRejected
from embassy_scraper.text import one_line

_RECORDS: tuple[Kind, ...] = ("WARC", "ARC")
_ARCHIVES = (".wacz", ".zip")
_OWN, _OWN_FOLDERS = "datapackage.json", ("indexes/", "pages/", "logs/")  # of each WACZ
_BLOCK = 1 << 20
_HEAD, _SIGNATURE = 30, b"PK\x03\x04"  # of the bytes that stand before a member's name and data
_ENCRYPTED = 1  # a flag
_NOT_READABLE = "not a readable WACZ (zip) file"
_DAMAGED = "it is cut off or damaged; download or copy it again"


def read_wacz(path: Path, is_wanted: IsWanted | None = None) -> Iterator[Offer]:
    """Yield what the WARC files inside the WACZ file *path* offer: the URLs that are wanted."""
    name = shown(path)
    try:
        with ZipBytes(path) as file:
            try:
                bundle = zipfile.ZipFile(file)
            except CaptureRejected as error:
                yield _rejected(name, "", f"{error}; {_NOT_READABLE}", error.what)
                return
            except Exception as error:  # noqa: BLE001 - zipfile raises all kinds of them
                yield _rejected(name, "", f"{_why(error)}; {_NOT_READABLE}: {_DAMAGED}")
                return
            yield from _Reader(file, bundle, name, is_wanted).read()
    except OSError as error:
        yield _rejected(name, "", f"{error.strerror or error}; check the file")


@dataclass(frozen=True, slots=True)
class _Member:
    """What came of a member: a file to read, and what is wrong with it, which may be damage."""

    file: IO[bytes]
    fault: str | None = None
    is_damaged: bool = False


class _Reader:
    """Reads the members of one zip.

    ``_left`` is how many bytes may still be unpacked, ``_apart`` how many of the zip members may
    still have that are stored as they are, for none lies where another does.
    """

    def __init__(
        self,
        file: IO[bytes],
        bundle: zipfile.ZipFile,
        path: str,
        is_wanted: IsWanted | None,
    ) -> None:
        self._file, self._bundle, self._path = file, bundle, path
        self._is_wanted = is_wanted
        self._size = self._apart = os.fstat(file.fileno()).st_size
        self._left = most_bytes(self._size)

    def read(self) -> Iterator[Offer]:
        """Yield what all members offer, and which are not read."""
        members = sorted(self._bundle.infolist(), key=lambda one: (one.filename, one.header_offset))
        inner = [one for one in members if one.filename.lower().endswith(_ARCHIVES)]
        kinds = {one: self._kind(one) for one in members if one not in inner and not one.is_dir()}
        archives = [one for one, kind in kinds.items() if kind in _RECORDS]
        if not archives and not inner:
            yield _rejected(self._path, "", "it contains no WARC file", "no records")
            return
        for info in archives:
            try:
                yield from self._read(info, kinds[info])
            except CaptureRejected as error:
                yield self._fault(info, f"{error}")
            if self._apart < 0:
                break
        for info in inner:
            yield self._fault(info, "an archive inside an archive; unpack it, and ingest it alone")
        yield from self._tell_others([one for one in kinds if one not in archives], kinds)

    def _kind(self, info: zipfile.ZipInfo) -> Kind:
        """Return the kind of a member; of one that cannot be opened, by its name."""
        try:
            with self._bundle.open(info) as packed:
                head = read_head(packed)
        except Exception:  # noqa: BLE001 - each kind of packing raises its own
            head = b""
        return kind_of_member(head, info.filename)

    def _tell_others(
        self, others: list[zipfile.ZipInfo], kinds: dict[zipfile.ZipInfo, Kind]
    ) -> Iterator[Offer]:
        is_own = any(one.filename == _OWN for one in others)
        names = [
            _name(one)
            for one in others
            if side_kind(Found(Path(one.filename), one.filename, False), kinds[one]) is None
            and not (is_own and one.filename.startswith(_OWN_FOLDERS))
        ]
        if names:
            count = f"{len(names)} other files" if len(names) > 1 else "another file"
            verb = "are" if len(names) > 1 else "is"
            why = f"{count} in it {verb} not read ({names[0]}); unpack it and ingest the folder"
            yield _rejected(self._path, "", why, "unknown kind of file")

    def _read(self, info: zipfile.ZipInfo, kind: Kind) -> Iterator[Offer]:
        name = f"{_name(info)} "
        with self._opened(info) as member:
            head = member.file.read(MAGIC)
            member.file.seek(0)
            if member.is_damaged and not is_packed(head):
                pass  # nothing tells which record is damaged
            elif kind == "ARC":
                yield from read_arc_records(member.file, self._path, name, self._is_wanted)
            elif ZSTD.match(head):
                yield from read_zstd(member.file, self._path, "wacz", name, self._is_wanted)
            else:
                yield from read_records(member.file, self._path, "wacz", name, self._is_wanted)
            if member.fault:
                yield self._fault(info, member.fault)

    @contextmanager
    def _opened(self, info: zipfile.ZipInfo) -> Iterator[_Member]:
        """Yield a member to read.

        Raises:
            CaptureRejected: it is encrypted or lies where others do, or the disk is full.
        """
        if info.flag_bits & _ENCRYPTED:
            raise CaptureRejected("unreadable file", "it is encrypted; unpack it with its password")
        if info.compress_type == zipfile.ZIP_STORED:
            yield self._window(info)
            return
        with temporary() as into:
            fault, is_damaged = None, False
            try:
                with self._bundle.open(info) as packed:
                    while data := packed.read(min(_BLOCK, self._left + 1)):
                        into.write(data)
                        self._left -= len(data)
                        if self._left < 0:
                            fault = "it unpacks to more than is allowed; the rest is not read"
                            break
            except CaptureRejected:
                raise
            except Exception as error:  # noqa: BLE001 - each kind of packing raises its own
                fault, is_damaged = f"{_why(error)}; {_NOT_READABLE}", True
            into.rewind()
            yield _Member(into.file, fault, is_damaged)

    def _window(self, info: zipfile.ZipInfo) -> _Member:
        """Return a member that is stored as it is, at its place in the zip."""
        head = os.pread(self._file.fileno(), _HEAD, info.header_offset)
        if len(head) < _HEAD or not head.startswith(_SIGNATURE):
            raise CaptureRejected(
                "unreadable file", f"it is not where it should be; {_NOT_READABLE}"
            )
        lengths = (int.from_bytes(head[at : at + 2], "little") for at in (26, 28))
        begin = info.header_offset + _HEAD + sum(lengths)
        self._apart -= min(info.compress_size, max(0, self._size - begin))
        if self._apart < 0:
            told = f"members lie where others do; the rest is not read; {_NOT_READABLE}"
            raise CaptureRejected("unreadable file", told)
        window = io.BufferedReader(_Window(self._file, begin, info.compress_size), _BLOCK)
        checksum = 0
        while data := window.read(_BLOCK):
            checksum = zlib.crc32(data, checksum)
        window.seek(0)
        is_damaged = checksum != info.CRC
        fault = f"it is not what its checksum says; {_NOT_READABLE}" if is_damaged else None
        return _Member(window, fault, is_damaged)

    def _fault(self, info: zipfile.ZipInfo, why: str) -> Offer:
        return _rejected(self._path, _name(info), f"{_name(info)}: {why}")


class _Window(io.RawIOBase):
    """A stretch of a file, to be read as a file of its own."""

    def __init__(self, file: IO[bytes], begin: int, size: int) -> None:
        self._file, self._begin, self._size, self._at = file, begin, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = start + offset
        return self._at

    def readinto(self, buffer: Any) -> int:
        most = max(0, min(len(buffer), self._size - self._at))
        data = os.pread(self._file.fileno(), most, self._begin + self._at)
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


def _name(info: zipfile.ZipInfo) -> str:
    """Return the name of a member as a person can read it in one line."""
    return shown(info.filename)


def _why(error: Exception) -> str:
    return one_line(str(error) or type(error).__name__)


def _rejected(path: str, where: str, why: str, what: str = "unreadable file") -> Offer:
    return Offer(path, where, CaptureRejected(what, f"{path}: {why}", where, why))
