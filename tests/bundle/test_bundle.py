"""What is in a bundle: rows, records byte for byte, digests; the same bytes each time."""

from __future__ import annotations

import gzip
import io
import json
import os
import shutil
import stat
from hashlib import sha256
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from tests.bundle.builders import SITE, URL, Answers, Made, changes, make, page, prove, sums
from tests.live.site import publish, site
from tests.live.story import OPENS
from tests.world import program

NAMES = ["README.txt", "archives.json", "captures.wacz", "change.json", "prove.py", "SHA256SUMS"]


@pytest.fixture(scope="module")
def db(tmp_path_factory, request) -> Path:
    """Six saved captures, text and HTML; one of them cut off."""
    db: Path = tmp_path_factory.mktemp("saved") / "embassy.db"
    captures = Path(request.config.rootpath) / "tests" / "captures"
    assert program.ingest(db, captures).exit_code == 0
    return db


@pytest.fixture(scope="module")
def bundles(db, tmp_path_factory) -> dict[str, Made]:
    """The bundle of every change of that history."""
    folder = tmp_path_factory.mktemp("bundles")
    return {change: make(db, change, folder / f"{change}.zip") for change in changes(db)}


def test_every_change_has_its_rows_and_its_captures(db, bundles) -> None:
    rows = changes(db)
    assert len({row["kind"] for row in rows.values()}) > 5
    for change, made in bundles.items():
        told, row = made.told, rows[change]
        assert list(made.members) == NAMES
        assert made.members["SHA256SUMS"] == sums(made.members, "SHA256SUMS")
        similarity = told["change"].pop("similarity")
        assert similarity == (None if row["similarity"] is None else float(row["similarity"]))
        assert told["change"] == {name: row[name] for name in told["change"]}
        assert set(told["change"]) == set(row) - {"similarity"}
        named = [row[f"capture_{role}"] for role in ("before", "after")]
        assert [one["id"] for one in told["captures"]] == [one for one in named if one]
        for one in told["captures"]:
            query = f"SELECT sha256, url FROM captures WHERE id = '{one['id']}'"
            assert program.query(db, query) == [(one["sha256"], one["url"])]
        if row["kind"].startswith("statement_"):
            assert told["statement"]["key"] == told["version_after"]["statement"] == row["subject"]
        words = made.members["README.txt"].decode()
        assert told["sentence"] in " ".join(words.split())
        assert all(one["id"] in words and one["sha256"] in words for one in told["captures"])


def test_the_script_proves_every_change_zipped_and_unpacked(bundles, tmp_path) -> None:
    for number, made in enumerate(bundles.values()):
        folder = made.unpack(tmp_path / str(number))
        for done in (prove(folder / "prove.py"), prove(made.path, script=folder / "prove.py")):
            assert done.returncode == 0, done.stderr
            assert made.told["sentence"] in done.stdout and "proved" in done.stdout
            assert not done.stderr


def test_the_script_is_short_and_plain(bundles) -> None:
    for made in bundles.values():
        script = made.members["prove.py"].decode()
        assert script.count("\n") <= 80
        assert "embassy_scraper" not in script


def test_an_edit_shows_the_old_words_before_and_the_new_ones_after(db, bundles) -> None:
    edits = [row for row in changes(db).values() if row["field"] == "body"]
    assert edits
    for row in edits:
        before, after = bundles[row["change_id"]].told["captures"]
        found = [[one["is_found"] for one in side["passages"]] for side in (before, after)]
        assert found == [[True, False], [False, True]]


def test_the_records_are_those_that_are_kept(db, bundles) -> None:
    kept = b"".join(path.read_bytes() for path in (db.parent / "captures").iterdir())
    for made in bundles.values():
        warc = made.wacz["archive/data.warc.gz"]
        index = [
            line.split(" ", 2) for line in made.wacz["indexes/index.cdx"].decode().splitlines()
        ]
        assert index == sorted(index)
        records = ArchiveIterator(io.BytesIO(warc), check_digests="raise")
        read = {}
        for record in records:
            body = record.content_stream().read()
            read[record.rec_headers.get_header("WARC-Record-ID")] = sha256(body).hexdigest()
        assert len(read) == len(index) == len(made.told["captures"])
        for one in made.told["captures"]:
            place = one["own_record"]
            member = warc[place["offset"] : place["offset"] + place["length"]]
            assert member in kept and gzip.decompress(member).startswith(b"WARC/1.1\r\n")
            assert read[place["id"]] == one["sha256"]
            assert place == one["record_with_bytes"]
        for _, at, line in index:
            told = json.loads(line)
            assert len(at) == 14 and f"{told['url']}" in warc_targets(warc)


def warc_targets(warc: bytes) -> set[str]:
    return {
        record.rec_headers.get_header("WARC-Target-URI")
        for record in ArchiveIterator(io.BytesIO(warc))
    }


def test_the_wacz_names_every_resource_with_its_digest(bundles) -> None:
    for made in bundles.values():
        wacz = made.wacz
        package = json.loads(wacz["datapackage.json"])
        assert package["wacz_version"] == "1.1.1" and package["profile"] == "data-package"
        named = {one["path"]: (one["hash"], one["bytes"]) for one in package["resources"]}
        assert set(named) == {"archive/data.warc.gz", "indexes/index.cdx", "pages/pages.jsonl"}
        for path, told in named.items():
            assert told == (f"sha256:{sha256(wacz[path]).hexdigest()}", len(wacz[path]))
        digest = json.loads(wacz["datapackage-digest.json"])
        assert digest["hash"] == f"sha256:{sha256(wacz['datapackage.json']).hexdigest()}"
        pages = [json.loads(line) for line in wacz["pages/pages.jsonl"].splitlines()]
        assert [one["id"] for one in pages[1:]] == [one["id"] for one in made.told["captures"]]


def test_what_is_first_seen_has_one_capture_and_a_steady_counter_its_two_ends(db, bundles) -> None:
    for change, row in changes(db).items():
        captures = bundles[change].told["captures"]
        if row["kind"].endswith("_discovered"):
            assert [one["role"] for one in captures] == ["after"]
        elif row["kind"] == "counter_progressed":
            ends = [row["observed_after"], row["observed_by"]]
            assert [one["captured_at"] for one in captures] == ends
            for one, value in zip(captures, (row["before"], row["after"]), strict=True):
                assert any(
                    text["text"].startswith(f"{value} ") and text["is_found"]
                    for text in one["passages"]
                )


def test_the_same_history_gives_the_same_bytes(db, bundles, tmp_path, demo_captures) -> None:
    other = tmp_path / "other" / "embassy.db"
    for name in ("5-home.txt", "2-statement.txt", "4-home.html"):
        folder = tmp_path / name
        folder.mkdir()
        shutil.copy(demo_captures / name, folder)
        lines = (demo_captures / "manifest.tsv").read_text().splitlines(keepends=True)
        told = [lines[0], *(line for line in lines if line.startswith(name))]
        (folder / "manifest.tsv").write_text("".join(told))
        assert program.ingest(other, folder).exit_code == 0
    assert program.ingest(other, demo_captures).exit_code == 0
    assert program.run("rebuild", "--db", str(other)).exit_code == 0
    for change, made in bundles.items():
        again = make(other, change, tmp_path / "again.zip")
        assert again.path.read_bytes() == made.path.read_bytes()


def test_a_text_without_an_address_says_so(tmp_path, demo_captures) -> None:
    folder, db = tmp_path / "in", tmp_path / "data" / "embassy.db"
    folder.mkdir()
    for name in ("1-home.txt", "5-home.txt"):
        shutil.copy(demo_captures / name, folder)
    assert program.ingest(db, folder).exit_code == 0
    rows = changes(db)
    assert rows
    for change in rows:
        made = make(db, change, tmp_path / "out.zip")
        assert all(one["url"] is None for one in made.told["captures"])
        assert warc_targets(made.wacz["archive/data.warc.gz"]) == {"urn:embassy-scraper:no-url"}
        words = made.members["README.txt"].decode()
        assert "address   not known; in the WACZ urn:embassy-scraper:no-url" in words
        assert prove(made.unpack(tmp_path / change) / "prove.py").returncode == 0


def test_what_repeats_earlier_bytes_comes_with_their_record(live, tmp_path) -> None:
    from datetime import timedelta

    with live(site(14, publish(9100, OPENS + timedelta(minutes=90)))) as it:
        for _ in range(3):
            it.crawl()
            it.later(hours=1)
        before = "SELECT id FROM captures WHERE is_revisit"
        repeated = {row[0] for row in it.rows(before)}
        found = [row for row in changes(it.db).values() if row["capture_before"] in repeated]
        assert found
        for row in found:
            made = make(it.db, row["change_id"], tmp_path / "out.zip")
            one, other = made.told["captures"]
            assert one["own_record"] != one["record_with_bytes"]
            assert other["own_record"] == other["record_with_bytes"]
            assert len(made.wacz["indexes/index.cdx"].splitlines()) == 3
            assert "the server said that it had not changed" in made.members["README.txt"].decode()
            done = prove(made.unpack(tmp_path / row["change_id"]) / "prove.py")
            assert done.returncode == 0, done.stderr


HOSTILE = [
    "<script>alert(1)</script> & <b>markup</b>",
    "=cmd|' /C calc'!A0",
    "left \u202eright\u2066 to \u200fleft",
    "bell \x07 escape \x1b[31m red \x9b31m",
    "Речь посла: «мир»",
    "line\u2028separator and \U0001f600",
    "x" * 200_000,  # a page has at most 500,000 characters of text
]


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_hostile_text_is_text(number, tmp_path) -> None:
    title = HOSTILE[number].replace("&", "&amp;").replace("<", "&lt;")
    warc = Answers(tmp_path / "in.warc.gz").write(
        (URL, "2021-03-02T19:00:00Z", page(title, "The text has 15 words.", 2)),
        (URL, "2021-03-04T19:00:00Z", page(f"{title} again", "The text has 16 words.", 4)),
    )
    db = tmp_path / "data" / "embassy.db"
    assert program.ingest(db, warc).exit_code == 0
    rows = changes(db)
    assert any(row["title"] for row in rows.values())
    for change in rows:
        made = make(db, change, tmp_path / "out.zip")
        assert made.told["change"]["title"] == rows[change]["title"]
        for one in made.told["captures"]:
            assert any(passage["is_found"] for passage in one["passages"])
        done = prove(made.unpack(tmp_path / change) / "prove.py")
        assert done.returncode == 0, done.stderr
        seen = [
            done.stdout,
            *(made.members[name].decode() for name in NAMES if name[-4:] != "wacz"),
        ]
        seen += [data.decode() for name, data in made.wacz.items() if "warc" not in name]
        for text in seen:
            assert not [c for c in text if not c.isprintable() and c not in "\n"]
        assert len(done.stdout) < 20_000 and len(made.members["README.txt"]) < 20_000
        assert list(made.members) == NAMES


def test_an_address_of_any_kind_is_proved(tmp_path) -> None:
    for n, tail in enumerate(
        ("/%D1%80?a=1&b=%20c", "/новости", "/x?" + "long=" * 900, "//a|b{c}'")
    ):
        warc = Answers(tmp_path / f"{n}.warc.gz").write(
            (f"{SITE}/fnapr/9005{tail}", "2021-03-02T19:00:00Z", page("A title", "A text.", 2)),
        )
        db = tmp_path / str(n) / "embassy.db"
        program.ingest(db, warc)
        for change in changes(db):
            made = make(db, change, tmp_path / "out.zip")
            done = prove(made.unpack(tmp_path / f"{n}-{change}") / "prove.py")
            assert done.returncode == 0, done.stderr


def test_it_works_where_nothing_may_be_written(db, bundles, tmp_path) -> None:
    folder = tmp_path / "locked"
    shutil.copytree(db.parent, folder)
    change = next(iter(bundles))
    locked = [folder, folder / "captures"]
    before = sorted(path.name for path in folder.rglob("*"))
    for place in locked:
        place.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        made = make(folder / "embassy.db", change, tmp_path / "out.zip")
        if os.geteuid() != 0:
            assert sorted(path.name for path in folder.rglob("*")) == before
    finally:
        for place in locked:
            place.chmod(stat.S_IRWXU)
    assert made.path.read_bytes() == bundles[change].path.read_bytes()


def refused(db: Path, *words: object) -> str:
    done = program.run("evidence", *map(str, words), "--db", str(db))
    assert done.exit_code == 1 and done.out == ""
    assert done.err.count("\n") == 1 and done.err.startswith("embassy-scraper: ")
    return done.err


def test_a_change_is_named_by_how_its_id_begins(db, bundles, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    change = sorted(bundles)[0]
    done = program.run("evidence", change[:10], "--db", str(db))
    assert done.exit_code == 0 and done.out == ""
    assert done.err.startswith(f"wrote evidence-{change}.zip: ")
    assert [path.name for path in tmp_path.iterdir()] == [f"evidence-{change}.zip"]
    assert "no change has an id that begins with 'zz'" in refused(db, "zz")
    assert "no change has an id that begins with ''" in refused(db, "")
    double = next(c[0] for c in bundles if sum(d[0] == c[0] for d in bundles) > 1)
    assert "several ids begin with" in refused(db, double)


def test_nothing_of_ours_is_overwritten_and_nothing_half_is_left(db, bundles, tmp_path) -> None:
    change = next(iter(bundles))
    warc = next((db.parent / "captures").iterdir())
    for own in (db, warc, Path(f"{db}.lock")):
        kept = own.read_bytes()
        assert "name another file" in refused(db, change, "--output", own)
        assert own.read_bytes() == kept
    nowhere = refused(db, change, "--output", tmp_path / "no" / "out.zip")
    assert "name a file in a folder you can write to" in nowhere
    lost = tmp_path / "lost"
    shutil.copytree(db.parent, lost)
    for path in (lost / "captures").iterdir():
        path.write_bytes(path.read_bytes()[:200])
    assert "restore the file" in refused(
        lost / "embassy.db", change, "--output", tmp_path / "out.zip"
    )
    assert not (tmp_path / "out.zip").exists() and not list(tmp_path.glob(".out*"))
