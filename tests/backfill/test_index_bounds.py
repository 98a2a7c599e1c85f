"""Answers of an index that are larger than any: little memory, one line, and a stop is heard."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from embassy_scraper.archives.cdx import read_json, read_pywb, read_wayback
from embassy_scraper.errors import ArchiveAnswerError
from embassy_scraper.limits import MAX_INDEX_BYTES, MAX_INDEX_ROWS
from tests.crawl.test_floods import PEAK
from tests.peers.backfill import Backfill, FromCommonCrawl
from tests.peers.front import Answer, Front
from tests.signalled import start

pytestmark = pytest.mark.peer

MB = 1_000_000
MOST = 300  # MB of memory
NAMES = ["timestamp", "original", "mimetype", "statuscode", "digest", "length"]
SITE = "https://www.rusemb.org.uk/fnapr"
PYWB = {"timestamp": "20210304100000", "status": "200", "mime": "text/html", "digest": "A" * 32,
        "filename": "crawl-data/CC-MAIN/segments/1/warc/CC.warc.gz", "offset": "0"}  # fmt: skip


@pytest.fixture
def front() -> Iterator[Front]:
    with Front("http://127.0.0.1:1") as one:
        yield one


def filled(begin: str, again: str, end: str, size: int) -> bytes:
    return (begin + again * (size // len(again.encode()) - 10) + end).encode()


def wayback(again: str, size: int) -> bytes:
    return filled(f"[{json.dumps(NAMES)}", again, "]", size)


ROW = json.dumps(["20210304100000", f"{SITE}/1", "text/html", "200", "A" * 32, "900"])
WAYBACK = {
    "of empty rows, over the bound": wayback(",[]", 60 * MB),
    "of empty rows": wayback(",[]", 15 * MB),
    "of rows that are none": wayback(',["a"]', 15 * MB),
    "of objects": wayback(',{"":0}', 15 * MB),
    "of texts": wayback(',"ab"', 15 * MB),
    "of numbers": wayback(",1.5", 15 * MB),
    "of rows": wayback(f",{ROW}", 15 * MB),
    "of texts outside of the first plane": wayback(',"\U0001f600"', 15 * MB),
}
MANY = {"timestamp": 0} | {f"{n:04}": 1.5 for n in range(150)}
LINES = {
    "over the bound": filled("", "{}\n", "", 60 * MB),
    "of empty objects": filled("", "{}\n", "", 15 * MB),
    "of empty lines": filled("{}", "\n", "{}", 15 * MB),
    "of odd line ends": filled("{}", "\u2028", "{}", 15 * MB),
    "of members": filled("", json.dumps(MANY) + "\n", "", 15 * MB),
    "of what is none": filled("", "a\n", "", 15 * MB),
}


def run(fill: Backfill) -> tuple[int, str, int]:
    """Run it; return its exit status, what it said, and its peak in MB."""
    command = [sys.executable, "-c", PEAK, *fill.command("--dry-run")]
    done = subprocess.run(command, cwd=fill.folder, capture_output=True, text=True)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stderr, int(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("name", WAYBACK)
def test_an_answer_of_an_index_takes_little_memory(tmp_path: Path, front: Front, name: str) -> None:
    front.moods.append(lambda _: (200, {"Content-Type": "application/json"}, WAYBACK[name]))
    status, said, peak = run(Backfill(tmp_path / "fill", front.url))
    assert status == 3 and "failed: " in said
    assert peak < MOST
    assert len(said) < 3000


@pytest.mark.parametrize("name", LINES)
def test_lines_of_an_index_take_little_memory(tmp_path: Path, front: Front, name: str) -> None:
    def mood(path: str) -> Answer:
        if path.startswith("/collinfo"):
            return 200, {}, b'[{"id": "CC-1"}]'
        return 200, {}, b"1" if "showNumPages" in path else LINES[name]

    front.moods.append(mood)
    status, said, peak = run(FromCommonCrawl(tmp_path / "fill", front.url))
    assert status in (0, 3), said
    assert peak < MOST
    assert len(said) < 3000


@pytest.mark.parametrize("size", [15 * MB, 60 * MB])
def test_a_list_of_crawls_takes_little_memory(tmp_path: Path, front: Front, size: int) -> None:
    front.moods.append(lambda _: (200, {}, filled("[{}", ",{}", "]", size)))
    status, said, peak = run(FromCommonCrawl(tmp_path / "fill", front.url))
    assert status == 3 and "collinfo.json: " in said
    assert peak < MOST


@pytest.mark.parametrize("rows", [3000, 25_000])
def test_a_page_of_the_size_asked_for_is_read_whole(
    tmp_path: Path, front: Front, rows: int
) -> None:
    """As many rows as settings may ask for, each with an address of three hundred characters."""
    url = f"{SITE}/?a[]=1&b[]=2&c[]=3&d[]=4&e[]=5&"
    row = ["20210304100000", url, "text/html", "200", "A" * 32, "900"]
    table = [NAMES, *([row[0], f"{row[1]}{n:0300}", *row[2:]] for n in range(rows))]
    body = json.dumps(table).encode()
    assert len(body) < MAX_INDEX_BYTES and rows * 3 < MAX_INDEX_ROWS
    front.moods.append(lambda _: (200, {}, body))
    fill = Backfill(tmp_path / "fill", front.url, rows=rows)
    fill.run("--dry-run")
    assert fill.rows("SELECT count(*) FROM _offers") == [(rows,)]


def test_a_page_of_common_crawl_is_read_whole() -> None:
    """Its index answers with five blocks of three thousand lines where nothing else is asked."""
    lines = [json.dumps(PYWB | {"url": f"{SITE}/{n:0300}", "length": "900"}) for n in range(15_000)]
    text = "\n".join(lines)
    assert len(text) < MAX_INDEX_BYTES and len(lines) * 5 < MAX_INDEX_ROWS
    assert len(read_pywb(text).rows) == 15_000


def test_over_the_rows_of_an_index_nothing_is_read() -> None:
    many = MAX_INDEX_ROWS + 1
    for read, text in (
        (read_wayback, "[" + "[]," * many + "[]]"),
        (read_pywb, "{}\n" * many),
        (read_json, "[" + "{}," * (10 * many) + "{}]"),
    ):
        with pytest.raises(ArchiveAnswerError, match=f"over {MAX_INDEX_ROWS} rows"):
            read(text)


def test_a_signal_is_heard_while_an_answer_is_read(tmp_path: Path, front: Front) -> None:
    """Answers that take long follow each other: whenever it comes, it is heard."""
    rows = json.dumps([NAMES, *([["x"]] * (MAX_INDEX_ROWS // 2)), [], ["key"]]).encode()
    asked: list[Any] = []

    def mood(path: str) -> Answer:
        asked.append(path)
        key = b'["key%d"]' % len(asked)
        return 200, {}, rows.replace(b'["key"]', key)

    front.moods.append(mood)
    fill = Backfill(tmp_path / "fill", front.url)
    running = start(fill.folder, *fill.command("--dry-run")[3:])
    running.wait_for(lambda: len(asked) >= 2)
    end = running.hit()
    assert end.was_hit and end.seconds < 3
    end.check()


def test_a_dry_run_tells_of_rows_that_cannot_be_read(tmp_path: Path, front: Front) -> None:
    row = ["20210304100000", f"{SITE}/1", "text/html", "200", "A" * 32, "900"]
    front.moods.append(lambda _: (200, {}, json.dumps([NAMES, row, ["x"], ["y"]]).encode()))
    fill = Backfill(tmp_path / "fill", front.url)
    said = fill.run("--dry-run").stderr
    told = [line for line in said.splitlines() if "unreadable index rows: 2 (see problems)" in line]
    assert len(told) == 1
    front.moods[:] = [lambda _: (200, {}, json.dumps([NAMES, row]).encode())]
    assert "unreadable" not in fill.run("--dry-run").stderr
