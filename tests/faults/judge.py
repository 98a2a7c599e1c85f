"""The judgement: what must hold after a fault, and after the same command was run again.

The run that failed has said so in one clear line, or did its job. The same command again ends in
the history of the undisturbed run: nothing lost, nothing invented, no file left behind, and every
byte and row proven by ``verify``. What is printed as new is noted as told only where it was written
out whole.
"""

from __future__ import annotations

import json
import re
import signal
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from tests.faults.found import INVENTED, LOST, UNCLEAN, UNCLEAR, Wrong
from tests.faults.shim import Fault
from tests.world.program import MAY_LACK, TABLES

_ERROR = "embassy-scraper: "
_WELL = (0, 3)
_OF_SQLITE = ("-wal", "-shm")
_WARC = re.compile(r"embassy-[\d-]+\.warc\.gz")
_CLOCK = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?|\b\d\d:\d\d(?::\d\d)?\b")


@dataclass(frozen=True)
class Ended:
    """How a run ended: its exit status, or minus the signal, and what it said and printed."""

    status: int
    said: str
    printed: str


class Runs(Protocol):
    """What runs the command, and verifies."""

    def run(self, db: Path) -> Ended: ...
    def verify(self, db: Path) -> Ended: ...


class Calm:
    """The undisturbed run, and the same command after it."""

    def __init__(
        self, plan: dict[str, Any], db: Path, first: Ended, again: Ended, verified: Ended
    ) -> None:
        self.plan, self.first, self.again = plan, first, again
        for one in (first, again):
            assert one.status in _WELL, f"{plan['name']}: {one.said}"
        assert is_clean(verified), f"{plan['name']}: {verified.said}"
        self.tables = public_tables(db)
        self.files = files_of(db)
        self.runs = len(_runs(Path(plan.get("begin") or "/nowhere") / "embassy.db"))
        self.posted = posted(plan, db)


def judge(calm: Calm, db: Path, fault: Fault, first: Ended, runs: Runs) -> list[Wrong]:
    """What is wrong after a *fault* in the *first* run."""
    wrongs = list(_ended(calm, db, fault, first))
    if first.status == 1:
        wrongs += _row_of_the_run(calm, db, first.said.strip()[-300:])
    if first.status in _WELL:
        wrongs += [(kind, f"after exit {first.status}: {x}") for kind, x in _differences(calm, db)]
    again = runs.run(db)
    if again.status not in _WELL:
        wrongs.append((LOST, f"run again: exit {again.status}: {again.said.strip()[-300:]}"))
    wrongs += _differences(calm, db)
    verified = runs.verify(db)
    if not is_clean(verified):
        wrongs.append((UNCLEAN, f"exit {verified.status}: {verified.said.strip()[-300:]}"))
    if left := files_of(db) - calm.files:
        wrongs.append((UNCLEAR, f"files left behind: {sorted(left)}"))
    if calm.plan.get("out"):
        wrongs += _told(calm, first, again)
    wrongs += _posts(calm, db)
    return wrongs


def is_clean(verified: Ended) -> bool:
    """Whether ``verify`` found no fault."""
    return verified.status == 0 and re.search(r"\bfaults: 0\b", verified.said) is not None


def _ended(calm: Calm, db: Path, fault: Fault, first: Ended) -> Iterator[Wrong]:
    """Whether the run has said what was wrong: what, where, what to do, in one line."""
    said = first.said.strip()
    if fault.is_kill:
        if first.status != -signal.SIGKILL:
            yield UNCLEAR, f"exit {first.status}, though it was killed"
        return
    if "Traceback" in said or "Error:" in said:
        yield UNCLEAR, f"raw: {said[-600:]}"
    if first.status in _WELL:
        if first.status != calm.first.status:
            yield UNCLEAR, f"exit {first.status}: {said[-300:]}"
        return
    lines = [line for line in said.splitlines() if line.startswith(_ERROR)]
    if first.status != 1 or len(lines) != 1:
        yield UNCLEAR, f"exit {first.status}, {len(lines)} lines of what failed: {said[-300:]}"
    elif not (str(db.parent) in lines[0] or "stdout" in lines[0]) or "; " not in lines[0]:
        yield UNCLEAR, f"it does not say where, or what to do: {lines[0]}"


def _row_of_the_run(calm: Calm, db: Path, said: str) -> Iterator[Wrong]:
    """Whether the row of a run that has failed says so, as far as that could be written.

    What failed behind the end of the work, with all of it done, is no fault of the run.
    """
    for outcome, note in _runs(db)[calm.runs :]:
        is_told = outcome == "interrupted" or (outcome == "failed" and note)
        if not is_told and (outcome == "failed" or any(_differences(calm, db))):
            yield UNCLEAR, f"the row of the run says {outcome}, and why: {note}: {said}"


def _runs(db: Path) -> list[tuple[str, str | None]]:
    """Outcome and note of all runs; none where there is no database yet."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"file:{db}?mode=ro", uri=True)) as it:
        return it.execute("SELECT outcome, note FROM runs ORDER BY id").fetchall()
    return []


def _differences(calm: Calm, db: Path) -> Iterator[Wrong]:
    """Rows of the public tables that are in one of the two histories alone."""
    try:
        tables = public_tables(db)
    except sqlite3.Error as error:
        yield LOST, f"the database does not open: {error!r}"
        return
    for name, here in tables.items():
        for kind, more in ((LOST, calm.tables[name] - here), (INVENTED, here - calm.tables[name])):
            if more:
                yield (
                    kind,
                    f"{name}: {sum(more.values())} rows, such as {str(next(iter(more)))[:120]}",
                )


def public_tables(db: Path) -> dict[str, Counter[tuple[object, ...]]]:
    """The rows of the contract's tables and columns.

    Raises ``sqlite3.Error`` where the database does not open.
    """
    with closing(sqlite3.connect(f"file:{db}?mode=ro", uri=True)) as connection:
        return {
            name: Counter(connection.execute(f'SELECT {_columns(name)} FROM "{name}"').fetchall())
            for name in TABLES
        }


def _columns(name: str) -> str:
    return ", ".join(f'"{c}"' for c in TABLES[name].split() if (name, c) not in MAY_LACK)


def files_of(db: Path) -> set[str]:
    """The files of a history, but those that SQLite makes and mends itself."""
    found = (p.relative_to(db.parent).as_posix() for p in db.parent.rglob("*") if p.is_file())
    return {_WARC.sub("a.warc.gz", name) for name in found if not name.endswith(_OF_SQLITE)}


def _told(calm: Calm, first: Ended, again: Ended) -> Iterator[Wrong]:
    """Whether each change was told, and noted only once it had been written out."""
    whole, nothing = _plain(calm.first.printed), _plain(calm.again.printed)
    was_told = _plain(first.printed) == whole
    if first.status in _WELL and not was_told:
        yield LOST, f"exit {first.status}, but it was not written out whole"
    is_told_now = _plain(again.printed)
    if is_told_now not in (whole, nothing):
        yield INVENTED, f"told in part: {again.printed[:200]!r}"
    if is_told_now == nothing != whole and not was_told:
        yield LOST, "noted as told, and never told"


def _plain(printed: str) -> str:
    return _CLOCK.sub("#", printed)


def posted(plan: dict[str, Any], db: Path) -> dict[str, str]:
    """The text of each message that a webhook was handed, by its key."""
    path = Path(plan.get("posts", "/nowhere")) / f"{db.parent.name}.jsonl"
    lines = path.read_text().splitlines() if path.exists() else []
    return dict(map(json.loads, lines))


def _posts(calm: Calm, db: Path) -> Iterator[Wrong]:
    """Whether each change was handed to the webhook, in messages that are known by their keys."""
    wanted, had = (_changes(texts) for texts in (calm.posted, posted(calm.plan, db)))
    for kind, more in ((LOST, wanted - had), (INVENTED, had - wanted)):
        if more:
            yield kind, f"{sum(more.values())} changes in alerts, such as {next(iter(more))}"


def _changes(texts: dict[str, str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for text in texts.values():
        for line in re.findall(r"^  changes? (.*)$", text, re.M):
            found.update(line.split())
    return found
