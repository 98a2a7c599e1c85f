"""Revisits in any order: whatever comes to be their best original, the history is the same."""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
import zipfile
from base64 import b32encode
from dataclasses import dataclass
from hashlib import sha1
from itertools import pairwise, permutations
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tests.examples import examples, thinned
from tests.history.test_retraction_laws import retract
from tests.world import program

URLS = ("https://www.rusemb.org.uk/fnapr/9005", "https://www.rusemb.org.uk/fnapr/9006")
INSTANTS = tuple(f"2021-03-{day:02}T10:15:00Z" for day in range(1, 7))
LINES = """3 March 2021|Moscow: 13:15|London: 10:15|Consular queries:|+44 (0) 203 668 7474
|302 days have passed since the reading room closed - no date for its reopening
|PRESS RELEASES AND NEWS|02.03.2021|Comment by the embassy – карты
|{}|2 March 2021, 16:40|LATEST EVENTS|02.03.2021 - Comment by the embassy – карты
|26.02.2021 - Comment on the reopening|The room opens.|all messages"""
PAGES = tuple(
    "".join(f"<p>{line.strip()}</p>" for line in LINES.format(text).split("|")).encode("cp1251")
    for text in ("Карты прибыли на выставку.", "Another text, of which there is more.")
)
KINDS = ("text/html; charset=windows-1251", "text/html; charset=koi8-r", "text/html")
NAMES = [name for name in program.TABLES if name != "problems"]  # what waits is not kept


@dataclass(frozen=True)
class Answer:
    """A record with bytes; its archive may declare the digest of others."""

    url: int
    at: int
    page: int
    kind: int = 0
    status: int = 200
    is_cut: bool = False
    declared: int | None = None

    def write(self, writer: WARCWriter) -> None:
        page = PAGES[self.page]
        head = [("Content-Type", KINDS[self.kind]), ("Content-Length", str(len(page) + self.more))]
        digest = digest_of(self.page if self.declared is None else self.declared)
        writer.write_record(writer.create_warc_record(
            URLS[self.url], "response", payload=io.BytesIO(page),
            http_headers=StatusAndHeaders(f"{self.status} X", head, protocol="HTTP/1.1"),
            warc_headers_dict={"WARC-Date": INSTANTS[self.at], "WARC-Payload-Digest": digest},
        ))  # fmt: skip

    @property
    def more(self) -> int:
        return 9 if self.is_cut else 0


@dataclass(frozen=True)
class Repeat:
    """A revisit, which may name the instant and URL of what it repeats, and may have a head."""

    url: int
    at: int
    digest: int
    names: tuple[int, int] | None = None
    head: str = "304 Not Modified"
    kind: int | None = None

    def write(self, writer: WARCWriter) -> None:
        url, at = (URLS[self.names[0]], INSTANTS[self.names[1]]) if self.names else ("", "")
        head = [("Content-Type", KINDS[self.kind])] if self.kind is not None else []
        record = writer.create_revisit_record(
            URLS[self.url], digest_of(self.digest), url, at,
            http_headers=StatusAndHeaders(self.head, head, protocol="HTTP/1.1"),
            warc_headers_dict={"WARC-Date": INSTANTS[self.at]},
        )  # fmt: skip
        if not self.names:
            for name in ("WARC-Refers-To-Target-URI", "WARC-Refers-To-Date"):
                record.rec_headers.remove_header(name)
        writer.write_record(record)


Part = Answer | Repeat


def digest_of(page: int) -> str:
    return f"sha1:{b32encode(sha1(PAGES[page]).digest()).decode()}"


def written(folder: Path, parts: list[Part]) -> list[Path]:
    folder.mkdir(exist_ok=True)
    paths = []
    for number, part in enumerate(parts):
        paths.append(folder / f"{number}.warc.gz")
        with paths[-1].open("wb") as file:
            part.write(WARCWriter(file, gzip=True))
    return paths


def ingested(db: Path, batches: list[list[Path]]) -> Path:
    for batch in batches:
        assert program.ingest(db, *batch).exit_code in (0, 3)
    return db


def faults_of(db: Path, whole: Path) -> list[str]:
    """How the history differs from the *whole* one, and from what its raw captures alone say."""
    found = program.table_differences(whole, db)
    before = program.tables(db)
    for verb in ("verify", "rebuild", "verify"):
        told = program.run(verb, "--db", str(db))
        found += [f"{verb}: {told.err}"] if told.exit_code else []
    found += ["rebuild: other rows"] if program.tables(db) != before else []
    return found + faults_alone(db)


def faults_alone(db: Path) -> list[str]:
    made = db.parent / "made" / "embassy.db"
    told = program.run("rebuild", "--from", str(db.parent / "captures"), "--db", str(made))
    if program.count(db, "captures") == 0:
        return []
    return [told.err] * (told.exit_code != 0) + program.table_differences(db, made, NAMES)


PLAIN = Answer(0, 0, 0)
CASES: dict[str, list[Part]] = {
    "of the same address": [Answer(1, 0, 0, kind=1), Answer(0, 1, 0), Repeat(0, 3, 0)],
    "the earlier one": [Answer(0, 0, 0, kind=1), Answer(0, 1, 0), Repeat(0, 3, 0)],
    "the one that is named": [
        Answer(0, 0, 0, kind=1, is_cut=True),
        Answer(0, 1, 0),
        Repeat(0, 3, 0, (0, 1), "200 OK", 0),
    ],
    "with the digest": [Answer(0, 0, 1), Answer(1, 1, 0), Repeat(0, 3, 0, (0, 0), "200 OK", 0)],
    "of another status": [Answer(0, 0, 0, status=404), Answer(0, 1, 0), Repeat(0, 3, 0)],
    "cut off": [Answer(0, 0, 0, is_cut=True), Answer(0, 1, 0), Repeat(0, 3, 0)],
    "along a chain": [
        Answer(1, 0, 0, kind=1),
        Answer(0, 1, 0),
        Repeat(0, 2, 0),
        Repeat(0, 3, 0, (0, 2)),
    ],
    "other bytes along a chain": [
        Answer(0, 0, 1),
        Answer(1, 1, 0),
        Repeat(0, 2, 0, (0, 0), "200 OK", 0),
        Repeat(0, 3, 0, (0, 2)),
        Repeat(0, 4, 0, (0, 3)),
    ],
    "a circle": [
        Answer(1, 0, 0, kind=1),
        Repeat(0, 2, 0, (0, 3), "200 OK", 0),
        Repeat(0, 3, 0, (0, 2), "200 OK", 2),
    ],
    "told directly too": [Answer(0, 0, 0, kind=1), Repeat(0, 3, 0), Answer(0, 3, 0, kind=2)],
    "told twice": [
        Answer(0, 0, 0, kind=1),
        Repeat(0, 3, 0),
        Repeat(0, 3, 0, (0, 0), "200 OK", 2),
        Answer(0, 1, 0, kind=2),
    ],
}


def write_chain(path: Path, length: int) -> Path:
    """A page, and revisits of which each names the one before by its instant alone."""
    moments = [f"2021-03-01T{n // 60:02}:{n % 60:02}:00Z" for n in range(length + 1)]
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        write_page(writer, 0, moments[0])
        for before, moment in pairwise(moments):
            writer.write_record(writer.create_revisit_record(
                URLS[0], digest_of(1), URLS[0], before, warc_headers_dict={"WARC-Date": moment},
                http_headers=StatusAndHeaders(
                    "200 OK", [("Content-Type", KINDS[0])], protocol="HTTP/1.1"
                ),
            ))  # fmt: skip
    return path


def write_page(writer: WARCWriter, page: int, moment: str) -> None:
    writer.write_record(writer.create_warc_record(
        URLS[0], "response", payload=io.BytesIO(PAGES[page]),
        http_headers=StatusAndHeaders("200 X", [("Content-Type", KINDS[0])], protocol="HTTP/1.1"),
        warc_headers_dict={"WARC-Date": moment, "WARC-Payload-Digest": digest_of(page)},
    ))  # fmt: skip


def test_a_chain_takes_time_in_proportion_to_its_length(tmp_path: Path) -> None:
    """In the second step a better original comes to the first of them, and to each by that one."""
    other = tmp_path / "other.warc.gz"
    with other.open("wb") as file:
        write_page(WARCWriter(file, gzip=True), 1, "2021-03-01T00:00:00Z")
    seconds: list[list[float]] = []
    for length in (200, 1000):
        db = tmp_path / f"{length}" / "embassy.db"
        seconds.append([])
        for path in (write_chain(tmp_path / f"{length}.warc.gz", length), other):
            begun = process_time()
            ingested(db, [[path]])
            seconds[-1].append(process_time() - begun)
        assert program.count(db, "captures") == length + 2
        payloads = "SELECT count(DISTINCT sha256) FROM captures WHERE is_revisit"
        assert program.query(db, payloads) == [(1,)]
    for few, many in zip(*seconds, strict=True):
        assert many < 9 * few, seconds


@pytest.mark.parametrize("case", CASES)
def test_a_revisit_is_read_with_its_best_original(tmp_path: Path, case: str) -> None:
    paths = written(tmp_path, CASES[case])
    whole = ingested(tmp_path / "whole" / "embassy.db", [paths])
    assert faults_of(whole, whole) == []
    orders = [*permutations(paths)][::-1]
    for number, order in enumerate(orders[:: thinned(1) * len(orders) // 30 or 1]):
        db = ingested(tmp_path / f"db{number}" / "embassy.db", [[one] for one in order])
        names = [path.name for path in order]
        assert program.table_differences(whole, db) == [], names
        assert faults_of(db, whole) == [], names


_URL, _AT, _PAGE = st.sampled_from([0, 0, 1]), st.integers(0, 5), st.sampled_from([0, 0, 1])
_ANSWERS = st.builds(
    Answer,
    url=_URL,
    at=_AT,
    page=_PAGE,
    kind=st.integers(0, 2),
    status=st.sampled_from([200, 200, 404]),
    is_cut=st.booleans(),
    declared=st.none() | _PAGE,
)
_REPEATS = st.builds(
    Repeat,
    url=_URL,
    at=_AT,
    digest=_PAGE,
    names=st.none() | st.tuples(_URL, _AT),
    head=st.sampled_from(["304 Not Modified", "200 OK"]),
    kind=st.none() | st.integers(0, 2),
)


@examples(60)
@given(
    answers=st.lists(_ANSWERS, min_size=1, max_size=4),
    repeats=st.lists(_REPEATS, min_size=1, max_size=4),
    draw=st.data(),
)
def test_any_order_of_revisits_gives_the_same_history(
    answers: list[Answer], repeats: list[Repeat], draw: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = written(folder, [*answers, *repeats])
        whole = ingested(folder / "whole" / "embassy.db", [paths])
        order = draw.draw(st.permutations(paths))
        cut = draw.draw(st.integers(0, len(order)))
        batches = [order[:cut], *([one] for one in order[cut:])]
        db = ingested(folder / "db" / "embassy.db", [batch for batch in batches if batch])
        assert faults_of(db, whole) == []


def test_what_is_retracted_stays_out_with_a_better_original(tmp_path: Path) -> None:
    """It was retracted for what the revisit says, whatever bytes that comes to have."""
    first, better, revisit = written(tmp_path, CASES["with the digest"])
    db = ingested(tmp_path / "db" / "embassy.db", [[first, revisit]])
    where = f"captured_at = '{INSTANTS[3]}'"
    ((capture,),) = program.query(db, f"SELECT id FROM captures WHERE {where}")
    retract(db, [str(capture)])
    ingested(db, [[better]])
    assert program.query(db, f"SELECT id FROM captures WHERE {where}") == []
    alone = ingested(tmp_path / "alone" / "embassy.db", [[first, better]])
    assert faults_of(db, alone) == []
    out = program.query(db, "SELECT capture FROM retractions ORDER BY capture")
    assert len(out) == 2
    retract(db, [str(one) for (one,) in out if one != capture], "--undo")
    whole = ingested(tmp_path / "all" / "embassy.db", [[better, first, revisit]])
    assert program.table_differences(whole, db) == []


def test_an_original_that_is_retracted_is_one_all_the_same(tmp_path: Path) -> None:
    paths = written(tmp_path, CASES["other bytes along a chain"])
    for number, moment in enumerate(range(1, len(paths))):
        db = ingested(tmp_path / f"db{number}" / "embassy.db", [[path] for path in paths[:moment]])
        out = str(program.query(db, "SELECT min(id) FROM captures")[0][0])
        retract(db, [out])
        ingested(db, [[path] for path in paths[moment:]])
        retract(db, [out], "--undo")
        assert faults_of(db, ingested(tmp_path / f"all{number}" / "embassy.db", [paths])) == []


def test_a_revisit_is_offered_with_its_own_record_to_others(tmp_path: Path) -> None:
    """The raw captures of a colleague bring revisits as they were, and a better original counts."""
    *paths, best = written(tmp_path, [Answer(1, 0, 0, kind=1), Repeat(0, 3, 0), Answer(0, 1, 0)])
    db = ingested(tmp_path / "one" / "embassy.db", [paths])
    other = ingested(tmp_path / "other" / "embassy.db", [[db.parent / "captures"], [best]])
    whole = ingested(tmp_path / "whole" / "embassy.db", [[*paths, best]])
    assert program.table_differences(whole, other) == []


def test_what_a_revisit_is_of_is_known_in_a_database_made_of_raw_captures(tmp_path: Path) -> None:
    *paths, best = written(tmp_path, [Answer(1, 0, 0, kind=1), Repeat(0, 3, 0), Answer(0, 1, 0)])
    db = ingested(tmp_path / "one" / "embassy.db", [paths])
    made = tmp_path / "made" / "embassy.db"
    captures = str(db.parent / "captures")
    assert program.run("rebuild", "--from", captures, "--db", str(made)).exit_code == 0
    ingested(made, [[best]])
    whole = ingested(tmp_path / "whole" / "embassy.db", [[*paths, best]])
    assert faults_of(made, whole) == []


def test_a_lost_record_of_a_revisit_is_written_again(tmp_path: Path) -> None:
    paths = written(tmp_path, CASES["along a chain"])
    db = ingested(tmp_path / "db" / "embassy.db", [paths])
    whole = program.tables(db)
    for path in (db.parent / "captures").glob("*.warc.gz"):
        path.unlink()
    assert program.run("verify", "--db", str(db)).exit_code == 1
    ingested(db, [paths])
    assert program.run("verify", "--db", str(db)).exit_code == 0
    assert program.tables(db) == whole
    assert faults_alone(db) == []


def test_a_change_that_a_revisit_shows_is_proven_by_its_record(tmp_path: Path) -> None:
    parts: list[Part] = [
        Answer(0, 0, 0), Answer(1, 2, 1), Repeat(0, 3, 1, (1, 2), "200 OK", 0)
    ]  # fmt: skip
    db = ingested(tmp_path / "db" / "embassy.db", [written(tmp_path, parts)])
    edits = "SELECT change_id FROM changes WHERE kind = 'statement_edited' AND field = 'body'"
    (change,) = program.query(db, edits)[0]
    bundle = tmp_path / "evidence.zip"
    told = program.run("evidence", str(change), "--output", str(bundle), "--db", str(db))
    assert told.exit_code == 0, told.err
    with zipfile.ZipFile(bundle) as packed:
        packed.extractall(tmp_path / "proof")
    command = [sys.executable, "-I", "prove.py"]
    done = subprocess.run(command, cwd=tmp_path / "proof", capture_output=True, check=False)
    assert done.returncode == 0, (done.stdout, done.stderr)
