"""What is said when the host ends: a table of cases, and the table of docs/reliability.md."""

from __future__ import annotations

from collections import UserDict
from contextlib import closing
from dataclasses import dataclass, field
from email.utils import format_datetime

import pytest

from embassy_scraper.spiders.reasons import advice
from pipelines.tables.database import open_database
from tests.live import forked
from tests.live.site import Live, Open, site
from tests.telling.posts import Hook
from tests.telling.test_states import alert, tell
from tests.world import program

GONE = "page_gone"
SALE = "<html><head><title>A domain</title></head><body><h1>This domain is for sale</h1></body>"
BESIDE = "https://london.mid.example/"
REFRESH = f'<html><head><meta http-equiv="refresh" content="0; url={BESIDE}"></head><body></body>'
CHALLENGE = "<html><head><title>Just a moment...</title></head><body><h1>Checking your browser</h1>"
TWIN = """<html><head><title>Посольство</title></head><body><p>3 марта 2021</p>
<p>Москва: 13:15</p><p>Лондон: 10:15</p><h1>ПРЕСС-РЕЛИЗЫ И НОВОСТИ</h1>
<p>02.03.2021 - <a href="/fnapr/1">Заявление</a></p><p>Текст.</p><p>все сообщения</p></body>"""


@dataclass(frozen=True)
class Case:
    """What the host answers from some day on, and what is said of it then."""

    doc: str  # for people
    said: str  # the note of the run, and what else says it
    status: int = 200
    body: str = ""
    head: str = ""
    where: str = "*"
    outcome: str = "failed"
    kinds: list[str] = field(default_factory=list)  # of changes, beside those of before


def moved(status: int) -> Case:
    return Case(f"{status} to another host", "moved to london.mid.example", status, head=BESIDE)


CASES = [
    Case("404 for everything", "/ and all lists answer 404", 404, kinds=[GONE] * 4),
    Case("410 for everything", "/ and all lists answer 410", 410, kinds=[GONE] * 4),
    Case("404 for the homepage alone", "/ answers 404", 404, where="/", outcome="partial"),
    Case("404 for all lists alone", "all lists answer 404", 404, where="arh", outcome="partial"),
    *map(moved, (301, 302, 307, 308)),
    Case("a page that leads to another host", "moved to london.mid.example", 200, REFRESH),
    Case("a redirect to the mobile pages", "leads to the mobile pages at m.rusemb.org.uk", 302,
         head="http://m.rusemb.org.uk/"),
    Case("a redirect to another page of the host", "leads to {}login", 302, head="/login"),
    Case("a parked page for every address",
         "not the site's page (This domain is for sale)", 200, SALE),
    Case("a challenge for every address", "blocked (Just a moment...)", 200, CHALLENGE),
    Case("an empty page for every address", "not the site's page (empty page)"),
    Case("another site of the same make", "not like the site's pages (cut off)", 200, TWIN,
         outcome="partial"),
    Case("403 for everything", "/ and all lists answer 403", 403, CHALLENGE),
    Case("503 for everything", "/ and all lists answer 503", 503),
    Case("robots.txt forbids everything", "robots.txt forbids it", 200,
         "User-agent: *\nDisallow: /\n", where="/robots.txt"),
]  # fmt: skip


class Ended(UserDict[str, bytes]):
    """What a replica answers byte for byte, by path, from the end of its host on."""

    def __init__(self, case: Case, it: Live) -> None:
        super().__init__()
        self.case, self.it = case, it

    def __contains__(self, path: object) -> bool:
        where = self.case.where
        if where == "*":
            return path != "/robots.txt"
        return path == where or (where == "arh" and "arh" in str(path))

    def __getitem__(self, path: str) -> bytes:
        case, date = self.case, format_datetime(self.it.replica.now, usegmt=True)
        body = case.body.encode()
        kind = "text/plain" if path == "/robots.txt" else "text/html; charset=utf-8"
        lines = [f"HTTP/1.1 {case.status} X", f"Date: {date}", f"Content-Length: {len(body)}"]
        lines += [f"Content-Type: {kind}"] + ([f"Location: {case.head}"] if case.head else [])
        return "\r\n".join([*lines, "Connection: close"]).encode() + b"\r\n\r\n" + body


def crawled(it: Live) -> tuple[int, str]:
    """The next round, two days later, when robots.txt is asked for again."""
    it.later(days=2)
    with closing(open_database(it.db)) as connection, connection:
        connection.execute("DELETE FROM _robots")
    done = forked.run(it.folder, *it.command("crawl")[3:])
    return done.returncode, done.stderr


def looked(it: Live) -> program.Outcome:
    return program.run("status", "--db", str(it.db), "--config", str(it.config))


@pytest.mark.peer
@pytest.mark.parametrize("case", CASES, ids=[case.doc for case in CASES])
def test_the_end_of_a_host_is_said(live: Open, case: Case) -> None:
    hook = Hook()
    with live(site(4), retries=0) as it, hook.up():
        it.crawl()
        assert looked(it).exit_code == 0
        alert(it.config, to=[hook.address])
        tell(it)
        hook.had.clear()
        before, reason = it.kinds(), case.said.format(it.replica.url)
        it.replica.raw = Ended(case, it)
        code, said = crawled(it)
        is_failed = case.outcome == "failed"
        assert code == is_failed, said
        assert reason in said and "Traceback" not in said
        if is_failed:
            assert reason in said.splitlines()[-1] and advice(reason) in said.splitlines()[-1]
        ((outcome, note),) = it.rows("SELECT outcome, note FROM runs ORDER BY id DESC LIMIT 1")
        assert (outcome, reason in note) == (case.outcome, True)
        status = looked(it)
        assert status.exit_code == 1 and reason in status.out.splitlines()[0]
        assert it.kinds() == sorted([*before, *case.kinds])
        notes = it.rows("SELECT DISTINCT note FROM changes WHERE kind = 'page_gone'")
        assert notes == [("with the whole site",)] * bool(case.kinds)
        assert it.rows("SELECT count(*) FROM statements WHERE status = 'withdrawn'") == [(0,)]
        problems = it.rows("SELECT count(*) FROM problems")[0][0]
        assert (problems > 0) == (case.where == "*")
        assert (f"Failed: crawl: {reason}" in str(hook.had)) == is_failed
        assert len(hook.had) == is_failed
        hook.had.clear()
        it.replica.raw = {}
        assert crawled(it)[0] == 0
        assert looked(it).exit_code == 0
        assert it.kinds() == sorted([*before, *case.kinds, *["page_back"] * len(case.kinds)])
        assert ("Works again: crawl" in str(hook.had)) == is_failed
        assert program.run("verify", "--db", str(it.db)).exit_code == 0


def table() -> str:
    """The table of cases as it stands in docs/reliability.md."""
    lines = ["| what the host does | `crawl` | what it says |\n", "|---|---|---|\n"]
    for case in CASES:
        said = case.said.format("https://www.rusemb.org.uk/")
        code = "failed, exit 1" if case.outcome == "failed" else "partial, exit 0"
        lines.append(f"| {case.doc} | {code} | {said} |\n")
    return "".join(lines)
