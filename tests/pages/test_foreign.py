"""Pages that are not the site's own, answered with 200: a problem, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from embassy_scraper.items import Capture
from embassy_scraper.replica.frame import frame
from tests.frames.judge import read
from tests.frames.markup import header, link
from tests.frames.model import CAPTURED_AT, SITE, Head
from tests.frames.pour import HEADER, MAIN, OWN, frames, load
from tests.frames.real import page_text
from tests.frames.sequence import as_text, heads
from tests.frames.style import draw
from tests.frames.texts import statement

FOREIGN = sorted((Path(__file__).parents[1] / "frames" / "foreign").glob("*.html"))
ADDRESSES = {
    "statement": f"{SITE}fnapr/6956",
    "listing": f"{SITE}newarh/&start=221&ps=10&ppp=15",
    "homepage": SITE,
}
NOT_THE_PAGE = {"not the site's page", "blocked page", "error page", "soft 404", "empty page"}
MISSING = (
    "<h1>Page not found</h1>",
    "<h1>PRESS RELEASES AND NEWS</h1><p>The requested page does not exist.</p>",
    "<p>404</p><p>Not found</p>",
    "<h2>Error 404</h2><p>Page not found. Go back to the <a href='/'>homepage</a>.</p>",
    "<h1>Страница не найдена</h1>",
    "<h1>EMBASSY INFORMS</h1><p>Document not found</p>",
)


def shown(capture: Capture) -> list[object]:
    """What a capture says of statements and lists."""
    sightings = [(s.list, s.wording.title or s.wording.body) for s in capture.sightings]
    return [*sightings, *(window for window in capture.windows if window.entries)]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("path", FOREIGN, ids=lambda path: path.stem)
def test_a_foreign_page_is_a_problem_and_nothing_else(path: Path, address: str) -> None:
    capture = read(path.read_text("utf-8"), ADDRESSES[address])
    assert shown(capture) == []
    assert NOT_THE_PAGE & {problem.what for problem in capture.problems}, capture.problems


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("missing", MISSING)
def test_a_page_not_found_in_the_site_s_own_frame_is_no_sighting(
    missing: str, address: str
) -> None:
    seen = []
    for path in frames(OWN):
        page = load(path).replace(HEADER, header(Head(), draw(path.stem)), 1)
        capture = read(page.replace(MAIN, missing, 1), ADDRESSES[address])
        if shown(capture) or not NOT_THE_PAGE & {problem.what for problem in capture.problems}:
            seen.append((path.stem, shown(capture), [problem.what for problem in capture.problems]))
    assert seen == []


def test_links_to_statements_do_not_make_a_foreign_page_the_site_s() -> None:
    """Another site's list of dated links to the embassy's statements."""
    items = "".join(
        f"<li>{entry.on} - {link(f'https://www.rusemb.org.uk/{entry.key}', entry.title)}</li>"
        for entry in statement().block
    ).replace('href="/https', 'href="https')
    html = (
        f"<html><head><title>Links</title></head><body><h1>Links</h1><ul>{items}</ul></body></html>"
    )
    capture = read(html, ADDRESSES["statement"])
    assert not [sighting for sighting in capture.sightings if sighting.list == "page"]


def test_foreign_pages_between_looks_change_nothing(
    tmp_path: Path, run: Callable[..., object], rows: Callable[[str], list[tuple[object, ...]]]
) -> None:
    """At the statement's address between two looks at it, and each at an address of its own."""
    first, second, _ = heads()
    folder = tmp_path / "in"
    folder.mkdir()
    table = ["file\turl\tcaptured_at"]

    def add(name: str, text: str, address: str, at: str) -> None:
        (folder / name).write_text(text, "utf-8")
        table.append(f"{name}\t{SITE}{address}\t{at}")

    model = statement()
    add("good.txt", as_text(replace(model, head=first)), "fnapr/6956", CAPTURED_AT)
    add("back.txt", as_text(replace(model, head=second)), "fnapr/6956", second.clock)
    for number, path in enumerate(FOREIGN):
        at = f"2020-11-24T{13 + number // 60:02}:{number % 60:02}:00Z"
        text = path.read_text("utf-8")
        add(path.name, text, "fnapr/6956", at)
        add(f"new-{path.name}", text, f"fnapr/{8100 + number}", at)
    (folder / "manifest.tsv").write_text("\n".join(table) + "\n", "utf-8")
    run("ingest", folder)
    assert rows("SELECT count(*) FROM captures") == [(2 + 2 * len(FOREIGN),)]
    assert rows("SELECT key FROM statements WHERE key LIKE 'fnapr/81%'") == []
    kinds = {kind for (kind,) in rows("SELECT DISTINCT kind FROM changes")}
    assert kinds <= {"statement_discovered", "counter_discovered", "counter_progressed"}
    told = rows("SELECT count(DISTINCT capture) FROM problems")
    assert told == [(2 * len(FOREIGN),)]


def in_real_frame(missing: str) -> str:
    """Return the real frame with *missing* in the place of the statement."""
    html = frame(page_text(replace(statement(), block=())))
    start = html.index("<h1>PRESS")
    return html[:start] + missing + html[html.index("</td>", start) :]


def in_own_frame(missing: str) -> str:
    page = load(OWN / "drupal.html").replace(HEADER, header(Head(), draw("drupal")), 1)
    return page.replace(MAIN, missing, 1)


@pytest.mark.parametrize("dressed", [in_own_frame, in_real_frame])
@pytest.mark.parametrize("missing", MISSING)
def test_a_page_not_found_in_the_site_s_own_frame_brings_no_page_back(
    missing: str,
    dressed: Callable[[str], str],
    tmp_path: Path,
    run: Callable[..., object],
    rows: Callable[[str], list[tuple[object, ...]]],
) -> None:
    """Behind a 404 it says nothing; at an address of its own it shows no statement."""
    page = dressed(missing)
    good = as_text(statement())
    answers = [
        ("fnapr/6956", "2020-11-24T12:00:00Z", "200 OK", "text/plain", good),
        ("fnapr/6956", "2020-11-24T13:00:00Z", "404 Not Found", "text/html", "Not found"),
        ("fnapr/6956", "2020-11-24T14:00:00Z", "200 OK", "text/html", page),
        ("fnapr/8100", "2020-11-24T14:00:00Z", "200 OK", "text/html", page),
    ]
    path = tmp_path / "answers.warc.gz"
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for address, at, status, media_type, text in answers:
            head = [("Content-Type", f"{media_type}; charset=utf-8")]
            record = writer.create_warc_record(
                f"{SITE}{address}",
                "response",
                payload=BytesIO(text.encode()),
                http_headers=StatusAndHeaders(status, head, protocol="HTTP/1.1"),
                warc_headers_dict={"WARC-Date": at},
            )
            writer.write_record(record)
    run("ingest", path)
    assert rows("SELECT count(*) FROM captures") == [(4,)]
    assert rows("SELECT subject FROM changes WHERE kind = 'page_gone'") == [("fnapr/6956",)]
    assert rows("SELECT subject FROM changes WHERE kind = 'page_back'") == []
    assert rows("SELECT key FROM statements WHERE key = 'fnapr/8100'") == []
