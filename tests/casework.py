"""A case: a folder of captures that failed once. In every order it must give one history."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.world import program

MANIFEST = "manifest.tsv"
Row = tuple[object, ...]


def laid_apart(source: Path, target: Path) -> list[Path]:
    """Every file in a folder of its own, with its line of the manifest, in the manifest's order."""
    lines = (source / MANIFEST).read_text(encoding="utf-8").splitlines()
    told = {line.split("\t")[0]: line for line in lines[1:] if line}
    files = (p.relative_to(source).as_posix() for p in source.rglob("*") if p.is_file())
    names = [*told, *sorted(name for name in files if name not in {*told, MANIFEST})]
    folders = []
    for number, name in enumerate(names):
        folder = target / f"{number:02}"
        (folder / name).parent.mkdir(parents=True)
        shutil.copy(source / name, folder / name)
        if name in told:
            (folder / MANIFEST).write_text(f"{lines[0]}\n{told[name]}\n", encoding="utf-8")
        folders.append(folder)
    return folders


def taken(folder: Path, name: str, *batches: list[Path]) -> tuple[Path, int]:
    """Ingest the batches into a database of their own; return it and the worst exit code."""
    db = folder / name / "embassy.db"
    db.parent.mkdir(parents=True)
    codes = [program.ingest(db, *batch).exit_code for batch in batches]
    return db, max(codes)


def history(db: Path) -> dict[str, list[Row]]:
    """The public tables; a problem's path is where the file lay, and not history."""
    tables = program.tables(db)
    tables["problems"] = sorted(
        program.query(db, 'SELECT capture, what, "where", text FROM problems'), key=repr
    )
    return tables


def assert_one_history(case: Path, folder: Path) -> None:
    """At once, backwards and one by one."""
    parts = laid_apart(case, folder / "in")
    whole = history(taken(folder, "whole", parts)[0])
    for name, batches in (
        ("backwards", [[part] for part in reversed(parts)]),
        ("one by one", [[part] for part in parts]),
    ):
        other = history(taken(folder, name, *batches)[0])
        for table, rows in whole.items():
            assert other[table] == rows, f"{name}: {table}"


def assert_every_verb_ends(db: Path) -> None:
    """And none of them changes a table."""
    before = program.tables(db)
    for verb in ("report", "rebuild", "verify"):
        assert program.run(verb, "--db", str(db)).exit_code == 0
    assert program.tables(db) == before
