"""WARC heads as all programs write them, and several records in one gzip member: none is lost."""

from __future__ import annotations

import contextlib
import gzip
import io
import random
import re
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from embassy_scraper.archives import LeftOut
from embassy_scraper.archives.saved import find_files
from embassy_scraper.archives.shards import cut, whole
from tests.archives.test_files import AT, BODY, Seen, read
from tests.archives.test_shards import read as read_shards
from tests.examples import examples

END = b"\r\n\r\n"
HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"


def warc(number: int = 1, kind: str = "response", block: bytes = HTTP + BODY, **more: str) -> bytes:
    """A record that is not packed; *more* are fields in place of the usual ones, or beside them."""
    fields = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<urn:uuid:{number:032}>",
        "WARC-Target-URI": f"http://www.rusemb.org.uk/fnapr/{number}",
        "WARC-Date": AT,
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": str(len(block)),
        **{name.replace("_", "-"): value for name, value in more.items()},
    }
    lines = [f"{name}: {value}" for name, value in fields.items()]
    return "\r\n".join(["WARC/1.0", *lines, "", ""]).encode() + block + END


def in_head(change: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    def changed(record: bytes) -> bytes:
        head, end, block = record.partition(END)
        return change(head + end) + block

    return changed


def names(change: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    return in_head(lambda head: re.sub(rb"(?<=\n)[\w-]+(?=:)", lambda m: change(m[0]), head))


ODD: dict[str, Callable[[bytes], bytes]] = {
    "usual": lambda record: record,
    "small letters": names(bytes.lower),
    "capitals": names(bytes.upper),
    "Warc": names(lambda name: name.replace(b"WARC", b"Warc")),
    "length in small letters": names(lambda name: name.replace(b"Length", b"length")),
    "type in small letters": names(lambda name: name.replace(b"Content-T", b"content-t")),
    "no type": in_head(lambda head: re.sub(rb"Content-Type: .*\r\n", b"", head)),
    "version in small letters": in_head(lambda head: head.replace(b"WARC/", b"warc/", 1)),
    "WARC/0.18": in_head(lambda head: head.replace(b"WARC/1.0", b"WARC/0.18")),
    "WARC/1.1 and a blank": in_head(lambda head: head.replace(b"WARC/1.0", b"WARC/1.1 ")),
    "line feeds": in_head(lambda head: head.replace(b"\r\n", b"\n")),
    "one line feed": in_head(lambda head: head.replace(b"\r\nWARC-Date", b"\nWARC-Date")),
    "another line feed": in_head(lambda head: head.replace(b"\r\nWARC-Rec", b"\nWARC-Rec")),
    "line feeds at the end": in_head(lambda head: head.replace(END, b"\n\n")),
    "two returns": in_head(lambda head: head.replace(b"\r\n", b"\r\r\n")),
    "no blanks": in_head(lambda head: head.replace(b": ", b":")),
    "tabs": in_head(lambda head: head.replace(b": ", b" :\t")),
    "kind in capitals": in_head(lambda head: head.replace(b"response", b"RESPONSE")),
    "folded": in_head(lambda head: head.replace(b"URI: ", b"URI:\r\n  ")),
    "folded, line feeds": in_head(
        lambda head: head.replace(b"URI: ", b"URI:\r\n\t").replace(b"\r\n", b"\n")
    ),
    "no UTF-8": in_head(lambda head: head.replace(b"WARC-Date", b"X-Odd: \xff\r\nWARC-Date")),
    "no line behind": lambda record: record.removesuffix(END),
    "one line behind": lambda record: record.removesuffix(b"\r\n"),
    "line feeds behind": lambda record: record.removesuffix(END) + b"\n\n",
    "many lines behind": lambda record: record + END,
}  # fmt: skip
PACKED: dict[str, Callable[[list[bytes]], bytes]] = {
    "x.warc": b"".join,
    "x.warc.gz": lambda records: b"".join(map(gzip.compress, records)),
    "whole.warc.gz": lambda records: gzip.compress(b"".join(records)),
    "pairs.warc.gz": lambda records: b"".join(
        gzip.compress(b"".join(records[at : at + 2])) for at in range(0, len(records), 2)
    ),
    "blocks.warc.gz": lambda records: b"".join(
        gzip.compress(b"".join(records)[at : at + 700])
        for at in range(0, len(b"".join(records)), 700)
    ),
}


def by_warcio(data: bytes) -> list[tuple[str, str]]:
    found = []
    with contextlib.suppress(Exception):
        for record in ArchiveIterator(io.BytesIO(data)):
            if record.rec_type.lower() == "response":
                url = record.rec_headers.get_header("WARC-Target-URI").strip()
                found.append((url, sha256(record.content_stream().read()).hexdigest()))
    return found


def captures(seen: Seen) -> list[tuple[str | None, str]]:
    return [(raw.url, sha256(raw.payload).hexdigest()) for raw in seen.raws]


@pytest.mark.parametrize("packing", PACKED)
@pytest.mark.parametrize("name", ODD)
def test_a_head_that_is_not_as_usual(tmp_path: Path, name: str, packing: str) -> None:
    """One such record among others, at any place, and a file of nothing else."""
    odd = ODD[name]
    plain = [warc(0, "warcinfo", b"software: x\r\n"), *map(warc, (1, 2)), warc(9, "request", HTTP)]
    plain.append(warc(3))
    changes = [{at} for at in range(len(plain))] + [set(range(len(plain)))]
    right = captures(read(tmp_path, b"".join(plain), "right.warc"))
    assert len(right) == 3
    for number, changed in enumerate(changes):
        records = [odd(one) if at in changed else one for at, one in enumerate(plain)]
        seen = read(tmp_path, PACKED[packing](records), f"{number}{packing}")
        assert (captures(seen), seen.faults) == (right, []), changed
        for raw in seen.raws:
            assert (raw.captured_at, raw.http_status) == (AT, 200)
            assert not raw.announced_bytes_missing
    if "folded" not in name and name != "kind in capitals":  # these warcio reads wrongly
        assert by_warcio(b"".join(map(gzip.compress, map(odd, plain)))) == right


@pytest.mark.parametrize("name", ODD)
def test_so_in_a_wacz(tmp_path: Path, name: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("archive/a.warc.gz", PACKED["x.warc.gz"]([ODD[name](warc(1)), warc(2)]))
    seen = read(tmp_path, out.getvalue(), "x.wacz")
    assert (seen.numbers(), seen.faults) == (["1", "2"], [])


@examples(200)
@given(st.randoms(use_true_random=False), st.sampled_from([1, 300, 3000]))
def test_parts_offer_what_the_whole_does(chance: random.Random, most: int) -> None:
    """With odd heads, members of several records, garbage and cut off members among them."""
    import tempfile

    parts = []
    for number in range(chance.randint(1, 9)):
        records = [
            (ODD[chance.choice(list(ODD))] if chance.random() < 0.2 else bytes)(
                warc(3 * number + at, chance.choice(["response", "response", "request"]))
            )
            for at in range(chance.choice([1, 1, 2, 3]))
        ]
        data = b"".join(records)
        if chance.random() < 0.1:
            data = data[: chance.randrange(len(data))]
        parts.append(gzip.compress(data) if chance.random() < 0.9 else data)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "x.warc.gz")
        path.write_bytes(b"".join(parts))
        files, _ = find_files([path])
        assert read_shards(list(cut(files, most))) == read_shards(list(whole(files)))


def test_members_of_several_records_are_cut_between_members(tmp_path: Path) -> None:
    """The fast reader says of the second record of a member that it begins where the next does."""
    path = tmp_path / "x.warc.gz"
    path.write_bytes(PACKED["pairs.warc.gz"]([warc(number) for number in range(10)]))
    files, _ = find_files([path])
    shards = list(cut(files, 1))
    found = read_shards(shards)
    assert len(shards) == 5
    assert [url.rpartition("/")[2] for _, url, *_ in found] == list("0123456789")  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", ["response", "request", "warcinfo"])
@pytest.mark.parametrize("is_last", [True, False])
def test_a_later_record_of_a_member_that_is_cut_off_is_told(
    tmp_path: Path, kind: str, is_last: bool
) -> None:
    cut_off = warc(2, kind)
    block = cut_off.index(END) + len(END)
    for at in (3, 8, 20, 99, block - 4, block - 1):
        data = gzip.compress(warc(1) + cut_off[:at]) + (b"" if is_last else gzip.compress(warc(3)))
        seen = read(tmp_path, data)
        assert seen.numbers() == (["1"] if is_last else ["1", "3"]), at
        assert seen.faults == ["damaged record"], at


def test_a_later_record_of_a_member_of_which_the_page_is_cut_off(tmp_path: Path) -> None:
    data = gzip.compress(warc(1) + warc(2)[:-200])
    for more in (b"", gzip.compress(warc(3))):
        seen = read(tmp_path, data + more)
        assert [raw.announced_bytes_missing for raw in seen.raws[:2]] == [False, True]
        assert BODY.startswith(seen.raws[1].payload) and not seen.faults
        assert seen.numbers() == ["1", "2", "3"][: len(seen.raws)] and len(seen.raws) == 2 + bool(
            more
        )


@pytest.mark.parametrize("kind", ["response", "resource", "request"])
@pytest.mark.parametrize("length", [3, 9, 400, 10**6, 10**8, 10**14, 10**17])
@pytest.mark.parametrize("packing", ["x.warc", "x.warc.gz"])
def test_a_length_too_large_harms_no_other_record(
    tmp_path: Path, kind: str, length: int, packing: str
) -> None:
    block = HTTP + BODY if kind == "response" else BODY
    bad = warc(2, kind, block, Content_Length=str(len(block) + length))
    for records in ([warc(1), bad, warc(3), warc(4)], [warc(1), warc(3), warc(4), bad]):
        seen = read(tmp_path, PACKED[packing](records), packing)
        assert [one for one in seen.numbers() if one != "2"] == ["1", "3", "4"]
        for raw in seen.raws:
            assert raw.payload == BODY or raw.payload.rstrip() == BODY
            assert raw.payload == BODY or raw.announced_bytes_missing or length == 3
        assert kind == "request" or seen.faults or "2" in seen.numbers()


@pytest.mark.parametrize("text", ["", "-5", "+5 bytes", "many", "1e3", "9" * 30])
def test_a_length_that_is_none_is_told_and_harms_no_other_record(tmp_path: Path, text: str) -> None:
    for packing in ("x.warc", "x.warc.gz"):
        records = [warc(1), warc(2, Content_Length=text), warc(3)]
        seen = read(tmp_path, PACKED[packing](records), packing)
        assert (seen.numbers(), seen.faults) == (["1", "3"], ["damaged record"])


@pytest.mark.parametrize("name", ["WARC-Type", "WARC-Target-URI", "WARC-Date", "Content-Length"])
def test_a_field_that_is_there_twice(tmp_path: Path, name: str) -> None:
    """Said twice, it is said; two values are none."""
    line = re.search(rb"\r\n%s: [^\r]*" % name.encode(), warc(2))
    assert line is not None
    other = {"WARC-Type": "resource", "Content-Length": "9", "WARC-Date": "2001-01-01T00:00:00Z"}
    second = f"\r\n{name}: {other.get(name, 'http://www.rusemb.org.uk/fnapr/7')}".encode()
    for put, told in ((line[0] * 2, False), (line[0] + second, True), (second + line[0], True)):
        bad = warc(2).replace(line[0], put)
        for packing in ("x.warc", "x.warc.gz"):
            seen = read(tmp_path, PACKED[packing]([warc(1), bad, warc(3)]), packing)
            assert seen.numbers() == (["1", "3"] if told else ["1", "2", "3"])
            assert seen.faults == ["damaged record"] * told


def test_a_record_without_an_address_or_kind(tmp_path: Path) -> None:
    nowhere = re.sub(rb"WARC-Target-URI: \S+\r\n", b"", warc(1))
    (raw,) = read(tmp_path, nowhere, "x.warc").raws
    assert (raw.url, raw.url_from, raw.captured_at) == (None, None, AT)
    nothing = re.sub(rb"WARC-Type: \S+\r\n", b"", warc(1))
    seen = read(tmp_path, nothing + warc(2), "x.warc")
    assert (seen.numbers(), seen.faults) == (["2"], ["damaged record"])


@pytest.mark.parametrize("spoil", ["usual", "small letters", "line feeds"])
def test_a_kind_that_is_not_known_is_named(tmp_path: Path, spoil: str) -> None:
    odd = ODD[spoil](warc(2, "screenshot", b"\x89PNG"))
    seen = read(tmp_path, warc(1) + odd + warc(3), "x.warc")
    assert (seen.numbers(), seen.faults) == (["1", "3"], [])
    left_out = LeftOut(1, "http://www.rusemb.org.uk/", 1, "unknown kind")
    assert seen.offers[-1].found == left_out


def test_http_heads_with_bare_line_feeds(tmp_path: Path) -> None:
    for http in (
        HTTP.replace(b"\r\n", b"\n"),
        HTTP.replace(b"\r\n", b"\r\r\n"),
        HTTP.replace(END, b"\n\n"),
        HTTP.replace(b"OK\r\n", b"OK\n"),
        HTTP.replace(END, b"\n\r\n"),
    ):
        for body in (BODY, BODY.replace(b"<p>", b"\r\n\r\n<p>\n\n")):
            (raw,) = read(tmp_path, warc(1, block=http + body), "x.warc").raws
            assert (raw.payload, raw.charset, raw.http_status) == (body, "utf-8", 200)
            assert raw.http_head == (("Content-Type", "text/html; charset=utf-8"),)


@pytest.mark.parametrize("packing", ["x.warc", "x.warc.gz"])
def test_a_record_that_ends_inside_its_http_head_is_damaged(tmp_path: Path, packing: str) -> None:
    whole_record = warc(1)
    block = whole_record.index(END) + len(END)
    for at in range(block + 1, block + len(HTTP) - 2):
        seen = read(tmp_path, PACKED[packing]([whole_record[:at]]), packing)
        assert (seen.raws, seen.faults) == ([], ["damaged record"]), at
    for at in range(1, len("HTTP/1.1 20")):  # so kept, and not cut off
        seen = read(tmp_path, PACKED[packing]([warc(1, block=HTTP[:at]), warc(2)]), packing)
        assert (seen.numbers(), seen.faults) == (["2"], ["damaged record"]), at


@pytest.mark.parametrize("status", [b"2", b"20", b"+20", b"2000", b"0"])
def test_a_status_has_three_digits(tmp_path: Path, status: bytes) -> None:
    (raw,) = read(tmp_path, warc(1, block=HTTP.replace(b"200", status) + BODY), "x.warc").raws
    assert (raw.http_status, raw.payload) == (None, BODY)


def test_a_record_in_several_parts(tmp_path: Path) -> None:
    """Of such a record the first part is a page cut off; the others are named."""
    parts = [
        warc(1, block=(HTTP + BODY)[:500], WARC_Segment_Number="1"),
        warc(1, "continuation", (HTTP + BODY)[500:900], WARC_Segment_Number="2"),
        warc(1, "continuation", (HTTP + BODY)[900:], WARC_Segment_Number="3"),
    ]
    for packing in ("x.warc", "x.warc.gz"):
        seen = read(tmp_path, PACKED[packing]([*parts, warc(2)]), packing)
        assert (seen.numbers(), seen.faults) == (["1", "2"], ["segmented record"] * 2)
        assert [raw.announced_bytes_missing for raw in seen.raws] == [True, False]


@pytest.mark.parametrize("packed", [bytes, gzip.compress])
@pytest.mark.parametrize("place", [20, 60, 130, 200])
def test_a_head_that_is_cut_off_takes_no_record_with_it(
    tmp_path: Path, place: int, packed: Callable[[bytes], bytes]
) -> None:
    begun = warc(2)[:place]
    seen = read(
        tmp_path, packed(warc(1) + begun + warc(3) + begun + b"\r\n" + warc(4)), "x.warc.gz"
    )
    assert seen.numbers() == ["1", "3", "4"]
    assert set(seen.faults) == {"damaged record"}
