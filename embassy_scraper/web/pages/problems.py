"""What could not be read: kind by kind what it means, and the newest; how the last runs ended."""

import json
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from embassy_scraper.errors import BadRequest, NotHere
from embassy_scraper.web.page import Asked, Values
from pipelines.tables.retracted import held
from pipelines.tables.under_way import under_way

_FEW, _MANY, _RUNS = 3, 50, 15
_LINK = re.compile(r"\[[^\]]+\]\(([^)]+)\)")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a kind of problem means, and what to do about it, in words."""

    means: str
    todo: str


@cache
def told_problems() -> list[Values]:
    """Return the kinds of problems as ``problems.toml`` has them, in Markdown."""
    text = files("embassy_scraper.web").joinpath("problems.toml").read_text(encoding="utf-8")
    found: list[Values] = tomllib.loads(text)["problem"]
    return found


@cache
def meanings() -> dict[str, Meaning]:
    """Return what each kind of problem means."""
    return {
        kind: Meaning(_plain(one["means"]), _plain(one["todo"]))
        for one in told_problems()
        for kind in one["kinds"]
    }


def _plain(text: str) -> str:
    """Return Markdown as words: a link is the file that it leads to.

    >>> _plain("look at [redesign.md](redesign.md) with `probe`")
    'look at docs/redesign.md with probe'
    """
    return _LINK.sub(r"docs/\1", text).replace("`", "")


def load(asked: Asked) -> Values:
    """Return the problems: of every kind the newest few, or of one kind page by page."""
    chosen = asked.argument("kind")
    begin = _begin(asked)
    kinds = asked.rows("problem_kinds")
    kinds.sort(key=lambda kind: (kind["newest"] or "", kind["what"]), reverse=True)
    if chosen is not None and chosen not in {kind["what"] for kind in kinds}:
        raise NotHere(f"There is no problem of the kind {chosen}; the page Problems has all kinds")
    most = _FEW if chosen is None else _MANY
    shown = [kind for kind in kinds if chosen in (None, kind["what"])]
    for kind in shown:
        kind["meaning"] = meanings().get(kind["what"])
        kind["rows"] = asked.rows("problems_of_kind", what=kind["what"], most=most, begin=begin)
    return {
        "kinds": shown,
        "chosen": chosen,
        "begin": begin,
        "following": begin + most if chosen and begin + most < shown[0]["problems"] else None,
        "runs": [] if chosen else _runs(asked),
        "retractions": [] if chosen else _retractions(asked),
    }


def _retractions(asked: Asked) -> list[Values]:
    """Return the newest retractions; none where the database is of before there were any."""
    if held(asked.connection) == "captures":
        return []
    return asked.rows("retractions", most=_MANY)


def _begin(asked: Asked) -> int:
    given = asked.argument("from") or "0"
    if asked.argument("kind") is None or not (given.isascii() and given.isdigit()):
        return 0
    if len(given) > 9:
        raise BadRequest(f"{given!r} is not a place in the list; write 0 for its beginning")
    return int(given)


def _runs(asked: Asked) -> list[Values]:
    """Return the last runs, of which some may be under way."""
    running = under_way(asked.connection, asked.db)
    return [_run(row, running) for row in asked.rows("runs", most=_RUNS)]


def _run(row: Values, running: frozenset[int]) -> Values:
    """Return a run with what it counted in words."""
    counts = json.loads(row["counts"])
    told = [
        f"{name} {number:,}"
        for name, number in counts.items()
        if isinstance(number, int) and number
    ]
    came = "under way" if row["id"] in running else row["outcome"]
    return {**row, "outcome": came, "told": ", ".join(told)}
