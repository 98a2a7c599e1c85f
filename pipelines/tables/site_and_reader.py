"""Site and reader: which site a database is of, and by which profile and reader it was read.

In: a profile. Out: the one row of ``_site``. Drops: nothing. Never: reads a page. The facts of the
profile are kept whole, so that deriving needs no settings: all follows from the database alone.
"""

import sqlite3

from embassy_scraper.errors import ConfigError, DatabaseError
from embassy_scraper.sites import Profile, load_profile, read_facts, reader_digest, written_facts
from embassy_scraper.sites.differences import profile_differences
from pipelines.tables.retracted import held


def profile_of(connection: sqlite3.Connection) -> Profile:
    """Return the profile by which the captures were read.

    An earlier version of this program, which kept none, has read them by the one that is shipped.
    """
    return _kept_profile(connection) or load_profile()


def _kept_profile(connection: sqlite3.Connection) -> Profile | None:
    row = _row(connection)
    return read_facts(row[1]) if row is not None and row[1] else None


def reader_of(connection: sqlite3.Connection) -> str | None:
    """Return the digest of profile and reader that read the captures; ``None`` of an empty one."""
    row = _row(connection)
    return row[2] if row is not None else None


def why_read_anew(connection: sqlite3.Connection, profile: Profile) -> str:
    """Return in what *profile* and reader differ from those that have read the captures."""
    try:
        before = _kept_profile(connection)
    except ConfigError:
        before = None
    if before is None:
        return "another version of this program has read them"
    parts = profile_differences(before, profile)
    if reader_of(connection) != reader_digest(before):
        parts.append("this version of the program reads pages differently")
    return "; ".join(parts)


def _row(connection: sqlite3.Connection) -> tuple[str, str, str] | None:
    there = "SELECT 1 FROM sqlite_master WHERE name = '_site'"
    if connection.execute(there).fetchone() is None:  # an earlier schema that may not be altered
        return None
    row: tuple[str, str, str] | None = connection.execute(
        "SELECT name, facts, reader FROM _site"
    ).fetchone()
    return row


def refuse_other_site(connection: sqlite3.Connection, profile: Profile, where: object) -> None:
    """Raise where the captures in the database at *where* are of another site than *profile*'s.

    Raises:
        DatabaseError: they are.
    """
    row = _row(connection)
    if row is None or row[0] == profile.name or not _has_captures(connection):
        return
    raise DatabaseError(
        f"{where}: its captures are of the site {row[0]!r}, and the profile is of"
        f" {profile.name!r}; name another file with --db, or the other profile in embassy.toml"
    )


def note_first_reader(connection: sqlite3.Connection, profile: Profile) -> None:
    """Let a database without captures be of the site of *profile*; the caller commits."""
    if not _has_captures(connection):
        note_reader(connection, profile)


def note_reader(connection: sqlite3.Connection, profile: Profile) -> None:
    """Write down that all captures are read by *profile* from now on; the caller commits."""
    connection.execute("DELETE FROM _site")
    row = (profile.name, written_facts(profile), reader_digest(profile))
    connection.execute("INSERT INTO _site VALUES (?,?,?)", row)


def refuse_other_reader(connection: sqlite3.Connection, readers: set[str]) -> None:
    """Raise where captures that *readers* have read would stand beside those of another.

    Raises:
        DatabaseError: another run has meanwhile read the captures with other settings.
    """
    kept = reader_of(connection)
    if kept is not None and readers - {kept}:
        raise DatabaseError(
            "another run has meanwhile read this history with another profile or reader, so"
            " this run added nothing; run it again"
        )


def _has_captures(connection: sqlite3.Connection) -> bool:
    query = f"SELECT 1 FROM {held(connection)} LIMIT 1"
    return connection.execute(query).fetchone() is not None
