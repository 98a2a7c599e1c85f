"""Search: the statements of which a version has the words, each with the passage that has them."""

import re
from collections import Counter
from itertools import islice

from embassy_scraper.reports.marks import ADDED, SAME, Piece
from embassy_scraper.web.page import Asked, BadRequest, Values
from embassy_scraper.web.statuses import STATUSES
from embassy_scraper.web.versions import shorter

_ON_A_PAGE = 20
_LONGEST = 1000  # characters of a question
_MOST_WORDS = 32
_OPEN, _CLOSE = "\ue000", "\ue001"  # around what matches, in a passage: private use, so not text
_ASKED = re.compile(r'"([^"]*)"?|([^\s"]+)')
_PASSAGE = 600  # characters
_NONE = "none"  # the year of what has no date, in an address


def load(asked: Asked) -> Values:
    """Return a page of the statements that have all words of ``q``, best first.

    Raises:
        BadRequest: the number of the page is none.
    """
    words = asked.argument("q")
    filters = {name: asked.argument(name) for name in ("year", "status")}
    values: Values = {"q": words, "filters": filters, "choices": {}, "results": [], "found": 0}
    values |= {"following": None, "previous": None, "statuses": STATUSES}
    query = match(words or "")
    if not query:
        return values
    rows = asked.rows("search", query=query)
    for row in rows:
        row["year"] = row["year"] or _NONE
    number = _number(asked.argument("page"))
    fitting = [row for row in rows if _fits(row, filters)]
    fitting.sort(key=lambda row: (row["rank"], row["statement"]))
    begin = _ON_A_PAGE * (number - 1)
    page = list(islice(fitting, begin, begin + _ON_A_PAGE))
    return values | {
        "choices": _choices(rows, filters),
        "results": [_result(asked, row, query) for row in page],
        "found": len(fitting),
        "first": begin + 1,
        "previous": number - 1 if number > 1 else None,
        "following": number + 1 if len(fitting) > begin + _ON_A_PAGE else None,
    }


def match(words: str) -> str:
    r"""Return the question for the index: all *words*, and what stands in quotes as one phrase.

    Nothing in it is an operator, so that no question is an error.

    >>> match('AND o\'brien "north garden')
    '"AND" "o\'brien" "north garden"'
    """
    found = (one[1] or one[2] or "" for one in _ASKED.finditer(words[:_LONGEST]))
    terms = (" ".join(re.sub(r"[\x00-\x1f\ud800-\udfff]", " ", one).split()) for one in found)
    return " ".join(f'"{one}"' for one in islice((t for t in terms if _has_word(t)), _MOST_WORDS))


def _has_word(term: str) -> bool:
    """Say whether the index can have *term*: it keeps letters and figures alone."""
    return any(letter.isalnum() for letter in term)


def _number(given: str | None) -> int:
    if given is None:
        return 1
    if not (given.isascii() and given.isdigit() and len(given) < 7 and int(given)):
        raise BadRequest(f"{given!r} is not the number of a page; write 1, 2, 3")
    return int(given)


def _fits(row: Values, filters: dict[str, str | None]) -> bool:
    return all(value is None or row[name] == value for name, value in filters.items())


def _choices(rows: list[Values], filters: dict[str, str | None]) -> dict[str, list[Values]]:
    """Return the values of each filter with their numbers, as the other one leaves them."""
    found: dict[str, list[Values]] = {}
    for name, other in (("year", "status"), ("status", "year")):
        left = (row for row in rows if _fits(row, {other: filters[other]}))
        counts = Counter(row[name] for row in left)
        words = {_NONE: "no date", **{key: words for key, (words, _) in STATUSES.items()}}
        found[name] = [
            {"value": value, "words": words.get(value, value), "number": number}
            for value, number in sorted(counts.items(), reverse=name == "year")
        ]
    return found


def _result(asked: Asked, row: Values, query: str) -> Values:
    """Return one statement with the passage that matches in its newest version that does."""
    shown = asked.row(
        "search_shown",
        statement=row["statement"],
        number=row["number"],
        query=query,
        open=_OPEN,
        close=_CLOSE,
    )
    assert shown is not None
    pieces = shorter(highlight(shown["passage"]), _PASSAGE)
    return shown | {"pieces": pieces, "stands": shown["number"] == shown["versions"]}


def highlight(passage: str) -> list[Piece]:
    r"""Return a passage in pieces; what matches is ``added``.

    >>> [(p.kind, p.text) for p in highlight("the \ue000north\ue001 garden")]
    [('same', 'the '), ('added', 'north'), ('same', ' garden')]
    """
    pieces = []
    for part in re.split(f"({_OPEN}[^{_OPEN}{_CLOSE}]*{_CLOSE})", passage):
        is_match = part.startswith(_OPEN) and part.endswith(_CLOSE)
        text = part.replace(_OPEN, "").replace(_CLOSE, "")
        if text:
            pieces.append(Piece(ADDED if is_match else SAME, text))
    return pieces
