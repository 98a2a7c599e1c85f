"""A capture: what was read from it line by line, where it came from, and its bytes as text."""

import re
from itertools import groupby

from embassy_scraper.errors import DatabaseError, NotHere, RawCaptureMissing
from embassy_scraper.evidence import Evidence
from embassy_scraper.items import NOT_OWN, WITHHELD, RawCapture
from embassy_scraper.limits import MAX_PAGE_BYTES
from embassy_scraper.pages.charset import decode
from embassy_scraper.pages.reading import explain_page
from embassy_scraper.reports.links import archive_address, web_address
from embassy_scraper.reports.sentences import place_words
from embassy_scraper.web.page import Answer, Asked, Values
from embassy_scraper.web.raw import raw_capture
from pipelines.tables.one_capture import find_capture, show_capture
from pipelines.tables.retracted import held

_MOST_LINES = 300
_FRAME = ("chrome", "feed of others")  # how roles begin of what stands around a page's parts
_MOST_RAW = 65_536  # characters of the raw text
_TEXT = re.compile(r"text/|application/(?:xhtml\+xml|xml|json)|$")
_CHARSET = re.compile(r"[A-Za-z0-9][\w.:+-]{0,40}", re.A)
_LOCKED = "sandbox; default-src 'none'"


def load(asked: Asked) -> Values:
    """Return what was read from one capture, and its bytes as text.

    Raises:
        NotHere: there is no such capture.
    """
    try:
        capture = find_capture(asked.connection, asked.parts["capture"])
    except DatabaseError as error:
        raise NotHere(str(error)) from error
    whole = asked.argument("all") is not None
    shown = show_capture(asked.connection, capture)
    (row,) = shown["capture"]
    return {
        "id": capture,
        "retraction": next(iter(shown.get("retracted", ())), None),
        "capture": row,
        "url": web_address(row["url"]),
        "archived": archive_address(row["url"], capture),
        "evidence": _evidence(asked, capture),
        "header": next(iter(shown["header"]), None),
        "counters": shown["counters"],
        "page": next(iter(shown["page"]), None),
        "lists": _lists(asked, shown),
        "problems": shown["problems"],
        "withheld": [one for one in shown["problems"] if one["what"] in WITHHELD],
        "whole": whole,
        **_bytes(asked, capture, row["payload_bytes"], whole=whole),
    }


def _evidence(asked: Asked, capture: str) -> Evidence:
    query = f"SELECT evidence FROM {held(asked.connection)} WHERE id = ?"
    (text,) = asked.connection.execute(query, (capture,)).fetchone()
    return Evidence.read(text)


def _lists(asked: Asked, shown: dict[str, list[Values]]) -> list[Values]:
    """Return the places where the capture shows statements: name, window and entries."""
    windows = {row["list"]: row for row in shown["windows"]}
    entries = {n: list(rows) for n, rows in groupby(shown["entries"], key=lambda row: row["list"])}
    return [
        {
            "name": place_words(name, asked.headings),
            "window": windows.get(name),
            "entries": entries.get(name, []),
        }
        for name in sorted({*windows, *entries})
    ]


def _bytes(asked: Asked, capture: str, size: int, *, whole: bool) -> Values:
    """Return the lines of the page with their roles, and its text; or why they are not shown."""
    values: Values = {"lost": None, "roles": None, "frame": None}
    values |= {"layout": None, "more_roles": 0, "raw": None, "more_raw": 0}
    values |= {"is_large": size > MAX_PAGE_BYTES}
    if values["is_large"]:
        return values
    try:
        raw = raw_capture(asked, capture)
    except RawCaptureMissing as error:
        return values | {"lost": str(error)}
    found = explain_page(raw, asked.profile)
    roles = [role for role in found.trace.roles if role.role == NOT_OWN] or found.trace.roles
    shown = roles if whole else roles[:_MOST_LINES]
    values |= {"roles": [role for role in shown if not role.role.startswith(_FRAME)]}
    values |= {"frame": [role for role in shown if role.role.startswith(_FRAME)]}
    values |= {"more_roles": len(roles) - len(shown), "layout": found.page.layout}
    text = _text(raw)
    if text is not None:
        values |= {"raw": text if whole else text[:_MOST_RAW]}
        values |= {"more_raw": len(text) - len(values["raw"])}
    return values


def _text(raw: RawCapture) -> str | None:
    """Return the bytes of a page as text; ``None`` where they are a picture or the like."""
    media_type = raw.media_type.partition(";")[0].strip().lower()
    if not _TEXT.match(media_type):
        return None
    is_html = "html" in media_type or raw.payload.lstrip()[:1] == b"<"
    return decode(raw.payload, raw.charset, is_html=is_html).replace("\r\n", "\n")


def load_raw(asked: Asked) -> Answer:
    """Return the bytes of one capture as a download that no browser runs.

    Raises:
        NotHere: there is no such capture, or its bytes are lost.
    """
    try:
        capture = find_capture(asked.connection, asked.parts["capture"])
        raw = raw_capture(asked, capture)
    except (DatabaseError, RawCaptureMissing) as error:
        raise NotHere(str(error)) from error
    content_type, end = download(raw)
    return Answer(
        raw.payload,
        content_type,
        {
            "content-disposition": f'attachment; filename="{capture}.{end}"',
            "content-security-policy": _LOCKED,
            "x-content-type-options": "nosniff",
        },
    )


def download(raw: RawCapture) -> tuple[str, str]:
    """Return the type by which the bytes are sent, and how the file's name ends."""
    if not _TEXT.match(raw.media_type.strip().lower()):
        return "application/octet-stream", "bin"
    if raw.charset and _CHARSET.fullmatch(raw.charset):
        return f"text/plain; charset={raw.charset}", "txt"
    return "text/plain", "txt"
