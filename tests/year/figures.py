"""The figures of a year, as docs/reliability.md has them."""

from __future__ import annotations

from itertools import pairwise

from tests.year.whole import Lived, months


def figures(lived: Lived) -> str:
    """A table: what was done, what was found, what it cost."""
    rows = [*_done(lived), *_found(lived), *_cost(lived)]
    return "".join(["| | |\n", "|---|---|\n", *(f"| {name} | {value} |\n" for name, value in rows)])


def _done(lived: Lived) -> list[tuple[str, str]]:
    deeds: dict[str, int] = {}
    for deed in lived.kept.year.deeds:
        deeds[deed.kind] = deeds.get(deed.kind, 0) + 1
    told = ", ".join(f"{kind} {count}" for kind, count in sorted(deeds.items()))
    bad = ", ".join(f"{k} {n}" for k, n in sorted(lived.kept.faults.items()) if k != "none")
    return [
        ("days, seed", f"{lived.kept.year.days}, {lived.kept.year.rng_seed}"),
        ("events at the site", f"{len(lived.kept.year.events)}"),
        ("requests", f"{sum(lived.kept.faults.values())}"),
        (
            "of them met with a fault",
            f"{sum(lived.kept.faults.values()) - lived.kept.faults['none']}: {bad}",
        ),
        ("done to the machine", told),
    ]


def _found(lived: Lived) -> list[tuple[str, str]]:
    verdict, ledger = lived.verdict, lived.ledger
    outcomes = ", ".join(f"{name} {count}" for name, count in sorted(ledger.rows.items()))
    invented = sum(line.startswith("INVENTED") for line in verdict.wrong)
    return [
        ("answers, of them stored", f"{verdict.answers}, {verdict.stored}"),
        ("answers missing, without a fault that explains it", f"{len(verdict.lost)}"),
        ("rows of the report", f"{verdict.rows}"),
        ("rows missing, or with wrong instants", f"{len(verdict.wrong) - invented}"),
        ("rows invented", f"{invented}"),
        ("events since the first capture that the report shows", f"{verdict.events.told}"),
        (
            "events that no round could see: no capture before or after them",
            f"{len(verdict.events.unseen)}",
        ),
        (
            "events between two captures that the report does not show",
            f"{len(verdict.events.untold)}",
        ),
        ("times at which a job was due", f"{ledger.due}"),
        ("rows of `runs`", f"{sum(ledger.rows.values())}: {outcomes}"),
        ("times missed that share one row with others", f"{ledger.told}"),
        ("times without any row", f"{len(ledger.holes)}"),
        ("rows that say missed, though no job was due", f"{len(ledger.false)}"),
    ]


def _cost(lived: Lived) -> list[tuple[str, str]]:
    each = []
    for before, after in pairwise(lived.kept.states):
        count = max(1, after.captures - before.captures)
        each.append((
            (after.database - before.database) / count, (after.raw - before.raw) / count
        ))  # fmt: skip
    first, last = months(lived)
    handles = [s.scheduler_handles for s in lived.kept.states if s.scheduler_handles]
    memory = [s.scheduler_kb // 1024 for s in lived.kept.states if s.scheduler_kb]
    end = lived.kept.states[-1]
    return [
        ("captures, raw files", f"{end.captures}, {end.files}"),
        ("bytes of the database a capture, by quarter", _numbers(db for db, _ in each)),
        ("bytes of raw files a capture, by quarter", _numbers(raw for _, raw in each)),
        ("peak memory of a child, first and last month", f"{first // 1024}, {last // 1024} MB"),
        ("memory of the scheduler, by quarter", ", ".join(map(str, memory)) + " MB"),
        ("open files of the scheduler, by quarter", ", ".join(map(str, handles))),
        ("processor seconds of the children", f"{sum(cpu for *_, cpu in lived.used):.0f}"),
        ("minutes that it took", f"{lived.kept.seconds / 60:.0f}"),
    ]


def _numbers(values: object) -> str:
    return ", ".join(f"{value:.0f}" for value in values)  # type: ignore[attr-defined]
