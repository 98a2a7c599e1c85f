"""Zip files that are the same bytes each time: stored, of one date, in the given order."""

import io
import zipfile
from collections.abc import Iterable
from hashlib import sha256

_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can say
_READABLE = 0o100644 << 16
_UNIX = 3
_SEAL = b"sha256 of all bytes before it: "
_DIGITS = 64


def make_zip(members: Iterable[tuple[str, bytes]], comment: bytes = b"") -> bytes:
    """Return a zip of *members*, uncompressed: the same of the same, on any machine."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as made:
        for name, data in members:
            info = zipfile.ZipInfo(name, _DATE)
            info.create_system, info.external_attr = _UNIX, _READABLE
            made.writestr(info, data)
        made.comment = comment
    return out.getvalue()


def make_sealed_zip(members: Iterable[tuple[str, bytes]]) -> bytes:
    """Return a zip of *members* whose comment ends with the SHA-256 of every byte before it.

    So a changed byte is found in what no digest of a member covers too: dates, names, the table.
    """
    unsealed = make_zip(members, _SEAL + b"0" * _DIGITS)[:-_DIGITS]
    return unsealed + sha256(unsealed).hexdigest().encode()
