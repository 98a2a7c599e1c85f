"""What the bundle tells of the change: ``change.json``, and ``archives.json`` of its captures."""

from dataclasses import dataclass
from typing import Any

from embassy_scraper.bundle.kept import KeptCapture, KeptRecord
from embassy_scraper.bundle.passages import Shown, charset_of, is_html, look_for, passages_of
from embassy_scraper.bundle.wacz import place_records
from embassy_scraper.captures import sha1_of
from embassy_scraper.config import Archives
from embassy_scraper.reports.entries import COLUMNS, Change, Entry
from embassy_scraper.reports.sentences import sentence, when
from pipelines.tables.one_change import ChangeRows, Row

_NOT_TOLD = ("warc_file", "warc_offset")  # where a record lies in a folder that is not here


@dataclass(frozen=True, slots=True)
class Told:
    """All that is known of a change: its rows, its captures, and what archives offered of these."""

    rows: ChangeRows
    captures: list[KeptCapture]
    shown: list[Shown]
    offers: list[list[Row]]
    headings: dict[str, str]

    @property
    def change(self) -> Change:
        """Return the change as one row of the report, without what only this history knows."""
        row = self.rows.change
        return Change(**{name: row[name] for name in COLUMNS if name in row})

    @property
    def sentence(self) -> str:
        """Return what was changed, in words."""
        return sentence(Entry((self.change,)), self.headings)

    @property
    def when(self) -> str:
        """Return between which instants it was changed, in words."""
        return when(Entry((self.change,)))


def change_json(told: Told) -> dict[str, Any]:
    """Return what ``change.json`` says."""
    offsets = {record.record_id: offset for record, offset in place_records(told.captures)}
    passages = passages_of(told.change, told.shown)
    return {
        "sentence": told.sentence,
        "when": told.when,
        "change": told.rows.change,
        "statement": told.rows.statement,
        "version_before": told.rows.version_before,
        "version_after": told.rows.version_after,
        "captures": [
            _capture(capture, shown, offsets, passages)
            for capture, shown in zip(told.captures, told.shown, strict=True)
        ],
    }


def _capture(
    capture: KeptCapture, shown: Shown, offsets: dict[str, int], passages: list[str]
) -> dict[str, Any]:
    (row,) = shown["capture"]
    return {
        "role": capture.role,
        **{name: value for name, value in row.items() if name not in _NOT_TOLD},
        "charset": charset_of(capture),
        "is_html": is_html(capture),
        "own_record": _place(capture.own, offsets),
        "record_with_bytes": _place(capture.holder, offsets),
        "passages": look_for(passages, capture),
        "read": {name: rows for name, rows in shown.items() if name != "capture"},
    }


def _place(record: KeptRecord, offsets: dict[str, int]) -> dict[str, object]:
    """Return where a record lies in ``archive/data.warc.gz``."""
    return {
        "id": record.record_id,
        "target": record.url,
        "offset": offsets[record.record_id],
        "length": len(record.member),
    }


def archives_json(told: Told, archives: Archives) -> dict[str, Any]:
    """Return what ``archives.json`` says: of each capture, what web archives offered of it."""
    rows = zip(told.captures, told.offers, strict=True)
    return {
        "note": "What the archives' own indexes said; nothing was asked for this bundle.",
        "captures": [
            {
                "id": capture.id,
                "role": capture.role,
                "source": capture.raw.source,
                "payload_sha1": sha1_of(capture.raw.payload),
                "offers": [{**row, **_where(row, archives)} for row in offers],
            }
            for capture, offers in rows
        ],
    }


def _where(offer: Row, archives: Archives) -> dict[str, object]:
    """Return where an archive has what it offers, as addresses that can be asked."""
    told: dict[str, object] = {"is_this_capture": bool(offer["is_this_capture"])}
    if offer["archive"] == "wayback":
        at = f"{archives.wayback.rstrip('/')}/web/{offer['timestamp']}"
        told |= {"shown_at": f"{at}/{offer['url']}", "bytes_at": f"{at}id_/{offer['url']}"}
    elif offer["file"] is not None:
        told["bytes_at"] = f"{archives.commoncrawl_data.rstrip('/')}/{offer['file']}"
        if offer["offset"] is not None and offer["length"] is not None:
            last = offer["offset"] + offer["length"] - 1
            told["range"] = f"bytes={offer['offset']}-{last}"
    return told
