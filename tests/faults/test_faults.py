"""Each verb at some of its writes, with every kind of fault; the docs have what all writes gave."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.__main__ import with_found
from tests.faults.found import Found, table
from tests.faults.shim import COLUMNS, FAULTS, compiler
from tests.faults.tried import try_verb
from tests.faults.verbs import VERBS

pytestmark = [
    pytest.mark.peer,
    pytest.mark.skipif(compiler() is None, reason="no C compiler is here; apt-get install gcc"),
]
EVERY = {  # of the writes only every n-th: about thirty faults each
    "ingest": 70, "ingest-between": 35, "crawl": 90, "second-round": 50, "backfill": 90,
    "rebuild": 130, "rebuild-from": 130, "retract": 25, "undo": 25, "report": 35,
    "report-to-file": 35, "tell": 9,
}  # fmt: skip


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_that_fails_and_is_run_again_ends_in_the_undisturbed_history(
    verb: str, memory: Path
) -> None:
    found = try_verb(verb, memory, most=2, every=EVERY[verb])
    print(table([found]))
    assert found.lines == []
    assert set(found.faults) == set(COLUMNS)
    assert sum(found.faults.values()) >= 15


def test_the_table_takes_the_place_of_the_one_before() -> None:
    found = [Found("ingest", 3), Found("crawl", 1200)]
    found[0].count(FAULTS[0], [("lost", "a row")], "call 1")
    told = table(found)
    assert "| ingest | 3 | 1 | 0 | 0 | 0 | 1 | 1 | 0 | 0 | 0 |\n" in told
    assert told.endswith("| all | 1,203 | 1 | 0 | 0 | 0 | 1 | 1 | 0 | 0 | 0 |\n")
    docs = "# A\n<!-- faults -->\nWords.\n\n{}\nMore.\n<!-- /faults -->\n\n| a |\n| b |\n"
    assert with_found(docs.format("| old |\n| --- |\n"), found) == docs.format(told)
    assert with_found(docs.format(told), found[1:]) == docs.format(told)
    assert with_found(docs.format(told), [Found("crawl", 7)]) == docs.format(
        told.replace("1,203", "10").replace("1,200", "7")
    )
    empty = "<!-- faults -->\n<!-- /faults -->"
    assert with_found(empty, found) == f"<!-- faults -->\n{told}<!-- /faults -->"
