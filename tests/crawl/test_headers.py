"""Whatever the head of an answer says: the page below it is stored, or refused by itself."""

from __future__ import annotations

import pytest

from embassy_scraper.replica.pages import render
from tests.crawl.test_hostile import HTML, answer
from tests.live.site import Open, site
from tests.world import program

pytestmark = pytest.mark.peer

NUMBER = b"9" * 4999
EDGES = [
    b"Fri, 31 Dec 9999 23:59:59 GMT", b"Fri, 31 Dec 9999 23:59:59 -2359",
    b"Mon, 01 Jan 0001 00:00:00 GMT", b"Mon, 01 Jan 0001 00:00:00 +2359",
    b"Mon, 01 Jan 0000 00:00:00 GMT", b"Fri, 31 Dec 99999 23:59:59 GMT",
    b"Fri, 31 Dec " + NUMBER + b" 23:59:59 GMT", b"Fri, 31 Dec 2021 23:59:59 +" + NUMBER,
    NUMBER, b"-1", b"\xff\xfe", b"(", b"", b"\x00", b"a\rb", b"\x1b[31m",
]  # fmt: skip
DATES = [b"Date", b"Last-Modified", b"Expires", b"Memento-Datetime", b"Age"]
HEADS: list[bytes] = [
    *(name + b": " + edge for name in DATES for edge in EDGES),
    *(b"ETag: " + tag for tag in (b'"' + NUMBER + b'"', b"\xff", b"W/", b'"a\rb"', b"", b"*")),
    *(
        b"Content-Type: text/html; charset=" + one
        for one in (b"\xff", NUMBER, b"utf-7", b"idna", b"hex", b"rot13", b"undefined", b"utf-16")
    ),
    b"Set-Cookie: a=" + NUMBER + b"; expires=" + EDGES[0] + b"; max-age=" + NUMBER,
    b"Link: <http://[::1>; rel=canonical, <" + NUMBER + b">; rel=original",
    b"Location: http://[::1", b"Refresh: 0; url=http://[::1", b"Content-Location: http://[::1",
    b"Content-Encoding: " + b"," * 999, b"Content-Encoding: none", b"Content-Encoding: \xff",
    b"Content-Disposition: attachment; filename=", b"Content-Disposition: ;=", b"Connection: \xff",
    b"Content-Range: bytes " + NUMBER + b"-" + NUMBER + b"/" + NUMBER, b"Trailer: X",
    b"Alt-Svc: " + NUMBER, b"Strict-Transport-Security: max-age=" + NUMBER, b"Status: " + NUMBER,
    b"Retry-After: " + NUMBER,
]  # fmt: skip


def test_a_field_without_a_name_is_told_in_words(live: Open) -> None:
    with live(site(2), retries=0) as it:
        it.replica.raw["/fnapr/9001"] = answer(b"<p>", HTML, b": no name\r\n")
        assert "/fnapr/9001: its answer cannot be read: InvalidHeaderName" in it.crawl(code=3)


def test_no_head_harms_a_page(live: Open) -> None:
    """All of it twice, for the second time a page is asked for on its own conditions."""
    scenario = site(len(HEADS))
    with live(scenario, budget=1000, recheck_first=0.0, recheck_growth=0.0) as it:
        for _ in range(2):
            for number, head in enumerate(HEADS):
                path = f"/fnapr/{9000 + number}"
                found = render(scenario, path, it.replica.now)
                assert found is not None
                kind = b"" if head.startswith(b"Content-Type") else HTML
                it.replica.raw[path] = answer(found[0].encode(), kind, head + b"\r\n")
            said = it.crawl()
            assert "could not be handled" not in said, said
            it.later(days=3)
        assert it.outcomes()[-1] in ("complete", "partial")
        seen = it.rows("SELECT url FROM captures WHERE page_kind = 'statement' GROUP BY url")
        unseen = [head for n, head in enumerate(HEADS) if not any(
            url.endswith(f"/{9000 + n}") for (url,) in seen)]  # fmt: skip
        assert not unseen
        for verb in ("verify", "rebuild", "verify"):
            assert program.run(verb, "--db", str(it.db)).exit_code == 0, verb
