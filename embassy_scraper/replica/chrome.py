"""The site's real frame around a page's parts: what stands on every page.

Structure, class names and ids are those of the homepage of 18 March 2018; all texts but the names
of the sections are invented. The line of counters stands between the menus: the page that is known
had none, and the text captures leave its place open.
"""

from dataclasses import dataclass
from html import escape

from embassy_scraper.replica.sections import Sections

_TABLE = 'cellspacing="0" cellpadding="0" border="0"'
_WHITE = "font-family: tahoma,verdana,sans-serif;font-size:11px;color:#ffffff;font-weight: bold;"
_PALE = "background-color:#b8daf9;"
_MAIN_MENU = (("/index/", "Start"), ("/contact/", "Write to us"), ("/consular/", "Papers, visits"))
_ICONS = (("/rss.php", "rss"), ("/twitter/", "twitter"), ("/sitemap/", "sitemap"))
_BEFORE = (("/embassy/", "The house"), ("/ambassador/", "The Ambassador"))
_BEHIND = (
    ("/ruuk/", "Two countries"),
    ("/historyukrel/", "Years past"),
    ("/historyukrel/300/", "300 years of letters"),  # looks like a statement, and is none
    ("/fortraveller/", "For travellers"),
)
_BANNERS = ("/fortraveller/", "http://elsewhere.example/gardens/")
_SCRIPT = """<script type="text/javascript">
var _counter = window._counter || (window._counter = []);
_counter.push({id: "1", type: "pageView", start: (new Date()).getTime()});
</script><noscript><div>
<img src="//counter.example/hit?id=1" style="border:0;position:absolute;left:-9999px;" alt="" />
</div></noscript>
"""


@dataclass(frozen=True, slots=True)
class Around:
    """What of a page's surroundings is not the same on every page, as HTML, line by line."""

    clock: tuple[str, ...]
    contacts: tuple[str, ...]
    counters: str = ""
    path: str = "/"


def whole_page(around: Around, names: Sections, parts: str) -> str:
    """Return the document: *parts*, the page's boxes, within everything around them."""
    return (
        _head(around.path, names)
        + f'<body>\n{_SCRIPT}\n<table  width="100%" id="main" {_TABLE}>\n'
        + '<tr><td style="padding:10px 10px 10px 10px;" align="right" valign="top">\n\n'
        + _header(around, names)
        + _main_menu()
        + (f'<p align="center">{around.counters}</p>\n' if around.counters else "")
        + f'<table width="100%" {_TABLE}><tr><td class="ban" valign="top"><div>'
        + _left_menu(names)
        + _banners()
        + '</div></td><td></td><td width="100%" align="left" valign="top"'
        + ' style="padding:10px 10px 0px 10px;">\n\n'
        + f"{parts}\n\n<p><br /></p></td></tr></table>\n</td></tr></table>\n\n"
        + _footer()
        + "\n</body></html>"
    )


def _head(path: str, names: Sections) -> str:
    name = escape(names.name)
    return (
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"'
        ' "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd"> \n'
        '<html xmlns:og="http://ogp.me/ns#">\n<head>\n'
        '\t<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />\n'
        f"\n\t<title>{name}</title>\n"
        f'\t<meta name="description" content="{name}">\n'
        f'\t<meta property="og:title" content="{name}" />\n'
        f'\t<meta property="og:url" content="{escape(names.host + path)}" />\n'
        '\t<link rel="stylesheet" href="/css/index.css" type="text/css" media="all" />\n'
        ' \t<script type="text/javascript" src="/js/navigation.js"></script>\n</head>\n'
    )


def _header(around: Around, names: Sections) -> str:
    times = "".join(f"{line}<br />\n" for line in around.clock)
    contacts = "<br />\n".join(f"{line}&nbsp;&nbsp;" for line in around.contacts)
    side = '<td class="table_header_{}" height="114px" width="{}px">&nbsp;</td>\n'
    return (
        f'<table class="ban" width="100%" {_TABLE}>\n<tr>\n{side.format("right", 645)}'
        '<td class="table_header_back" height="114px" align="right">\n'
        f'<table  width="100%" {_TABLE}>\n<tr>\n\n<td valign="top" align="right">\n'
        f'<p style="{_WHITE}">{times}</p>\n</td>\n'
        f'<td width="200px" align="right" vlign="top">\n<p style="{_WHITE}">{contacts}</p>\n'
        f'<form action="{names.host}/search/?q=">\n  <div>\n    <table align="right"><tr><td>\n'
        '\t<input type="text" name="q" class="searchfield" size="25" /></td>\n'
        '    <td><input type="image" src="/img/icon_spotlight.gif" align="top" width="25">\n'
        "    </td></tr></table>\n  </div>\n</form>\n</td></tr></table>\n</td>\n"
        f"{side.format('left', 7)}</tr>\n"
        '<tr><td colspan="3" height="10px"></td></tr>\n</table>\n'
    )


def _main_menu() -> str:
    line = '<td class="main_menu_line" align="left" width="1"></td>'
    cell = '<td class="main_menu_{}" align="center" height="31">{}</td>' + line
    link = '<a id="mainmenu" href="{}"><nobr>{}</nobr></a>'
    entries = "".join(
        cell.format("noactiv" if number else "activ", link.format(href, text))
        for number, (href, text) in enumerate(_MAIN_MENU)
    )
    icons = "".join(
        f'<td class="main_menu_noactiv" align="left" width="23"><a href="{href}" target="_self">'
        f'<img src="/img/{name}.png" width="22" height="22" class="img_design" title="{name}"/></a>'
        f"</td>{line}\n"
        for href, name in _ICONS
    )
    return (
        f'<table class="ban" width="100%" {_TABLE}>\n<tr>\n'
        f'<td class="main_menu_left" height="31" width="27"></td>\n{entries}{icons}'
        '<td class="main_menu_right" align="right" height="31px" width="7px"></td>\n</tr></table>\n'
    )


def _left_menu(names: Sections) -> str:
    newest, *others = ((f"/{s.list}/", s.label) for s in names.all)
    rows = [*_BEFORE, newest, *others, *_BEHIND]
    tops = {_BEFORE[0], newest, _BEHIND[0]}
    links = "".join(_menu_row(row, is_top=row in tops) for row in rows)
    return (
        f'<table class="menu" width="100%" height="100%" {_TABLE}>\n'
        '<tr><td colspan="2" class="menu_top" height="5px"></td></tr>\n'
        f'<tr><td align="left" valign="top">\n<table width="97%" {_TABLE}>\n\n{links}</table>\n'
        f'</td><td style="{_PALE}">&nbsp;</td></tr>\n'
        '<tr><td align="left" class="menu_bottom" height="6px"></td><td></td></tr>\n</table>\n\n'
    )


def _menu_row(row: tuple[str, str], *, is_top: bool) -> str:
    href, label = row
    link = f'<a id="leftmenu" href="{href}">{escape(label, quote=False)}</a>'
    if is_top:
        return f'<tr><td valign="middle" colspan="2">{link}</td></tr>'
    return f'<tr><td width="10" height="15"></td><td valign="middle">{link}</td></tr>'


def _banners() -> str:
    rows = "".join(
        f'<tr><td height="10px"></td></tr><tr><td align="center"><a href="{href}" target="_self">'
        f'<img src="/data/img/banners_left/{number}.gif" width="272" height="137" /></a></td></tr>'
        for number, href in enumerate(_BANNERS)
    )
    return f'\n<table width="100%" height="100%" {_TABLE}>\n{rows}</table>\n'


def _footer() -> str:
    return (
        f'<table style="background:#b8daf9;" width="100%" height="58px" {_TABLE}>\n'
        '<tr><td width="100%" align="center"><a href="javascript:history.back()">'
        '<img src="/data/img/index/next-32.png" title="Back"></a></td></tr>\n'
        '<tr><td align="center"><a href="http://elsewhere.example/" target="_blank">'
        '<img class="img_design" src="/data/img/footer/0.jpg" /></a></td></tr>\n</table>\n\n'
        f'<table class="ban" width="100%" {_TABLE}>\n<tr>\n'
        '<td class="table_footer_right" height="30" width="600">\n'
        '<span style="color:#ffffff;">&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;2012 @ An invented ministry\n'
        '<span>\n</td>\n<td class="table_footer_back" align="right">\n'
        '<a href="http://counter.example/"><img src="//counter.example/hit" height="18" '
        'alt="counter" /></a>\n&nbsp;\n'
        '<script type="text/javascript"><!--\ndocument.write("<a href=\'http://counter.example/\'>"'
        '+"<\\/a>")\n//--></script>\n</td>\n'
        '<td class="table_footer_left" width="17px">&nbsp;</td>\n</tr>\n</table>\n'
    )
