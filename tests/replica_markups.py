"""The same page of the replica in other markups than the site's own: what a redesign would change.

All but ``frame`` are invented.
"""

from html import escape

from embassy_scraper.replica.frame import frame
from embassy_scraper.replica.page_text import GAP, Item, PageText
from embassy_scraper.replica.scenario import Markup
from embassy_scraper.replica.sections import SHIPPED, Sections, clock_lines


def _lines(*lines: str) -> str:
    return "<br>".join(escape(line) for line in lines if line)


def plain(page: PageText, names: Sections = SHIPPED) -> str:
    """Divisions and paragraphs, as of the 2010s."""
    own = f"<div>{page.own_date}</div><h1>{escape(page.title)}</h1>" if page.title else ""
    body = "".join(f"<p>{escape(text)}</p>" for text in page.body.split("\n\n") if text)
    return _page(
        f"<div>{_lines(page.date, *clock_lines(page, names))}</div>"
        f"<div>{escape(page.label)}:&nbsp;&nbsp;<br>{_lines(page.phone, page.email)}</div>"
        f"<div>{escape(GAP.join(page.counters))}</div>"
        f"<div>{escape(page.heading)}</div><div>{escape(page.pager_text)}</div>"
        f"{''.join(map(_plain_item, page.items))}{own}{body}<p>{escape(page.signature)}</p>"
        f"{_plain_latest(page, names)}<div>{_all_of(names)}</div>"
    )


def _plain_latest(page: PageText, names: Sections) -> str:
    if page.is_home:
        return ""
    return f"<h3>{names.latest}</h3>{''.join(map(_plain_item, page.latest))}"


def _plain_item(item: Item) -> str:
    return (
        f"<div><span>{item.date}</span> - <a href='/{item.key}'><b>{escape(item.title)}</b></a>"
        f"<p>{escape(item.lead)}</p></div>"
    )


def tables(page: PageText, names: Sections = SHIPPED) -> str:
    """Nested tables with line breaks, as of the 1990s."""
    own = [page.own_date, page.title] if page.title else []
    parts = [*own, *page.body.split("\n\n")]
    text = "<br><br>".join(escape(part) for part in parts if part)
    signature = f"<tr><td>{escape(page.signature)}</td></tr>" if page.signature else ""
    return _page(
        "<table width=100%><tr><td>"
        f"<font>{_lines(page.date, *clock_lines(page, names))}</font>"
        f"</td><td>{escape(page.label)}:&nbsp;<br>{_lines(page.phone, page.email)}</td></tr>"
        f"<tr><td colspan=2>{escape(GAP.join(page.counters))}</td></tr></table>"
        f"<table><tr><td>{escape(page.heading)}</td></tr><tr><td>{escape(page.pager_text)}</td></tr>"
        f"{''.join(map(_table_item, page.items))}<tr><td>{text}</td></tr>{signature}"
        f"{_table_latest(page, names)}<tr><td>{_all_of(names)}</td></tr></table>"
    )


def _table_latest(page: PageText, names: Sections) -> str:
    if page.is_home:
        return ""
    return f"<tr><td>{names.latest}</td></tr>{''.join(map(_table_item, page.latest))}"


def _table_item(item: Item) -> str:
    return (
        f"<tr><td><table><tr><td>{item.date} - <a href='/{item.key}'>{escape(item.title)}</a></td>"
        f"</tr><tr><td>{escape(item.lead)}</td></tr></table></td></tr>"
    )


def modern(page: PageText, names: Sections = SHIPPED) -> str:
    """Sections with a menu and a footer around them."""
    own = f"<time>{page.own_date}</time><h1>{escape(page.title)}</h1>" if page.title else ""
    body = "".join(f"<p>{escape(text)}</p>" for text in page.body.split("\n\n") if text)
    counters = "".join(f"<li>{escape(text)}</li>" for text in page.counters)
    sections = " ".join(f"<a href='/{name}'>{name}</a>" for name in ("embassy", "fortraveller"))
    items, latest = ("".join(map(_modern_item, part)) for part in (page.items, page.latest))
    closing = f"<p>{_all_of(names)}</p>"
    clock = "".join(f"<p>{line}</p>" for line in (page.date, *clock_lines(page, names)))
    aside = f"<aside><h2>{names.latest}</h2><ul>{latest}</ul>{closing}</aside>"
    return _page(
        f"<nav><a href='/'>Home</a> {sections}</nav><header>"
        f"{clock}"
        f"<p>{escape(page.label)}:</p><p>{escape(page.phone)}</p><p>{escape(page.email)}</p>"
        f"<ul>{counters}</ul></header><main>"
        f"<h2>{escape(page.heading)}</h2><nav>{escape(page.pager_text)}</nav>"
        f"<ul>{items}</ul>{closing if page.is_home else ''}<article>{own}{body}"
        f"<p>{escape(page.signature)}</p></article></main>"
        f"{'' if page.is_home else aside}<footer>© 2021 An embassy</footer>"
    )


def _modern_item(item: Item) -> str:
    return (
        f"<li><time>{item.date}</time> <a href='/{item.key}'>{escape(item.title)}</a>"
        f"<div>{escape(item.lead)}</div></li>"
    )


def _all_of(names: Sections) -> str:
    return f"<a href='/{names.newest.list}/'>{names.closing}</a>"


def _page(inside: str) -> str:
    head = "<meta charset='utf-8'><title>An embassy</title><script>var a = '<p>';</script>"
    return f"<!DOCTYPE html><html><head>{head}</head><body>{inside}</body></html>\n"


MARKUPS: dict[str, Markup] = {"frame": frame, "plain": plain, "tables": tables, "modern": modern}
