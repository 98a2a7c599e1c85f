"""Damaged archives: what it costs to read on behind each of a thousand damaged stretches."""

import zipfile
from itertools import count
from pathlib import Path

from benchmarks.world import captures, record

_GARBAGE = b"garbage here\r\n" * 30


def write_damaged(path: Path, size: int) -> int:
    """Write a WACZ file of about *size* bytes, a damaged stretch behind each record; say how many.

    Its member is packed once more, so that going back in it is dear.
    """
    parts: list[bytes] = []
    written = 0
    for number in count():
        if written >= size:
            break
        parts.append(record(*next(captures(1, number))) + _GARBAGE)
        written += len(parts[-1])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("archive/data.warc.gz", b"".join(parts))
    return len(parts)
