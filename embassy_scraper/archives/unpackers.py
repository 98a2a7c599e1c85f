"""What unpacks a gzip member or a zstd frame, step by step, and knows where it ends."""

import re
import zlib
from collections.abc import Callable
from typing import IO, Protocol

import zstandard

from embassy_scraper.errors import CaptureRejected
from embassy_scraper.limits import MAX_DICTIONARY

GZIP_MAGIC = b"\x1f\x8b"
GZIP = re.compile(  # RFC 1952: the ten bytes with which a member begins
    rb"\x1f\x8b\x08[\x00-\x1f].{4}[\x00\x02\x04][\x00-\x0d\xff]", re.DOTALL
)
ZSTD_FRAME = re.compile(rb"\x28\xb5\x2f\xfd")  # RFC 8878
ZSTD = re.compile(ZSTD_FRAME.pattern + rb"|[\x50-\x5f]\x2a\x4d\x18")  # or a frame to skip
MAGIC = 4  # bytes, by which each of them is known
STEP = 1 << 11  # bytes, of which each four can become 128 KB
DAMAGES = (zlib.error, zstandard.ZstdError)
DICTIONARY = b"\x5d\x2a\x4d\x18"
_MISMATCHES = ("incorrect data check", "incorrect length check", "match checksum")


def is_packed(head: bytes) -> bool:
    """Say whether what begins with *head* is a gzip member, or a zstd frame."""
    return head.startswith(GZIP_MAGIC) or ZSTD.match(head) is not None


class Unpacker(Protocol):
    """What unpacks one member."""

    @property
    def eof(self) -> bool:
        """Say whether its end came."""

    @property
    def unused_data(self) -> bytes:
        """Return what followed its end in the last step."""

    def decompress(self, data: bytes, /) -> bytes:
        """Return what the next step of it unpacks to."""


def gzip_member() -> Unpacker:
    """Return what unpacks one gzip member."""
    return zlib.decompressobj(16 + zlib.MAX_WBITS)


def zstd_frames(dictionary: bytes | None = None) -> Callable[[], Unpacker]:
    """Return what makes an unpacker for each of several zstd frames, made with a *dictionary*.

    Raises:
        CaptureRejected: the dictionary cannot be read.
    """
    try:
        given = zstandard.ZstdCompressionDict(dictionary) if dictionary else None
        begin = zstandard.ZstdDecompressor(dict_data=given).decompressobj
        begin()  # only now is the dictionary read
    except zstandard.ZstdError as error:
        told = f"the dictionary that it begins with is damaged: {error}; get the file once more"
        raise CaptureRejected("unreadable file", told) from error
    return begin


def is_mismatch(error: Exception) -> bool:
    """Say whether data was unpacked to its end and is not what its checksum says."""
    return any(text in str(error) for text in _MISMATCHES)


def read_dictionary(file: IO[bytes]) -> bytes | None:
    """Return the dictionary that the zstd frames of *file* were made with, if it brings one.

    It stands in a frame to skip before all others, and may itself be a zstd frame: IIPC, "Zstandard
    Compression for WARC Files 1.0".
    """
    file.seek(0)
    head = file.read(8)
    length = int.from_bytes(head[4:], "little")
    if head[:4] != DICTIONARY or length > MAX_DICTIONARY:
        return None
    data = file.read(length)
    if not ZSTD_FRAME.match(data):
        return data
    try:
        if zstandard.frame_content_size(data) > MAX_DICTIONARY:
            return None  # the library would make room for all of it
        return zstandard.ZstdDecompressor().decompress(data, max_output_size=MAX_DICTIONARY)
    except zstandard.ZstdError:
        return None
