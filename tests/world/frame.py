"""One document in the site's real frame: the markup of its homepage of 18 March 2018."""

from __future__ import annotations

from embassy_scraper.replica.boxes import box, closing, columns, entry, feed_row, side_box
from embassy_scraper.replica.chrome import Around, whole_page
from embassy_scraper.replica.sections import SHIPPED

from ..inline import HOSTS, email_link, safe
from .pages import Doc, Header, Item, signature_text

NUMBERS = range(1, 16)
META = "text/html; charset=utf-8"
FEED = "http://twitter.com/somebody"


def to_frame(doc: Doc) -> str:
    assert doc.header is not None
    page = whole_page(_around(doc, doc.header), SHIPPED, _parts(doc))
    dress = doc.capture.dress
    said = META.replace("utf-8", dress.charset) if dress.declared == "meta" else "text/html"
    return page.replace(META, said)


def _around(doc: Doc, header: Header) -> Around:
    moscow, london = ("Москва:", "Лондон:") if header.russian else ("Moscow:", "London:")
    lines = [safe(header.contact.label), safe(header.contact.phone)]
    if doc.capture.dress.email != "none":
        lines.append(email_link(header.contact.email, doc.capture.dress.email))
    return Around(
        clock=(
            safe(header.date_text),
            f"{moscow} {header.clocks[0]}",
            f"{london} {header.clocks[1]}",
        ),
        contacts=tuple(lines),
        counters=(341 * "&nbsp;").join(safe(t) for t in header.counter_texts()),
    )


def _parts(doc: Doc) -> str:
    if doc.kind == "home":
        return _home(doc)
    block = ""
    if doc.block is not None:
        block = box(SHIPPED.latest, _entries(doc, doc.block) + _closing())
    return f"{_main(doc)}\n\n{block}"


def _main(doc: Doc) -> str:
    if doc.kind == "listing":
        return box(safe(doc.heading or ""), _pager(doc) + _entries(doc, doc.items))
    if doc.kind == "static":
        return box(safe(doc.title or ""), _paragraphs(doc))
    day = f"<h2>{doc.on:%d.%m.%Y}</h2>\n" if doc.on else ""
    title = f"<h3>{safe(doc.title)}</h3>" if doc.title else ""
    return box(safe(doc.heading or ""), day + title + _paragraphs(doc))


def _paragraphs(doc: Doc) -> str:
    signature = [signature_text(doc.signed)] if doc.signed else []
    return "".join(f'<p align="justify">{safe(t)}</p>' for t in [*doc.paragraphs, *signature])


def _pager(doc: Doc) -> str:
    """The page that is shown is neither marked nor linked."""
    here = (doc.start - 1) // 10 + 1
    path = f"/{doc.list_name}/&start={{}}&ps=10&ppp=15"
    numbers = "".join(
        str(n) if n == here else f'<a id="newslist" href="{path.format(10 * n - 9)}">{n}</a>'
        for n in NUMBERS
    )
    arrows = f'<a href="{path.format(1)}">«««</a>', f'<a href="{path.format(141)}">»»»</a>'
    return f"<p>Pages: {arrows[0]} :: {numbers} :: {arrows[1]}&nbsp;&nbsp;</p>"


def _entries(doc: Doc, items: tuple[Item, ...]) -> str:
    return "".join(
        _entry(item, HOSTS[(doc.capture.at.minute + i) % 4]) for i, item in enumerate(items)
    )


def _entry(item: Item, host: str) -> str:
    return entry(item.date_text, f"{host}/{item.url_key}", safe(item.title), safe(item.lead))


def _closing() -> str:
    return closing("/newarh/", SHIPPED.closing)


def _home(doc: Doc) -> str:
    sides = "\n".join(
        side_box(heading, item.date_text, f"/{item.url_key}", safe(item.title), has_picture=i > 0)
        for i, (heading, item) in enumerate(doc.boxes)
    )
    news = box(safe(doc.heading or ""), _entries(doc, doc.items) + _closing())
    return columns(sides, news + _feed(doc))


def _feed(doc: Doc) -> str:
    """What others say: no statement, though one message links to one."""
    address = f"https://www.rusemb.org.uk/{doc.items[0].url_key}" if doc.items else FEED
    link = f'Today: <a id="newslist" href="{address}" target="_blank">{address}</a>'
    day = f"{doc.capture.at.day} {doc.capture.at:%B}"
    rows = "".join(feed_row(FEED, "somebody", said, day) for said in ("Good morning.", link))
    return box(SHIPPED.feed, f"<table>{rows}</table>{closing('/twitter/', SHIPPED.closing)}")
