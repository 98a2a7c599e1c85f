"""The schema: the tables and views of the ``.sql`` files beside this.

Migrations are appended, and never edited once released.
"""

import sqlite3
from collections.abc import Iterator
from importlib.resources import files

from sqlite_utils.db import Database
from sqlite_utils.migrations import Migrations

from pipelines.tables.schema_number import NAME

migrations = Migrations(NAME)


@migrations()
def m015_spans(db: Database) -> None:
    """Make all tables and views."""
    for name in ("schema.sql", "views.sql"):
        run_script(db.conn, _read(name))


@migrations()
def m016_looking(db: Database) -> None:
    """Add what people look at the history with, and make the views again."""
    run_script(db.conn, _read("looking.sql"))
    names = db.conn.execute("SELECT name FROM sqlite_master WHERE type = 'view'").fetchall()
    for (name,) in names:
        db.conn.execute(f"DROP VIEW {name}")
    for statement in statements_of(_read("views.sql")):
        if "CREATE VIEW" in statement:
            db.conn.execute(statement)


@migrations()
def m017_provenance(db: Database) -> None:
    """Add who told the URL and the instant of a capture."""
    run_script(db.conn, _read("provenance.sql"))


@migrations()
def m018_revisits(db: Database) -> None:
    """Add what a revisit was read with, and what it became."""
    run_script(db.conn, _read("revisits.sql"))


def _read(name: str) -> str:
    return files("pipelines.tables").joinpath(name).read_text("utf-8")


def run_script(connection: sqlite3.Connection, script: str) -> None:
    """Run *script* inside the caller's transaction, which ``executescript`` would end."""
    for statement in statements_of(script):
        connection.execute(statement)


def statements_of(script: str) -> Iterator[str]:
    """Yield the statements of *script*, each with the comment above it."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
