"""A robots.txt made to cost time or memory costs little more than a plain one of the same size."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable

import pytest

from embassy_scraper.fetching.robots import read_rules

SIZE = 500 * 1024
AGENT = "embassy-scraper"
URL = "https://a.example/" + "1" * 60 + "a" * 60
ALL = "User-agent: *\n"


def filled(head: str, line: Callable[[int], str]) -> str:
    """Return *head* and so many lines after it that it is as large as what must be read."""
    lines = [head]
    left, number = SIZE - len(head), 0
    while (text := line(number)) and (left := left - len(text)) >= 0:
        lines.append(text)
        number += 1
    return "".join(lines)


PLAIN = filled(ALL, lambda n: f"Disallow: /page/{n}/\n")
CRAFTED = {
    "wildcards": filled(ALL, lambda n: f"Disallow: /{'*1' * 12}*{n}Z\n"),
    "one wildcard line": f"{ALL}Disallow: /{'*a' * (SIZE // 2 - 20)}b",
    "asterisks": f"{ALL}Disallow: /{'*' * (SIZE - 40)}b",
    "ends": filled(ALL, lambda n: f"Disallow: /*a*a*{n}$\n"),
    "dollars": f"{ALL}Disallow: /{'$' * (SIZE - 40)}",
    "percent signs": f"{ALL}Disallow: /{'%' * (SIZE - 40)}",
    "letters to be quoted": f"{ALL}Disallow: /{'я' * (SIZE - 40)}",
    "one line of words": "a " * (SIZE // 2),
    "lines of words": filled(ALL, lambda n: "a " * 1000 + "\n"),
    "names": filled("", lambda n: f"User-agent: {n}\n"),
    "names and rules": filled("", lambda n: f"User-agent:{n}\n" if n < 18_000 else "Allow:/\n"),
    "names of another spelling": filled(
        "", lambda n: f" useragent {n}\r" if n < 18_000 else "Allow:/\r"
    ),
    "delays": filled(ALL, lambda n: "Crawl-delay: 9e999\n"),
    "rates": filled(ALL, lambda n: "Request-rate: 1/9e999\n"),
    "nothing but lines": "\n" * SIZE,
}


def cost(body: str) -> float:
    """Return the processor time of reading *body* and of asking it for one page, in seconds."""
    began = time.process_time()
    rules = read_rules(200, body)
    rules.allow(URL, AGENT)
    rules.delay(AGENT)
    return time.process_time() - began


@pytest.mark.parametrize("name", CRAFTED)
def test_a_crafted_file_costs_little_more_than_a_plain_one(name: str) -> None:
    """The dearest that is read takes ten times as long; what hangs takes a thousand times."""
    plain = min(cost(PLAIN) for _ in range(3))
    assert cost(CRAFTED[name]) < 40 * plain


def test_names_and_rules_are_not_multiplied_in_memory() -> None:
    tracemalloc.start()
    read_rules(200, CRAFTED["names and rules"])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20 * SIZE


def test_what_cannot_be_read_forbids_and_says_why() -> None:
    rules = read_rules(200, CRAFTED["names and rules"])
    assert not rules.allow(URL, AGENT)
    assert rules.why == "robots.txt names too many robots to be read"


def test_a_file_with_many_names_and_rules_is_still_read() -> None:
    """Seven hundred names for each of a thousand pages, ours at the end of them."""
    names = "".join(f"User-agent: robot-{n}\n" for n in range(700)) + f"User-agent: {AGENT}\n"
    rules = read_rules(200, names + "".join(f"Disallow: /{n}/\n" for n in range(700)))
    assert not rules.allow("https://a.example/699/", AGENT)
    assert rules.allow("https://a.example/700/", AGENT)


@pytest.mark.parametrize("delay", ["inf", "nan", "-1", "9e999", "9" * 400])
def test_a_delay_that_is_none_is_not_waited_for(delay: str) -> None:
    assert read_rules(200, f"{ALL}Crawl-delay: {delay}\n").delay(AGENT) == 0.0
