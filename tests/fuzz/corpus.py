"""The inputs that are kept: one file each, those over 4 KB packed with xz."""

from __future__ import annotations

import lzma
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

FOLDER = Path(__file__).parent / "corpus"
_PLAIN = 4096  # bytes


def kept(target: str, folder: Path = FOLDER) -> Iterator[tuple[Path, bytes]]:
    """Yield the files that are kept for *target*, and what they hold."""
    for path in sorted(folder.glob(f"{target}/*")):
        data = path.read_bytes()
        yield path, lzma.decompress(data) if path.suffix == ".xz" else data


def keep(target: str, data: bytes, folder: Path = FOLDER) -> Path:
    """Keep what was found for *target*; return where."""
    path = folder / target / f"found-{sha256(data).hexdigest()[:16]}"
    path.parent.mkdir(parents=True, exist_ok=True)
    if len(data) <= _PLAIN:
        path.write_bytes(data)
        return path
    packed = path.with_suffix(".xz")
    packed.write_bytes(lzma.compress(data, preset=9))
    return packed
