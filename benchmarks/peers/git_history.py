"""git-history: the versions as git commits, a run for each page, with our reader to convert."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path

from benchmarks.peers.claims import Claim, Score, counter_subject, judged, statement_subject
from benchmarks.peers.environment import program, run
from benchmarks.peers.site import Version, file_name, write_repository
from benchmarks.peers.truth import Change
from tests.world.model import World

_IMPORT = "benchmarks.peers.convert"
_CONVERT = f"{_IMPORT}.items(content)"
_COLUMNS = {
    "title": "edited.title",
    "date": "edited.on",
    "lead": "edited.lead",
    "body": "edited.paragraphs",
    "signature": "edited.signed",
}

_OWN = "own "  # the statement whose page it is: first seen, and no more, by its first version
_COME = frozenset(["added", "restored"])
_PAGE = frozenset(["page.gone", "page.back"])


def git_history(
    world: World, changes: Sequence[Change], found: list[Version], folder: Path
) -> Score:
    """Let it read every file of the repository; judge the versions of items that it tells."""
    repository, db = folder / "repository", folder / "git-history.db"
    write_repository(found, repository)
    pages: dict[str, list[Version]] = {}
    for version in found:
        pages.setdefault(file_name(version.url), []).append(version)
    command = program("git-history")
    begun = time.perf_counter()
    for name in pages:
        run(
            command, "file", db, name, "--repo", repository, "--namespace", _table(name),
            "--id", "id", "--convert", _CONVERT, "--import", _IMPORT,
            "--ignore-duplicate-ids", "--silent",
        )  # fmt: skip
    seconds = time.perf_counter() - begun
    with closing(sqlite3.connect(db)) as connection:
        claims = [c for of_page in pages.values() for c in _claims(world, connection, of_page)]
    true, false = judged(world, changes, claims)
    days = {(claim.whats, claim.subject, claim.by.date()) for claim in false}
    return Score("git-history", seconds, true, len(days), "versions of items")


def _table(name: str) -> str:
    return "f_" + name.replace("-", "_")


def _claims(
    world: World, connection: sqlite3.Connection, versions: Sequence[Version]
) -> Iterator[Claim]:
    """Yield what each version of an item says; the first that shows the page is where it begins."""
    name = file_name(versions[0].url)
    shown = [v.at.replace(microsecond=0) for v in versions if v.is_whole and v.doc.status == 200]
    table = _table(name)
    rows = connection.execute(
        f"SELECT i.id, v._version, v._commit_at, v._changed_columns FROM {table}_version_detail v"
        f" JOIN {table} i ON i._id = v._item ORDER BY i.id, v._version"
    ).fetchall()
    last: datetime | None = None
    for item, number, at, columns in rows:
        by = datetime.fromisoformat(at)
        before = [instant for instant in shown if instant < by]
        if number > 1:
            yield from _edits(world, item, columns, last, by, name)
        elif before and not item.startswith(_OWN):
            whats, subject = _subject(world, item, name)
            yield Claim(whats, subject, before[-1], by)
        last = by


def _edits(
    world: World, item: str, columns: str, after: datetime | None, by: datetime, name: str
) -> Iterator[Claim]:
    """Yield one claim for a version, whatever changed in it, or one for each edited field."""
    whats, subject = _subject(world, item, name)
    if whats != _COME:
        yield Claim(whats, subject, after, by)
        return
    for column in sorted(set(json.loads(columns)) & _COLUMNS.keys()):
        yield Claim(frozenset([_COLUMNS[column]]), subject, after, by)


def _subject(world: World, item: str, name: str) -> tuple[frozenset[str], str]:
    """Return what it can mean that an item is new or another, and of what it is."""
    if item == "contacts":
        return frozenset(["contact"]), "header"
    if item.startswith("counter "):
        event = item.removeprefix("counter ").removeprefix("since ")
        return frozenset(["counter"]), counter_subject(world, event)
    if item == "page":
        return _PAGE, statement_subject(world, name.replace("-", "/"))
    return _COME, statement_subject(world, item.removeprefix(_OWN))
