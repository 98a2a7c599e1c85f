"""One document as HTML: in the site's frame, or in one of the tests' markups."""

from __future__ import annotations

from dataclasses import replace

from ..frame_markups import FrameStyle, to_frame
from ..inline import HOSTS
from ..markups import PAGER, STYLES
from ..markups import to_html as in_style
from ..page_model import Entry, Model
from .pages import Doc, Item, signature_text

SITE = "https://www.rusemb.org.uk/"
META, IN_FRAME = "<meta charset=utf-8>", "; charset=utf-8"
PROVABLE = ("definitions", "divs", "hiding", "left menu", "legacy", "lists", "news table",
            "semantic", "siblings", "spans", "tables", "unclosed")  # fmt: skip


def to_html(doc: Doc) -> str:
    if doc.kind == "refusal":
        return _refusal(doc)
    dress = doc.capture.dress
    is_declared = dress.declared == "meta"
    if dress.is_frame:
        page = to_frame(model_of(doc), FrameStyle(email=dress.email))
        return page.replace(IN_FRAME, f"; charset={dress.charset}" if is_declared else "")
    page = in_style(model_of(doc), replace(STYLES[dress.markup], email=dress.email))
    if "</html>" not in page.lower():  # here what has no end is cut off
        page += "</body></html>"
    return page.replace(META, f'<meta charset="{dress.charset}">' if is_declared else "")


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
        url=_address(doc),
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
        boxes=tuple((heading, *_entries((item,), 0)) for heading, item in doc.boxes),
    )


def _address(doc: Doc) -> str:
    if doc.kind == "listing":
        return f"{SITE}{doc.list_name}/&start={doc.start}&ps=10&ppp=15"
    return SITE if doc.kind == "home" else f"{SITE}{doc.url_key or doc.kind}"


def _entries(items: tuple[Item, ...], turn: int) -> tuple[Entry, ...]:
    return tuple(
        Entry(item.date_text, item.title, item.lead, item.url_key, HOSTS[(turn + i) % 4])
        for i, item in enumerate(items)
    )
