"""What would not be seen in an address is seen in its answer."""

from __future__ import annotations

from itertools import product
from urllib.parse import quote

import pytest

from .history import Site, demo

TURNED = "a\u202eb"
PAGES = (
    "/", "/as-of", "/search", "/counters", "/coverage", "/problems", "/questions", "/about",
    "/counter/the%20last%20concert%20in%20the%20garden", "/statement/fnapr/9002",
    f"/statement/{quote(TURNED)}", f"/change/{quote(TURNED)}", f"/capture/{quote(TURNED)}",
    f"/counter/{quote(TURNED)}", "/timeline.json", "/timeline.csv", "/timeline.atom",
)  # fmt: skip
ARGUMENTS = (
    "list", "kind", "year", "significance", "since", "until", "learned", "from", "q", "status",
    "page", "at", "a", "captures", "row", "entry", TURNED,
)  # fmt: skip
TABLES = ("/history", "/history/changes", f"/history/{quote(TURNED)}", f"/{quote(TURNED)}")
FILTERS = ("_search", "title", "kind__contains", "sql", "_sort", TURNED)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    found = Site(demo(tmp_path_factory.mktemp("visible") / "embassy.db"))
    yield found
    found.close()


def test_no_answer_is_turned_around_by_an_argument(site) -> None:
    for path, name in [*product(PAGES, ARGUMENTS), *product(TABLES, FILTERS)]:
        answer = site.ask(f"{path}?{quote(name)}={quote(TURNED)}")
        assert TURNED not in answer.text, (path, name)
        assert path in TABLES or answer.status_code < 500, (path, name)


def test_what_was_asked_is_shown_with_its_number(site) -> None:
    assert "a⟨U+202E⟩b" in site.get(f"/?list={quote(TURNED)}").text
    assert 'value="a⟨U+202E⟩b"' in site.get(f"/search?q={quote(TURNED)}").text
    assert 'value="a⟨U+202E⟩b"' in site.get(f"/history/changes?title={quote(TURNED)}").text
