"""``python -m tests.docs.reliability`` writes anew what docs/reliability.md is given by programs.

That is each text between the markers of a section, or the first table there. The tables of faults
and of a year take hours to make: ``python -m tests.faults --docs`` and ``python -m tests.year
--docs`` put them there.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from embassy_scraper import limits
from tests.live.site import ROOT

DOCS = ROOT / "docs" / "reliability.md"
_TABLE = re.compile(r"^\|.*\|\n(?:\|.*\|\n)+", re.M)


def section(docs: str, name: str) -> str:
    """What stands in *docs* between the markers of the section *name*."""
    return docs.partition(f"<!-- {name} -->\n")[2].partition(f"<!-- /{name} -->")[0]


def with_section(docs: str, name: str, text: str) -> str:
    """*docs*, with *text* as the section *name*."""
    begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
    assert begin in docs, name
    return f"{docs.partition(begin)[0]}{begin}{text}{end}{docs.partition(end)[2]}"


def with_table(docs: str, name: str, table: str) -> str:
    """*docs*, with *table* in place of the first one of the section *name*, or at its end."""
    text = section(docs, name)
    new, count = _TABLE.subn(lambda _: table, text, count=1)
    return with_section(docs, name, new if count else text + table)


def with_limits(docs: str) -> str:
    """*docs* with the limits that the code keeps."""
    return with_section(docs, "limits", "".join(limits.as_markdown()))


def with_hosts(docs: str) -> str:
    """*docs* with the cases of a host that ends."""
    from tests.crawl.test_hosts import table

    return with_table(docs, "hosts", table())


def with_faults(docs: str) -> str:
    """*docs* with the faults as they were counted, and added up."""
    from tests.faults.__main__ import with_found

    return with_found(docs, [])


PRINTED: tuple[Callable[[str], str], ...] = (with_limits, with_hosts, with_faults)

if __name__ == "__main__":
    text = DOCS.read_text(encoding="utf-8")
    for put in PRINTED:
        text = put(text)
    DOCS.write_text(text, encoding="utf-8")
