"""Large files in parts: the parts offer what the whole does, and what is done is not done again."""

from __future__ import annotations

import gzip
import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.world import captures, write_warc
from embassy_scraper.archives import LeftOut, Offer
from embassy_scraper.archives.saved import SavedReader, find_files
from embassy_scraper.archives.shards import Shard, cut, read_shard, whole
from embassy_scraper.items import RawCapture
from tests.archives.test_files import GARBAGE, HOSTS, PLAIN, record
from tests.examples import examples
from tests.world import program

SITE, OTHER = "https://www.rusemb.org.uk/fnapr/{}", "https://www.example.org/{}"


def told(offer: Offer) -> tuple[object, ...]:
    found = offer.found
    if isinstance(found, RawCapture):
        return offer.where, found.url, found.payload, found.announced_bytes_missing
    return offer.where, type(found).__name__, str(found)


def read(shards: list[Shard]) -> list[tuple[object, ...]]:
    return [told(offer) for shard in shards for offer in read_shard(SavedReader(HOSTS), shard)]


@examples(200)
@given(st.randoms(use_true_random=False), st.sampled_from([1, 300, 900]))
def test_stretches_offer_what_the_whole_file_does(chance: random.Random, most: int) -> None:
    """However the file is damaged: flipped, lost and cut off bytes, garbage, unpacked records."""
    parts: list[bytes] = []
    for number in range(chance.randint(1, 12)):
        is_packed = chance.random() < 0.9
        parts.append(record(number=number, packed=is_packed))
        if chance.random() < 0.05:
            parts.append(GARBAGE)
    data = bytearray(b"".join(parts))
    for _ in range(chance.choice([0, 0, 1, 2])):
        at, length = chance.randrange(len(data)), chance.randint(1, 9)
        how = chance.choice("flip lose cut".split())
        if how == "flip":
            data[at : at + length] = chance.randbytes(length)
        elif how == "lose":
            del data[at : at + length]
        else:
            del data[at + 1 :]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "x.warc.gz")
        path.write_bytes(data)
        files, _ = find_files([path])
        assert read(list(cut(files, most))) == read(list(whole(files)))


def test_a_sound_file_is_cut_and_one_packed_as_a_whole_is_not(tmp_path: Path) -> None:
    packed = [record(number=number) for number in range(9)]
    for name, data, count in (
        ("a.warc.gz", b"".join(packed), 9),
        ("b.warc", b"".join(PLAIN), 3),
        ("c.warc.gz", gzip.compress(b"".join(PLAIN)), 1),
    ):
        (tmp_path / name).write_bytes(data)
        shards = list(cut(find_files([tmp_path / name])[0], 10))
        assert len(shards) == count
        assert sum(shard.size for shard in shards) == len(data)


def test_records_of_other_sites_are_left_out_and_counted(run, rows, tmp_path: Path) -> None:
    source = tmp_path / "crawl.warc.gz"
    pages = list(captures(6))
    foreign = [(OTHER.format(number), at, page) for number, (_, at, page) in enumerate(pages)]
    write_warc(source, iter([*pages[:2], *foreign, *pages[2:]]))
    done = run("ingest", source, "--only-site")
    assert done.exit_code == 0
    assert done.stderr.splitlines() == [
        "records of other sites, left out: 6",
        "captures: 6 stored, 0 known, 0 rejected; changes: 13",
    ]
    assert rows("SELECT count(*) FROM problems") == [(0,)]
    (file,) = find_files([source])[0]
    offers = list(SavedReader(HOSTS).read(file, lambda url, _: "example" not in url))
    left_out = LeftOut(6, "https://www.example.org/", 6)
    assert [o.found for o in offers if not isinstance(o.found, RawCapture)] == [left_out]


@pytest.mark.parametrize("more", [(), ("--jobs", "2")], ids=["alone", "jobs"])
def test_where_all_are_of_other_sites_it_says_of_which(
    run, rows, tmp_path: Path, more: tuple[str, ...]
) -> None:
    """As with captures of a mirror, where ``--config`` was forgotten."""
    mirror = "http://127.0.0.1:8080/"
    for name, host in (("a", mirror), ("b", "http://other.example/"), ("c", mirror)):
        pages = [
            (f"{host}fnapr/{number}", at, page)
            for number, (_, at, page) in enumerate(captures(4 if host == mirror else 5))
        ]
        write_warc(
            tmp_path / f"{name}.warc.gz", iter([*pages, ("dns:other.example", *pages[0][1:])])
        )
    files = [tmp_path / f"{name}.warc.gz" for name in "abc"]
    done = run("ingest", *files, "--only-site", *more)
    assert done.exit_code == 0
    assert done.stderr.splitlines() == [
        "records of other sites, left out: 13",
        "records that hold no page of a web site (look-ups, logs, views), left out: 3",
        "no record is of this site; most are of http://127.0.0.1:8080/ (8 of 13): if that is a"
        " mirror of it, set base_url of [site] in embassy.toml, or name other settings with"
        " --config",
        "captures: 0 stored, 0 known, 0 rejected; changes: 0",
    ]
    config = tmp_path / "embassy.toml"
    config.write_text(f'[site]\nbase_url = "{mirror}"\n')
    said = run("ingest", *files, "--only-site", "--config", config, *more).stderr
    assert "4 stored, 4 known" in said
    assert "no record is of this site" not in said


def test_a_list_names_the_files(run, tmp_path: Path) -> None:
    names = ["a.warc.gz", "deep/b.warc.gz"]
    (tmp_path / "deep").mkdir()
    for number, name in enumerate(names):
        write_warc(tmp_path / name, captures(2, 2 * number))
    (tmp_path / "paths.gz").write_bytes(gzip.compress("\n".join(names).encode()))
    (tmp_path / "paths").write_text("\r\n".join([*names, ""]))
    assert "4 stored, 0 known" in run("ingest", "--list", tmp_path / "paths").stderr
    assert "0 stored, 4 known" in run("ingest", "--list", tmp_path / "paths.gz").stderr
    (tmp_path / "paths").write_text("a.warc.gz\nc.warc.gz\n")
    for name, fault in (
        ("paths", "c.warc.gz (name 2) is not there"),
        ("a.warc.gz", "name 1) is not there"),
    ):
        done = run("ingest", "--list", tmp_path / name)
        assert (done.exit_code, done.stderr.count("\n")) == (1, 1)
        assert fault in done.stderr
    for text, fault in (("\n", "names no file"), ("https://x.example/a.warc.gz", "an address")):
        (tmp_path / "paths").write_text(text)
        assert fault in run("ingest", "--list", tmp_path / "paths").stderr
    (tmp_path / "deep" / "paths").write_text("\n".join(names))
    assert "0 stored, 4 known" in run("ingest", "--list", tmp_path / "deep" / "paths").stderr
    assert run("ingest").exit_code == 2


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A WARC file of many stretches, and the database that one process makes of it."""
    folder = tmp_path_factory.mktemp("large")
    source = folder / "large.warc.gz"
    write_warc(source, captures(1_300))
    db = folder / "alone" / "embassy.db"
    assert program.ingest(db, source).exit_code == 0
    return source, db


@pytest.mark.peer
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_cut_short_it_goes_on_behind_what_is_stored(large, tmp_path: Path, jobs: str) -> None:
    source, alone = large
    db = tmp_path / "embassy.db"
    command = ("ingest", str(source), "--jobs", jobs, "--db", str(db))
    program.cut_short(command, db, "_shards" if jobs == "2" else "captures")
    before = program.count(db, "captures")
    assert 0 < before < 1_300
    again = program.run(*command)
    assert f"captures: {1_300 - before} stored, {before} known, 0 rejected" in again.err
    assert program.query(db, "SELECT * FROM _shards") == []
    assert not program.table_differences(alone, db)
    assert "0 stored, 1300 known" in program.run(*command).err


@pytest.mark.peer
def test_a_file_that_has_changed_is_read_anew(large, tmp_path: Path) -> None:
    """What is done is known of a file as it was: in another one nothing is passed over."""
    source, _ = large
    db, copy = tmp_path / "embassy.db", tmp_path / "large.warc.gz"
    copy.write_bytes(source.read_bytes())
    command = ("ingest", str(copy), "--jobs", "2", "--db", str(db))
    program.cut_short(command, db, "_shards")
    assert program.count(db, "_shards")
    write_warc(copy, captures(1_300, 5_000))
    assert "captures: 1300 stored, 0 known" in program.run(*command).err
