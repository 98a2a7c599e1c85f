"""Search: the statements of which a version has the words, each with the passage that has them."""

import re
from collections import Counter
from itertools import islice
from operator import itemgetter
from typing import NamedTuple

from embassy_scraper.errors import BadRequest
from embassy_scraper.reports.marks import ADDED, SAME, Piece
from embassy_scraper.reports.sides import shorter
from embassy_scraper.web.page import Asked, Values
from embassy_scraper.web.statuses import STATUSES

_ON_A_PAGE = 20
_MOST_RANKED = 2000  # statements
_LONGEST = 1000  # characters of a question
_MOST_WORDS = 32
_OPEN, _CLOSE = "\ue000", "\ue001"  # around what matches, in a passage: private use, so not text
_ASKED = re.compile(r'"([^"]*)"?|([^\s"]+)')
_PASSAGE = 600  # characters
_NONE = "none"  # the year of what has no date, in an address


class Hit(NamedTuple):
    """A statement that has the words, and the newest of its versions that has them."""

    statement: str
    number: int
    published_on: str
    status: str

    @property
    def year(self) -> str:
        """Return the year of its date, by which results are filtered."""
        return self.published_on[:4] or _NONE


def load(asked: Asked) -> Values:
    """Return a page of the statements that have all words of ``q``, best first.

    Raises:
        BadRequest: what stands for the number of the page is not one.
    """
    words = asked.argument("q")
    filters = {name: asked.argument(name) for name in ("year", "status")}
    number = _number(asked.argument("page"))
    query = match(words or "")
    hits = _hits(asked, query) if query else []
    is_ranked = len(hits) <= _MOST_RANKED
    fits = [hit for hit in hits if _fits(hit, **filters)]
    fitting = _sorted(asked, fits, query, is_ranked=is_ranked)
    begin = _ON_A_PAGE * (number - 1)
    return {
        "q": words,
        "filters": filters,
        "statuses": STATUSES,
        "choices": _choices(hits, filters),
        "results": [_result(asked, hit, query) for hit in fitting[begin : begin + _ON_A_PAGE]],
        "found": len(fitting),
        "is_ranked": is_ranked,
        "first": begin + 1,
        "previous": number - 1 if number > 1 else None,
        "following": number + 1 if len(fitting) > begin + _ON_A_PAGE else None,
    }


def _hits(asked: Asked, query: str) -> list[Hit]:
    found: dict[str, Hit] = {}
    for row in asked.tuples("search", query=query):
        before = found.get(row[0])
        if before is None or row[1] > before.number:
            found[row[0]] = Hit(*row)
    return list(found.values())


def _sorted(asked: Asked, hits: list[Hit], query: str, *, is_ranked: bool) -> list[Hit]:
    """Return *hits* best first; what very many have tells none from others, so newest first."""
    hits.sort(key=itemgetter(0))
    hits.sort(key=itemgetter(2), reverse=True)
    if hits and is_ranked:
        ranks = dict(asked.tuples("search_ranks", query=query))
        hits.sort(key=lambda hit: ranks[hit.statement])
    return hits


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


def _fits(hit: Hit, year: str | None, status: str | None) -> bool:
    return year in (None, hit.year) and status in (None, hit.status)


def _choices(hits: list[Hit], filters: dict[str, str | None]) -> dict[str, list[Values]]:
    """Return the values of each filter with their numbers, as the other one leaves them."""
    pairs = Counter((hit.published_on[:4], hit.status) for hit in hits)
    counts: dict[str, Counter[str]] = {"year": Counter(), "status": Counter()}
    for (year, status), number in pairs.items():
        if filters["status"] in (None, status):
            counts["year"][year or _NONE] += number
        if filters["year"] in (None, year or _NONE):
            counts["status"][status] += number
    words = {_NONE: "no date", **{name: words for name, (words, _) in STATUSES.items()}}
    return {
        name: [
            {"value": value, "words": words.get(value, value), "number": number}
            for value, number in sorted(count.items(), reverse=name == "year")
        ]
        for name, count in counts.items()
    }


def _result(asked: Asked, hit: Hit, query: str) -> Values:
    """Return one statement with the passage that matches in its newest version that does."""
    shown = asked.row(
        "search_shown",
        statement=hit.statement,
        number=hit.number,
        query=query,
        open=_OPEN,
        close=_CLOSE,
    )
    assert shown is not None
    pieces = shorter(highlight(shown["passage"]), _PASSAGE)
    is_title = shown["passage"].replace(_OPEN, "").replace(_CLOSE, "") == shown["title"]
    stands = shown["number"] == shown["versions"]
    return shown | {"pieces": pieces, "is_title": is_title, "stands": stands}


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
