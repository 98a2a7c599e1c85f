"""The site's real frame around a page's parts: what stands on every page.

Structure, class names and ids in ``frame.html`` are those of the homepage of 18 March 2018; all
texts but the names of the sections are invented. The line of counters stands between the menus: the
page that is known had none, and the text captures leave its place open.
"""

from dataclasses import dataclass
from html import escape
from importlib.resources import files
from string import Template

from embassy_scraper.replica.sections import Sections

_FRAME = Template(files("embassy_scraper.replica").joinpath("frame.html").read_text("utf-8"))
_BEFORE = (("/embassy/", "The house"), ("/ambassador/", "The Ambassador"))
_BEHIND = (
    ("/ruuk/", "Two countries"),
    ("/historyukrel/", "Years past"),
    ("/historyukrel/300/", "300 years of letters"),  # looks like a statement, and is none
    ("/fortraveller/", "For travellers"),
)


@dataclass(frozen=True, slots=True)
class Around:
    """What of a page's surroundings is not the same on every page, as HTML, line by line."""

    clock: tuple[str, ...]
    contacts: tuple[str, ...]
    counters: str = ""
    path: str = "/"


def whole_page(around: Around, names: Sections, parts: str) -> str:
    """Return the document: *parts*, the page's boxes, within everything around them."""
    return _FRAME.substitute(
        name=escape(names.name),
        url=escape(names.host + around.path),
        host=names.host,
        times="".join(f"{line}<br />\n" for line in around.clock),
        contacts="<br />\n".join(f"{line}&nbsp;&nbsp;" for line in around.contacts),
        counters=f'<p align="center">{around.counters}</p>\n' if around.counters else "",
        links=_left_menu(names),
        parts=parts,
    )


def _left_menu(names: Sections) -> str:
    newest, *others = ((f"/{s.list}/", s.label) for s in names.all)
    tops = {_BEFORE[0], newest, _BEHIND[0]}
    rows = [*_BEFORE, newest, *others, *_BEHIND]
    return "".join(_menu_row(*row, is_top=row in tops) for row in rows)


def _menu_row(href: str, label: str, *, is_top: bool) -> str:
    link = f'<a id="leftmenu" href="{href}">{escape(label, quote=False)}</a>'
    if is_top:
        return f'<tr><td valign="middle" colspan="2">{link}</td></tr>'
    return f'<tr><td width="10" height="15"></td><td valign="middle">{link}</td></tr>'
