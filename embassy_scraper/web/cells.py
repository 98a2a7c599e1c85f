"""Cells of Datasette's tables: what they name leads to our pages; what they say hides nothing."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from embassy_scraper.visible import visible

_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?")
_LONGEST = 300  # characters of a cell; JSON and CSV have all of it
_PAGES = {
    "statement": "statement",
    "capture": "capture",
    "capture_before": "capture",
    "capture_after": "capture",
    "first_capture": "capture",
    "change_id": "change",
    "event": "counter",
}
_KEYS = {"statements": ("key", "statement"), "captures": ("id", "capture")}
_ABOUT = {"statement": "statement", "page": "statement", "counter": "counter"}


def cell(row: Any, value: object, column: str, table: str | None, base: str) -> Any:
    """Return a cell as a link or as text that is safe to look at; ``None``: as Datasette has it.

    *base* is the address of the front page.
    """
    if isinstance(value, dict):  # a foreign key with its label
        value = value.get("value")
    if not isinstance(value, str) or not value:
        return None
    page = page_of(row, column, table)
    if column in ("title", "sentence") and page is None:
        own = address_of(dict(zip(row.keys(), row, strict=True)), table, base)
        if own is not None:
            return Markup('<a href="{}"><bdi>{}</bdi></a>').format(own, shorten(value))
    if page is not None:
        address = f"{base}{page}/{quote(value)}"
        return Markup('<a href="{}"><bdi>{}</bdi></a>').format(address, shorten(value))
    if _INSTANT.fullmatch(value):
        return Markup('<time datetime="{}">{}</time>').format(value, value)
    if value.startswith(("http://", "https://")) and visible(value) == value:
        return None
    return Markup("<bdi>{}</bdi>").format(shorten(value))


def page_of(row: Any, column: str, table: str | None) -> str | None:
    """Return which of our pages shows what stands in a *column* of a table, or of a query."""
    if table in _KEYS and column == _KEYS[table][0]:
        return _KEYS[table][1]
    if column == "subject" and "kind" in row.keys():  # noqa: SIM118, a row is no mapping
        return _ABOUT.get(str(row["kind"]).partition("_")[0])
    return _PAGES.get(column)


def shorten(text: str) -> str:
    """Return the beginning of a long *text*, with what would not be seen made visible."""
    return visible(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…")


def address_of(row: Mapping[str, Any], table: str | None, base: str) -> str | None:
    """Return the address of the page of ours that says most of a *row*, if there is one."""
    columns = {page_of(row, column, table): column for column in reversed(list(row))}
    for page in ("change", "statement", "capture", "counter"):
        value = row[columns[page]] if page in columns else None
        if isinstance(value, str) and value:
            return f"{base}{page}/{quote(value)}"
    return None
