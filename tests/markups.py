"""One page model, written as text form A, text form B and in many markups.

All texts are made up. Every markup of a page must give the same facts; form B prints neither
e-mail, heading, item date nor the heading of the latest block. The homepage is one list that
"all messages" closes. The real frame is in ``frame_markups``.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from .frame_markups import FRAMES, to_frame
from .inline import email_link
from .page_model import NBSP, Entry, Model

PAGER = "Pages: ««« :: 123456789101112131415 :: »»»"
MENU = (("/embassy/", "The Embassy"), ("/visaparents", "Visas"), ("/ruuk/", "Russia and the UK"))
RIGHTS = "© 2020 The Embassy. 6/7 Some Palace Gardens"
TRAP = "02.02.2002 - A hidden item"


# --- text -----------------------------------------------------------------------------------


def text_a(m: Model) -> str:
    return _text(m, latest_heading="LATEST EVENTS\n")


def text_b(m: Model) -> str:
    return _text(m.as_b(), latest_heading="")


def _text(m: Model, latest_heading: str) -> str:
    out = []
    if m.has_header:
        head = [m.date, *m.clocks, "", m.label + 2 * NBSP, m.phone + 2 * NBSP]
        head += [m.email] if m.email else []
        head += ["", (341 * NBSP).join(m.counters)] if m.counters else []
        out += [*head, "", "", ""]
    top = [line for line in (m.heading, m.on, m.pager) if line]
    if m.title is not None:
        out += ["\n".join([*top, m.title]), ""]
    elif top:
        out += ["\n".join(top), ""]
    out += [line for entry in m.items for line in _entry_text(entry)]
    tail = [m.signature] if m.signature else []
    out += [line for paragraph in (*m.body, *tail) for line in (paragraph, "")]
    if m.block:
        out += ["", "", *([latest_heading.strip()] if latest_heading else [])]
        out += [line for entry in m.block for line in _entry_text(entry)]
    if m.block or m.is_home:
        out += ["all messages"]
    return "\n".join(out)


def _entry_text(entry: Entry) -> list[str]:
    return [f"{entry.on} - {entry.title}", "", entry.lead, ""]


# --- HTML -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Style:
    """Templates: {t} text; {d} date, {a} linked title, {h} address, {u} title, {l} lead."""

    page: str
    line: str = "<div>{t}</div>"
    counters: str | None = None  # one for all counters; None: each is a line
    heading: str | None = None
    date: str | None = None
    title: str = "<h1>{t}</h1>"
    para: str = "<p>{t}</p>"
    signature: str | None = None
    pager: str | None = None
    items: str = "<div>{t}</div>"
    item: str = "<p><b>{d}</b> - {a}</p><p>{l}</p>"
    closing: str = '<div><a href="/newarh/">all messages</a></div>'
    latest: str | None = None
    raw: bool = False
    bold: bool = False
    spaced: bool = False
    email: str = "plain"  # or "cf", hidden by Cloudflare, or "hidden", lost by who saved it
    menu: str = ""
    upper: bool = False
    absolute: bool = False


def _inline(text: str, s: Style) -> str:
    words = text.split(" ")
    if s.bold and len(words) > 3:
        middle = words[len(words) // 2]
        cut = len(middle) // 2
        parts = escape(middle[:cut], quote=False), escape(middle[cut:], quote=False)
        safe = [escape(word, quote=False) for word in words]
        safe[len(words) // 2] = f"<b>{parts[0]}</b><i><span>{parts[1]}</span></i>"
        shown = " ".join(safe)
    else:
        shown = escape(text, quote=False)
    if s.spaced:
        shown = "\n\t  " + shown.replace(" ", "\n   ") + "  \n"
    if not s.raw:
        shown = shown.replace(NBSP, "&nbsp;").replace("’", "&rsquo;").replace("“", "&#8220;")
    return shown.replace("\n\n", "\n")


def to_html(m: Model, s: Style) -> str:
    def put(template: str | None, text: str) -> str:
        return (template or s.line).replace("{t}", text)

    header = ""
    if m.has_header:
        lines = [m.date, *m.clocks, m.label + 2 * NBSP, m.phone + 2 * NBSP]
        header = "".join(put(s.line, _inline(line, s)) for line in lines)
        header += put(s.line, email_link(m.email, s.email)) if m.email else ""
        if s.counters is None:
            header += "".join(put(s.line, _inline(counter, s)) for counter in m.counters)
        elif m.counters:
            header += put(s.counters, _inline((341 * NBSP).join(m.counters), s))
    main = put(s.heading, _inline(m.heading, s)) if m.heading else ""
    main += put(s.date, m.on) if m.on else ""
    main += put(s.pager, escape(m.pager)) if m.pager else ""
    main += put(s.title, _inline(m.title, s)) if m.title is not None else ""
    main += put(s.items, "".join(_item(e, s) for e in m.items)) if m.items else ""
    main += s.closing if m.is_home else ""
    main += "".join(put(s.para, _lines(p, s)) for p in m.body)
    main += put(s.signature or s.para, m.signature) if m.signature else ""
    block = ""
    if m.block:
        block = put(s.latest or s.line, "LATEST EVENTS")
        block += put(s.items, "".join(_item(e, s) for e in m.block)) + s.closing
    page = s.page if m.block else s.page.replace("<aside>{block}</aside>", "")
    side = "Weather in London" if m.block else ""  # where the block ends, the page's parts end
    page = page.replace("{menu}", s.menu).replace("{side}", side)
    for slot, text in (("{header}", header), ("{main}", main), ("{block}", block)):
        page = page.replace(slot, text)
    return _upper(page) if s.upper else page


def _lines(text: str, s: Style) -> str:
    """A paragraph whose lines are parted by line breaks."""
    return "<br>\n".join(_inline(line, s) for line in text.split("\n"))


def _item(e: Entry, s: Style) -> str:
    href = ("https://www.rusemb.org.uk" if s.absolute and not e.host else "") + e.href
    link = f'<a href="{href}">{_inline(e.title, s)}</a>'
    slots = {"{d}": e.on, "{a}": link, "{h}": href, "{u}": _inline(e.title, s)}
    text = s.item.replace("{l}", _inline(e.lead, s))
    for slot, value in slots.items():
        text = text.replace(slot, value)
    return text


def _upper(page: str) -> str:
    """The page with its tags in capitals."""
    out = []
    for part in page.replace("<", "\0<").replace(">", ">\0").split("\0"):
        is_tag = part.startswith("<") and "href" not in part and "!--" not in part
        out.append(part.upper() if is_tag else part)
    return "".join(out)


def _menu(template: str, around: str = "{t}") -> str:
    links = (template.format(t=f'<a href="{href}">{text}</a>') for href, text in MENU)
    return around.replace("{t}", "".join(links))


SCRIPT = f"<script>var x = '{TRAP}'; if (1 < 2 && 3 > 2) {{}}</script>"
HEAD = (
    f"<!DOCTYPE html><html><head><meta charset=utf-8><title>{TRAP}</title>"
    "<style>p:after{content:'99 days have passed since the style'}</style>" + SCRIPT + "</head>"
)
HIDDEN = (
    f'<div style="color:red; DISPLAY : none">{TRAP}<p>Lead</p></div><p hidden>{TRAP}</p>'
    f'<span style="visibility:hidden">{TRAP}</span><template><p>{TRAP}</p></template>'
    f"<noscript>{TRAP}</noscript><!-- {TRAP} --><p></p><p>&nbsp;</p><span></span><p> </p>"
    f"<div><div></div></div><dialog>{TRAP}</dialog><textarea>{TRAP}</textarea>"
    f"<select><option>{TRAP}</option></select><svg><text>{TRAP}</text></svg>"
)
FOOTER = f"<footer><p>{RIGHTS}</p>{_menu('<p>{t}</p>')}</footer>"

STYLES: dict[str, Style] = {
    "divs": Style(HEAD + "<body>{header}{main}{block}</body></html>"),
    "tables": Style(
        HEAD + "<body><table width=100%><tr><td colspan=3><table>{header}</table></td></tr>"
        "<tr><td valign=top><table>" + _menu("<tr><td>{t}</td></tr>") + "</table></td><td>"
        "<table>{main}</table><table>{block}</table></td><td>"
        f"<table><tr><td>{{side}}</td></tr><tr><td>{RIGHTS}</td></tr></table>"
        "</td></tr></table></body></html>",
        line="<tr><td>{t}</td></tr>",
        counters="<tr><td colspan=2>{t}</td></tr>",
        title="<tr><td><b>{t}</b></td></tr>",
        para="<tr><td><p>{t}</p></td></tr>",
        items="{t}",
        item="<tr><td>{d}</td><td>{a}</td></tr><tr><td>&nbsp;</td><td>{l}</td></tr>",
        closing='<tr><td colspan=2><a href="/newarh/">all messages</a> &raquo;</td></tr>',
        absolute=True,
    ),
    "legacy": Style(
        HEAD + "<body bgcolor=#ffffff><center><font size=2>{header}</font></center><br>"
        "<table><tr><td><font face=arial>{main}<br><br>{block}</font></td></tr></table>"
        f"<hr><center><font size=1>{RIGHTS}</font></center></body></html>",
        line="{t}<br>",
        counters="<br>{t}<br>",
        heading="<b>{t}</b><br>",
        date="<font color=red>{t}</font><br>",
        title="<font size=4><b>{t}</b></font><br><br>",
        para="{t}<br><br>\n",
        items="{t}",
        item="<font color=red>{d}</font> - {a}<br><br>{l}<br><br>\n",
        closing="<a href=/newarh/>all messages</a>",
    ),
    "legacy all in one": Style(
        HEAD + "<body><font>{header}<br>{main}<br><br>{block}</font></body></html>",
        line="{t}<br>",
        counters="{t}<br>",
        title="<br><b>{t}</b><br><br>",
        para="{t}<br><br>",
        items="{t}",
        item="{d} - <b>{a}</b><br><br>{l}<br><br>",
        closing="all messages",
        raw=True,
    ),
    "lists": Style(
        HEAD + "<body><ul><li>{menu}</ul><ul>{header}</ul>{main}{block}</body></html>",
        line="<li>{t}</li>",
        heading="<h3>{t}</h3>",
        items="<ul>{t}</ul>",
        item="<li>{d} - {a}<p>{l}</p></li>",
        menu=_menu("<li>{t}</li>", "<ul>{t}</ul>"),
        bold=True,
    ),
    "definitions": Style(
        HEAD + "<body><section>{header}</section>{menu}<section>{main}</section>"
        "<aside>{block}</aside>" + FOOTER + "</body></html>",
        items="<dl>{t}</dl>",
        item="<dt>{d} - {a}</dt><dd>{l}</dd>",
        menu="<div><b>Sections</b>" + _menu("<div>{t}</div>") + "</div>",
    ),
    "semantic": Style(
        HEAD + "<body>" + SCRIPT + "<header>{header}</header>"
        "<nav>" + _menu("<li>{t}</li>", "<ul>{t}</ul>") + "</nav>"
        "<main><article>{main}</article></main>" + SCRIPT + "<aside><section>{block}</section>"
        "</aside>" + FOOTER + SCRIPT + "</body></html>",
        counters="<p>{t}</p>",
        heading="<p>{t}</p>",
        date="<time>{t}</time>",
        signature="<footer>{t}</footer>",
        pager="<nav>{t}</nav>",
        item="<article><header><time>{d}</time><h3>{a}</h3></header><p>{l}</p></article>",
        closing='<footer><a href="/newarh/">all messages</a></footer>',
    ),
    "block before main": Style(
        HEAD + "<body><header>{header}</header><aside>{block}</aside>"
        "<main>{main}</main>" + FOOTER + "</body></html>",
        items="<ol>{t}</ol>",
        item="<li><time>{d}</time> {a} <p>{l}</p></li>",
    ),
    "siblings": Style(
        HEAD + "<body><div>{header}</div><div>{main}</div><div>{block}</div></body></html>",
        item="<div><div>{d}</div><div>{a}</div><div>{l}</div></div>",
        email="cf",
    ),
    "inline siblings": Style(
        HEAD + "<body><div>{header}</div><div>{main}</div><div>{block}</div></body></html>",
        item='<div><span>{d}</span> <a href="{h}">{u}</a> <span>{l}</span></div>',
    ),
    "spans": Style(
        HEAD + "<body><div>{header}</div>{main}<div>{block}</div></body></html>",
        line="<span>{t}</span><br>",
        counters="<span>{t}</span><br>",
        title="<span>{t}</span><br>",
        para="<br><span>{t}</span><br>",
        item="<span>{d}</span> <span>{a}</span><br><span>{l}</span><br>",
        spaced=True,
        bold=True,
    ),
    "hiding": Style(
        HEAD + f"<body>{HIDDEN}{{header}}{HIDDEN}{{main}}{HIDDEN}{{block}}{HIDDEN}</body></html>",
        counters=f"{HIDDEN}<p>{{t}}</p>",
        para="<p>{t}</p><p> </p><!-- x --><p>&nbsp;</p>",
        item="<p>{d}<span hidden>99</span> - {a}<span></span></p><p></p><!-- y -->"
        "<p>{l}</p><p>&nbsp;</p>",
    ),
    "unclosed": Style(
        "<HTML><BODY>{header}{main}{block}",
        line="<p>{t}",
        counters="<p>{t}",
        title="<p>{t}",
        para="<p>{t}",
        items="<ul>{t}</ul>",
        item="<li>{d} - {a}<p>{l}",
        closing="<p><a href=/newarh/>all messages</a>",
        upper=True,
    ),
    "pre": Style(
        HEAD + "<body><pre>{header}\n\n{main}\n\n{block}</pre></body></html>",
        line="{t}\n",
        counters="\n{t}\n\n\n",
        title="{t}\n\n",
        para="{t}\n\n",
        items="{t}",
        item="{d} - {a}\n\n{l}\n\n",
        closing="all messages",
    ),
    "left menu": Style(
        HEAD
        + "<body><div>{header}</div><table><tr><td valign=top><b>MENU</b><br>"
        + _menu("{t}<br>")
        + "</td><td>{main}<div>{block}</div></td></tr></table>"
        f"<div><a href=/embassy/>Home</a> | {RIGHTS} | <a href=/ruuk/>Map</a></div></body></html>",
        item="<p>{d} - {a}</p>\n<p>{l}</p>",
        bold=True,
    ),
    "news table": Style(
        HEAD + "<body><table><tr><td>{header}</td></tr><tr><td>{main}</td></tr>"
        "<tr><td>{block}</td></tr></table></body></html>",
        counters="<marquee>{t}</marquee>",
        items="<table>{t}</table>",
        item="<tr><td>{d}</td><td><p>{a}</p><p>{l}</p></td></tr>",
        spaced=True,
    ),
    "marquees": Style(
        HEAD + "<body><div>{header}</div>{main}{block}</body></html>",
        line="<marquee>{t}</marquee>",
        item='<p><a href="{h}" title="Read {d} in full">{d} - {u}</a></p><p>{l}</p>',
    ),
    "whole item linked": Style(
        HEAD + "<body><div>{header}</div><div>{main}</div><section>{block}</section></body></html>",
        item='<a href="{h}"><span>{d}</span><span>{u}</span><p>{l}</p></a>',
        closing='<footer><a href="/newarh/">all messages</a></footer>',
    ),
    "cards": Style(
        HEAD + "<body><div>{header}</div><div>{main}</div><div>{block}</div></body></html>",
        item='<div><img src="x.jpg" alt="02.02.2002 - Alt"><div>{d}</div><h4>{a}</h4>'
        '<div><a href="{h}">{l}</a></div></div>',
        absolute=True,
    ),
    "styled spans": Style(
        HEAD + "<body>{header}{main}{block}</body></html>",
        line='<span style="display:block">{t}</span>',
        counters='<span style="backface-visibility:hidden;display: block">{t}</span>',
        title='<span style="display:block">{t}</span>',
        para='<span style="display:block;margin:1em">{t}</span>',
        items="<section>{t}</section>",
        item='<span style="display:block"><em>{d}</em> &ndash; {a}</span>'
        '<span style="display:block">{l}</span>',
    ),
    "broken": Style(
        "<body><div><table><tr><td>{header}<div><p>{main}</td></tr><tr><p>{block}</b></span></x>"
        "</table></td></div></html>",
        para="<p>{t}</b>",
        item="<p>{d} - {a}</i></p><p>{l}</em>",
    ),
    "clock on one line": Style(
        HEAD + "<body><div>{header}</div>{main}{block}</body></html>",
        line="{t} <br>",
        counters="<p>{t}</p>",
        heading="<div>{t}</div>",
        date="<div>{t}</div>",
        pager="<div>{t}</div>",
        latest="<div>{t}</div>",
    ),
}


def one_line_clock(html: str) -> str:
    """The page with its clock, and its contacts, on one line each."""
    return html.replace(" <br>Moscow", " | Moscow").replace(" <br>London", " | London")


FORM_B = frozenset({"form B", "frame, form B"})  # renderings that print less


def renderings(m: Model) -> dict[str, tuple[bytes, str]]:
    """Every rendering of *m*: bytes and media type."""
    out = {
        "form A": (text_a(m).encode(), "text/plain"),
        "form B": (text_b(m).encode(), "text/plain"),
    }
    for name, style in STYLES.items():
        page = to_html(m, style)
        if name == "clock on one line":
            page = one_line_clock(page)
        out[name] = (page.encode(), "text/html")
    for name, frame in FRAMES.items() if not m.is_mobile else ():
        out[name] = (to_frame(m, frame).encode(), "text/html")
    return out


__all__ = ["Entry", "Model", "Style", "renderings", "text_a", "text_b", "to_html"]
