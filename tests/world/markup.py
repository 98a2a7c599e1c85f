"""One document as HTML: in the site's frame, or in one of the tests' markups."""

from __future__ import annotations

from dataclasses import replace

from ..inline import HOSTS
from ..markups import PAGER, STYLES
from ..markups import to_html as in_style
from ..page_model import Entry, Model
from .frame import to_frame
from .pages import Doc, Item, signature_text

SITE = "https://www.rusemb.org.uk/"
META = "<meta charset=utf-8>"
PROVABLE = ("definitions", "divs", "hiding", "left menu", "legacy", "lists", "news table",
            "semantic", "siblings", "spans", "tables", "unclosed")  # fmt: skip


def to_html(doc: Doc) -> str:
    if doc.kind == "refusal":
        return _refusal(doc)
    dress = doc.capture.dress
    if dress.is_frame:
        return to_frame(doc)
    page = in_style(model_of(doc), replace(STYLES[dress.markup], email=dress.email))
    said = f'<meta charset="{dress.charset}">' if dress.declared == "meta" else ""
    return page.replace(META, said)


def _refusal(doc: Doc) -> str:
    text = "Not Found" if doc.status in (404, 410) else "Forbidden"
    if doc.capture.fault == "blocked":
        text = "Checking your browser before accessing rusemb.org.uk."
    return f"<html><head><title>{text}</title></head><body><h1>{text}</h1></body></html>"


def model_of(doc: Doc) -> Model:
    """What the document says, as the markups take it."""
    header, minute = doc.header, doc.capture.at.minute
    assert header is not None
    moscow, london = ("Москва:", "Лондон:") if header.russian else ("Moscow:", "London:")
    return Model(
        url=SITE if doc.kind == "home" else f"{SITE}{doc.url_key or doc.kind}",
        date=header.date_text,
        clocks=(f"{moscow} {header.clocks[0]}", f"{london} {header.clocks[1]}"),
        label=header.contact.label,
        phone=header.contact.phone,
        email=None if doc.capture.dress.email == "none" else header.contact.email,
        counters=tuple(header.counter_texts()),
        heading=doc.heading,
        on=f"{doc.on:%d.%m.%Y}" if doc.on else None,
        title=doc.title,
        body=tuple(p.replace("\n", " ") for p in doc.paragraphs),  # no line ends there
        signature=signature_text(doc.signed) if doc.signed else None,
        pager=PAGER if doc.kind == "listing" else None,
        items=_entries(doc.items, minute),
        block=_entries(doc.block or (), minute + 1),
    )


def _entries(items: tuple[Item, ...], turn: int) -> tuple[Entry, ...]:
    return tuple(
        Entry(item.date_text, item.title, item.lead, item.url_key, HOSTS[(turn + i) % 4])
        for i, item in enumerate(items)
    )
