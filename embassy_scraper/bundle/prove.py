"""Proves the change in this bundle by Python alone: ``python3 -I prove.py [FOLDER or ZIP]``.

It checks the files by SHA256SUMS, and the captured pages by the SHA-256 that change.json names.
"""

import gzip, html, io, json, re, sys, unicodedata, zipfile  # noqa: E401, I001 - it is to be short
from hashlib import sha256
from pathlib import Path

FILES = ("README.txt", "archives.json", "captures.wacz", "change.json", "prove.py")
MORE = SUMS, REPLY, REPLY_SUM = ("SHA256SUMS", "SHA256SUMS.tsr", "SHA256SUMS.tsr.sha256")


def _check(is_right: bool, wrong: str) -> None:
    if not is_right:
        raise ValueError(wrong)


def _read_bundle(place: Path) -> dict[str, bytes]:
    if place.is_dir():
        return {p.name: p.read_bytes() for p in place.iterdir() if p.name in (*FILES, *MORE)}
    data = place.read_bytes()  # the zip as it was made ends with the digest of all before it
    is_right = sha256(data[:-64]).hexdigest().encode() == data[-64:]
    _check(is_right or data[-22:-18] == b"PK\5\6", "the zip: not the bytes that it was made of")
    bundle = zipfile.ZipFile(io.BytesIO(data))
    _check(len(set(bundle.namelist())) == len(bundle.namelist()), "the zip: a name twice")
    return {name: bundle.read(name) for name in bundle.namelist()}


def _payload(warc: bytes, id: str, target: str, offset: int, length: int) -> bytes:
    head, _, rest = gzip.decompress(warc[offset : offset + length]).partition(b"\r\n\r\n")
    fields = dict(line.partition(": ")[::2] for line in head.decode().split("\r\n")[1:])
    found = (fields["WARC-Record-ID"], fields["WARC-Target-URI"])
    _check(found == (id, target), f"{id}: another record")
    block = rest[: int(fields["Content-Length"])]
    return block.partition(b"\r\n\r\n")[2] if "/http;" in fields["Content-Type"] else block


def squeeze(text: str, is_html: bool = False) -> str:
    """Return a text without tags, white space and what cannot be seen."""
    text = html.unescape(re.sub("<[^<>]*>", "", text)) if is_html else text
    text = unicodedata.normalize("NFC", text)
    return "".join(re.sub("[\x00-\x08\x0e-\x1f\x7f\u200b\ufeff\u00ad]", "", text).split())


def _shown(text: str) -> str:
    end = " … (all of it: change.json)" if len(text) > 2000 else ""
    return "".join(c if c.isprintable() else f"⟨U+{ord(c):04X}⟩" for c in text[:2000]) + end


def _prove(files: dict[str, bytes]) -> None:
    lines = {n: f"{sha256(data).hexdigest()}  {n}\n".encode() for n, data in files.items()}
    for name in FILES:
        _check(name in files and lines[name] in files[SUMS], f"{name}: not as {SUMS} says")
    _check(files[SUMS] == b"".join(lines[name] for name in FILES), f"{SUMS}: changed")
    if REPLY in files or REPLY_SUM in files:  # its signature is checked by openssl: README.txt
        _check(lines[REPLY] == files[REPLY_SUM], f"{REPLY}: not as {REPLY_SUM} says")
        _check(sha256(files[SUMS]).digest() in files[REPLY], f"{REPLY}: of another {SUMS}")
    told = json.loads(files["change.json"].decode())
    warc = zipfile.ZipFile(io.BytesIO(files["captures.wacz"])).read("archive/data.warc.gz")
    print(*map(_shown, (told["sentence"], told["when"], told["change"]["title"] or "")), sep="\n")
    for capture in told["captures"]:
        page = [_payload(warc, **capture[one]) for one in ("own_record", "record_with_bytes")][1]
        _check(sha256(page).hexdigest() == capture["sha256"], f"{capture['id']}: other bytes")
        print(f"\n{capture['role']}: {capture['id']}", _shown(capture["url"] or "(no address)"))
        print(f"  answer {capture['http_status'] or '-'}, sha256 {capture['sha256']} is right")
        text = squeeze(page.decode(capture["charset"], "replace"), capture["is_html"])
        for passage in capture["passages"]:
            is_found = squeeze(passage["text"]) in text
            _check(is_found == passage["is_found"], f"{capture['id']}: another text")
            print(f"  {'shows' if is_found else 'does not show'}: {_shown(passage['text'])}")


if __name__ == "__main__":
    try:
        getattr(sys.stdout, "reconfigure")(errors="backslashreplace")  # noqa: B009
        _prove(_read_bundle(Path(sys.argv[1]) if sys.argv[1:] else Path(__file__).parent))
        print("\nproved: the files are as they were made, the captures have the bytes they name")
    except Exception as error:  # noqa: BLE001 - anything wrong with it means it proves nothing
        sys.exit(f"not proved: {str(error) or type(error).__name__!a}")
