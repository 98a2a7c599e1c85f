"""Whatever strangers write, and wherever: it steers no terminal, and forges no line of ours.

Titles, texts, names of files and folders, manifests, heads of records and answers, arguments: all
of them hold every kind of character that is not seen, each followed by a line that claims to be of
this program. All verbs print what they have, on a terminal and into a pipe.
"""

from __future__ import annotations

import ast
import base64
import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from embassy_scraper.visible import as_line
from tests.saying import page
from tests.world import program, terminal
from tests.world.terminal import Printed

ROOT = Path(__file__).parents[2]
MARKS = "\x01\x07\x0b\x0c\x1b\x1c\x7f\x85\x9b\u2028\u2029\u202e\u2066\u200b\ufeff\U000e0041"
CLAIM = "captures: 9 stored"
IN_NAMES = "".join(f"{mark}{CLAIM}" for mark in "\n\r\x1b\x9b\u2028\u202e")
IN_TITLES = "".join(f"{mark}{CLAIM}" for mark in "\x01\x1b\x9b\u202e\u2066")
IN_PAGES = "".join(f"{mark}{CLAIM}" for mark in "\x01\x1b\x9b\u2028\u202e\u2066\x85\x0b")
IN_HEADS = "\x01\x1b[31m\x9b2J\x7f" + CLAIM
URL = "https://www.rusemb.org.uk/fnapr/9005"
AT = datetime(2021, 3, 3, 10, 15)
READERS: list[tuple[str, ...]] = [
    ("report", "--format", "text"), ("report", "--format", "markdown"), ("as-of", "2022"),
    ("coverage", "--format", "text"), ("problems",), ("problems", "--kind", f"x{IN_NAMES}"),
    ("status",), ("config",), ("verify",), ("schedule", "--print-crontab"),
    ("rebuild", "--dry-run"), ("rebuild",),
]  # fmt: skip


def check(printed: Printed) -> None:
    """No character that steers is left, and no line is begun by a stranger."""
    for text in (printed.out, printed.err):
        bad = [one for one in re.split("[\n\r]", text) if set(MARKS) & set(one)]
        bad += [one for one in re.split("[\n\r]", text) if one.startswith(CLAIM)]
        assert not bad, as_line(bad[0])[:300]
        assert "\r" not in text, as_line(text)[:300]
    assert "Traceback" not in printed.err, as_line(printed.err)[-300:]


def text_of(day: int) -> str:
    """A page that is read in most of its parts; those of later days less and less."""
    at, marks = AT.replace(day=day), IN_TITLES if day < 5 else IN_PAGES
    items = [
        (f"{day:02}.03.2021", f"Title {marks} {day}", f"Lead {marks} {day}"),
        ("02.03.2021", f"Notice {marks}", f"Lead {marks} and {day}"),
        ("01.03.2021", "The last", "Its lead"),
    ]
    if day == 5:
        items.insert(2, (f"31.02.2021 {marks}", f"A day that never was {marks}", "Its lead"))
    text = page(at, "", items, [f"{day} days have passed since event {marks} - x {marks}"])
    phone = f"+44 \x1b{CLAIM}"
    return text if day < 4 else text.replace("queries:", f"{marks}:").replace("+44", phone)


def answered_with(said: bytes, text: bytes) -> bytes:
    """A WARC file in which every head says that."""
    http = b"HTTP/1.1 200 %b\r\nContent-Type: text/plain; charset=%b\r\nX: %b\r\n\r\n%b"
    block = http % (said, said, said, text)
    head = (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:%b>\r\n"
        b"WARC-Target-URI: %b?%b\r\nWARC-Date: 2021-03-06T10:15:00Z\r\nX-More: %b\r\n"
        b"Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n"
    )
    return head % (said, URL.encode(), said, said, len(block)) + block + b"\r\n\r\n"


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database, and beside it the folder ``in`` that it was made of."""
    top = tmp_path_factory.mktemp("strangers")
    folder = top / "in" / f"folder{IN_NAMES}"
    folder.mkdir(parents=True)
    lines = [f"file\turl\tcaptured_at\tmore\x1b[31m{CLAIM}"]
    for day in (3, 4, 5):
        at = AT.replace(day=day)
        name = f"p{day}{IN_NAMES.replace(chr(10), '').replace(chr(13), '')}.txt"
        (folder / name).write_text(text_of(day), encoding="utf-8")
        lines.append(f"{name}\t{URL}{day}%0a\x1b{CLAIM}\t{at:%Y-%m-%dT%H:%M:%SZ}")
    lines.append(f"missing{IN_HEADS}\thttps://x/\t")
    lines.append(f"p3.txt\thttps://x/\t2021{IN_HEADS}")
    (folder / "manifest.tsv").write_text("\n".join(lines), encoding="utf-8")
    (folder / f"odd{IN_NAMES}.pdf").write_bytes(b"%PDF-1.4")
    (folder / f"broken{IN_NAMES}.warc").write_bytes(b"WARC/1.0\r\n")
    (top / "in" / "a.warc").write_bytes(answered_with(IN_HEADS.encode(), text_of(6).encode()))
    done = terminal.on_terminal(top, "ingest", "in", "--db", "data/e.db")
    assert done.code == 3
    check(done)
    return top


@pytest.mark.parametrize("run", [terminal.on_terminal, terminal.piped])
@pytest.mark.parametrize("words", READERS, ids=" ".join)
def test_a_verb_that_prints(history: Path, words: tuple[str, ...], run) -> None:
    printed = run(history, *words, "--db", "data/e.db")
    check(printed)
    assert printed.code in (0, 1), printed


@pytest.mark.parametrize("run", [terminal.on_terminal, terminal.piped])
def test_one_capture_or_file(history: Path, run) -> None:
    for (capture,) in program.query(history / "data/e.db", "SELECT id FROM captures"):
        for verb in ("show", "probe"):
            printed = run(history, verb, str(capture), "--db", "data/e.db")
            check(printed)
            assert printed.code == 0
    for path in (history / "in").glob("folder*/p*"):
        check(run(history, "probe", str(path)))
    check(run(history, "ingest", "--dry-run", "in"))


def test_the_history_has_what_was_written_as_it_was(history: Path) -> None:
    """It is shown by numbers, and kept by characters."""
    texts = program.query(history / "data/e.db", "SELECT title FROM statements")
    assert any("\x1b" in str(title) and "\u202e" in str(title) for (title,) in texts)
    printed = terminal.piped(history, "report", "--format", "csv", "--db", "data/e.db")
    assert "\x1b" in printed.out
    shown = terminal.on_terminal(history, "report", "--format", "text", "--db", "data/e.db").out
    assert as_line("\x1b") in shown and as_line("\u202e") in shown


@pytest.mark.parametrize(
    "words",
    [
        (f"verb{IN_NAMES}",), ("ingest", f"nowhere{IN_NAMES}"), ("ingest", f"--no{IN_NAMES}"),
        ("status", f"more{IN_NAMES}"), ("report", "--new", f"name{IN_NAMES}"),
        ("report", "--kind", f"x{IN_NAMES}"), ("report", "--since", f"x{IN_NAMES}"),
        ("as-of", f"x{IN_NAMES}"), ("as-of", "2021", "--list", f"x{IN_NAMES}"),
        ("show", f"2021{IN_NAMES}"), ("probe", f"file{IN_NAMES}"),
        ("probe", f"https://x/{IN_NAMES}"), ("evidence", f"x{IN_NAMES}"),
        ("retract", f"2021{IN_NAMES}", "--why", f"why{IN_NAMES}"),
        ("status", "--config", f"x{IN_NAMES}"), ("report", "--output", f"no{IN_NAMES}/a/b"),
        ("backfill", f"x{IN_NAMES}"), ("backfill", "wayback", "--from", f"x{IN_NAMES}"),
        ("status", "--db", f"other{IN_NAMES}.db"),
        ("schedule", "--print-crontab", "--db", f"other{IN_NAMES}.db"),
        ("rebuild", "--from", f"x{IN_NAMES}"),
    ],
    ids=lambda words: as_line(" ".join(words))[:25],
)  # fmt: skip
def test_what_is_wrong_with_a_command_line(history: Path, words: tuple[str, ...]) -> None:
    db = () if "--db" in words else ("--db", "data/e.db")
    printed = terminal.on_terminal(history, *words, *db)
    check(printed)
    assert printed.code in (1, 2)


def test_a_reason_is_kept_as_it_can_be_shown(history: Path, tmp_path: Path) -> None:
    db = tmp_path / "data" / "e.db"
    assert terminal.piped(history, "ingest", "in/a.warc", "--db", str(db)).code == 0
    ((capture,),) = program.query(db, "SELECT id FROM captures")
    for words in (("retract", str(capture), "--why", f"why{IN_NAMES}"), ("show", str(capture))):
        printed = terminal.on_terminal(history, *words, "--db", str(db))
        check(printed)
        assert printed.code == 0


@contextmanager
def served(answers: dict[str, bytes]) -> Iterator[str]:
    """Serve raw bytes by path, on loopback."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            path = self.rfile.readline().split()[1].decode()
            while self.rfile.readline().strip():
                pass
            self.wfile.write(answers.get(path, answers["*"]))

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


@pytest.mark.peer
@pytest.mark.parametrize("verbose", [(), ("-v",)])
def test_a_server_that_writes_for_the_terminal(tmp_path: Path, verbose: tuple[str, ...]) -> None:
    head = IN_HEADS.encode("latin-1")
    end = b"Content-Length: 5\r\nConnection: close\r\n\r\nhello"
    answers = {
        "/robots.txt": b"HTTP/1.1 200 OK\r\nContent-Type: " + head + b"\r\n\r\n"
        b"User-agent: *\nDisallow: /" + head + b"\nCrawl-delay: " + head + b"\n",
        "/": b"HTTP/1.1 302 " + head + b"\r\nLocation: http://x/" + head + b"\r\n" + end,
        "*": b"HTTP/1.1 503 " + head + b"\r\nContent-Type: " + head + b"\r\nRetry-After: " + head
        + b"\r\n" + end,
    }  # fmt: skip
    with served(answers) as url:
        (tmp_path / "embassy.toml").write_text(
            f"[site]\nbase_url = '{url}'\n[crawl]\ndelay = 0.0\nretries = 0\nlongest_wait = 1\n"
            "[log]\nfile = 'run.log'\nlevel = 'debug'\n"
        )
        for run in (terminal.on_terminal, terminal.piped):
            printed = run(tmp_path, "crawl", *verbose)
            check(printed)
            assert printed.code in (1, 3), printed
        for words in (("status",), ("problems",), ("probe", "--fetch", f"{url}fnapr/1")):
            check(terminal.on_terminal(tmp_path, *words))
    lines = (tmp_path / "run.log").read_bytes().decode().split("\n")[:-1]
    assert not set(MARKS + "\r") & set("".join(lines))
    assert all(re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ [A-Z]+ ", line) for line in lines)


def test_what_a_child_of_the_scheduler_says_is_a_line_of_its_job(capsys) -> None:
    from embassy_scraper.schedule import Children

    said = base64.b64encode(f"one{IN_NAMES}\ntwo".encode()).decode()
    code = f"import sys, base64; sys.stderr.buffer.write(base64.b64decode('{said}'))"
    Children().run(["python3", "-c", code], "night")
    lines = re.split("[\n\r]", capsys.readouterr().err.rstrip("\n"))
    assert all(line.startswith("[night] ") for line in lines)
    assert not set(MARKS) & set("".join(lines))


def test_a_fault_of_this_program_is_told_in_lines_that_cannot_be_taken_for_others(tmp_path) -> None:
    code = (
        "import click, warnings, logging, threading\n"
        "from embassy_scraper import commands\n"
        f"said = {IN_NAMES!r}\n"
        "def raising(): raise RuntimeError(said)\n"
        "@click.command()\n"
        "def command():\n"
        "    warnings.warn(said); logging.getLogger('odd').error(said)\n"
        "    thread = threading.Thread(target=raising); thread.start(); thread.join()\n"
        "    raising()\n"
        "commands.Verbs.get_command = lambda *_: command\n"
        "commands.main(['status'])\n"
    )
    (tmp_path / "it.py").write_text(code)
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "it.py"], cwd=tmp_path, capture_output=True, check=False,
        env={"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    said = done.stderr.decode()
    assert done.returncode == 1
    assert not set(MARKS + "\r") & set(said)
    fault = "embassy-scraper: a fault of this program (RuntimeError: "
    starts = ("| ", fault, "py.warnings: ", "odd: ")
    assert all(line.startswith(starts) for line in said.splitlines()), said
    assert said.count("please report it") == 2


def test_nothing_speaks_but_through_the_door() -> None:
    """A call site cannot forget it: stdout and stderr are written to in two modules alone."""
    doors = {"voice.py", "commands/writing.py"}
    apart = {"replica/__main__.py", "bundle/prove.py", "web/docs.py"}  # no verbs of this program
    found = set()
    for room in ("embassy_scraper", "pipelines"):
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                name = ast.unparse(node.func if isinstance(node, ast.Call) else node)
                if isinstance(node, ast.Call | ast.Attribute) and _speaks(name):
                    found.add(path.relative_to(ROOT / room).as_posix())
    assert found <= doors | apart
    assert doors <= found


def _speaks(function: str) -> bool:
    return bool(
        re.fullmatch(
            r"print|(click\.)?s?echo|sys\.std(out|err)(\.buffer|(\.buffer)?\.write(lines)?)",
            function,
        )
    )
