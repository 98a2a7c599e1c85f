"""The parts of a page in the site's real frame: boxes, and the entries of lists, as HTML.

Whoever calls has escaped the texts.
"""

_TABLE = 'cellspacing="0" cellpadding="0" border="0"'
_ARROW = '<img class="img_design" src="/img/arrow_list.gif" />'


def box(heading: str, inside: str, *, width: str = "100%", align: str = "") -> str:
    """Return one part of a page: its corners, its heading (if any) and what it holds."""
    cell = f'<td valign="top" class="content"{align}>'
    corners = [f'<td class="table_corner_{n}" height="5" width="5"></td>' for n in range(1, 5)]
    empty, low = '<td class="content"></td>', '<td class="content"  height="5" ></td>'
    head = f"<h1>{heading}</h1>\n" if heading else ""
    return (
        f'<table width="{width}"  {_TABLE}>\n\t<tr>{corners[0]}{empty}\n\t\t\t{corners[1]}</tr>\n'
        f"\t\t<tr>{empty}{cell}{head}{inside}\n</td>{empty}</tr>\n"
        f"<tr>{corners[2]}{low}{corners[3]}\n</tr>\n"
        '<tr><td colspan="3" height="10px"></td></tr>\n</table>\n'
    )


def side_box(heading: str, day: str, href: str, title: str, *, has_picture: bool = False) -> str:
    """Return a box of the homepage's left column: one statement, alone."""
    image = f'<img class="img_design" width="160" src="/data/img{href}.jpg" />'
    picture = f'<a href="{href}">{image}</a>' if has_picture else ""
    return box(
        heading,
        f'\n{picture}<h2 align="left">{day}</h2>\n'
        f'         <h3 align="left"><a href="{href}">{title}</a></h3>',
        width="220px",
        align=' align="center"',
    )


def entry(day: str, href: str, title: str, lead: str) -> str:
    """Return an entry of a list; nothing stands between one entry and the next."""
    link = f'<a id="newslist" href="{href}">{title}</a>'
    return f'<h3>{day} -  {link}</h3><p align="justify">{lead}</p>'


def closing(href: str, text: str) -> str:
    """Return the line that ends a list and leads to all of it."""
    return f'<span><br /><a href="{href}">{text}</a>&nbsp;{_ARROW}</span>'


def columns(left: str, main: str) -> str:
    """Return the homepage's two columns."""
    banner = '<img src="/data/img/bannersmain/0.jpg" width="220px" height="220px" />'
    return (
        f'<table {_TABLE}><tr>\n\t<td width="235px" align="left" valign="top">\n'
        f'<table width="220px" height="220px" {_TABLE}><tr><td>'
        f'<a href="http://elsewhere.example/" target="_self">{banner}</a></td></tr></table>\n'
        f'{left}\n</td><td width="10px"><img src="/img/dot.gif" width="10px" /></td>'
        f'<td width="100%" align="left" valign="top">\n\n{main}\n</td></tr>\n</table>\n'
    )


def feed_row(author_url: str, author: str, text: str, day: str) -> str:
    """Return a row of a foreign feed; the odd quotation marks are the site's own."""
    return (
        f'<tr><td><a href="{author_url}" target="_blank"><img src="/data/img/feed.jpg" /></a></td>'
        f'<td><h3><a id="newslist" href="{author_url}" target="_blank">{author}</a></h3>'
        f'<p class=\\"noindent\\">{text}</p><p style="color: #0599f9;">{day}</p></td></tr>'
    )
