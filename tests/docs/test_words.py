"""Messages, docs and docstrings are plain English: none has a phrase of our own making."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from .messages import FOLDERS, ROOT, messages

# Idiom that a newcomer has to learn, beside the plain words for it.
FORBIDDEN = {
    r"told anew|told again": "printed again",
    r"is told to|are told to|which is told|are told by": "is reported to",
    r"timed anew": "scheduled again",
    r"(?:it|that|which|line|they) (?:is|are) none\b": "is not one",
    r"\bis no (?:JSON|number|instant|sentence|row|readable)\b": "is not a …",
    r"\bis no (?:time(?! zone)|day|year|place|kind|feed)\b": "is not a …",
    r"what nobody|that nobody": "unused, unexpected",
    r"by whatever|in whatever order|of whatever outcome": "in any order",
    r"given up in the end": "given up",
    r"in a row without a row|th answer": "N empty pages in a row",
    r"takes? for gone|took for gone": "counts as gone",
    r"for whoever|whoever (?:reads|asks|derives|calls|read)": "the reader, the caller",
    r"without a word": "silently",
    r"of no good": "of failure",
    r"(?:read|reads) otherwise": "is read differently",
    r"what stands behind": "what follows",
    r"cut short": "cut off (bytes), interrupted (a run)",
    r"is gone on with|gone on with|goes on with": "is continued",
    r"somebody else's": "another page's",
    r"not to be had(?! from the archive)": "not available",  # the kind of problem stays
    r"stands still": "does not change",
    r"as it stands there": "as written there",
    r"are of its own making": "its own",
    r"cost (?:some|two) workers": "crashed its worker",
    r"their lives": "crashed",
}
LATER = ("embassy_scraper/intake/anew.py", "pipelines/tables/database.py")  # to be mended
PROSE = ("README.md", "CHANGELOG.md", *(f"docs/{one.name}" for one in (ROOT / "docs").glob("*.md")))


def found(text: str) -> list[str]:
    """What *text* has of the phrases, each with what to write instead."""
    flat = " ".join(text.split())
    return [
        f"{match[0]!r}: write {plain!r}"
        for phrase, plain in FORBIDDEN.items()
        for match in re.finditer(phrase, flat)
    ]


def test_every_message_of_the_program_is_plain() -> None:
    said = messages()
    assert len(said) > 300
    assert not [f"{one.file}:{one.line} {why}" for one in said for why in found(one.text)]


@pytest.mark.parametrize("name", PROSE)
def test_every_document_is_plain(name: str) -> None:
    assert not found((ROOT / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_docstring_is_plain(folder: str) -> None:
    unplain = []
    for path in sorted((ROOT / folder).rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if name in LATER:
            continue
        unplain += [f"{name}: {why}" for text in docstrings(path) for why in found(text)]
    assert not unplain


def docstrings(path: Path) -> Iterator[str]:
    """The docstrings of a module, its classes and its functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield ast.get_docstring(node) or ""
