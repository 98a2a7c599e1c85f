"""A statement: what became of it, two versions side by side, where it was seen, how to cite it."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from heapq import merge
from itertools import islice

from embassy_scraper.errors import BadRequest, NotHere
from embassy_scraper.reports.entries import Change, entries_of
from embassy_scraper.reports.links import archive_address, web_address
from embassy_scraper.reports.sentences import place_words
from embassy_scraper.reports.sides import beginning, compare
from embassy_scraper.reports.wanted import read_changes_of
from embassy_scraper.sites.addresses import statement_url
from embassy_scraper.web.cite import cite_version, seen_words, site_words
from embassy_scraper.web.looks import Looks, Watched, own_page_series, watched
from embassy_scraper.web.page import Answer, Asked, Values
from embassy_scraper.web.statuses import STATUSES
from embassy_scraper.web.told import tell
from pipelines.values.instants import instant_of

_MOST_CHANGES = 200  # more are shown when all is asked for
_ALL_CHANGES = 20_000
_MOST_TEXT = 20_000  # characters of one version on a page
_CAPTURES = 25  # on a page
_LAST = "~"  # sorts behind every capture
_REST = ("captures", "all", "a", "b")  # arguments that one link keeps and another changes


def load(asked: Asked) -> Values:
    """Return all that is known of one statement.

    Raises:
        NotHere: there is no such statement.
        BadRequest: it has no such version.
    """
    statement = _statement(asked)
    key, whole = statement["key"], asked.argument("all") is not None
    changes = _changes(asked, key, _ALL_CHANGES if whole else _MOST_CHANGES + 1)
    shown = changes if whole else changes[:_MOST_CHANGES]
    versions = asked.rows("statement_versions", key=key)
    keys = [row["url_key"] for row in asked.rows("statement_keys", key=key)]
    return {
        "statement": statement,
        "status": STATUSES[statement["status"]],
        "url": web_address(statement["url"]),
        "life": [tell(entry, asked.headings) for entry in reversed(entries_of(shown))],
        "more_changes": len(changes) > len(shown),
        "last_change": changes[-1].change_id if changes else None,
        "whole": whole,
        "arguments": {name: asked.argument(name) for name in _REST},
        "versions": versions,
        **_texts(asked, statement, versions, whole=whole),
        "watched": _watched(asked, keys),
        "places": _places(asked, key),
        **_captures(asked, key, keys),
    }


def _watched(asked: Asked, keys: Sequence[str]) -> Watched | None:
    urls = [statement_url(key, asked.profile) for key in keys]
    series = own_page_series(asked.connection, keys, urls)
    return watched(Looks(asked.connection, series), datetime.now(UTC))


def load_json(asked: Asked) -> Answer:
    """Return the same as JSON: the statement, its versions with their texts, its changes, places.

    Raises:
        NotHere: there is no such statement.
    """
    statement = _statement(asked)
    key = statement["key"]
    numbers = [row["number"] for row in asked.rows("statement_versions", key=key)]
    names = Change.__slots__
    found = {
        "statement": statement,
        "versions": [asked.row("statement_version", key=key, number=n) for n in numbers],
        "changes": [
            {name: getattr(change, name) for name in names}
            for change in _changes(asked, key, _ALL_CHANGES)
        ],
        "places": asked.rows("statement_places", key=key),
    }
    body = json.dumps(found, ensure_ascii=False, indent=1).encode("utf-8", "replace")
    return Answer(body, "application/json; charset=utf-8", {})


def _statement(asked: Asked) -> Values:
    key = asked.parts["key"]
    found = asked.row("statement", key=key)
    if found is None:
        raise NotHere(
            f"No statement has the key {key}. A key can change when a later capture shows that two"
            " statements are one; look for its title instead."
        )
    return found


def _changes(asked: Asked, key: str, most: int) -> list[Change]:
    return read_changes_of(asked.connection, [key], most=most)


def _texts(asked: Asked, statement: Values, versions: Sequence[Values], *, whole: bool) -> Values:
    """Return the newest version as text, and two versions compared where there are two."""
    key = statement["key"]
    if not versions:
        return {"text": None, "compared": None, "cite": None, "paragraphs": [], "is_cut": False}
    first, second = _chosen(asked, [row["number"] for row in versions])
    newest = _version(asked, key, versions[-1]["number"])
    compared = None
    if first != second:
        before, after = _version(asked, key, first), _version(asked, key, second)
        compared = compare(before, after, whole=whole)
    text = newest if first == second == newest["number"] else None
    if text is None and first == second:
        text = _version(asked, key, first)
    lines = [line for line in ((text or {}).get("body") or "").split("\n") if line.strip()]
    paragraphs = list(beginning(lines, None if whole else _MOST_TEXT))
    return {
        "text": text,
        "compared": compared,
        "cite": cite_version(statement, newest, site_words(asked.profile, asked.stand_in)),
        "newest": newest,
        "paragraphs": paragraphs,
        "is_cut": sum(map(len, paragraphs)) < sum(map(len, lines)),
    }


def _version(asked: Asked, key: str, number: int) -> Values:
    """Return one version, and by which captures its text was seen, if it has one."""
    found = asked.row("statement_version", key=key, number=number)
    assert found is not None
    seen = asked.row("text_seen", key=key, number=number) or {"first": None}
    found["text"] = seen if seen["first"] is not None else None
    begin, end = found["first_seen"], found["last_seen"]
    if found["text"] is not None:
        begin, end = instant_of(seen["first"]), instant_of(seen["last"])
    found["seen"] = seen_words(begin, end)
    return found


def _chosen(asked: Asked, numbers: Sequence[int]) -> tuple[int, int]:
    """Return the two versions that are asked for, the last two if none is.

    Raises:
        BadRequest: there is no such version.
    """
    given = [asked.argument("a"), asked.argument("b")]
    otherwise = [numbers[max(0, len(numbers) - 2)], numbers[-1]]
    for one in given:
        if one is not None and one not in map(str, numbers):
            raise BadRequest(f"There is no version {one}; there are {len(numbers)}, from 1.")
    first, second = (int(g) if g else o for g, o in zip(given, otherwise, strict=True))
    return first, second


def _places(asked: Asked, key: str) -> list[Values]:
    return [
        {
            "name": place_words(row["place"], asked.headings),
            "first": row["first"],
            "last": row["last"],
            "since": instant_of(row["first"]),
            "until": instant_of(row["last"]),
        }
        for row in asked.rows("statement_places", key=key)
    ]


def _captures(asked: Asked, key: str, keys: Sequence[str]) -> Values:
    """Return a page of the captures of the statement's own page, newest first."""
    before, most = asked.argument("captures") or _LAST, _CAPTURES + 1
    found = [
        asked.rows(
            "captures_of_url", url=statement_url(one, asked.profile), before=before, most=most
        )
        for one in keys
    ]
    found.append(asked.rows("captures_without_address", key=key, before=before, most=most))
    rows = list(islice(merge(*found, key=lambda row: str(row["id"]), reverse=True), most))
    for row in rows:
        row["archived"] = archive_address(row["url"], row["id"])
    return {
        "captures": rows[:_CAPTURES],
        "older": rows[_CAPTURES - 1]["id"] if len(rows) > _CAPTURES else None,
        "is_newest": before == _LAST,
    }
