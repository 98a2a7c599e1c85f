"""Crowded titles: those of which too many wordings may be one, so that they are not compared.

In: all wordings. Out: a problem for each such title, at the first capture that shows it. Drops:
nothing. Never: says which of them are one.
"""

import sqlite3

from embassy_scraper.limits import MAX_ALIKE

CROWDED = "too many alike"
_TELL = """
INSERT INTO problems (capture, what, "where", text)
SELECT min(v.first_capture), ?2, 'title', min(t.text) FROM (
    SELECT title_digest AS crowded FROM (
        SELECT title_digest, date, count(*) AS wordings FROM _wordings WHERE title_digest IN (
            SELECT title_digest FROM _wordings WHERE title_digest IS NOT NULL
            GROUP BY title_digest HAVING count(*) * (count(*) - 1) / 2 > ?1
        ) GROUP BY title_digest, date
    ) GROUP BY title_digest
    HAVING sum(wordings * (wordings - 1) / 2)
        + coalesce(sum(wordings) FILTER (WHERE date IS NULL), 0)
        * coalesce(sum(wordings) FILTER (WHERE date IS NOT NULL), 0) > ?1
) CROSS JOIN _wordings v ON v.title_digest = crowded JOIN _texts t ON t.id = v.title
GROUP BY crowded
"""


def tell_crowded(connection: sqlite3.Connection) -> None:
    """Write which titles are crowded in place of what was known; the caller commits.

    It is the rule of ``crowded_titles``, for all wordings.
    """
    connection.execute("DELETE FROM problems WHERE what = ?", (CROWDED,))
    connection.execute(_TELL, (MAX_ALIKE, CROWDED))


def count_crowded(connection: sqlite3.Connection) -> int:
    """Return how many titles are crowded."""
    row = connection.execute("SELECT count(*) FROM problems WHERE what = ?", (CROWDED,)).fetchone()
    return int(row[0])
