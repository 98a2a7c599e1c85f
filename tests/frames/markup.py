"""The parts of a page as pieces of HTML, in order, each with the slot that it fills."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape

from .model import Entry, Head, Model
from .style import Style

NBSP = "\u00a0"
PLACED = frozenset({"behind", "placed"})  # texts that their variants put in their places
BODY_TAGS = {"head": "h4", "quote": "blockquote", "item": "li"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the main part: where it belongs, and its HTML."""

    slot: str
    html: str


def text(words: str) -> str:
    """Return *words* as HTML."""
    return escape(words, quote=False)


def link(key: str, words: str) -> str:
    """Return a link to a statement."""
    return f'<a href="/{key}">{text(words)}</a>'


def header(head: Head, style: Style) -> str:
    """Return clock and contacts, and the counters where they stand with them."""
    clock = (head.date, f"Moscow: {head.moscow}", f"London: {head.london}")
    contacts = (
        f"{head.label}:{NBSP}{NBSP}",
        f"{text(head.phone)}{NBSP}{NBSP}",
        f'<a href="mailto:{head.email}">{head.email}</a>{NBSP}{NBSP}',
    )
    shown = _header_boxes(clock, contacts, style.header)
    return shown + (counters(head) if style.counters == "with the header" else "")


def _header_boxes(clock: tuple[str, ...], contacts: tuple[str, ...], kind: str) -> str:
    if kind == "spans":
        spans = "".join(f"<div><span>{part}</span></div>" for part in (*clock, *contacts))
        return f"<div>{spans}</div>"
    first, second = "<br>".join(clock), "<br>".join(contacts)
    if kind == "table":
        return f"<table><tr><td>{first}</td><td>{second}</td></tr></table>"
    return f"<{kind}>{first}</{kind}><{kind}>{second}</{kind}>"


def counters(head: Head) -> str:
    """Return the counters on their one line."""
    lines = (f"{days} days have passed since {event} - {rest}" for days, event, rest in
             head.counters)  # fmt: skip
    return f"<div>{(NBSP * 341).join(map(text, lines))}</div>" if head.counters else ""


def pieces(model: Model, style: Style) -> list[Piece]:
    """Return the main part of *model*."""
    made = [] if style.counters == "with the header" else [Piece("counters", counters(model.head))]
    if model.heading:
        made.append(Piece("heading", _heading(style, model.heading)))
    if model.title is not None:
        made += _statement(model, style)
    if model.pager:
        made.append(Piece("pager", f"<p>{pager(model.pager)}</p>"))
    made += _entries(model.entries, style, "entry")
    if model.kind == "home":
        made.append(Piece("closing", closing()))
    if model.block:
        made.append(Piece("latest", _heading(style, "LATEST EVENTS")))
        made += _entries(model.block, style, "item")
        made.append(Piece("closing", closing()))
    return made


def closing() -> str:
    """Return the line that closes a list."""
    return '<p><a href="/newarh/">all messages</a></p>'


def pager(printed: str) -> str:
    """Return a pager whose numbers are links, but for that of the page itself."""
    before, _, after = printed.partition(" :: ")
    numbers, _, arrows = after.partition(" :: ")
    pairs = [numbers[n : n + 2] for n in range(0, len(numbers), 2)]
    linked = "".join(
        pair if pair == "23" else f'<a href="/newarh/&start={int(pair)}1&ps=10&ppp=15">{pair}</a>'
        for pair in pairs
    )
    return f"{before} :: {linked} :: {arrows}"


def _heading(style: Style, words: str) -> str:
    if style.heading == "span":
        return f"<div>{style.tag('span', 'heading', text(words))}</div>"
    return style.tag(style.heading, "heading", text(words))


def _statement(model: Model, style: Style) -> list[Piece]:
    title = Piece("title", style.tag(style.title, "title", text(model.title or "")))
    opening = [title]
    if model.on:
        date = Piece("date", _date(style, model.on))
        opening = [date, title] if style.order == "date first" else [title, date]
    made = [*opening, *(Piece("text", html) for html in _paragraphs(model.body, style))]
    if model.signature:
        made.append(Piece("signature", paragraph(style, text(model.signature))))
    return made


def _date(style: Style, on: str) -> str:
    if style.date in ("span", "time"):
        return f"<div>{style.tag(style.date, 'date', on)}</div>"
    return style.tag(style.date, "date", on)


def paragraph(style: Style, html: str) -> str:
    """Return *html* as a paragraph of the text."""
    if style.paragraph == "br":
        return f"{html}<br><br>"
    return f"<{style.paragraph}>{html}</{style.paragraph}>"


def _paragraphs(body: Iterable[tuple[str, str]], style: Style) -> Iterator[str]:
    for kind, words in body:
        tag = BODY_TAGS.get(kind)
        if kind in PLACED:
            continue
        if tag is None:
            yield paragraph(style, text(words))
        else:
            inner = f"<{tag}>{text(words)}</{tag}>"
            yield f"<ul>{inner}</ul>" if tag == "li" else inner


def _entries(entries: Iterable[Entry], style: Style, slot: str) -> list[Piece]:
    return [Piece(slot, entry_html(entry, style)) for entry in entries]


def entry_html(entry: Entry, style: Style, *, below: str = "", beside: str = "") -> str:
    """Return one item; *below* stands behind its lead, *beside* behind its title or date."""
    linked, lead = link(entry.key, entry.title) + beside, text(entry.lead)
    date, title = style.tag("span", "date", entry.on), style.tag("h3", "title", linked)
    shown = style.tag("p", "lead", lead) + below
    match style.entry:
        case "h3 dash":
            return f"<h3>{entry.on} - {linked}</h3>{shown}"
        case "p dash" | "plain p":
            start = f"<p>{entry.on} - {linked}</p>{shown}"
            return start if style.entry == "plain p" else f"<div>{start}</div>"
        case "div span":
            return f"<div>{date} - {linked}{shown}</div>"
        case "list item":
            return f"<ul><li><h3>{entry.on} - {linked}</h3>{shown}</li></ul>"
        case "date above":
            return f"<div><div>{date}</div>{title}{shown}</div>"
        case "date below":
            return f"<div>{title}{style.tag('p', 'date', entry.on)}{shown}</div>"
        case "table row":
            row = f"<tr><td>{entry.on}</td><td>{linked}</td></tr>"
            return f"<table>{row}<tr><td></td><td>{lead}{below}</td></tr></table>"
    return f"<table><tr><td>{entry.on}</td><td>{linked}{shown}</td></tr></table>"


def contained(html: str, style: Style) -> str:
    """Return the main part in the container of *style*."""
    if style.container == "table":
        return f"<table><tr><td>{html}</td></tr></table>"
    return f"<{style.container}>{html}</{style.container}>" if style.container else html
