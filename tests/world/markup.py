"""One document as HTML, in any of the markups."""

from __future__ import annotations

from .frame import to_frame
from .inline import HOSTS, email_link, safe
from .markups import HEAD, MARKUPS, SCRIPT, STYLE, Markup
from .pages import Doc, Item, signature_text


def to_html(doc: Doc) -> str:
    if doc.kind == "refusal":
        return _refusal(doc)
    if doc.capture.dress.is_frame:
        return to_frame(doc)
    markup = MARKUPS[doc.capture.dress.markup]
    charset = doc.capture.dress.charset
    meta = f'<meta charset="{charset}">' if doc.capture.dress.declared == "meta" else ""
    head = HEAD.format(meta=meta).format(STYLE + SCRIPT).replace("{{", "{").replace("}}", "}")
    page = markup.page.replace("{{", "{").replace("}}", "}")
    for slot, text in (
        ("{header}", _header(doc, markup)),
        ("{main}", _main(doc, markup)),
        ("{block}", _block(doc, markup)),
    ):
        page = page.replace(slot, text)
    return "<!DOCTYPE html>\n" + head + page


def _refusal(doc: Doc) -> str:
    text = "Not Found" if doc.status in (404, 410) else "Forbidden"
    if doc.capture.fault == "blocked":
        text = "Checking your browser before accessing rusemb.org.uk."
    return f"<html><head><title>{text}</title></head><body><h1>{text}</h1></body></html>"


def _put(template: str, text: str, markup: Markup) -> str:
    whole = _upper(template) if markup.upper else template
    return whole.replace("{T}", "{t}").replace("{t}", text)


def _upper(template: str) -> str:
    """The template in capitals, its {slots}, links and words kept."""
    out, inside = [], False
    for part in template.replace("<", "\0<").replace(">", ">\0").split("\0"):
        inside = part.startswith("<") and "href" not in part
        out.append(part.upper() if inside else part)
    return "".join(out)


def _header(doc: Doc, markup: Markup) -> str:
    header = doc.header
    assert header is not None
    moscow, london = ("Москва:", "Лондон:") if header.russian else ("Moscow:", "London:")
    lines = [
        safe(header.date_text),
        f"{moscow} {header.clocks[0]}",
        f"{london} {header.clocks[1]}",
        safe(header.contact.label) + "&nbsp;&nbsp;",
        safe(header.contact.phone) + "&nbsp;&nbsp;",
    ]
    if doc.form_a and doc.capture.dress.email != "none":
        lines.append(email_link(header.contact.email, doc.capture.dress.email))
    out = "".join(_put(markup.line, t, markup) for t in lines)
    if header.counters:
        joined = (341 * "&nbsp;").join(safe(t) for t in header.counter_texts())
        out += _put(markup.counters, joined, markup)
    return out


def _main(doc: Doc, markup: Markup) -> str:
    out = _put(markup.heading, safe(doc.heading), markup) if doc.heading else ""
    if doc.kind == "listing":
        out += _put(markup.line, "Pages: ««« :: 123456789101112131415 :: »»»", markup)
    if doc.items:
        out += _put(markup.items, _items(doc.items, markup, doc.capture.at.minute), markup)
        return out + (markup.closing if doc.kind == "home" else "")
    if doc.on:
        out += _put(markup.date, f"{doc.on:%d.%m.%Y}", markup)
    if doc.title:
        out += _put(markup.title, safe(doc.title), markup)
    texts = [*doc.paragraphs, *([signature_text(doc.signed)] if doc.signed else [])]
    return out + "".join(_put(markup.para, safe(t), markup) for t in texts)


def _block(doc: Doc, markup: Markup) -> str:
    if doc.block is None:
        return ""
    out = _put(markup.heading, "LATEST EVENTS", markup) if doc.form_a else ""
    out += _put(markup.items, _items(doc.block, markup, doc.capture.at.minute + 1), markup)
    return out + markup.closing


def _items(items: tuple[Item, ...], markup: Markup, turn: int) -> str:
    return "\n".join(_item(item, markup, HOSTS[(turn + i) % 4]) for i, item in enumerate(items))


def _item(item: Item, markup: Markup, host: str) -> str:
    template = _upper(markup.item) if markup.upper else markup.item
    for upper, slot in (("{D}", "{d}"), ("{A}", "{a}"), ("{L}", "{l}")):
        template = template.replace(upper, slot)
    link = f'<a href="{host}/{item.url_key}">{safe(item.title)}</a>'
    return (
        template.replace("{d}", item.date_text).replace("{a}", link).replace("{l}", safe(item.lead))
    )
