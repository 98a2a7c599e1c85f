"""The one real HTML page of the site that is known, its homepage of 18 March 2018, and variants of
it: one entry on top, one cut out, one pinned. None of its texts is written here."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from embassy_scraper.items import RawCapture
from embassy_scraper.pages import read_page
from embassy_scraper.sites import load_profile
from pipelines.normalise import normalise

SHARED = Path(__file__).resolve().parents[3] / "shared" / "html" / "home_2018-03-18.html"
URL = "http://rusemb.org.uk/"
pytestmark = pytest.mark.skipif(not SHARED.is_file(), reason="../shared/html is not here")
ENTRY = re.compile(r'<h3>(\d\d\.\d\d\.\d{4}) -  <a id="newslist" href="/(\w+/\d+)">(.*?)</a></h3>')
LINK = '<h3>{0} -  <a id="newslist" href="/{1}">{2}</a></h3><p align="justify">{3}</p>'
PINNED = LINK.format("01.05.2015", "fnapr/4001", "How to reach us", "By the western gate.")
NEW = LINK.format("19.03.2018", "fnapr/6426", "Embassy comment on the otters", "They sleep.")


def page() -> str:
    return SHARED.read_text(encoding="utf-8", errors="replace")


def entries() -> list[re.Match[str]]:
    return list(ENTRY.finditer(page()))


def test_the_homepage_is_read_as_printed() -> None:
    profile = load_profile()
    raw = RawCapture(SHARED.read_bytes(), "text/html", "html", URL)
    read = read_page(raw, profile)
    capture = normalise(raw, read, profile)
    assert (read.kind, read.layout, capture.problems) == ("home", "tables of 2018", ())
    assert capture.captured_at == capture.page_clock == "2018-03-18T15:44:00Z"
    assert capture.header is not None
    assert capture.header.phone == "+44 (0) 203 668 7474"
    assert capture.header.email == "info@rusemb.org.uk" and not capture.readings
    home = [s for s in capture.sightings if s.list == "home"]
    printed = entries()
    assert len(home) == len(printed) == 15
    for seen, found in zip(home, printed, strict=True):
        assert (seen.wording.date_text, seen.wording.url_key) == (found[1], found[2])
        assert seen.wording.title and seen.wording.lead
    boxes = [s for s in capture.sightings if s.list == "box"]
    assert [(s.wording.url_key or "").partition("/")[0] for s in boxes] == [
        "ambarticles", "video", "activity",
    ]  # fmt: skip
    assert len(capture.sightings) == 18
    (window,) = capture.windows
    assert (window.list, window.covers_after, window.covers_until) == ("home", "2018-03-12", None)


def on_top(text: str) -> str:
    return text.replace("<h1>EMBASSY INFORMS</h1>", f"<h1>EMBASSY INFORMS</h1>{NEW}", 1)


def pinned(text: str) -> str:
    return text.replace("<h1>EMBASSY INFORMS</h1>", f"<h1>EMBASSY INFORMS</h1>{PINNED}", 1)


def cut_out(text: str) -> str:
    """The page without its fourth entry."""
    found = ENTRY.finditer(text)
    starts = [one.start() for one in found]
    return text[: starts[3]] + text[starts[4] :]


def an_hour_on(text: str) -> str:
    return text.replace("Moscow: 18:44", "Moscow: 19:44").replace("London: 15:44", "London: 16:44")


@pytest.mark.parametrize(
    ("change", "kinds"),
    [
        (lambda text: text, []),
        (on_top, [("statement_added", "home", "fnapr/6426")]),
        (cut_out, [("statement_withdrawn", "home", "the fourth")]),
        (pinned, [("statement_discovered", "home", "fnapr/4001")]),
    ],
    ids=["as it was", "one on top", "one cut out", "one pinned"],
)
def test_the_page_changed_gives_exactly_that_change(
    run: Callable[..., object],
    rows: Callable[[str], list[tuple[object, ...]]],
    tmp_path: Path,
    change: Callable[[str], str],
    kinds: list[tuple[str, str, str]],
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.html").write_text(page(), encoding="utf-8")
    (folder / "b.html").write_text(an_hour_on(change(page())), encoding="utf-8")
    (folder / "manifest.tsv").write_text(f"file\turl\na.html\t{URL}\nb.html\t{URL}\n")
    run("ingest", folder)
    first = "2018-03-18T15:44:00Z"
    found = rows(
        "SELECT kind, field, subject FROM changes"
        f" WHERE observed_by > '{first}' ORDER BY kind, subject"
    )
    fourth = entries()[3][2]
    assert found == [(k, f, fourth if s == "the fourth" else s) for k, f, s in kinds]
    assert not rows("SELECT * FROM problems")
