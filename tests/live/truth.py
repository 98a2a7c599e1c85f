"""Is the report what happened on the replica? Each row against its state at both instants."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise

from embassy_scraper.replica import Scenario
from embassy_scraper.replica.scenario import State, Statement

Row = dict[str, str]
HEAD = 10
QUIET = {"counter_discovered", "counter_progressed"}


def moment(instant: str) -> datetime:
    return datetime.strptime(instant, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def is_listed(statement: Statement | None) -> bool:
    return statement is not None and statement.is_there and statement.is_listed


def false_rows(scenario: Scenario, rows: list[Row]) -> Iterator[str]:
    """Every row that is not true at its two instants."""
    for row in rows:
        if row["kind"] in QUIET:
            continue
        now = scenario.state_at(moment(row["observed_by"])).statements.get(row["subject"])
        before = None
        if row["observed_after"]:
            state = scenario.state_at(moment(row["observed_after"]))
            before = state.statements.get(row["subject"])
        if not _is_true(row, before, now):
            yield (
                f"false: {row['kind']} {row['subject']} {row['field']} {row['before']!r} -> "
                f"{row['after']!r} ({row['observed_after']}, {row['observed_by']}]"
            )


def _is_true(row: Row, before: Statement | None, now: Statement | None) -> bool:
    kind, field = row["kind"], row["field"]
    if now is None:
        return False
    if kind == "statement_discovered":
        return now.is_there
    if kind == "statement_added":
        return now.is_there and not is_listed(before)
    if kind == "statement_edited" and before is not None:
        if field == "body":
            return before.body != now.body
        return (getattr(before, field), getattr(now, field)) == (row["before"], row["after"])
    if kind == "statement_withdrawn":
        return is_listed(before) and not is_listed(now)
    if kind == "statement_restored":
        return not is_listed(before) and is_listed(now)
    if kind == "page_gone" and before is not None:
        return before.is_there and not now.is_there
    return kind == "page_back" and before is not None and not before.is_there and now.is_there


def missed(scenario: Scenario, rows: list[Row], rounds: list[datetime]) -> Iterator[str]:
    """What two rounds that saw the head of the list have seen, and no row tells."""
    for a, b in pairwise(rounds):
        old, new = scenario.state_at(a), scenario.state_at(b)
        told = [row for row in rows if a < moment(row["observed_by"]) <= b]
        for key, kind, field in _expected(old, new):
            if not any((r["subject"], r["kind"]) == (key, kind) and field in ("", r["field"])
                       for r in told):  # fmt: skip
                yield f"missed: {kind} {key} {field} between {a} and {b}"


def _expected(old: State, new: State) -> Iterator[tuple[str, str, str]]:
    heads = (
        {s.key: s for s in old.newest("newarh")[:HEAD]},
        {s.key: s for s in new.newest("newarh")[:HEAD]},
    )
    oldest = min(s.date for s in heads[1].values())
    for key, statement in heads[1].items():
        before = heads[0].get(key)
        if before is not None:
            for field in ("title", "lead"):
                if getattr(before, field) != getattr(statement, field):
                    yield key, "statement_edited", field
        elif key not in old.statements:
            yield key, "statement_added", ""
    for key, statement in heads[0].items():
        if not is_listed(new.statements[key]) and statement.date > oldest:
            yield key, "statement_withdrawn", ""
