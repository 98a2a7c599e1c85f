"""Alerts to a mail server and a webhook: down and up again, killed in between, nothing twice."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from embassy_scraper.telling import courier
from tests.telling.posts import Hook, Mail, dripping, killing
from tests.world import program

ROOT = Path(__file__).parents[2]


class Desk:
    """A history, its settings with one alert, and two addresses that are told."""

    def __init__(self, folder: Path, captures: Path) -> None:
        self.folder, self.db = folder, folder / "data" / "embassy.db"
        self.hook, self.mail = Hook(), Mail()
        self.config = folder / "embassy.toml"
        self.captures = sorted(one for one in captures.iterdir() if one.suffix != ".tsv")
        self.manifest = (captures / "manifest.tsv").read_text().splitlines()
        self.configure()

    def configure(self, **more: object) -> None:
        alert = {"name": "desk", "to": [self.mail.address, self.hook.address], **more}
        lines = [f"{key} = {json.dumps(value)}" for key, value in alert.items()]
        self.config.write_text("\n".join(["[[alerts]]", *lines]) + "\n")

    def part(self, *numbers: int) -> Path:
        """A folder with some of the captures."""
        folder = self.folder / f"part{'-'.join(map(str, numbers))}"
        folder.mkdir(exist_ok=True)
        names = {self.captures[number].name for number in numbers}
        for path in self.captures:
            if path.name in names:
                (folder / path.name).write_bytes(path.read_bytes())
        rows = [row for row in self.manifest[1:] if row.split("\t")[0] in names]
        (folder / "manifest.tsv").write_text("\n".join([self.manifest[0], *rows]) + "\n")
        return folder

    def words(self, verb: str, *words: object) -> list[str]:
        return [verb, *map(str, words), "--db", str(self.db), "--config", str(self.config)]

    def run(self, verb: str, *words: object, code: int = 0) -> str:
        outcome = program.run(*self.words(verb, *words))
        assert outcome.exit_code == code, outcome.err
        return outcome.err

    def start(self, verb: str, *words: object) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "embassy_scraper", *self.words(verb, *words)]
        return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)

    def judge(self) -> None:
        """Each change that is wanted was told to each, and by the keys of the messages once."""
        wanted = {
            row["change_id"]
            for row in program.report_rows(self.db)
            if row["kind"] != "counter_progressed"
        }
        assert wanted
        for post in (self.hook, self.mail):
            told = [text for _, text in post.by_key().items()]
            for change in wanted:
                assert sum(text.count(change) for text in told) == 1, change
        keys = {f"<{key}@embassy-scraper.invalid>" for key in self.hook.all_keys()}
        assert keys == self.mail.all_keys()


@pytest.fixture
def desk(tmp_path: Path, demo_captures: Path) -> Desk:
    return Desk(tmp_path, demo_captures)


def test_one_message_a_run_and_none_without_news(desk: Desk) -> None:
    with desk.hook.up(), desk.mail.up():
        desk.run("ingest", desk.part(0, 1))
        assert len(desk.hook.had) == len(desk.mail.had) == 1
        desk.run("ingest", desk.part(0, 1))
        assert len(desk.hook.had) == len(desk.mail.had) == 1
        desk.run("ingest", desk.part(2, 3, 4))
        assert len(desk.hook.had) == len(desk.mail.had) == 2
        assert (
            program.run(*desk.words("report", "--new", "desk")).out.count("\n")
            == sum(row["kind"] == "counter_progressed" for row in program.report_rows(desk.db)) + 1
        )
    desk.judge()


def test_what_could_not_be_sent_is_sent_at_the_next_run(desk: Desk) -> None:
    said = desk.run("ingest", desk.part(0, 1))
    assert said.count("alert not sent: desk, address") == said.count("connection refused") == 2
    assert "geheim" not in said and "T0KEN" not in said
    assert "captures: 2 stored" in said.splitlines()[-1]
    with desk.mail.up():
        desk.run("ingest", desk.part(2, 3))
        assert len(desk.mail.had) == 2
        status = program.run(*desk.words("status"))
        assert "alerts to desk: 2 messages wait since" in status.out
        assert status.exit_code == 1
        assert "geheim" not in status.out and "T0KEN" not in status.out
        with desk.hook.up():
            desk.run("ingest", desk.part(0, 1))
        assert len(desk.mail.had) == len(desk.hook.had) == 2
    desk.judge()
    assert "messages wait" not in program.run(*desk.words("status")).out


def test_an_answer_503_is_no_arrival(desk: Desk) -> None:
    with desk.hook.up(), desk.mail.up():
        desk.hook.status = 503
        said = desk.run("ingest", desk.part(0, 1))
        assert said.count("alert not sent") == 1 and "503" in said
        desk.hook.status = 200
        desk.run("tell")
    desk.judge()


@pytest.mark.parametrize("status", [301, 302, 303, 307])
def test_a_redirect_is_no_arrival(desk: Desk, status: int) -> None:
    with desk.hook.up(), desk.mail.up():
        desk.hook.status, desk.hook.location = status, f"http://127.0.0.1:{desk.hook.port}/moved"
        said = desk.run("ingest", desk.part(0, 1))
        assert said.count("alert not sent") == 1 and str(status) in said
        desk.hook.status, desk.hook.location = 200, ""
        desk.run("tell")
    desk.judge()


def test_an_answer_without_an_end_holds_nobody_up(desk: Desk, monkeypatch) -> None:
    monkeypatch.setattr(courier, "_PATIENCE", 1)
    with dripping(desk.hook), desk.mail.up():
        begun = time.monotonic()
        said = desk.run("ingest", desk.part(0, 1))
        assert "no answer in time" in said and "geheim" not in said
        assert time.monotonic() - begun < 15
    with desk.hook.up():
        desk.run("tell")
    desk.judge()


@pytest.mark.parametrize("which", ["hook", "mail"])
def test_killed_when_it_has_arrived_and_before_that_is_noted(desk: Desk, which: str) -> None:
    post = getattr(desk, which)
    children: list[subprocess.Popen[str]] = []
    with desk.hook.up(), desk.mail.up():
        post.then = killing(lambda: children[0].pid)
        children.append(desk.start("ingest", desk.part(0, 1)))
        children[0].communicate()
        assert children[0].returncode == -signal.SIGKILL
        assert len(post.had) == 1
        post.then = lambda: None
        desk.run("ingest", desk.part(2, 3, 4))
        assert len(post.had) == 3 and len(post.all_keys()) == 2
    desk.judge()


def test_two_that_send_at_the_same_time_send_once(desk: Desk) -> None:
    desk.run("ingest", desk.part(0, 1))
    with desk.hook.up(), desk.mail.up():
        both = [desk.start("tell") for _ in range(3)]
        for one in both:
            one.communicate()
            assert one.returncode == 0
    assert len(desk.hook.had) == len(desk.mail.had) == 1
    desk.judge()


def test_what_is_taken_back_is_told_once(desk: Desk) -> None:
    with desk.hook.up(), desk.mail.up():
        desk.run("ingest", desk.part(0, 1, 4))
        before = program.report_rows(desk.db)
        desk.run("ingest", desk.part(2, 3))  # between them, so that more is known
        now = program.report_rows(desk.db)
        known = {row["change_id"] for row in now} | set(map(content, now))
        gone = [row for row in before if not {row["change_id"], content(row)} & known]
        assert gone
        _, text = desk.hook.had[1]
        back = text.split("Told before, and no longer so")[1]
        assert {row["change_id"] for row in gone} == {
            row["change_id"] for row in before if row["change_id"] in back
        }
        desk.run("rebuild")
        assert len(desk.hook.had) == 2
        assert "taken back" not in program.run(*desk.words("report", "--new", "desk")).out


def test_what_a_retraction_takes_out_is_told(desk: Desk) -> None:
    with desk.hook.up(), desk.mail.up():
        desk.run("ingest", desk.part(0, 1, 2))
        (capture,) = program.query(desk.db, "SELECT max(id) FROM captures")[0]
        desk.run("retract", capture, "--why", "a wrong date")
        _, text = desk.hook.had[1]
        assert "Taken back: " in text
        desk.run("retract", capture, "--undo")
        assert "Taken back: " not in desk.hook.had[2][1].split("Told before")[0]
        assert len(desk.hook.had) == len(desk.mail.had) == 3


def content(row: dict[str, str]) -> tuple[str, ...]:
    return tuple(row[name] for name in ("kind", "subject", "field", "before", "after"))


def test_kinds_and_significance_are_heeded(desk: Desk) -> None:
    desk.configure(kinds=["statement_edited"], significance="substantive")
    with desk.hook.up(), desk.mail.up():
        desk.run("ingest", desk.part(0, 1, 2, 3, 4))
    (text,) = desk.hook.by_key().values()
    for row in program.report_rows(desk.db):
        is_wanted = row["kind"] == "statement_edited" and row["significance"] == "substantive"
        assert (row["change_id"] in text) is is_wanted


def test_without_apprise_it_says_what_to_install(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "apprise.py").write_text("raise ImportError('no such thing')\n")
    code = "import sys; sys.path.insert(0, sys.argv.pop(1)); from embassy_scraper import commands"
    command = [sys.executable, "-c", f"{code}; commands.main()", str(tmp_path)]
    command += [*desk.words("ingest", desk.part(0, 1))]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0
    assert "pip install 'embassy-scraper[alerts]'" in done.stderr.splitlines()[-2]
    with desk.hook.up(), desk.mail.up():
        desk.run("tell")
    desk.judge()
