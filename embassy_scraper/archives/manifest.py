"""``manifest.tsv``: which URL, and optionally which instant, each saved file of a folder has."""

import csv
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from dateutil import parser

from embassy_scraper.errors import ManifestError

NAME = "manifest.tsv"
_COMPACT = {14: "%Y%m%d%H%M%S", 12: "%Y%m%d%H%M"}


@dataclass(frozen=True, slots=True)
class Told:
    """What a manifest tells of one file; an empty cell is not given."""

    url: str | None = None
    captured_at: str | None = None


def read_manifest(folder: Path) -> dict[str, list[Told]]:
    """Return what the manifest of *folder* tells, by file name; nothing where there is none.

    A file may stand in several lines: the same bytes, seen at several addresses or instants.

    Raises:
        ManifestError: it has no ``file`` and ``url`` columns, or an instant cannot be read.
    """
    path = folder / NAME
    if not path.is_file():
        return {}
    told: dict[str, list[Told]] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            if not {"file", "url"} <= set(rows.fieldnames or ()):
                raise ManifestError(f"{path}: its first line must name the columns file and url")
            for number, row in enumerate(rows, start=2):
                name = (row["file"] or "").strip()
                if name:
                    told.setdefault(name, []).append(_told(row, f"{path}:{number}"))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ManifestError(f"{path}: {error}; save it as tab-separated UTF-8 text") from error
    return told


def _told(row: dict[str, str | None], where: str) -> Told:
    url = (row.get("url") or "").strip() or None
    instant = (row.get("captured_at") or "").strip()
    return Told(url, read_instant(instant, where) if instant else None)


def read_instant(text: str, where: str) -> str:
    """Return the instant *text* (ISO 8601, or an archive's ``YYYYMMDDhhmmss``) as UTC.

    Without an offset it is UTC.

    Raises:
        ManifestError: it is neither.

    >>> read_instant("2020-11-24T13:22:00+01:00", "")
    '2020-11-24T12:22:00Z'
    >>> read_instant("20201124122200", "")
    '2020-11-24T12:22:00Z'
    """
    try:
        if text.isdigit() and len(text) in _COMPACT:
            moment = datetime.strptime(text, _COMPACT[len(text)])
        else:
            moment = parser.isoparse(text.replace(" ", "T", 1))
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        utc = moment.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        raise ManifestError(
            f"{where}: captured_at {text!r} is no instant; write 2020-11-24T12:22:00Z"
        ) from None
    return utc.isoformat(timespec="seconds") + "Z"
