"""Two sources that disagree about one page are told of; sources that agree are one history."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest

from tests.copies import answered, saved
from tests.examples import quickly, thinned
from tests.markups import Model, renderings, text_a
from tests.pages.test_markups import MODELS, STATEMENT
from tests.world import program

DISAGREE = "sources disagree"
AT = "2020-11-24T12:22:0{}Z"


def as_file(folder: Path, model: Model, at: str, page: bytes, suffix: str = ".txt") -> Path:
    """A saved copy, its source its kind of file."""
    return saved(folder, page, model.url, at, suffix)


def as_warc(
    path: Path, model: Model, at: str, page: bytes, status: str = "200 OK", kind: str = "text/plain"
) -> Path:
    """A copy in a WARC file."""
    return answered(path, page, model.url, at, kind, status)


def told(db: Path) -> list[tuple[object, ...]]:
    return program.query(
        db, f"SELECT capture, \"where\", text FROM problems WHERE what = '{DISAGREE}' ORDER BY 2, 1"
    )


@pytest.fixture(scope="module")
def edited() -> Model:
    """The statement with one figure changed, and one item of the block gone."""
    body = (STATEMENT.body[0].replace("3 April", "13 April"), *STATEMENT.body[1:])
    return replace(STATEMENT, body=body, block=(*STATEMENT.block[:4], *STATEMENT.block[5:]))


@pytest.mark.parametrize("second", ["0", "9"])
def test_a_disagreement_is_told_with_both_captures(run, db, tmp_path, edited, second) -> None:
    one = as_file(tmp_path / "saved", STATEMENT, AT.format(0), text_a(STATEMENT).encode())
    other = as_warc(tmp_path / "x.warc.gz", edited, AT.format(second), text_a(edited).encode())
    done = run("ingest", one, other)
    assert done.exit_code == 0
    look = f'embassy-scraper problems --kind "sources disagree" --db {db}'
    assert f"sources disagree in 2 places; look at them with: {look}\n" in done.stderr
    ids = [str(row[0]) for row in program.query(db, "SELECT id FROM captures ORDER BY id")]
    found = told(db)
    assert [(row[0], row[1]) for row in found] == [(ids[1], "latest"), (ids[1], "page")]
    for _, where, text in found:
        assert all(capture in text for capture in ids)
        assert "(text)" in text and "(warc)" in text
        if where == "page":
            assert "On 3 April the" in text and "On 13 April the" in text
    assert run("verify").exit_code == 0


def test_any_order_tells_the_same_also_of_sources_told_later(tmp_path, edited) -> None:
    """The same bytes come from a file, a WARC and a WET file: the strongest tells."""
    page, rest = text_a(STATEMENT).encode(), text_a(edited).encode()
    offers = [
        as_file(tmp_path / "saved", STATEMENT, AT.format(0), page),
        as_warc(tmp_path / "a.warc.gz", STATEMENT, AT.format(0), page),
        as_warc(tmp_path / "b.wet.gz", edited, AT.format(5), rest),
        as_warc(tmp_path / "b.warc.gz", edited, AT.format(5), rest),
    ]
    found = set()
    for number, order in enumerate([*permutations(offers)][:: thinned(1)]):
        db = tmp_path / f"db{number}" / "embassy.db"
        db.parent.mkdir()
        for batch in ([order[0]], order[1:3], [order[3]]):
            assert program.ingest(db, *batch).exit_code == 0
        found.add(repr(program.tables(db)))
    assert len(found) == 1
    assert len(told(db)) == 2
    assert program.run("verify", "--db", str(db)).exit_code == 0


def test_one_source_that_shows_news_does_not_disagree(run, db, tmp_path, edited) -> None:
    for number, model in enumerate((STATEMENT, edited)):
        run("ingest", as_file(tmp_path / str(number), model, AT.format(number),
                              text_a(model).encode()))  # fmt: skip
    assert program.query(db, "SELECT count(*) FROM captures") == [(2,)]
    assert told(db) == []


def test_an_hour_later_nobody_disagrees(run, db, tmp_path, edited) -> None:
    run("ingest", as_file(tmp_path / "saved", STATEMENT, AT.format(0), text_a(STATEMENT).encode()))
    late = "2020-11-24T13:22:00Z"
    run("ingest", as_warc(tmp_path / "x.warc.gz", edited, late, text_a(edited).encode()))
    assert told(db) == []


@pytest.mark.parametrize(
    "status, tells", [("404 Not Found", True), ("403 Forbidden", False), ("503 Busy", False)]
)
def test_gone_for_one_and_there_for_the_other(run, db, tmp_path, status, tells) -> None:
    run("ingest", as_file(tmp_path / "saved", STATEMENT, AT.format(0), text_a(STATEMENT).encode()))
    run("ingest", as_warc(tmp_path / "x.warc.gz", STATEMENT, AT.format(4), b"<h1>No", status,
                          "text/html"))  # fmt: skip
    assert [row[1] for row in told(db)] == (["http_status"] if tells else [])


def test_a_page_cut_off_does_not_disagree(run, db, tmp_path) -> None:
    page = text_a(STATEMENT).encode()
    run("ingest", as_file(tmp_path / "saved", STATEMENT, AT.format(0), page))
    ends = (page.index(b"Moscow: 12:30"), len(page) // 2, page.rindex(b"Statement"))
    for number, end in enumerate(ends):
        path = tmp_path / f"{number}.warc.gz"
        run("ingest", as_warc(path, STATEMENT, AT.format(4 + number), page[:end]))
    assert program.query(db, "SELECT count(*) FROM captures") == [(4,)]
    assert told(db) == []


@pytest.mark.parametrize("name", quickly(MODELS))
def test_every_markup_of_one_page_agrees(run, db, tmp_path, name) -> None:
    """Text, HTML of every kind, files and WARC records, of one instant and some seconds apart."""
    model = MODELS[name]
    offers = []
    for number, (page, kind) in enumerate(renderings(model).values()):
        suffix = ".txt" if kind == "text/plain" else ".html"
        at = AT.format(number % 3)
        offers.append(as_file(tmp_path / f"{number}", model, at, page, suffix))
        offers.append(as_warc(tmp_path / f"{number}.warc.gz", model, AT.format(number % 7), page,
                              kind=kind))  # fmt: skip
    run("ingest", *offers)
    assert told(db) == []
