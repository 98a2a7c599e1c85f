"""What docs/tables.md, docs/recipes.md and docs/problems.md say, made of files of this folder.

``python -m embassy_scraper.web.docs tables`` prints the first, ``recipes`` the second, and
``problems`` the third.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from itertools import groupby
from pathlib import Path
from typing import Any

from embassy_scraper.web.pages.problems import told_problems
from embassy_scraper.web.tables import described
from pipelines.tables.database import open_database

_TABLES = """\
# The tables, column by column

One SQLite file, `data/embassy.db`. Instants are UTC, `YYYY-MM-DDTHH:MM:SSZ`; dates are
`YYYY-MM-DD`; what is not known is `NULL`; a column without a type is reckoned by its view. What
begins with `_` is internal and may change. `embassy-scraper serve` shows all of this in a browser;
[recipes.md](recipes.md) has questions to begin with, and [glossary.md](glossary.md) the words.

There each table and view comes as CSV and JSON too, and all but five as a feed. `sightings`,
`snapshots`, `headers` and `problems` have none, for their rows have no time of their own, only that
of their capture; what is new in them stands in `changes` or on the page of the capture. Nor has
`counters`, whose rows are rewritten with each look; `counter_readings` has what is new of them.

This file is printed by `python -m embassy_scraper.web.docs tables`.
"""
_RECIPES = """\
# Recipes: what people ask first

Each question is answered on the page Questions of `embassy-scraper serve`, as a table, CSV, JSON
and mostly a feed; or in any program that reads SQLite:

```
sqlite3 -header -column data/embassy.db < question.sql
```

What begins with `:` is asked for; in the `sqlite3` program `.parameter set :since '2021-03-01'`
gives it. An empty text stands for "anything". [tables.md](tables.md) says what the columns mean.

This file is printed by `python -m embassy_scraper.web.docs recipes`.
"""
_PROBLEMS = """\
# What the problems mean

`embassy-scraper problems` names what could not be read by these kinds. None of it is ever reported
as a change of the site. `embassy-scraper show CAPTURE` prints what else was read from the capture.

This file is printed by `python -m embassy_scraper.web.docs problems`.
"""
_GROUPS = {
    "page": "A page came in, and something on it was not read",
    "rejected": "A file or an answer was rejected, and nothing of it is stored",
}


def tables() -> Iterator[str]:
    """Yield the text of docs/tables.md."""
    yield _TABLES
    types = _types()
    found = described()["tables"].items()
    for group, members in groupby(found, key=lambda one: one[1]["group"]):
        yield f"\n## {group}\n"
        for name, one in members:
            yield f"\n### `{name}`\n\n{one['description']}\n\n"
            yield "| column | type | says |\n|---|---|---|\n"
            for column, says in one["columns"].items():
                yield f"| `{column}` | {types[name, column]} | {says} |\n"


def recipes() -> Iterator[str]:
    """Yield the text of docs/recipes.md."""
    yield _RECIPES
    found = described()["questions"].items()
    for group, members in groupby(found, key=lambda one: one[1]["group"]):
        yield f"\n## {group}\n"
        for _, one in members:
            yield f"\n### {one['title']}\n\n{one['description']}\n{_asked(one)}"
            yield f"\n```sql\n{one['sql'].strip()}\n```\n"


def problems() -> Iterator[str]:
    """Yield the text of docs/problems.md."""
    yield _PROBLEMS
    for group, members in groupby(told_problems(), key=lambda one: one["group"]):
        yield f"\n## {_GROUPS[group]}\n\n| kind | means | what to do |\n|---|---|---|\n"
        for one in members:
            kinds = ", ".join(f"`{kind}`" for kind in one["kinds"])
            yield f"| {kinds} | {one['means']} | {one['todo']} |\n"


def _asked(question: dict[str, Any]) -> str:
    given = question.get("parameters", {})
    told = ", ".join(f"`:{name}`, such as `{example}`" for name, example in given.items())
    return f"It asks for {told}.\n" if told else ""


def _types() -> dict[tuple[str, str], str]:
    """Return the types of all columns of a new history, in words; those of views may be any."""
    words = {"TEXT": "text", "INTEGER": "number", "REAL": "number"}
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(open_database(Path(folder) / "embassy.db")) as connection,
    ):
        rows = connection.execute(
            "SELECT m.name, c.name, c.type FROM sqlite_master m, pragma_table_xinfo(m.name) c"
            " WHERE m.type IN ('table', 'view')"
        ).fetchall()
    return {(table, column): words.get(type_, "") for table, column, type_ in rows}


_PRINTED = {"tables": tables, "recipes": recipes, "problems": problems}

if __name__ == "__main__":
    sys.stdout.writelines(_PRINTED[sys.argv[1]]())
