"""The archive files that warcio and pywb test themselves with: each has a told outcome."""

from __future__ import annotations

import gzip
import io
import tarfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from tests.peers.servers import SAMPLES, needs_samples
from tests.world import program

pytestmark = [needs_samples, pytest.mark.peer]
KINDS = ("response", "resource", "revisit", "conversion", "continuation")  # what holds captures
_FOLDERS = ("warcio-1.6.3/test/data/", "/sample_archive/warcs/", "Warcat-2.2.5/example/")
NO_ORIGINAL = "revisit without its original"


@dataclass(frozen=True)
class Told:
    """What must come of a file: so many captures, stored or met twice; what is rejected; why."""

    stored: int
    known: int = 0
    rejected: tuple[str, ...] = ()
    why: str = ""
    left_out: int = 0


ARC = Told(1, why="an answer behind the record that tells of the file")
BAD_ARC = Told(
    0, rejected=("damaged record",) * 3, why="two have no length; one is an empty line, no answer"
)
OUTCOMES = {
    "warcio/bad.arc": BAD_ARC,
    "warcio/example.arc": ARC,
    "warcio/example.arc.gz": ARC,
    "warcio/example-bad-non-chunked.warc.gz": Told(2, why="one gzip member around all records"),
    "warcio/example-bad.warc.gz.bad": Told(3, why="the same; named, it is known by how it begins"),
    "warcio/example-iana.org-chunked.warc": Told(1, why="its body is chunked and gzip"),
    "warcio/example-resource.warc.gz": Told(1, why="a resource record"),
    "warcio/example-trunc.warc": Told(
        1, rejected=("damaged record",),
        why="its length is two bytes short: the end of its gzip body follows it, and is told",
    ),
    "warcio/example.warc": Told(2, why="a response and its revisit"),
    "warcio/example.warc.gz": Told(2, why="a response and its revisit"),
    "warcio/post-test.warc.gz": Told(3, why="answers to POST, which are no pages of the site"),
    "pywb/bad.arc": BAD_ARC,
    "pywb/example.arc": ARC,
    "pywb/example.arc.gz": ARC,
    "pywb/dupes.warc.gz": Told(
        4, rejected=(NO_ORIGINAL,) * 8, why="eight originals are in iana.warc.gz alone"
    ),
    "pywb/example-bad.warc.gz.bad": Told(3, why="as warcio's"),
    "pywb/example-extra.warc": Told(
        3, 1, why="a record twice; once with the status line of no protocol, a byte shorter for it"
    ),
    "pywb/example-url-agnostic-orig.warc.gz": Told(1),
    "pywb/example-url-agnostic-revisit.warc.gz": Told(
        0, rejected=(NO_ORIGINAL,), why="its original is in the file above"
    ),
    "pywb/example-wget-1-14.warc.gz": Told(1, left_out=3, why="three more are wget's own notes"),
    "pywb/example-wpull.warc.gz": Told(1, left_out=1, why="another is the program's own log"),
    "pywb/example.warc": Told(
        3, rejected=("damaged record",),
        why="the length of a request is three bytes short: what follows it is told",
    ),
    "pywb/example.warc.gz": Told(3),
    "pywb/example2.warc.gz": Told(1),
    "pywb/httpbin-resource.warc.gz": Told(1, why="a resource record"),
    "pywb/iana.warc.gz": Told(171, why="48 responses and 123 revisits of them"),
    "pywb/missing-status-text.warc": Told(1, why="each of its line ends has a CR too many"),
    "pywb/post-test.warc.gz": Told(3, why="as warcio's"),
    "Warcat/at.warc": Told(2, left_out=3, why="three more are wget's own notes"),
    "Warcat/at.warc.gz": Told(2, left_out=3, why="three more are wget's own notes"),
    "Warcat/bad_http_chunked_content.warc": Told(
        1, why="the first chunk is cut off; warcio takes its bytes for no chunk"
    ),
    "Warcat/c1_warcinfo.warc": Told(0, why="it tells of a file, and there is no more in it"),
    "Warcat/long_url.warc": Told(1),
    "Warcat/not_utf8_http_header.warc": Told(1),
}  # fmt: skip
READ_OTHERWISE = ("Warcat/bad_http_chunked_content.warc",)
RESOLVED_TOGETHER = {"warcio": 0, "pywb": 9}  # revisits whose original is in another file


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files, in a folder for either program."""
    root = tmp_path_factory.mktemp("samples")
    for path in SAMPLES.glob("*.tar.gz"):
        folder = root / path.name.partition("-")[0]
        folder.mkdir()
        with tarfile.open(path) as bundle:
            for member in bundle.getmembers():
                if member.isfile() and any(one in member.name for one in _FOLDERS):
                    file = bundle.extractfile(member)
                    assert file is not None
                    (folder / Path(member.name).name).write_bytes(file.read())
    return root


def stored(db: Path) -> set[tuple[object, ...]]:
    """What the program keeps: instant and bytes of every capture."""
    return set(program.query(db, "SELECT captured_at, sha256 FROM captures"))


def rejected(db: Path) -> list[object]:
    return [row[0] for row in program.query(db, "SELECT what FROM problems WHERE capture IS NULL")]


def by_warcio(path: Path) -> tuple[list[tuple[str, str]], int, int]:
    """What warcio reads: instant and bytes of every capture; how many revisits, and other things.

    These are continuations of records, and records of what is no page.
    """
    data, found, revisits, others = path.read_bytes(), [], 0, 0
    if "example-bad" in path.name:
        data = gzip.decompress(data)  # warcio refuses one member around all records
    for record in ArchiveIterator(io.BytesIO(data), arc2warc=True):
        at = record.rec_headers.get_header("WARC-Date")
        url = record.rec_headers.get_header("WARC-Target-URI") or "http:"
        if record.rec_type not in KINDS:
            continue
        if record.rec_type == "continuation" or not url.lower().startswith(("http:", "https:")):
            others += 1
        elif record.rec_type == "revisit":
            revisits += 1
        else:
            found.append((at, sha256(record.content_stream().read()).hexdigest()))
    return found, revisits, others


def test_every_sample_has_an_outcome(samples: Path) -> None:
    there = {path.relative_to(samples).as_posix() for path in samples.rglob("*") if path.is_file()}
    assert there == set(OUTCOMES)


@pytest.mark.parametrize("name", OUTCOMES)
def test_what_comes_of_a_sample(tmp_path: Path, samples: Path, name: str) -> None:
    told = OUTCOMES[name]
    db = tmp_path / "embassy.db"
    done = program.ingest(db, samples / name)
    assert rejected(db) == list(told.rejected)
    said = f"captures: {told.stored} stored, {told.known} known, {len(told.rejected)} rejected;"
    assert said in done.err
    assert done.err.count("rejected: ") == len(told.rejected)
    assert done.exit_code == (3 if told.rejected else 0)
    assert program.run("verify", "--db", str(db)).exit_code == 0
    if name.endswith("bad.arc"):
        return
    found, revisits, others = by_warcio(samples / name)
    unresolved = told.rejected.count(NO_ORIGINAL)
    assert others == told.left_out
    assert (f"left out: {others}\n" in done.err) == bool(others)
    assert len(found) + revisits == told.stored + told.known + unresolved
    if name in READ_OTHERWISE:
        return
    assert set(found) <= stored(db)  # the very bytes
    sums = {digest for _, digest in found}
    assert unresolved or {digest for _, digest in stored(db)} == sums


@pytest.mark.parametrize("folder", RESOLVED_TOGETHER)
def test_a_folder_of_samples_in_any_order(tmp_path: Path, samples: Path, folder: str) -> None:
    """Together, revisits find their originals in other files; so they do one file a run."""
    db, reverse = tmp_path / "one" / "embassy.db", tmp_path / "other" / "embassy.db"
    done = program.ingest(db, samples / folder)
    assert done.exit_code == 3
    assert program.run("verify", "--db", str(db)).exit_code == 0
    alone = [told for name, told in OUTCOMES.items() if name.startswith(folder)]
    tells = sorted(what for told in alone for what in told.rejected)
    assert tells.count(NO_ORIGINAL) == RESOLVED_TOGETHER[folder]
    assert sorted(map(str, rejected(db))) == [what for what in tells if what != NO_ORIGINAL]
    files = sorted((samples / folder).iterdir(), reverse=True)
    for path in files:
        program.ingest(reverse, path)
    assert not program.table_differences(db, reverse)
    assert program.run("verify", "--db", str(reverse)).exit_code == 0
    parallel = tmp_path / "parallel" / "embassy.db"
    program.run("ingest", str(samples / folder), "--jobs", "2", "--db", str(parallel))
    assert not program.table_differences(db, parallel)
