"""The glossary names every table, view and class that a reader meets."""

import ast
import re
from pathlib import Path

from .messages import FOLDERS

ROOT = Path(__file__).parents[2]
GLOSSARY = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"`(\w+)`", GLOSSARY))


def test_every_table_and_view_is_in_the_glossary() -> None:
    tables = ROOT / "pipelines/tables"
    sql = "".join(
        (tables / name).read_text("utf-8") for name in ("schema.sql", "looking.sql", "views.sql")
    )
    there = set(re.findall(r"^CREATE (?:VIRTUAL )?(?:TABLE|VIEW) (\w+)", sql, re.M))
    assert "statements" in there and "version_pairs" in there
    assert there <= NAMED, there - NAMED


def test_every_noun_of_the_items_is_in_the_glossary() -> None:
    tree = ast.parse((ROOT / "embassy_scraper/items.py").read_text("utf-8"))
    there = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    assert "Sighting" in there
    assert there <= NAMED, there - NAMED


def test_what_the_glossary_names_in_code_exists() -> None:
    files = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*"))
    sources = [path.read_text("utf-8") for path in files if path.suffix in (".py", ".sql", ".toml")]
    words = set(re.findall(r"\w+", "\n".join(sources)))
    assert words >= NAMED, NAMED - words
