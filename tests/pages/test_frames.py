"""Law 8 on pages poured into frames that nobody here has made: right, or refused by name.

Where ``../shared/frames`` is not there, the twenty frames of ``frames/own`` stand in for it.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from sqlite3 import connect

import pytest
from click.testing import CliRunner

from embassy_scraper.commands import main
from tests.examples import quickly, thinned
from tests.frames.bench import Choice, Finding, findings, told
from tests.frames.dump import dump
from tests.frames.judge import RIGHT, WRONG, judge, judge_text
from tests.frames.pour import BARE, OWN, SHARED, VARIANTS, frames, load, pour
from tests.frames.real import ODD, Odd
from tests.frames.sequence import sequence, write
from tests.frames.variant import Variant

SAMPLE = 20  # frames whose sequences go through a database
QUIET = {"statement_discovered", "counter_discovered", "counter_progressed"}


def chosen() -> list[Path]:
    """Return the frames to pour into; the environment may name a folder of others."""
    folder = os.environ.get("EMBASSY_FRAMES")
    if folder:
        return frames(Path(folder))
    if not SHARED.is_dir():
        warnings.warn(f"{SHARED} is not there: frames of our own stand in for it", stacklevel=2)
        return quickly(frames(OWN))
    return quickly(frames(SHARED))


@pytest.fixture(scope="module")
def found() -> list[Finding]:
    """Of some variants one in every frame, another in the next; `-m tests.frames` runs all."""
    return list(findings(chosen(), Choice(share=thinned(6)), 2))


def of_kind(found: list[Finding], kind: str, *groups: str) -> Iterator[Finding]:
    return (one for one in found if one.kind == kind and one.group in groups)


@pytest.mark.parametrize("kind", ["statement", "listing", "home"])
def test_no_page_is_silently_misread(found: list[Finding], kind: str) -> None:
    """Refusals must be named by a problem, else they are wrong too; see the judge."""
    pages = list(of_kind(found, kind, "aim", "refuse", "amid", "other"))
    wrong = [one for one in pages if one.verdict == WRONG]
    words = "\n".join(one.words for one in wrong[:5])
    assert not wrong, f"{len(wrong)} of {len(pages)} are wrong; the first:\n{words}"


@pytest.mark.parametrize("kind", ["statement", "listing", "home"])
def test_no_page_is_silently_misread_as_text(kind: str) -> None:
    """The same pages as a text browser dumps them: where other lines stand around the page, all is
    withheld."""
    dumped = findings(chosen(), Choice(kind=kind, share=thinned(40), as_text=True), 2)
    check_texts(list(dumped), kind)


@pytest.mark.parametrize("draw", ["", "a", "b"])
@pytest.mark.parametrize("kind", ["statement", "listing", "home"])
def test_no_text_alone_on_its_page_is_silently_misread(kind: str, draw: str) -> None:
    """Frames with no line of their own, or one: here the place of each line has to prove it."""
    choice = Choice(kind=kind, draw=draw, share=thinned(1), as_text=True)
    check_texts(list(findings(frames(BARE), choice)), kind)


def check_texts(found: list[Finding], kind: str) -> None:
    pages = list(of_kind(found, kind, "aim", "refuse", "amid", "other"))
    wrong = [one for one in pages if one.verdict == WRONG]
    words = "\n".join(one.words for one in wrong[:5])
    assert not wrong, f"{len(wrong)} of {len(pages)} are wrong:\n{words}"


ALONE = ("plain", "no date", "title: capitals", "text: lines like entries", "text: an item",
         "text: an update behind the signature", "block: no heading", "with a block",
         "an entry: a short lead", "four entries", "five entries")  # fmt: skip
OF_THE_SITE = {"order": "date first", "entry": "h3 dash"}


@pytest.mark.parametrize(
    "variant", [v for v in VARIANTS if v.name in ALONE], ids=lambda v: f"{v.kind} {v.name}"
)
def test_a_text_alone_on_its_page_is_read(variant: Variant) -> None:
    """To refuse all would be no reading: the plain page, and odd lines that the site has too."""
    path = BARE / "empty.html"
    page = pour(path, load(path), replace(variant, forced=OF_THE_SITE))
    judgement = judge_text(page.model, dump(page.html))
    assert judgement.verdict == RIGHT, told(judgement)


@pytest.mark.parametrize(
    ("kind", "share"), [("statement", 0.95), ("listing", 0.90), ("home", 0.90)]
)
def test_nearly_all_are_read_right(found: list[Finding], kind: str, share: float) -> None:
    """Plain, the title above the date, and with lines before the heading or behind the text."""
    pages = list(of_kind(found, kind, "aim"))
    right = sum(one.verdict == RIGHT for one in pages)
    assert right >= share * len(pages), f"{right} of {len(pages)}"


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: odd.name)
def test_the_real_frame_with_something_in_it_is_read_right_or_refused(odd: Odd) -> None:
    judgement = judge(odd.model, odd.html)
    assert judgement.verdict == RIGHT or "plain" not in odd.name, told(judgement)
    assert judgement.verdict != WRONG, told(judgement)


def test_an_edit_is_told_once_or_not_at_all(tmp_path: Path) -> None:
    """A text, then a page in a frame with the clock moved on, then a figure changed."""
    paths = chosen()
    for number, path in enumerate(quickly(paths[:: max(1, len(paths) // SAMPLE)])):
        captures = sequence(path, load(path), number)
        write(tmp_path / path.stem, captures)
        changes = ingested(tmp_path / path.stem)
        edits = [change for change in changes if change[0] not in QUIET]
        is_right = all(judge(page.model, page.html).verdict == RIGHT for page in captures[1:])
        expected = [("statement_edited", "fnapr/6956", "body")]
        assert edits in ([expected] if is_right else [expected, []]), path.stem


def ingested(folder: Path) -> list[tuple[str, str, str]]:
    """Return kind, subject and field of the changes in a database made of *folder*."""
    db = folder.with_suffix(".db")
    result = CliRunner().invoke(main, ["ingest", str(folder), "--db", str(db)])
    assert result.exit_code == 0, result.output
    with closing(connect(db)) as connection:
        return connection.execute("SELECT kind, subject, field FROM changes").fetchall()
