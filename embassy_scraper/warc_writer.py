"""The WARC file that a run writes: appended to, brought to the disk, given up where that fails."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from errno import ENOENT, ENOTDIR
from hashlib import sha256
from io import BufferedWriter
from pathlib import Path

from fastwarc.warc import WarcRecord, WarcRecordType

from embassy_scraper import __version__
from embassy_scraper.captures import FileState, as_member

_ROLL_OVER = 1_000_000_000  # bytes after which a run begins another file


class WarcWriter:
    """Appends records to a new WARC file below *folder*; the file is made when needed."""

    def __init__(self, folder: Path) -> None:
        """Prepare to write below *folder*."""
        self._folder = folder
        self._file: BufferedWriter | None = None
        self._name = ""
        self._size = 0
        self._digest = sha256()
        self._safe = 0  # bytes of the file that are on the disk
        self._full: list[FileState] = []  # files ended since the last flush

    def append(self, record: bytes) -> tuple[str, int]:
        """Append a record; return its file's name and its offset. ``flush`` makes it safe.

        Raises:
            OSError: it cannot be written; what is appended later begins another file.
        """
        with self._giving_up():
            if self._file is None or self._size > _ROLL_OVER:
                self._open()
            return self._name, self._write(record)

    def _write(self, member: bytes) -> int:
        assert self._file is not None
        offset = self._size
        self._file.write(member)
        self._digest.update(member)
        self._size += len(member)
        return offset

    @contextmanager
    def _giving_up(self) -> Iterator[None]:
        """Give the file up where it cannot be written: its end may be half of a record.

        That is cut off; what was on the disk before may be named, and stays.
        """
        try:
            yield
        except OSError as error:
            file, self._file = self._file, None
            path = self._folder / self._name
            with suppress(OSError):
                if file is not None:
                    file.close()
            with suppress(OSError):
                if file is not None and self._safe:
                    os.truncate(path, self._safe)
                elif file is not None:
                    path.unlink()
            raise OSError(error.errno, error.strerror, error.filename or str(path)) from error

    def _open(self) -> None:
        self._full += self._flush()
        self._close()
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except FileExistsError as error:
            told = "a file in the place of the folder of raw captures"
            raise NotADirectoryError(ENOTDIR, told, str(self._folder)) from error
        started = datetime.now(UTC).strftime("%Y%m%d%H%M%S")
        for number in range(10_000):
            self._name = f"embassy-{started}-{os.getpid()}-{number:04}.warc.gz"
            try:
                self._file = (self._folder / self._name).open("xb")
                break
            except FileExistsError:
                continue
        self._size, self._safe, self._digest = 0, 0, sha256()
        self._write(_file_info(self._name))

    def flush(self) -> list[FileState]:
        """Bring everything written to the disk; return the state of every file written to."""
        with self._giving_up():
            states, self._full = [*self._full, *self._flush()], []
        return states

    def _flush(self) -> list[FileState]:
        if self._file is None:
            return []
        self._file.flush()
        if not os.fstat(self._file.fileno()).st_nlink:
            raise OSError(ENOENT, "was removed while it was written", self._name)
        os.fsync(self._file.fileno())
        self._safe = self._size
        return [FileState(self._name, self._size, self._digest.hexdigest())]

    def close(self) -> None:
        """Close the file."""
        with self._giving_up():
            self._close()

    def _close(self) -> None:
        if self._file is not None:
            self._flush()
            self._file.close()
            self._file = None


def _file_info(name: str) -> bytes:
    """Return the record with which a file begins."""
    fields = (f"software: embassy-scraper {__version__}", "format: WARC File Format 1.1", "")
    text = "\r\n".join(fields).encode()
    info = WarcRecord()
    info.init_headers(WarcRecordType.warcinfo, content_length=len(text))
    info.headers["Content-Type"] = "application/warc-fields"
    info.headers["WARC-Filename"] = name
    info.set_bytes_content(text)
    return as_member(info)
