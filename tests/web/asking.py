"""Pages asked for as a browser does, and what stands on them."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import dataclass
from pathlib import Path

from lxml import html

from embassy_scraper.web.server import make_datasette


@dataclass(frozen=True)
class Got:
    """An answer; ``text`` is what a person reads of it, without what is only spoken."""

    status: int
    body: bytes
    headers: dict[str, str]

    @property
    def source(self) -> str:
        return self.body.decode()

    @property
    def tree(self) -> html.HtmlElement:
        return html.document_fromstring(self.body, parser=html.HTMLParser(encoding="utf-8"))

    @property
    def text(self) -> str:
        tree = self.tree
        for hidden in tree.xpath("//script | //style | //*[@class='spoken']"):
            hidden.drop_tree()
        return " ".join(tree.text_content().split())

    def all(self, path: str) -> list[str]:
        """The texts of the elements that an XPath finds."""
        found = self.tree.xpath(path)
        return [" ".join((e if isinstance(e, str) else e.text_content()).split()) for e in found]


def get(db: Path, *addresses: str) -> list[Got]:
    """What the pages of the history *db* answer."""

    async def ask() -> list[Got]:
        datasette = make_datasette(db)
        await datasette.invoke_startup()
        answers = [await datasette.client.get(address) for address in addresses]
        return [Got(a.status_code, a.content, dict(a.headers)) for a in answers]

    return asyncio.run(ask())


def page(db: Path, address: str) -> Got:
    """A page that is there, sound, and has no markup but ours."""
    (got,) = get(db, address)
    assert got.status == 200, got.text
    check(got)
    return got


def check(got: Got) -> None:
    """Headings nest, tables have captions and scopes, ids are once, scripts are files of ours."""
    tree = got.tree
    levels = [int(one.tag[1]) for one in tree.iter("h1", "h2", "h3", "h4")]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    for table in tree.iter("table"):
        assert table.find("caption") is not None
        assert all(cell.get("scope") for cell in table.iter("th"))
        frame = next(one for one in table.iterancestors() if one.get("class") == "wide")
        assert frame.get("tabindex") == "0" and frame.get("aria-label")
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert all(not one.text for one in tree.iter("script"))
    assert not tree.xpath("//@*[starts-with(name(), 'on')]")
    assert not [href for href in tree.xpath("//@href") if href.lower().startswith("javascript")]
