"""Evidence: stored captures that were offered again, with more known of them than before.

In: such a capture, and the raw record that says more. Out: the records from which captures are to
be read again. Drops: all of them once that was done. Never: reads one.
"""

import sqlite3
from dataclasses import dataclass

from embassy_scraper.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Better:
    """The evidence of a capture that counts from now on, and the place of its raw record."""

    evidence: Evidence
    place: tuple[str, int]


def note_evidence(
    connection: sqlite3.Connection, capture: str, evidence: Evidence, place: tuple[str, int]
) -> None:
    """Write down that a stored *capture* is to be read from the record at *place* from now on.

    Of several the last one counts. The caller commits.
    """
    row = (capture, str(evidence), *place)
    connection.execute("INSERT OR REPLACE INTO _evidence VALUES (?,?,?,?)", row)


def better_evidence(connection: sqlite3.Connection) -> dict[str, Better]:
    """Return what counts from now on, by capture."""
    rows = connection.execute("SELECT capture, evidence, warc_file, warc_offset FROM _evidence")
    return {
        capture: Better(Evidence.read(text), (file, offset)) for capture, text, file, offset in rows
    }


def forget_evidence(connection: sqlite3.Connection) -> None:
    """Forget it: the captures were read again. The caller commits."""
    connection.execute("DELETE FROM _evidence")
