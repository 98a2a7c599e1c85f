"""SECURITY.md: what it cites is there, and what no other test holds of it is held here."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from scrapy.resolver import CachingThreadedResolver
from scrapy.settings import Settings
from twisted.internet.defer import Deferred, succeed
from twisted.internet.error import DNSLookupError
from twisted.python.failure import Failure

from embassy_scraper import settings
from embassy_scraper.fetching.addresses import PublicResolver

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
PRIVATE = [
    "10.0.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1", "192.168.1.1", "100.64.0.1",
    "0.0.0.0", "::1", "fe80::1", "fd00::1", "::ffff:10.0.0.1",
]  # fmt: skip


def test_what_it_cites_is_there() -> None:
    tests = re.findall(r"`(tests/[\w/]+(?:\.py)?)`", TEXT)
    assert len(tests) > 10
    for name in tests:
        assert (ROOT / name).exists(), name
    for target in re.findall(r"`make ([a-z]+)`", TEXT):
        assert re.search(rf"^{target}:", MAKEFILE, re.M), target
    for page, anchor in re.findall(r"\]\((docs/\w+\.md)#([\w-]+)\)", TEXT):
        headings = re.findall(r"^#+ (.+)$", (ROOT / page).read_text(encoding="utf-8"), re.M)
        assert anchor in {re.sub(r"\W+", "-", one.lower()) for one in headings}


def test_no_section_of_what_can_be_relied_on_is_empty() -> None:
    text = (ROOT / "docs/reliability.md").read_text(encoding="utf-8")
    sections = re.findall(r"<!-- (\w+) -->\n(.*?)<!-- /\1 -->", text, re.S)
    assert len(sections) == text.count("\n## ")
    assert [name for name, told in sections if len(told) < 200 or "| verb |\n" in told] == []


def test_the_makefile_defines_what_it_uses() -> None:
    used = set(re.findall(r"\$\((\w+)\)", MAKEFILE))
    assert used - {"MAKE"} <= set(re.findall(r"^(\w+) *[:?]?=", MAKEFILE, re.M))


def test_it_is_one_screen() -> None:
    assert TEXT.count("\n") <= 60


def test_the_settings_of_a_crawl_are_closed() -> None:
    chosen = Settings()
    chosen.setmodule(settings)
    for name in ("TELNETCONSOLE_ENABLED", "REMOTE_CONTROL_ENABLED", "COOKIES_ENABLED"):
        assert not chosen.getbool(name), name
    assert chosen.getbool("DOWNLOAD_VERIFY_CERTIFICATES")
    handlers = chosen.getwithbase("DOWNLOAD_HANDLERS")
    assert {scheme for scheme, handler in handlers.items() if handler} <= {"http", "https"}
    assert chosen["TWISTED_DNS_RESOLVER"] == "embassy_scraper.fetching.addresses.PublicResolver"


@pytest.mark.parametrize("address", PRIVATE)
def test_no_name_leads_into_a_private_network(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolver = _resolver(address, monkeypatch)
    resolver.private_hosts = frozenset({"mirror.internal"})
    assert _answer(resolver.getHostByName("www.rusemb.org.uk")) == (
        f"DNS lookup failed: {address} is not a public address."
    )
    assert _answer(resolver.getHostByName("mirror.internal")) == address


def test_a_name_leads_to_a_public_address(monkeypatch: pytest.MonkeyPatch) -> None:
    resolver = _resolver("93.184.216.34", monkeypatch)
    assert _answer(resolver.getHostByName("www.rusemb.org.uk")) == "93.184.216.34"


def _resolver(address: str, monkeypatch: pytest.MonkeyPatch) -> PublicResolver:
    """Return the crawl's resolver, where every name has *address*."""
    monkeypatch.setattr(CachingThreadedResolver, "getHostByName", lambda *words: succeed(address))
    return PublicResolver.__new__(PublicResolver)


def _answer(deferred: Deferred[str]) -> str:
    found: list[str] = []

    def told(failure: Failure) -> None:
        failure.trap(DNSLookupError)
        found.append(failure.getErrorMessage())

    deferred.addCallbacks(found.append, told)
    return found[0]
