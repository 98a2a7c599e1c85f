"""Crowded titles: those of which too many wordings may be one, so that they are not compared.

In: all wordings. Out: a problem for each such title, at the first capture that shows it. Drops:
nothing. Never: says which of them are one.
"""

import sqlite3

from embassy_scraper.limits import MAX_ALIKE
from pipelines.history.pairs import count_pairs

CROWDED = "too many alike"
_MANY = """
SELECT title_digest FROM _wordings WHERE title_digest IS NOT NULL
GROUP BY title_digest HAVING count(*) * (count(*) - 1) / 2 > ?
"""
_WORDINGS = """
SELECT date, url_key, count(*) FROM _wordings WHERE title_digest = ? GROUP BY date, url_key
"""
_TELL = """
INSERT INTO problems (capture, what, "where", text)
SELECT min(v.first_capture), ?, 'title', min(t.text)
FROM _wordings v JOIN _texts t ON t.id = v.title WHERE v.title_digest = ?
"""


def tell_crowded(connection: sqlite3.Connection) -> None:
    """Write which titles are crowded in place of what was known; the caller commits.

    It is the rule of ``crowded_titles``, for all wordings.
    """
    ask = connection.execute
    ask("DELETE FROM problems WHERE what = ?", (CROWDED,))
    for (title,) in ask(_MANY, (MAX_ALIKE,)).fetchall():
        wordings = {(day, address): number for day, address, number in ask(_WORDINGS, (title,))}
        if count_pairs(wordings) > MAX_ALIKE:
            ask(_TELL, (CROWDED, title))


def count_crowded(connection: sqlite3.Connection) -> int:
    """Return how many titles are crowded."""
    row = connection.execute("SELECT count(*) FROM problems WHERE what = ?", (CROWDED,)).fetchone()
    return int(row[0])
