"""Why a run failed stands in words in ``runs.note``, in ``status`` and in the last line."""

from __future__ import annotations

from collections import UserDict
from dataclasses import replace

import pytest

from embassy_scraper.replica.scenario import Fault
from tests.live.many import write_config
from tests.live.site import Live, Open, site
from tests.peers.servers import free_port
from tests.world import program

pytestmark = pytest.mark.peer


def judge(it: Live, said: str, reason: str, outcome: str = "failed") -> None:
    assert reason in said.splitlines()[-1], said
    (found,) = it.rows("SELECT outcome, note FROM runs ORDER BY id DESC LIMIT 1")
    assert found[0] == outcome and reason in str(found[1])
    status = program.run("status", "--db", str(it.db), "--config", str(it.config))
    assert reason in status.out.splitlines()[0]
    assert status.exit_code == (outcome == "failed")


@pytest.mark.parametrize(
    "faults, reason",
    [
        ((Fault("/", "404"), Fault("/*arh*", "404")), "/ and all lists answer 404"),
        ((Fault("/", "404"), Fault("/*arh*", "403")), "/ and all lists answer 403 or 404"),
        ((Fault("*", "reset"),), "the connection broke off"),
        ((Fault("/", "elsewhere"), Fault("/?*", "404")), "moved to elsewhere.example"),
        ((Fault("*", "blocked"),), "blocked"),
    ],
)
def test_a_site_that_cannot_be_read_is_told_in_words(
    live: Open, faults: tuple[Fault, ...], reason: str
) -> None:
    with live(site(2, faults=faults), retries=0) as it:
        it.replica.robots_status = 404
        judge(it, it.crawl(code=1), reason)


def test_the_homepage_alone(live: Open) -> None:
    with live(site(2, faults=(Fault("/", "404"),)), retries=0) as it:
        judge(it, it.crawl("--part", "homepage", code=1), "/ answers 404")


def test_one_page_that_broke_off_is_the_reason_of_a_partial_run(live: Open) -> None:
    with live(site(2, faults=(Fault("/newarh/*", "reset"),)), retries=0) as it:
        judge(it, it.crawl(code=3), "the connection broke off", "partial")


def test_nobody_listens(live: Open, tmp_path) -> None:
    with live(site(2), retries=0) as it:
        url = f"http://127.0.0.1:{free_port()}/"
        there = replace(it, config=write_config(tmp_path, url, retries=0))
        judge(there, there.crawl(code=1), "connection refused")
        url = "http://no-such-host.invalid/"
        there = replace(it, config=write_config(tmp_path, url, retries=0))
        judge(there, there.crawl(code=1), "no such host")


def test_a_server_without_a_certificate_that_can_be_trusted(live: Open, tmp_path) -> None:
    with live(site(2), retries=0) as it:
        url = it.replica.url.replace("http:", "https:")
        there = replace(it, config=write_config(tmp_path, url, retries=0))
        judge(there, there.crawl(code=1), "no secure connection")


def test_a_site_that_leads_elsewhere_with_its_robots_txt_too(live: Open) -> None:
    answer = (
        b"HTTP/1.1 301 Moved\r\nLocation: https://london.mid.example/\r\nContent-Length: 0\r\n\r\n"
    )
    with live(site(2), retries=0) as it:
        for path in ("/", "/robots.txt"):
            it.replica.raw[path] = answer
        judge(it, it.crawl(code=1), "moved to london.mid.example")


class Everywhere(UserDict[str, bytes]):
    """One answer, byte for byte, for every path but that of robots.txt, or for that alone."""

    def __init__(self, answer: str, *, of_robots: bool = False) -> None:
        super().__init__()
        self.answer, self.of_robots = answer, of_robots

    def __contains__(self, path: object) -> bool:
        return (path == "/robots.txt") is self.of_robots

    def __getitem__(self, path: str) -> bytes:
        head, _, body = self.answer.format(path).partition("\n\n")
        return head.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body.encode()


OK = "HTTP/1.1 200 OK\nContent-Type: {}\nContent-Length: {}\nConnection: close\n\n"
EMPTY = "HTTP/1.1 {}\nContent-Length: 0\nConnection: close"
AGAIN = "a later run asks again"


@pytest.mark.parametrize(
    "answer, reason, todo",
    [
        (EMPTY.format("302 X\nLocation: {}"), "redirects to itself", AGAIN),
        (EMPTY.format("302 X\nLocation: http://[x"), "answered 302", AGAIN),
        (EMPTY.format("503 X\nRetry-After: 86400"), "asks to wait 86400 s", "that time is over"),
        (OK.format("application/pdf", 8) + "%PDF-1.4", "not like the site's", "docs/redesign.md"),
        (OK.format("text/html", 5000) + "<html>", "broke off (6 bytes came)", "try again later"),
        ("SSH-2.0-OpenSSH_9", "what answers speaks no HTTP", "check base_url"),
    ],
)
def test_what_to_do_is_said_with_the_reason(
    live: Open, answer: str, reason: str, todo: str
) -> None:
    with live(site(2), retries=0) as it:
        it.replica.raw = Everywhere(answer)
        said = it.crawl(code=1)
        judge(it, said, reason)
        assert todo in said.splitlines()[-1] and "disk" not in said


@pytest.mark.parametrize(
    "answer, reason, todo",
    [
        (EMPTY.format("500 X"), "the server answered 500", "run it again later"),
        (OK.format("text/plain", 36) + "User-agent: *\nCrawl-delay: 999999    \n",
         "asks to wait 999999 s", "longest_wait"),
    ],
)  # fmt: skip
def test_what_to_do_about_robots_txt_is_said(
    live: Open, answer: str, reason: str, todo: str
) -> None:
    with live(site(2), retries=0) as it:
        it.replica.raw = Everywhere(answer, of_robots=True)
        said = it.crawl(code=1)
        judge(it, said, reason)
        assert todo in said.splitlines()[-1] and "disk" not in said
