"""A raw file that cannot be written any more: it ends where the disk has it, and another begins."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EFBIG
from pathlib import Path

import pytest

from embassy_scraper.captures import FileState, file_states
from embassy_scraper.warc_writer import WarcWriter

RECORD = b"x" * 20_000  # more than a buffer holds


@contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    """Let the kernel refuse what would be longer, after it has written what fits."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def flushed(writer: WarcWriter, folder: Path) -> FileState:
    (state,) = writer.flush()
    assert list(file_states(folder, iter([state]))) == []
    return state


def test_what_was_on_the_disk_stays_and_half_of_a_record_does_not(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path)
    name, _ = writer.append(RECORD)
    state = flushed(writer, tmp_path)
    with no_file_longer_than(state.bytes + 100), pytest.raises(OSError, match="too large") as told:
        writer.append(RECORD)
    assert (told.value.errno, told.value.filename) == (EFBIG, str(tmp_path / name))
    assert (tmp_path / name).stat().st_size == state.bytes
    other, offset = writer.append(RECORD)
    assert other != name and 0 < offset < 1000
    again = flushed(writer, tmp_path)
    writer.close()
    assert list(file_states(tmp_path, iter([state, again]))) == []


def test_a_file_of_which_nothing_was_on_the_disk_goes(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path)
    with no_file_longer_than(100), pytest.raises(OSError, match="too large"):
        writer.append(RECORD)
    assert list(tmp_path.iterdir()) == []
    writer.close()


def test_what_fails_only_when_it_is_brought_to_the_disk_fails_there(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path)
    writer.append(b"in the buffer")
    with no_file_longer_than(10), pytest.raises(OSError, match="too large"):
        writer.flush()
    assert writer.flush() == []
    assert list(tmp_path.iterdir()) == []
