"""The markups: each is a row of templates for the same parts of a page."""

from __future__ import annotations

from dataclasses import dataclass

MENU = (
    ("/embassy/", "The Embassy"),
    ("/fnapr/", "News"),
    ("/visaparents", "Visas"),
    ("/newarh/", "Archive"),
    ("/ruuk/", "Russia and UK"),
)


@dataclass(frozen=True)
class Markup:
    """Templates with {t} for text, {d} {a} {l} for date, linked title and lead of an item."""

    page: str
    line: str = "<div>{t}</div>"
    counters: str = "<div>{t}</div>"
    heading: str = "<div>{t}</div>"
    date: str = "<div>{t}</div>"
    title: str = "<h1>{t}</h1>"
    para: str = "<p>{t}</p>"
    item: str = "<p><b>{d}</b> - {a}</p><p>{l}</p>"
    items: str = "<div>{t}</div>"
    closing: str = '<div><a href="/newarh/">all messages</a></div>'
    upper: bool = False


def _menu(row: str) -> str:
    return "".join(row.format(t=f'<a href="{h}">{t}</a>') for h, t in MENU)


HEAD = "<html><head><title>Embassy - 01.01.2001 - Not an item</title>{meta}{{}}</head>"
FOOT_TEXT = "© 2020 The Embassy, 6/7 Some Palace Gardens"
SCRIPT = "<script>var a = '02.02.2002 - Not an item'; if (1 < 2) {{}}</script>"
STYLE = "<style>.x{{color:red}}</style>"
TRAP = "02.02.2002 - Hidden item"
HIDDEN = (
    f'<div style="display:none">{TRAP}<p>Hidden lead</p></div><p hidden>{TRAP}</p>'
    f"<!-- {TRAP} --><template><p>{TRAP}</p></template>"
    f"<noscript>{TRAP}</noscript><p></p><span></span>"
)

DIVS = Markup("<body><div>{header}</div><div>{main}</div><div>{block}</div></body></html>")
TABLES = Markup(
    "<body><table width=100%><tr><td colspan=2><table>{header}</table></td></tr>"
    "<tr><td><table>" + _menu("<tr><td>{t}</td></tr>") + "</table></td><td>"
    "<table>{main}</table><table>{block}</table></td></tr></table>"
    f"<div>{FOOT_TEXT}</div></body></html>",
    *(4 * ("<tr><td>{t}</td></tr>",)),
    title="<tr><td><b>{t}</b></td></tr>",
    para="<tr><td>{t}</td></tr>",
    item="<tr><td>{d}</td><td>{a}</td></tr><tr><td></td><td>{l}</td></tr>",
    items="{t}",
    closing='<tr><td><a href="/newarh/">all messages</a></td></tr>',
)
LEGACY = Markup(
    '<body bgcolor="#ffffff"><center><font size=2>{header}</font></center><br>'
    "<font face=arial>{main}</font><br><br><font size=1>{block}</font></body></html>",
    line="{t}<br>",
    counters="<br>{t}<br>",
    heading="<b>{t}</b><br>",
    date="{t}<br>",
    title="<font size=4><b>{t}</b></font><br><br>",
    para="{t}<br><br>\n",
    item="<font color=red>{d}</font> - {a}<br><br>{l}<br><br>\n",
    items="{t}",
    closing="<a href=/newarh/>all messages</a>",
)
LISTS = Markup(
    "<body>{header}<ul>" + _menu("<li>{t}</li>") + "</ul>{main}{block}</body></html>",
    heading="<h3>{t}</h3>",
    title="<h2>{t}</h2>",
    item="<li>{d} - {a}<p>{l}</p></li>",
    items="<ul>{t}</ul>",
)
DEFINITIONS = Markup(
    "<body><section>{header}</section><section>{main}</section><aside>{block}</aside>"
    f"<footer>{FOOT_TEXT}</footer></body></html>",
    item="<dt>{d} - {a}</dt><dd>{l}</dd>",
    items="<dl>{t}</dl>",
)
SEMANTIC = Markup(
    "<body>"
    + STYLE
    + SCRIPT
    + "<header>{header}</header><nav><ul>"
    + _menu("<li>{t}</li>")
    + "</ul></nav><main><article>{main}</article></main><aside><section>{block}</section></aside>"
    f"<footer><p>{FOOT_TEXT}</p></footer>" + SCRIPT + "</body></html>",
    heading="<p>{t}</p>",
    date="<time>{t}</time>",
    item="<article><header><time>{d}</time><h3>{a}</h3></header><p>{l}</p></article>",
)
SIBLINGS = Markup(
    "<body><div>{header}</div>{main}<div>{block}</div></body></html>",
    item="<div><div>{d}</div><div>{a}</div><div>{l}</div></div>",
)
SPANS = Markup(
    "<body><div>{header}</div>{main}<div>{block}</div></body></html>",
    line="<span>{t}</span><br>",
    heading="<span>{t}</span><br>",
    date="<span>{t}</span><br>",
    title="<span>{t}</span><br>",
    para="<br><span>{t}</span><br>",
    item="<span>{d}</span> <span>{a}</span><br><span>{l}</span><br>",
)
HIDING = Markup(
    "<body>"
    + HIDDEN
    + "{header}"
    + HIDDEN
    + "{main}"
    + HIDDEN
    + "{block}"
    + HIDDEN
    + "</body></html>",
    para="<p>{t}</p><p> </p><!-- x --><p>&nbsp;</p>",
    item="<p>{d}<span hidden>99</span> - {a}<span></span></p><p></p><!-- y -->"
    "<p>{l}</p><p>&nbsp;</p>",
)
UNCLOSED = Markup(
    "<body><div>{header}</div><div>{main}</div><div>{block}</div></body></html>",
    line="<p>{t}",
    counters="<p>{t}",
    heading="<p>{t}",
    date="<p>{t}",
    title="<p>{t}",
    para="<p>{t}",
    item="<li>{d} - {a}<p>{l}",
    items="<ul>{t}</ul>",
    closing="<p><a href=/newarh/>all messages</a>",
    upper=True,
)
LEFT_MENU = Markup(
    "<body><div>{header}</div><table><tr><td valign=top>"
    + _menu("{t}<br>")
    + "</td><td>{main}<div>{block}</div></td></tr></table>"
    f"<div><a href=/embassy/>Home</a> | {FOOT_TEXT} | <a href=/ruuk/>Map</a></div></body></html>",
    item="<p>{d} - {a}</p>\n<p>{l}</p>",
)
NEWS_TABLE = Markup(
    "<body><table><tr><td>{header}</td></tr><tr><td>{main}</td></tr>"
    "<tr><td>{block}</td></tr></table></body></html>",
    item="<tr><td>{d}</td><td><p>{a}</p><p>{l}</p></td></tr>",
    items="<table>{t}</table>",
)
MARKUPS: dict[str, Markup] = {  # beside the real frame, which is no row of templates
    "divs": DIVS,
    "tables": TABLES,
    "legacy": LEGACY,
    "lists": LISTS,
    "definitions": DEFINITIONS,
    "semantic": SEMANTIC,
    "siblings": SIBLINGS,
    "spans": SPANS,
    "hiding": HIDING,
    "unclosed": UNCLOSED,
    "left_menu": LEFT_MENU,
    "news_table": NEWS_TABLE,
}
PROVABLE = tuple(sorted(MARKUPS))
