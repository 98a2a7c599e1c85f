"""A time stamp of a real time-stamping authority on loopback, checked by openssl."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.bundle.authority import OPENSSL, Authority, authority, needs_openssl
from tests.bundle.builders import URL, Answers, changes, make, page, prove, rezipped
from tests.peers.servers import free_port
from tests.world import program

pytestmark = [pytest.mark.peer, needs_openssl]


@pytest.fixture(scope="module", params=["tsa", "root"])
def tsa(request, tmp_path_factory):
    """One that sends its own certificate alone, and one that sends the whole chain, unsorted."""
    with authority(tmp_path_factory.mktemp("authority") / "tsa", request.param) as one:
        yield one


@pytest.fixture(scope="module")
def db(tmp_path_factory) -> Path:
    folder: Path = tmp_path_factory.mktemp("stamped")
    warc = Answers(folder / "in.warc.gz").write(
        (URL, "2021-03-02T19:00:00Z", page("A title", "The text has 15 words.", 2)),
        (URL, "2021-03-04T19:00:00Z", page("A title", "The text has 16 words.", 4)),
    )
    assert program.ingest(folder / "embassy.db", warc).exit_code == 0
    return folder / "embassy.db"


@pytest.fixture
def change(db) -> str:
    return next(iter(changes(db)))


def verify(folder: Path, tsa: Authority) -> subprocess.CompletedProcess[str]:
    """As README.txt says."""
    return subprocess.run(
        [str(OPENSSL), "ts", "-verify", "-data", "SHA256SUMS", "-in", "SHA256SUMS.tsr",
         "-CAfile", str(tsa.root)],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_openssl_verifies_it_and_only_the_stamp_differs(db, change, tsa, tmp_path) -> None:
    tsa.mood = ""
    made = make(db, change, tmp_path / "a.zip", "--timestamp", tsa.url)
    folder = made.unpack(tmp_path / "unpacked")
    done = verify(folder, tsa)
    assert done.returncode == 0 and "Verification: OK" in done.stdout + done.stderr
    assert prove(folder / "prove.py").returncode == 0
    words = made.members["README.txt"].decode()
    line = "openssl ts -verify -data SHA256SUMS -in SHA256SUMS.tsr -CAfile CERTIFICATE.pem"
    assert line in words
    again = make(db, change, tmp_path / "b.zip", "--timestamp", tsa.url).members
    differ = {name for name, data in made.members.items() if again[name] != data}
    assert differ == {"SHA256SUMS.tsr", "SHA256SUMS.tsr.sha256"}
    (folder / "README.txt").write_text(words + "More.")
    assert prove(folder / "prove.py").returncode == 1


def test_a_flipped_byte_of_the_stamp_is_found(db, change, tsa, tmp_path) -> None:
    tsa.mood = ""
    made = make(db, change, tmp_path / "a.zip", "--timestamp", tsa.url)
    script = made.unpack(tmp_path / "unpacked") / "prove.py"
    members = made.members
    for name in ("SHA256SUMS.tsr", "SHA256SUMS.tsr.sha256"):
        for offset in (0, 30, len(members[name]) - 1):
            data = bytearray(members[name])
            data[offset] ^= 4
            other = rezipped({**members, name: bytes(data)}, tmp_path / "other.zip")
            done = prove(other, script=script)
            assert done.returncode == 1 and "SHA256SUMS.tsr" in done.stderr
        left = {key: data for key, data in members.items() if key != name}
        assert prove(rezipped(left, tmp_path / "less.zip"), script=script).returncode == 1


@pytest.mark.parametrize(
    ("mood", "told"),
    [
        ("down", "it answered 503"),
        ("a page", "its answer is not a time stamp"),
        ("huge", "its answer is too large"),
        ("an old reply", "it signed another thing"),
        ("refuses", "it refused"),
    ],
)
def test_no_bundle_without_the_stamp_that_was_asked_for(
    db, change, tsa, tmp_path, mood, told
) -> None:
    tsa.mood = ""
    make(db, change, tmp_path / "a.zip", "--timestamp", tsa.url)
    tsa.mood = mood
    assert told in refused(db, change, tmp_path / "b.zip", tsa.url)


def refused(db: Path, change: str, output: Path, url: str) -> str:
    words = ("--db", str(db), "--output", str(output), "--timestamp", url)
    done = program.run("evidence", change, *words)
    assert done.exit_code == 1 and done.out == "" and done.err.count("\n") == 1
    assert done.err.startswith("embassy-scraper: ") and url in done.err
    assert not output.exists() and not list(output.parent.glob(".b*"))
    return done.err


def test_an_authority_that_is_not_there_is_one_line(db, change, tmp_path) -> None:
    told = refused(db, change, tmp_path / "b.zip", url := f"http://127.0.0.1:{free_port()}/")
    assert f"no time stamp from {url}: " in told
    for url in ("ftp://127.0.0.1/", "file:///etc/hostname"):
        assert "must be an http or https address" in refused(db, change, tmp_path / "b.zip", url)


def test_the_settings_name_one_too(db, change, tsa, tmp_path) -> None:
    tsa.mood, before = "", tsa.asked
    config = tmp_path / "embassy.toml"
    config.write_text(f'[evidence]\ntimestamp = "{tsa.url}"\n')
    made = make(db, change, tmp_path / "a.zip", "--config", str(config))
    assert "SHA256SUMS.tsr" in made.members and tsa.asked == before + 1
    made = make(db, change, tmp_path / "a.zip", "--config", str(config), "--timestamp", "")
    assert "SHA256SUMS.tsr" not in made.members and tsa.asked == before + 1
    config.write_text('[evidence]\ntimestamp = "somewhere"\n')
    done = program.run("evidence", change, "--db", str(db), "--config", str(config))
    assert done.exit_code == 1 and "http or https address" in done.err
