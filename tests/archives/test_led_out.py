"""Files that lead elsewhere, or have no end: told in a line, never followed or waited for."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from embassy_scraper.archives import saved_page
from tests.world import program
from tests.world.terminal import Printed, piped

SECRET = "what nobody named"


@pytest.fixture
def folder(tmp_path: Path, demo_captures: Path) -> Path:
    """A folder with one page that is read, and beside it a file that is not of it."""
    (tmp_path / "in").mkdir()
    (tmp_path / "secret.txt").write_text(SECRET)
    (tmp_path / "beside").mkdir()
    (tmp_path / "beside" / "b.txt").write_bytes((demo_captures / "1-home.txt").read_bytes())
    (tmp_path / "in" / "page.txt").write_bytes((demo_captures / "2-statement.txt").read_bytes())
    return tmp_path


def taken(folder: Path, *words: str) -> Printed:
    """Import; whatever was not followed is told in a line, and the rest is taken in."""
    done = piped(folder, "ingest", *(words or ("in",)), "--db", "data/e.db")
    assert "Traceback" not in done.err
    return done


def manifest(folder: Path, *names: str) -> None:
    lines = "".join(f"{name}\thttps://www.rusemb.org.uk/fnapr/1\t\n" for name in names)
    (folder / "in" / "manifest.tsv").write_text(f"file\turl\tcaptured_at\n{lines}")


def pipe(path: Path) -> None:
    os.mkfifo(path)


def unix_socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # the address of a socket may have a hundred letters only
    try:
        socket.socket(socket.AF_UNIX).bind(path.name)
    finally:
        os.chdir(here)


MADE = {
    "a link to a file": lambda at: at.symlink_to(at.parent.parent / "secret.txt"),
    "a relative link": lambda at: at.symlink_to("../secret.txt"),
    "a link to a folder": lambda at: at.symlink_to(at.parent.parent / "beside"),
    "a link to the root": lambda at: at.symlink_to("/"),
    "a link to above": lambda at: at.symlink_to(".."),
    "a link to a device": lambda at: at.symlink_to("/dev/zero"),
    "a dangling link out": lambda at: at.symlink_to("../nowhere"),
    "a dangling link": lambda at: at.symlink_to("nowhere"),
    "a link to itself": lambda at: at.symlink_to(at.name),
    "a pipe": pipe,
    "a socket": unix_socket,
}


def test_inside_a_folder(folder: Path) -> None:
    """Each is one line and counts as rejected; what else lies there is taken in."""
    ends = [".html", ".warc.gz", ".wacz", "", ".css"]
    names = [f"{number}{end}" for number in range(len(MADE)) for end in ends]
    for name, how in zip(names, [how for how in MADE.values() for _ in ends], strict=True):
        how(folder / "in" / name)
    done = taken(folder)
    assert (done.code, f"1 stored, 0 known, {len(names)} rejected" in done.err) == (3, True)
    for name in names:
        assert sum(f"in/{name}: " in line for line in done.err.splitlines()) == 1, name
    again = piped(folder, "ingest", "--dry-run", "in", "--db", "data/e.db")
    assert again.code == 3 and again.out.count("rejected: ") == len(names)


def test_lines_of_a_manifest_that_lead_out(folder: Path) -> None:
    names = ["../secret.txt", f"{folder}/secret.txt", "/dev/zero", "in/../../x", "x/../page.txt"]
    manifest(folder, "page.txt", *names)
    done = taken(folder)
    assert (done.code, f"1 stored, 0 known, {len(names)} rejected" in done.err) == (3, True)
    for name in names:
        assert f"it names {name}, which is not below its folder; move it there, or" in done.err


def test_a_manifest_names_what_leads_out(folder: Path) -> None:
    names = [f"{number}.txt" for number in range(len(MADE))]
    for name, how in zip(names, MADE.values(), strict=True):
        how(folder / "in" / name)
    manifest(folder, "page.txt", *names)
    done = taken(folder)
    assert (done.code, "1 stored, 0 known, " in done.err) == (3, True), done.err
    assert all(f"in/{name}: " in done.err for name in names) and SECRET not in done.err


@pytest.mark.parametrize(
    "how",
    ["a relative link", "a link to a folder", "a link to a device", "a dangling link", "a pipe"],
)
def test_a_manifest_is_one_itself(folder: Path, how: str) -> None:
    """What it says of the page is not known, so the page is not stored."""
    MADE[how](folder / "in" / "manifest.tsv")
    done = taken(folder)
    is_folder = (folder / "in" / "manifest.tsv").is_dir()
    assert done.code == 3
    assert ("1 stored" if is_folder else "0 stored") in done.err, done.err


@pytest.mark.parametrize("how", ["a pipe", "a socket", "a link to a device"])
@pytest.mark.parametrize("name", ["odd.html", "manifest.tsv"])
def test_what_is_named_itself(folder: Path, how: str, name: str) -> None:
    MADE[how](folder / "in" / name)
    done = taken(folder, f"in/{name}", "in/page.txt")
    assert done.code == 3, done.err
    for words in (("probe", f"in/{name}"), ("ingest", "--list", f"in/{name}")):
        refused = piped(folder, *words, "--db", "data/e.db")
        assert refused.code == 1 and refused.err.count("\n") == 1, refused


def test_a_link_that_is_named_itself_is_followed(folder: Path) -> None:
    (folder / "link").symlink_to("in")
    (folder / "page").symlink_to("in/page.txt")
    assert "1 stored" in taken(folder, "link").err
    assert "0 stored, 1 known" in taken(folder, "page").err


@pytest.mark.parametrize("name", ["../secret.txt", "/etc/passwd"])
def test_a_list_that_leads_out(folder: Path, name: str) -> None:
    (folder / "in" / "list").write_text(f"page.txt\n{name}\n")
    done = taken(folder, "--list", "in/list")
    assert done.code == 1 and "does not lie below its folder" in done.err


def test_a_tree_of_long_names_is_read_to_its_end(folder: Path) -> None:
    """Paths longer than the 4,096 bytes that a system call takes, and names of 255 bytes."""
    (folder / "in" / ("п" * 120 + ".warc.gz")).write_bytes(b"")
    (folder / "in" / ("x" * 250 + ".html")).write_bytes(b"<p>x")
    handle = os.open(folder / "in", os.O_RDONLY)
    for _ in range(20):
        os.mkdir("d" * 255, dir_fd=handle)
        os.symlink("..", "l" * 255, dir_fd=handle)
        below = os.open("d" * 255, os.O_RDONLY, dir_fd=handle)
        os.close(handle)
        handle = below
    os.close(handle)
    done = taken(folder)
    assert done.code == 3
    assert "File name too long" in done.err and "1 stored" in done.err
    assert all(len(line) < 20_000 for line in done.err.splitlines())


def test_a_page_that_is_written_to_while_it_is_read(folder: Path, monkeypatch) -> None:
    path = folder / "in" / "page.txt"
    real = os.fstat

    def growing(handle: int) -> os.stat_result:
        found = real(handle)
        with path.open("ab") as file:
            file.write(b"more")
        return found

    monkeypatch.setattr(f"{saved_page.__name__}.os.fstat", growing)
    done = program.run("ingest", str(path), "--db", str(folder / "e.db"))
    assert done.exit_code == 3 and "it was written to while it was read" in done.err


def test_a_page_without_an_end_is_not_read_to_it(folder: Path) -> None:
    with (folder / "in" / "long.html").open("wb") as file:
        file.truncate(10_000_000_000)
    done = taken(folder)
    assert done.code == 3 and "no page is that large" in done.err


OPTIONS = [
    ("ingest", "in/page.txt", "--db"), ("report", "--db"), ("status", "--db"), ("rebuild", "--db"),
    ("verify", "--db"), ("crawl", "--db"), ("show", "2", "--db"), ("status", "--config"),
    ("config", "--output"), ("rebuild", "--db", "data/n.db", "--from"),
]  # fmt: skip


@pytest.mark.parametrize("how", ["a pipe", "a link to a device", "a folder"])
def test_what_the_options_name(folder: Path, how: str) -> None:
    MADE.get(how, Path.mkdir)(folder / "odd")
    for words in OPTIONS:
        done = piped(folder, *words, "odd")
        assert done.code in (1, 2), (words, done)
        *before, last = done.err.splitlines()
        assert last.startswith(("embassy-scraper: ", "Error: ")) and len(before) in (0, 1, 3), done


def test_a_profile_that_has_no_end(folder: Path) -> None:
    (folder / "embassy.toml").write_text("[site]\nprofile = '/dev/zero'\n")
    done = piped(folder, "status")
    assert done.code == 1 and done.err.count("\n") == 1


def test_a_report_into_a_pipe_waits_for_nobody(folder: Path) -> None:
    assert taken(folder).code == 0
    os.mkfifo(folder / "odd")
    words = ("report", "--db", "data/e.db", "--output", "odd")
    refused = piped(folder, *words)
    assert refused.code == 1 and refused.err.count("\n") == 1
    got: list[str] = []
    reader = threading.Thread(target=lambda: got.append((folder / "odd").read_text()))
    reader.start()
    for _ in range(50):
        if piped(folder, *words).code == 0:
            break
    reader.join(20)
    assert got and got[0].startswith("change_id,")


@pytest.fixture
def captured(folder: Path) -> Iterator[Path]:
    assert taken(folder).code == 0
    yield folder / "data" / "captures"


@pytest.mark.parametrize("db", ["data/e.db", "new/e.db"])
def test_raw_captures_that_lead_out(folder: Path, captured: Path, db: str) -> None:
    names = {how: f"{number}.warc.gz" for number, how in enumerate(MADE)}
    for how, name in names.items():
        MADE[how](captured / name)
    (folder / "data" / "e.db").unlink()
    made = piped(folder, "rebuild", "--from", "data/captures", "--db", db)
    assert (made.code, "rebuilt: 1 captures" in made.err) == (3, True), made.err
    for name in names.values():
        assert made.err.count(f"captures/{name}: ") == 1, made.err
    assert piped(folder, "verify", "--db", db).code == 0


def test_nothing_of_it_is_run_by_name(folder: Path) -> None:
    """The interpreter itself takes nothing from the folder it works in."""
    (folder / "zipfile.py").write_text("raise SystemExit(9)")
    done = subprocess.run(
        [sys.executable, "-P", "-m", "embassy_scraper", "ingest", "in"], cwd=folder, check=False,
        capture_output=True,
    )  # fmt: skip
    assert done.returncode == 0
