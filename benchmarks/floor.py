"""The floor: what cannot be left out, done as plainly as possible.

Read the WARC file with fastwarc, parse each page with lxml and take its text nodes in order,
write each payload again as a gzip WARC record, insert as many rows with ``executemany``.
"""

import sqlite3
import sys
from pathlib import Path

from fastwarc.warc import ArchiveIterator, WarcRecordType
from lxml import etree

from benchmarks.world import record

ROWS_A_CAPTURE = 17  # capture, header, 11 sightings, snapshot, 2 readings, pending


def run(source: Path, folder: Path) -> int:
    """Do it; return how many text nodes there were."""
    connection = sqlite3.connect(folder / "floor.db")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("CREATE TABLE rows (a TEXT, b TEXT, c INTEGER, d INTEGER)")
    parser = etree.HTMLParser(encoding="utf-8")
    nodes = 0
    rows: list[tuple[str, str, int, int]] = []
    with source.open("rb") as file, (folder / "floor.warc.gz").open("wb") as out:
        for warc in ArchiveIterator(file, record_types=WarcRecordType.response):
            payload = warc.reader.read()
            texts = list(etree.fromstring(payload, parser).itertext())
            nodes += len(texts)
            out.write(record(warc.headers["WARC-Target-URI"], warc.headers["WARC-Date"], payload))
            rows += [(texts[0], texts[-1], n, nodes) for n in range(ROWS_A_CAPTURE)]
            if len(rows) > 4000:
                connection.executemany("INSERT INTO rows VALUES (?,?,?,?)", rows)
                connection.commit()
                rows.clear()
    connection.executemany("INSERT INTO rows VALUES (?,?,?,?)", rows)
    connection.commit()
    return nodes


if __name__ == "__main__":
    run(Path(sys.argv[1]), Path(sys.argv[2]))
