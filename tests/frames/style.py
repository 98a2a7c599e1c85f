"""How the poured parts are marked up: one choice for every question, drawn for every page."""

from __future__ import annotations

from dataclasses import dataclass, fields
from random import Random

CHOICES: dict[str, tuple[str, ...]] = {
    "heading": ("h1", "h2", "h3", "div", "p", "span"),
    "title": ("h1", "h2", "h3", "div", "p"),
    "date": ("p", "h2", "h3", "div", "span", "time"),
    "order": ("date first", "date first", "title first"),
    "paragraph": ("p", "p", "p", "div", "br"),
    "entry": (
        "h3 dash",
        "p dash",
        "div span",
        "list item",
        "date above",
        "date below",
        "table row",
        "table cell",
        "plain p",
    ),
    "container": ("", "div", "article", "table", "section"),
    "classes": ("none", "ours", "theirs"),
    "header": ("p", "div", "table", "spans"),
    "counters": ("with the header", "with the header", "before the main part"),
}
_CLASS_NAMES = {
    "ours": {"date": "item-date", "title": "item-title", "lead": "lead", "heading": "part"},
    "theirs": {"date": "entry-meta", "title": "entry-title", "lead": "excerpt", "heading": "hd"},
}


@dataclass(frozen=True, slots=True)
class Style:
    """One way to mark up a page."""

    heading: str
    title: str
    date: str
    order: str
    paragraph: str
    entry: str
    container: str
    classes: str
    header: str
    counters: str

    def tag(self, tag: str, role: str, html: str) -> str:
        """Return *html* in an element, with the class that its role has in this style."""
        name = _CLASS_NAMES.get(self.classes, {}).get(role)
        return f'<{tag} class="{name}">{html}</{tag}>' if name else f"<{tag}>{html}</{tag}>"

    @property
    def own_tag(self) -> str:
        """Return an element that this style does not use for paragraphs."""
        return "section" if self.paragraph == "div" else "div"

    def said(self) -> str:
        """Return the style in one line."""
        return ", ".join(f"{field.name} {getattr(self, field.name)!r}" for field in fields(self))


def draw(seed: str, **forced: str) -> Style:
    """Return the style that *seed* stands for; *forced* choices are not drawn."""
    rng = Random(seed)
    drawn = {name: rng.choice(choices) for name, choices in CHOICES.items()}
    return Style(**(drawn | forced))
