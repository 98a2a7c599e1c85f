"""The corpus is read within the limits, and the fuzzer finds what is wrong on purpose."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.fuzz.corpus import FOLDER, keep, kept
from tests.fuzz.judge import MOST_TIMES, Judge, Verdict, peak
from tests.fuzz.seeds import made
from tests.fuzz.shrinking import KILLED, Apart, shrunk
from tests.fuzz.targets import TARGETS, Target

_TRIES = 3  # a machine that does much else makes a reading slower, though seldom three times


@pytest.mark.parametrize("name", TARGETS)
def test_all_that_is_kept_is_read_within_the_limits(name: str) -> None:
    inputs = {path.name: data for path, data in kept(name)}
    inputs |= {f"made {number}": data for number, data in enumerate(made(name))}
    assert inputs
    with Apart(name) as apart:
        for told, data in inputs.items():
            assert any(not apart.judge(data).fault for _ in range(_TRIES)), told


def test_the_corpus_stays_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) < 300_000


def _raises(data: bytes) -> None:
    raise IndexError(data)


def _sleeps_not(data: bytes) -> None:
    end = time.thread_time() + len(data) / 1000
    while time.thread_time() < end:
        pass


def _wants_much(data: bytes) -> None:
    b"x" * (len(data) * 1_000_000)


@pytest.mark.parametrize(
    ("read", "fault"),
    [(_raises, "crash IndexError"), (_sleeps_not, "slow"), (_wants_much, "memory")],
)
def test_what_is_wrong_is_found(read, fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    most = peak() + 200_000_000  # this process has read other things before
    monkeypatch.setattr("tests.fuzz.judge.MOST_MEMORY", most)
    judge = Judge(Target(read, 1, 1000, (), is_page=True))
    judge.median = 0.001
    verdict = judge.judge(b"x" * 400)
    assert verdict.fault.startswith(fault)
    assert fault != "slow" or verdict.times > MOST_TIMES
    assert fault != "memory" or verdict.memory > most
    assert read is _raises or not judge.judge(b"x").fault


def test_a_finding_is_made_small() -> None:
    class Fake(Apart):
        def judge(self, data: bytes) -> Verdict:
            return Verdict(0, 0, 0, "slow" if data.count(b"a") >= 3 else "")

    assert shrunk(b"xxaxxaxxaxxxx" * 99, Fake("words"), "slow", 60) == b"aaa"


def test_a_process_that_dies_of_an_input_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    with Apart("words") as apart:
        assert apart.judge(b"x") is KILLED


def test_what_is_kept_is_read_again(tmp_path: Path) -> None:
    small, large = b"x\r\n\0", b"<p>" * 1_000_000
    paths = [keep("pages", data, tmp_path) for data in (small, large)]
    assert [path.suffix for path in paths] == ["", ".xz"]
    assert paths[1].stat().st_size < 4000
    assert {data for _, data in kept("pages", tmp_path)} == {small, large}


@pytest.mark.slow
def test_a_short_run_ends_and_tells_what_was_done(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.fuzz", "--minutes", "0.1", "--target", "words"]
    told = subprocess.run(
        [*command, "--seed", "1", "--into", tmp_path], capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stdout + told.stderr
    words = told.stdout.splitlines()[-1].split()
    assert words[0] == "words"
    assert min(map(int, words[1:3])) > 10
    assert words[-1] == "0"
