"""Expected rows against the report's: what is missing, what is invented, in one line each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from . import program
from .files import instant
from .folding import plain
from .identities import identities
from .model import World
from .observe import Seen, Shown, observe_world
from .oracle import Life, acceptable
from .rows import Reading, Row

Printed = dict[str, str]


@dataclass(frozen=True)
class Verdict:
    lines: tuple[str, ...]
    reading: Reading


def judge(world: World, db: Path) -> Verdict:
    """The differences between the program's database and the oracle, least first."""
    seen = observe_world(world)
    names, trouble = identities(world, seen, db)
    if trouble:
        return Verdict(tuple(trouble), Reading())
    printed = program.report_rows(db)
    tried = []
    for how, rows in acceptable(seen):
        lines = differences(rows, printed, names)
        tried.append(Verdict(tuple(lines), how))
        if not lines:
            break
    best = min(tried, key=lambda v: len(v.lines))
    return Verdict((*best.lines, *status_differences(seen, db, names, best.reading)), best.reading)


# -- rows ----------------------------------------------------------------------------------


def differences(
    rows: Sequence[Row], printed: Sequence[Printed], names: dict[int, str]
) -> list[str]:
    """Lines for rows missed, invented, or right but for a detail."""
    left = list(printed)
    out, unmatched = [], []
    for row in rows:
        match = next((p for p in left if not _faults(row, p, names)), None)
        if match is None:
            unmatched.append(row)
        else:
            left.remove(match)
    for row in unmatched:
        near = next((p for p in left if _is_near(row, p, names)), None)
        if near is None:
            out.append(f"MISSED   {_tell(row, names)}")
        else:
            left.remove(near)
            wrong = "; ".join(_faults(row, near, names))
            out.append(f"DIFFERS  {_tell(row, names)}\n           {wrong}")
    return out + [f"INVENTED {_tell_printed(p)}" for p in left]


def _is_near(row: Row, p: Printed, names: dict[int, str]) -> bool:
    return p["kind"] == row.kind and _subject_fits(row, p, names)


def _subject_fits(row: Row, p: Printed, names: dict[int, str]) -> bool:
    kind, what = row.subject
    if kind == "header":
        return p["subject"] == "header"
    if kind == "counter":
        return p["subject"].removeprefix("since ") == what
    return p["subject"] == names.get(int(str(what)), "?")


def _faults(row: Row, p: Printed, names: dict[int, str]) -> list[str]:
    """Each column of the printed row that is not right."""
    if not _is_near(row, p, names):
        return ["another change"]
    out = []
    if p["field"].removeprefix("since ") not in row.fields:
        out.append(f"field {p['field']!r} not in {row.fields}")
    for name, allowed in (("before", row.before), ("after", row.after)):
        if allowed is not None and not _is_one_of(p[name], allowed):
            out.append(f"{name} {p[name][:60]!r} not in {allowed}")
    for name, at in (("observed_after", row.observed_after), ("observed_by", row.observed_by)):
        if p[name] != _instant(at):
            out.append(f"{name} {p[name]!r} not {_instant(at)!r}")
    if not any(_note_fits(row.kind, note, p["note"]) for note in row.notes):
        out.append(f"note {p['note']!r} not in {row.notes}")
    if row.significance and p["significance"] != row.significance:
        out.append(f"significance {p['significance']!r} not {row.significance!r}")
    if row.similarity and not _is_close(p["similarity"], row.similarity):
        out.append(f"similarity {p['similarity']!r} not {row.similarity!r}")
    return out


def _is_one_of(text: str, allowed: Sequence[str]) -> bool:
    return any(plain(text).removesuffix(":") == plain(a).removesuffix(":") for a in allowed)


def _is_close(a: str, b: str) -> bool:
    try:
        return abs(float(a) - float(b)) < 0.0011
    except ValueError:
        return False


def _note_fits(kind: str, note: str, printed: str) -> bool:
    if kind == "statement_added" and not note:
        return "backdated" not in printed
    if kind == "page_gone":
        return printed == note
    return all(part in printed for part in note.split("|"))


def _instant(at: datetime | None) -> str:
    return instant(at) if at else ""


def _tell(row: Row, names: dict[int, str]) -> str:
    kind, what = row.subject
    subject = f"{what}={names.get(int(str(what)))}" if kind == "statement" else str(what)
    before = "|".join(row.before or ("…",))[:40]
    after = "|".join(row.after or ("…",))[:40]
    return (
        f"{row.kind} {subject} [{'/'.join(row.fields)}] {before!r} -> {after!r} "
        f"({_instant(row.observed_after)}, {_instant(row.observed_by)}] {row.notes}"
    )


def _tell_printed(p: Printed) -> str:
    return (
        f"{p['kind']} {p['subject']} [{p['field']}] {p['before'][:40]!r} -> {p['after'][:40]!r} "
        f"({p['observed_after']}, {p['observed_by']}] {p['note']!r}"
    )


# -- the statements table --------------------------------------------------------------------


def status_differences(
    seen: Sequence[Seen], db: Path, names: dict[int, str], how: Reading
) -> list[str]:
    rows = program.query(db, "SELECT key, status, first_seen, published_on FROM statements")
    stored = {str(key): (str(status), str(first), on) for key, status, first, on in rows}
    doubtful = {w.doubtful.sid for s in seen for w in s.windows if w.doubtful}
    out = []
    for sid, key in names.items():
        life = Life(seen, sid, how)
        if sid in doubtful or key not in stored or "unknown" in life.places:
            continue
        out += _status_lines(life, key, stored[key])
    known = set(names.values())
    return out + [f"statement {key} was never seen" for key in stored if key not in known]


def _status_lines(life: Life, key: str, stored: tuple[str, str, object]) -> list[str]:
    status, first, on = stored
    out = []
    if (status == "withdrawn") not in life.is_withdrawn():
        out.append(f"status of {key} is {status}, withdrawn should be {life.is_withdrawn()}")
    if first != instant(life.shown[0].at):
        out.append(f"first_seen of {key} is {first}, not {instant(life.shown[0].at)}")
    first_date = life.first_date()
    last = _last_date(life.shown) or (first_date.isoformat() if first_date else None)
    if on != last:
        out.append(f"published_on of {key} is {on}, not {last}")
    return out


def _last_date(shown: Sequence[Shown]) -> str | None:
    printed = [e.on.isoformat() for e in shown if e.on]
    return printed[-1] if printed else None
