"""webchanges: the snapshots of each day from a server on loopback, a run for each day."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from benchmarks.peers.claims import Score
from benchmarks.peers.environment import HERE, program, run
from benchmarks.peers.site import Version, answer
from benchmarks.peers.truth import Change, Sight

_CONFIG = """
display: {new: false, error: true, unchanged: false, empty-diff: false}
report:
  tz: UTC
  stdout: {enabled: true}
"""
AS_IT_COMES = "  - html2text\n"
NO_CLOCKS = (
    "  - html2text\n"
    "  - delete_lines_containing:\n"
    r"      re: 'days have passed since|Moscow:|London:|^\W*\d{1,2} [A-Z][a-z]+ \d{4}\W*$'"
    "\n"
)


@dataclass(frozen=True)
class Told:
    """What a run said of a page: changed, with the diff; or an error, or the end of one."""

    version: Version
    verb: str
    plus: str
    minus: str
    is_certain: bool  # neither side of the diff is a check of browsers


def web_changes(
    name: str, filters: str, changes: Sequence[Change], found: list[Version], folder: Path
) -> Score:
    """Run it once a day with these filters; judge what it reports."""
    folder.mkdir()
    (folder / "config.yaml").write_text(_CONFIG)
    (folder / "hooks.py").write_text((HERE / "hooks.py").read_text())
    seconds, told = 0.0, []
    blocked: dict[str, bool] = {}
    with _served() as (address, pages):
        for number in range(found[-1].round + 1):
            day = {v.path: v for v in found if v.round == number}
            pages.clear()
            pages.update(day)
            seconds += _run(folder, address, list(day), filters)
            told += list(_told(folder, address, day, blocked))
    return _score(name, seconds, changes, told)


@contextmanager
def _served() -> Iterator[tuple[str, dict[str, Version]]]:
    """Serve the pages that stand in a dictionary, by path, for as long as the block lasts."""
    pages: dict[str, Version] = {}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            status, reason, body = answer(pages[self.path])
            self.send_response(status, reason)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", pages
    finally:
        server.shutdown()
        server.server_close()


def _run(folder: Path, address: str, paths: list[str], filters: str) -> float:
    """Run it over these pages; return the seconds that it took."""
    jobs = [f"url: {address}{path}\nfilters:\n{filters}" for path in paths]
    (folder / "jobs.yaml").write_text("---\n".join(jobs))
    os.environ["TOLD"] = str(folder / "told.json")
    begun = time.perf_counter()
    run(
        program("webchanges"), "--jobs", folder / "jobs.yaml", "--config", folder / "config.yaml",
        "--hooks", folder / "hooks.py", "--database", folder / "snapshots.db",
    )  # fmt: skip
    return time.perf_counter() - begun


def _told(
    folder: Path, address: str, day: dict[str, Version], blocked: dict[str, bool]
) -> Iterator[Told]:
    """Yield what a run said; *blocked* says of which pages the last snapshot is no page."""
    lines = (folder / "told.json").read_text(encoding="utf-8").splitlines()
    (folder / "told.json").unlink()
    for line in map(json.loads, lines):
        version = day[line["url"].removeprefix(address)]
        is_certain = not (version.is_blocked or blocked.get(version.path))
        plus, minus = (_side(line["diff"], sign) for sign in "+-")
        yield Told(version, line["verb"], plus, minus, is_certain)
    blocked.update({p: v.is_blocked for p, v in day.items() if v.doc.status == 200})


def _side(diff: str, sign: str) -> str:
    """Return the lines of a unified diff with this sign, letters and digits alone."""
    lines = [line[1:] for line in diff.splitlines()[2:] if line.startswith(sign)]
    return "\n".join(_plain(line) for line in lines)


def _plain(text: str) -> str:
    return re.sub(r"\W|_", "", text)


def _score(name: str, seconds: float, changes: Sequence[Change], told: Sequence[Told]) -> Score:
    """A report shows a change where its diff has what is new of it, and what is gone."""
    by_page: dict[str, list[Told]] = {}
    for one in told:
        by_page.setdefault(one.version.url, []).append(one)
    found: set[int] = set()
    true: set[int] = set()
    for change in changes:
        for sight in change.sights:
            shows = [t for t in by_page.get(sight.url, []) if _shows(t, change, sight)]
            found.update([change.number] if shows else [])
            true.update(map(id, shows))
    false = [t for t in told if t.verb == "changed" and id(t) not in true]
    return Score(name, seconds, frozenset(found), len(false), "reports")


def _shows(told: Told, change: Change, sight: Sight) -> bool:
    if not sight.after < told.version.at <= sight.by:
        return False
    if change.what == "page.gone":
        return told.verb.startswith("error") and told.version.doc.status in (404, 410)
    if change.what == "page.back":
        return not told.verb.startswith("error")
    if told.verb != "changed" or not told.is_certain:
        return False
    return all(_plain(text) in told.plus for text in sight.plus) and all(
        _plain(text) in told.minus for text in sight.minus
    )
