"""A document as visible text, form A and form B, to the letter of site.md; and as bytes."""

from __future__ import annotations

from .markup import to_html
from .noise import with_noise
from .pages import CUT, Doc, Header, Item, signature_text

NBSP = "\u00a0"
PAGER = "Pages: ««« :: 123456789101112131415 :: »»»"
BLOCKED = "Checking your browser before accessing rusemb.org.uk."
HIDDEN_EMAIL = f"[email{NBSP}protected]"
TEXT_MEDIA = ("txt", "wet")


def to_text(doc: Doc) -> str:
    """The visible text; `all messages` last, with no newline after it."""
    if doc.kind == "refusal":
        return refusal_text(doc)
    parts = [header_text(doc.header, doc), "\n\n\n"] if doc.header else []
    parts.append(main_text(doc))
    if doc.kind == "home":
        parts.append("\n\nall messages")
    if doc.block is not None:
        parts.append("\n\n\n" + ("LATEST EVENTS\n" if doc.form_a else ""))
        parts.append(items_text(doc.block) + "\n\nall messages")
    return "".join(parts)


def refusal_text(doc: Doc) -> str:
    if doc.capture.fault == "blocked":
        return BLOCKED + "\n\nThis process is automatic. Your browser will redirect shortly."
    return f"{doc.status} {'Not Found' if doc.status in (404, 410) else 'Forbidden'}"


def header_text(header: Header, doc: Doc) -> str:
    moscow, london = ("Москва:", "Лондон:") if header.russian else ("Moscow:", "London:")
    lines = [
        header.date_text,
        f"{moscow} {header.clocks[0]}",
        f"{london} {header.clocks[1]}",
        "",
        header.contact.label + 2 * NBSP,
        header.contact.phone + 2 * NBSP,
    ]
    if doc.form_a and doc.capture.dress.email != "none":
        lines.append(HIDDEN_EMAIL if doc.capture.dress.email == "hidden" else header.contact.email)
    if header.counters:
        lines += ["", (341 * NBSP).join(header.counter_texts())]
    return "\n".join(lines)


def main_text(doc: Doc) -> str:
    head = [doc.heading] if doc.heading else []
    if doc.kind == "listing":
        return "\n".join([*head, PAGER, "", items_text(doc.items)])
    if doc.kind == "home":
        return "\n\n".join([*head, items_text(doc.items)])
    if doc.on:
        head.append(f"{doc.on:%d.%m.%Y}")
    if doc.title:
        head.append(doc.title)
    body = list(doc.paragraphs)
    if doc.signed:
        body.append(signature_text(doc.signed))
    return "\n\n".join(["\n".join(head), *body])


def items_text(items: tuple[Item, ...]) -> str:
    return "\n\n".join(f"{i.date_text} - {i.title}\n\n{i.lead}" for i in items)


def written(doc: Doc) -> tuple[bytes, int]:
    """The bytes of the page as saved, and the length it had before it was cut off."""
    doc = with_noise(doc)
    if doc.capture.dress.medium in TEXT_MEDIA:
        text, charset = to_text(doc), "utf-8"
    else:
        text, charset = to_html(doc), doc.capture.dress.charset
    kept, _, lost = text.partition(CUT)
    errors = "strict" if charset == "utf-8" else "xmlcharrefreplace"
    payload = kept.encode(charset, errors)
    announced = len(payload) + len(lost.encode(charset, errors))
    if doc.capture.keep is not None:
        payload = payload[: int(doc.capture.keep * len(payload))]
    return payload, announced
