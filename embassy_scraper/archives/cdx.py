"""CDX: what an archive offers, a line a capture. Parsing alone; asking is the spiders' business.

The Wayback Machine answers with an array of arrays whose first row names the columns, and closes
with an empty row and a resume key where there is more. pywb, which is Common Crawl's index, answers
with one JSON object a line.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from embassy_scraper.crawl_items import Offered
from embassy_scraper.errors import ArchiveAnswerError
from embassy_scraper.limits import MAX_INDEX_ROWS, MAX_URL

_DIGITS = 18  # more of them are no number that a database can keep
_CELLS = 10  # of a row; there are six, and addresses with commas and brackets
_TIMESTAMP = re.compile(r"[0-9]{14}")
_NAMES = {"original": "url", "mimetype": "mime", "statuscode": "status"}  # Wayback's for pywb's


@dataclass(frozen=True, slots=True)
class CdxPage:
    """One answer of an index: what it offers, lines that could not be read, how to go on."""

    rows: tuple[Offered, ...]
    unread: tuple[str, ...] = ()
    resume_key: str | None = None


def read_json(text: str) -> Any:
    """Return what a JSON answer says.

    What it may hold is counted before it is read: three bytes of it can take a hundred of memory.

    Raises:
        ArchiveAnswerError: it is not JSON, or nested too deeply, or of too many rows.
    """
    _check_rows(max(text.count(one) for one in "[{,") // _CELLS)
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ArchiveAnswerError(f"not JSON: {text[:80]!r}") from error


def _check_rows(count: int) -> None:
    """Refuse an answer of so many rows.

    Raises:
        ArchiveAnswerError: they are too many.
    """
    if count > MAX_INDEX_ROWS:
        raise ArchiveAnswerError(f"over {MAX_INDEX_ROWS} rows; no answer of an index has so many")


def read_wayback(text: str) -> CdxPage:
    """Return what an answer of the Wayback Machine's CDX server says.

    Raises:
        ArchiveAnswerError: it is no such answer.

    >>> read_wayback('[["timestamp","original"],["20200101000000","http://a.example/"]]').rows[0].url
    'http://a.example/'
    """
    if not text.strip():
        return CdxPage(())
    table = read_json(text)
    if not isinstance(table, list) or not all(isinstance(row, list) for row in table[:1]):
        raise ArchiveAnswerError(f"not an array of arrays: {text[:80]!r}")
    _check_rows(len(table))
    resume_key = None
    if len(table) >= 2 and table[-2] == [] and isinstance(table[-1], list) and len(table[-1]) == 1:
        resume_key, table = str(table[-1][0]), table[:-2]
    if not table:
        return CdxPage((), resume_key=resume_key)
    columns = [str(name) for name in table[0]]
    if not {"timestamp", "original"} <= set(columns):
        raise ArchiveAnswerError(f"its first row does not name columns: {str(table[0])[:80]}")
    rows, unread = _sift((_named(columns, row), row) for row in table[1:])
    return CdxPage(rows, unread, resume_key)


def _named(columns: list[str], row: object) -> dict[str, Any]:
    """Return the fields of a *row* by their names; none where it is not one."""
    return dict(zip(columns, row, strict=False)) if isinstance(row, list) else {}


def read_pywb(text: str) -> CdxPage:
    """Return what an answer of pywb's index says: one JSON object a line.

    Raises:
        ArchiveAnswerError: no line of it is a JSON object, or it has too many, or it is empty:
            where pywb has nothing, it says so.
    """
    _check_rows(text.count("\n"))
    lines = [line for line in text.split("\n") if line.strip()]
    if not lines:
        raise ArchiveAnswerError("an empty answer")
    if not any("timestamp" in _object(line) for line in lines):
        raise ArchiveAnswerError(f"not JSON lines: {lines[0][:80]!r}")
    return CdxPage(*_sift((_object(line), line) for line in lines))


def _object(line: str) -> dict[str, Any]:
    try:
        found = read_json(line[max(0, line.find("{")) :])
    except ArchiveAnswerError:
        return {}
    return found if isinstance(found, dict) else {}


def _sift(
    lines: Iterable[tuple[dict[str, Any], object]],
) -> tuple[tuple[Offered, ...], tuple[str, ...]]:
    rows: list[Offered] = []
    unread: list[str] = []
    for fields, line in lines:
        row = _offered({_NAMES.get(name, name): value for name, value in fields.items()})
        if row is not None:
            rows.append(row)
        elif line not in ([], ""):
            unread.append(str(line)[:300].encode("utf-8", "backslashreplace").decode())
    return tuple(rows), tuple(unread)


def _offered(fields: dict[str, Any]) -> Offered | None:
    timestamp, url = str(fields.get("timestamp", "")), fields.get("url")
    if not _TIMESTAMP.fullmatch(timestamp) or not isinstance(url, str) or "://" not in url:
        return None
    if max(len(str(value)) for value in fields.values()) > MAX_URL:
        return None
    try:
        row = Offered(
            timestamp=timestamp,
            url=url,
            mime=str(fields.get("mime") or ""),
            status=_number(fields.get("status")),
            digest=str(fields.get("digest") or "").removeprefix("sha1:"),
            length=_number(fields.get("length")),
            file=str(fields.get("filename") or "") or None,
            offset=_number(fields.get("offset")),
        )
        "".join((row.captured_at, row.url, row.mime, row.digest, row.file or "")).encode()
    except ValueError:  # no instant, or half a surrogate pair, which no database keeps
        return None
    return row


def _number(value: object) -> int | None:
    text = str(value)
    return int(text) if len(text) <= _DIGITS and text.isascii() and text.isdigit() else None
