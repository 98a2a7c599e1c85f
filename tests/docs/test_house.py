"""Modules and functions stay small, and what is too long is listed until it is mended."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("embassy_scraper", "pipelines")
MODULE_LINES, FUNCTION_LINES = 300, 40
LONG_MODULES: set[str] = set()
LONG_FUNCTIONS: set[str] = set()


def _modules() -> Iterator[tuple[str, str]]:
    """Yield every module by its path, with its text."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


def _functions(node: ast.AST, within: str) -> Iterator[tuple[str, int]]:
    """Yield every function below *node* by its module and qualified name, and its lines."""
    for child in ast.iter_child_nodes(node):
        name = within
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            name = f"{within}{'.' if ':' in within else ':'}{child.name}"
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield name, _lines(child)
        yield from _functions(child, name)


def _lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return how many lines *function* has, its docstring included, its decorators not."""
    assert function.end_lineno is not None
    return function.end_lineno - function.lineno + 1


def test_no_module_is_long_but_those_that_are_listed() -> None:
    found = {name for name, text in _modules() if text.count("\n") > MODULE_LINES}
    assert found == LONG_MODULES


def test_no_function_is_long_but_those_that_are_listed() -> None:
    found = {
        name
        for path, text in _modules()
        for name, lines in _functions(ast.parse(text), path)
        if lines > FUNCTION_LINES
    }
    assert found == LONG_FUNCTIONS


def test_what_is_cited_of_the_laws_and_of_the_site_stands_in_the_docs() -> None:
    files = [*ROOT.glob("*.md"), ROOT / "pyproject.toml", ROOT / "Makefile"]
    for folder in (*ROOMS, "tests", "benchmarks", "docs"):
        for end in ("*.py", "*.sql", "*.toml", "*.md"):
            files += (ROOT / folder).rglob(end)
    cited = {word for path in files for word in _cited(path.read_text(encoding="utf-8"))}
    assert {"docs/laws.md", "docs/site.md"} <= cited
    for name in sorted(cited):
        assert (ROOT / name).is_file(), name


def _cited(text: str) -> set[str]:
    return set(re.findall(r"\bdocs/[\w/-]+\.md\b", text))


def test_the_groups_of_tables_in_the_design_are_those_of_the_schema() -> None:
    schema = (ROOT / "pipelines/tables/schema.sql").read_text(encoding="utf-8")
    groups = re.split(r"^-- (\w+)[^\n]* -{20,}$", schema, flags=re.M)[1:]
    there = {
        title.lower(): set(re.findall(r"^CREATE TABLE (\w+)", part, re.M))
        for title, part in zip(groups[::2], groups[1::2], strict=True)
    }
    later = (ROOT / "pipelines/tables/looking.sql").read_text(encoding="utf-8")
    there["state"].update(re.findall(r"^CREATE TABLE (\w+)", later, re.M))
    design = (ROOT / "docs/design.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (facts|between|derived|state) \| (.+?) \|", design, re.M)
    assert {group: set(re.findall(r"`(\w+)`", names)) for group, names in rows} == there
