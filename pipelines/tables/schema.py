"""The schema: the tables and views of ``schema.sql`` and ``views.sql``; what changes them later.

Migrations are appended, and never edited once released.
"""

import sqlite3
from importlib.resources import files

from sqlite_utils.db import Database
from sqlite_utils.migrations import Migrations

migrations = Migrations("embassy_scraper")
VERSION = 15  # the number of the schema, which is that of the last migration
OLDEST = 15  # the first whose databases can be brought up to date; earlier ones are made anew


@migrations()
def m015_spans(db: Database) -> None:
    """Make all tables and views."""
    for name in ("schema.sql", "views.sql"):
        run_script(db.conn, files("pipelines.tables").joinpath(name).read_text("utf-8"))


def run_script(connection: sqlite3.Connection, script: str) -> None:
    """Run *script* inside the caller's transaction, which ``executescript`` would end."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            connection.execute(statement)
            statement = ""
