"""Every text of the program that can reach a person: ``python -m tests.docs.messages`` prints them.

A message may travel through many hands before it is printed, so every text of the source that
reads as prose is taken, whoever says it. Left out are SQL, docstrings that ``--help`` does not
print, and texts that are no prose (names, patterns, formats). Values stand as ``{…}``.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("embassy_scraper", "pipelines")
# Their first argument is a kind or a message even if it is one word.
SPEAKERS = {
    "PageProblem", "CaptureRejected", "withheld", "NoPage", "echo", "say", "_say", "fail",
    "UsageError", "BadParameter", "ClickException", "show",
}  # fmt: skip
SQL = re.compile(
    r"\s*(SELECT|INSERT|UPDATE|DELETE|CREATE|WITH|PRAGMA|ATTACH|DETACH|DROP|BEGIN|FROM|WHERE|JOIN"
    r"|AND|OR|ORDER|GROUP|VALUES|LEFT|UNION|ALTER|REPLACE|VACUUM|ON|EXISTS|NOT EXISTS|LIMIT)\b"
    r"|.*(?:\bWHERE\b|\bSELECT\b|\bIS (?:NOT )?NULL\b|\bGLOB\b|\bIN \(\{…\}\)|\bfirst [<>])"
)
NO_PROSE = re.compile(r"<\w|\(\?|charset=|(?:\b[a-z]+ ){8,}[a-z]+ul$")
FOREIGN = re.compile(r"pages/phrases|replica/(?:boxes|chrome|frame|markups|pages|sections)\.py")
PROSE = re.compile(r"[A-Za-z]{2,}[,;:]? +(?:[a-zA-Z]|\{…\})|\{…\}[,;:]? +[a-z]{2,}")


@dataclass(frozen=True, slots=True)
class Message:
    """One text as it stands in a file."""

    file: str
    line: int
    text: str


def messages() -> list[Message]:
    """Every text that can reach a person, in the order of files and lines."""
    found = []
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if FOREIGN.search(name):  # what other pages say, and what the invented site says
                continue
            tree = ast.parse(path.read_text(encoding="utf-8"))
            found += [Message(name, line, text) for line, text in sorted(set(_texts(tree)))]
    return found


def _texts(tree: ast.Module) -> Iterator[tuple[int, str]]:
    hidden = set(_docstrings(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            hidden.update(id(part) for part in ast.walk(node) if isinstance(part, ast.Constant))
    spoken = set(_spoken(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in hidden:
            text = _shown(node)
            if id(node) in spoken or is_prose(text):
                yield node.lineno, text
    for function in _commands(tree):
        yield function.lineno, " ".join((ast.get_docstring(function) or "").split())


def is_prose(text: str) -> bool:
    """Whether *text* is words for a person: no SQL, markup or pattern."""
    return bool(PROSE.search(text) and not SQL.match(text) and not NO_PROSE.search(text))


def _shown(node: ast.expr) -> str:
    """The text of a literal, with ``{…}`` for each value in it."""
    if isinstance(node, ast.JoinedStr):
        return "".join(_shown(part) for part in node.values)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return " ".join(node.value.split(" "))
    return "{…}" if isinstance(node, ast.FormattedValue) else ""


def _docstrings(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            yield id(body[0].value)


def _spoken(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            first = node.args[0]
            if name in SPEAKERS and isinstance(first, ast.Constant) and first.value:
                yield id(first)


def _commands(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            marks = " ".join(ast.unparse(mark) for mark in node.decorator_list)
            if ".command" in marks or ".group" in marks:
                yield node


def main() -> None:
    """Print every message, grouped by file."""
    file = ""
    for one in messages():
        if one.file != file:
            file = one.file
            print(f"\n{file}")
        print(f"{one.line:5} {' '.join(one.text.split())}")


if __name__ == "__main__":
    main()
