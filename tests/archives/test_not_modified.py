"""Records that say "not modified" and not of what: the page that they repeat lies in their file."""

from __future__ import annotations

import gzip
import random
from pathlib import Path

import pytest

from embassy_scraper.archives import Offer, Revisit
from embassy_scraper.archives.saved import SavedReader, find_files
from embassy_scraper.archives.shards import cut, read_shard, whole
from tests.archives.test_odd_heads import ODD, PACKED, warc
from tests.world import program

PROFILES = "http://netpreserve.org/warc/1.1/revisit/"
PROFILE = f"{PROFILES}server-not-modified"
NOTHING = "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"
URL = "https://www.rusemb.org.uk/fnapr/{}"


def day(number: int) -> str:
    return f"2021-03-{number:02}T12:00:00Z"


def answer(on: int, text: str = "First.", number: int = 1, head: str = "", status: str = "200 OK",
           **more: str) -> bytes:  # fmt: skip
    block = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\n{head}\r\n{text}".encode()
    return warc(
        on, "response", block, WARC_Target_URI=URL.format(number), WARC_Date=day(on), **more
    )


def unchanged(on: int, number: int = 1, head: str = "", **more: str) -> bytes:
    block = f"HTTP/1.1 304 Not Modified\r\n{head}\r\n".encode()
    more = {"WARC_Profile": PROFILE, **more}
    return warc(on, "revisit", block, WARC_Target_URI=URL.format(number), WARC_Date=day(on), **more)


def plain_304(on: int, number: int = 1, head: str = "") -> bytes:
    return answer(on, "", number, head, status="304 Not Modified")


def bare(on: int) -> bytes:
    return warc(on, "revisit", b"", WARC_Target_URI=URL.format(1), WARC_Date=day(on),
                WARC_Profile=PROFILE)  # fmt: skip


def told(tmp_path: Path, *records: bytes, packing: str = "x.warc.gz") -> list[tuple[str, str]]:
    """Day and text of each capture, in their order; of the rejected, what they are."""
    folder = tmp_path / str(random.random())
    folder.mkdir()
    (folder / packing).write_bytes(PACKED[packing](list(records)))
    db = folder / "e.db"
    done = program.ingest(db, folder / packing)
    assert "Traceback" not in done.err
    assert program.run("verify", "--db", str(db)).exit_code == 0
    found = program.query(db, "SELECT captured_at, id, http_status FROM captures ORDER BY 1")
    texts = [
        (str(at)[8:10], program.run("show", str(name), "--raw", "--db", str(db)).out or str(status))
        for at, name, status in found
    ]
    rejected = program.query(db, "SELECT what FROM problems WHERE capture IS NULL")
    return texts + [("", str(what)) for (what,) in rejected]


SAYS = {"revisit": unchanged, "answer": plain_304, "no head": bare}
LOST = ("", "revisit without its original")


@pytest.mark.parametrize("packing", PACKED)
@pytest.mark.parametrize("kind", SAYS)
def test_it_repeats_the_newest_page_of_its_address(tmp_path: Path, kind: str, packing: str) -> None:
    says = SAYS[kind]
    records = [answer(1), answer(2, "Another.", 2), answer(3, "Second."), says(4), says(5),
               answer(6, "Third."), says(7)]  # fmt: skip
    found = told(tmp_path, *records, packing=packing)
    assert found == [("01", "First."), ("02", "Another."), ("03", "Second."), ("04", "Second."),
                     ("05", "Second."), ("06", "Third."), ("07", "Third.")]  # fmt: skip


def test_no_page_before_it_in_its_file(tmp_path: Path) -> None:
    """A later page, one of another address and an answer without a page are none."""
    others = [answer(1, number=2), answer(2, ""), answer(3, status="404 Not Found"),
              answer(4, "", status="301 Moved"), answer(9, "Later.")]  # fmt: skip
    assert LOST in told(tmp_path, *others, unchanged(5))
    assert LOST in told(tmp_path, *others, bare(5))
    assert ("05", "304") in told(tmp_path, *others, plain_304(5))


def test_an_answer_between_that_shows_no_page_says_nothing(tmp_path: Path) -> None:
    between = [answer(2, "Gone.", status="404 Not Found"), answer(3, "", status="301 Moved")]
    assert ("04", "First.") in told(tmp_path, answer(1), *between, unchanged(4))


def test_the_page_before_it_may_be_a_revisit_itself(tmp_path: Path) -> None:
    """It went back to its first text: that is what is unchanged, not the newest text of its own."""
    digest = "sha1:TQXRGBXQWFSCXRO7LCCN3WQKZHWE4YTN"
    first = answer(1, WARC_Payload_Digest=digest)
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    back = warc(
        3, "revisit", block, WARC_Target_URI=URL.format(1), WARC_Date=day(3),
        WARC_Payload_Digest=digest, WARC_Profile=f"{PROFILES}identical-payload-digest",
    )  # fmt: skip
    found = told(tmp_path, first, answer(2, "Second."), back, unchanged(4))
    assert found == [("01", "First."), ("02", "Second."), ("03", "First."), ("04", "First.")]


def test_a_page_that_the_server_marks_otherwise_is_not_the_one(tmp_path: Path) -> None:
    for mark in ("ETag: {}", "etag: W/{}", "Last-Modified: {}"):
        page = answer(1, head=mark.format('"a"') + "\r\n")
        same, other = (unchanged(2, head=mark.format(one) + "\r\n") for one in ('"a"', '"b"'))
        assert ("02", "First.") in told(tmp_path, page, same)
        assert told(tmp_path, page, other) == [("01", "First."), LOST]
        assert ("02", "First.") in told(tmp_path, page, unchanged(2))


def test_the_digest_of_nothing_tells_nothing(tmp_path: Path) -> None:
    for digest in (NOTHING, "sha1:DA39A3EE5E6B4B0D3255BFEF95601890AFD80709"):
        says = unchanged(2, WARC_Payload_Digest=digest)
        assert told(tmp_path, answer(1), answer(1, "", 2), says)[-1] == ("02", "First.")
    page_of_nothing = warc(
        2, "revisit", b"HTTP/1.1 200 OK\r\n\r\n", WARC_Target_URI=URL.format(1), WARC_Date=day(2),
        WARC_Payload_Digest=NOTHING,
    )  # fmt: skip
    assert ("02", "First.") not in told(tmp_path, answer(1), page_of_nothing)


def test_it_may_give_the_id_of_the_record(tmp_path: Path) -> None:
    says = unchanged(4, WARC_Refers_To=f"<urn:uuid:{1:032}>")
    assert ("04", "First.") in told(tmp_path, answer(1), answer(2, "Second."), says)
    elsewhere = unchanged(4, WARC_Refers_To=f"<urn:uuid:{99:032}>")
    assert LOST in told(tmp_path, answer(1), answer(2, "Second."), elsewhere)


def test_what_it_names_itself_counts(tmp_path: Path) -> None:
    named = unchanged(4, WARC_Refers_To_Target_URI=URL.format(1), WARC_Refers_To_Date=day(1))
    assert ("04", "First.") in told(tmp_path, answer(1), answer(2, "Second."), named)


@pytest.mark.parametrize("odd", ["usual", "small letters", "line feeds"])
def test_it_does_not_matter_where_the_file_is_cut(tmp_path: Path, odd: str) -> None:
    chance = random.Random(8)
    records = []
    for on in range(1, 28):
        number = chance.randint(1, 3)
        says = chance.choice([None, unchanged, unchanged, plain_304])
        one = says(on, number) if says else answer(on, f"Text {on}.", number)
        records.append(ODD[odd](one) if on == 20 else one)
    for packing in ("x.warc", "x.warc.gz", "pairs.warc.gz"):
        path = tmp_path / packing
        path.write_bytes(PACKED[packing](records))
        files, _ = find_files([path])
        right = named(whole(files))
        assert sum(isinstance(one, Revisit) for one in right) > 9
        for most in (1, 900, 3000):
            assert named(cut(files, most)) == right


def named(shards: object) -> list[object]:
    offers: list[Offer] = [
        offer for shard in shards for offer in read_shard(SavedReader(()), shard)  # type: ignore[attr-defined]
    ]  # fmt: skip
    return [offer.found for offer in offers]


def test_damage_before_it_does_not_matter(tmp_path: Path) -> None:
    broken = bytearray(gzip.compress(answer(2, "Second.", 2)))
    broken[60:70] = bytes(10)
    path = tmp_path / "x.warc.gz"
    path.write_bytes(gzip.compress(answer(1)) + broken + gzip.compress(unchanged(3)))
    done = program.ingest(tmp_path / "e.db", path)
    assert done.exit_code == 3
    assert "captures: 2 stored, 0 known, 1 rejected" in done.err
