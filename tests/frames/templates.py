"""Pages in the manner of many kinds of software, with all that these put around a text."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Template

from .markup import closing, header, pager, text
from .model import Entry, Model
from .pour import HEADER, MAIN, OWN, load, with_document_title
from .style import draw
from .texts import MODELS

FILE = Path(__file__).with_name("templates.toml")


@dataclass(frozen=True, slots=True)
class Dressed:
    """One page in the manner of one software, and what a reader should find in it."""

    software: str
    model: Model
    html: str


def all_templates() -> Iterator[Dressed]:
    """Yield statement, listing and homepage of every software."""
    for number, (software, template) in enumerate(tomllib.loads(FILE.read_text()).items()):
        for kind, make in MODELS.items():
            model = make(number)
            main = _statement(model, template) if kind == "statement" else _list(model, template)
            yield Dressed(software, model, _page(software, template, model, main))


def _page(software: str, template: dict[str, str], model: Model, main: str) -> str:
    style = draw(software, counters="with the header")
    page = load(OWN / f"{software}.html").replace(HEADER, header(model.head, style), 1)
    page = page.replace(MAIN, main, 1)
    is_titled = template.get("document_title") and model.title
    return with_document_title(page, model.title or "") if is_titled else page


def _statement(model: Model, template: dict[str, str]) -> str:
    paragraph = Template(template.get("paragraph", "<p>$text</p>"))
    has_heading = "LATEST EVENTS" in template["statement"]
    latest = _entries(model.block, template) + closing()
    return Template(template["statement"]).substitute(
        heading=model.heading,
        date=model.on,
        title=text(model.title or ""),
        text="\n".join(paragraph.substitute(text=text(words)) for _, words in model.body),
        signature=model.signature,
        latest=latest if has_heading else f"<h3>LATEST EVENTS</h3>{latest}",
    )


def _list(model: Model, template: dict[str, str]) -> str:
    return Template(template["listing"]).substitute(
        heading=model.heading,
        pager=pager(model.pager) if model.pager else "",
        entries=_entries(model.entries, template),
        closing=closing() if model.kind == "home" else "",
    )


def _entries(entries: Iterable[Entry], template: dict[str, str]) -> str:
    shape = Template(template["entry"])
    return "\n".join(
        shape.substitute(
            date=entry.on,
            href=f"/{entry.key}",
            title=text(entry.title),
            lead=text(entry.lead),
            number=number,
        )
        for number, entry in enumerate(entries, start=2)
    )
