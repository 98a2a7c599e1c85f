"""The markup ``frame``: the site's real one, with invented texts.

Seen on the homepage of 18 March 2018; the boxes of statements, listings and static pages are
inferred from it and from the text captures.
"""

from html import escape

from embassy_scraper.replica.chrome import box, whole_page
from embassy_scraper.replica.page_text import Box, Item, PagerLink, PageText, Post
from embassy_scraper.replica.sections import ENGLISH, Sections

_ARROW = '<img class="img_design" src="/img/arrow_list.gif" />'
_NARROW, _CENTRED = "220px", ' align="center"'


def frame(page: PageText, names: Sections = ENGLISH) -> str:
    """Return *page* in the real frame of the site that *names* describes."""
    if page.is_home:
        return whole_page(page, names, _home(page, names))
    if page.pager or page.items:
        own = box(page.heading, _pager(page.pager) + entries(page.items))
    elif page.heading:
        own = box(page.heading, _statement(page))
    else:
        own = box(page.title, paragraphs(page.body, page.signature))
    return whole_page(page, names, own + "\n\n" + _latest(page, names))


def entries(items: tuple[Item, ...]) -> str:
    """Return the entries of a list, one after the other, with nothing between them."""
    return "".join(
        f'<h3>{item.date} -  <a id="newslist" href="/{item.key}">{_text(item.title)}</a></h3>'
        f'<p align="justify">{_text(item.lead)}</p>'
        for item in items
    )


def closing(path: str, names: Sections) -> str:
    """Return the line that ends a list and leads to all of it."""
    return f'<span><br /><a href="{path}">{names.closing}</a>&nbsp;{_ARROW}</span>'


def paragraphs(body: str, signature: str = "") -> str:
    """Return a text, its signature as the last paragraph."""
    texts = [text for text in (*body.split("\n\n"), signature) if text]
    return "".join(f'<p align="justify">{_text(text)}</p>' for text in texts)


def _text(text: str) -> str:
    return escape(text, quote=False)


def _statement(page: PageText) -> str:
    day = f"<h2>{page.own_date}</h2>\n" if page.own_date else ""
    title = f"<h3>{_text(page.title)}</h3>" if page.title else ""
    return day + title + paragraphs(page.body, page.signature)


def _latest(page: PageText, names: Sections) -> str:
    if not page.latest:
        return ""
    end = closing(f"/{names.newest.list}/", names)
    return box(names.latest, entries(page.latest) + end)


def _pager(links: tuple[PagerLink, ...]) -> str:
    """Return the pager: the page that is shown is neither marked nor linked."""
    if not links:
        return ""
    ends = [link.href or "#" for link in (links[0], links[-1])]
    numbers = "".join(
        f'<a id="newslist" href="{link.href}">{link.number}</a>' if link.href else str(link.number)
        for link in links
    )
    return (
        f'<p>Pages: <a href="{ends[0]}">«««</a> :: {numbers} :: '
        f'<a href="{ends[1]}">»»»</a>&nbsp;&nbsp;</p>'
    )


def _home(page: PageText, names: Sections) -> str:
    news = entries(page.items) + closing(f"/{names.newest.list}/", names)
    feed = box(names.feed, _posts(page.posts, names)) if page.posts else ""
    return (
        '<table cellspacing="0" cellpadding="0" border="0"><tr>\n'
        f'\t<td width="235px" align="left" valign="top">\n{_banner()}'
        + "\n".join(_side_box(side) for side in page.boxes)
        + '\n</td><td width="10px"><img src="/img/dot.gif" class="img_design" width="10px" /></td>'
        + '<td width="100%" align="left" valign="top">\n\n'
        + f"{box(page.heading, news)}\n\n{feed}\n</td></tr>\n</table>\n"
    )


def _banner() -> str:
    return (
        '<table width="220px" height="220px" cellspacing="0" cellpadding="0" border="0"><tr><td>'
        '<a href="http://elsewhere.example/" target="_self"><img src="/data/img/bannersmain/0.jpg"'
        ' width="220px" height="220px" class="img_design" /></a></td></tr></table>\n'
    )


def _side_box(side: Box) -> str:
    item, picture = side.item, ""
    if side.has_picture:
        picture = (
            f'<a href="/{item.key}"><img class="img_design" width="160"'
            f' src="/data/img/{item.key}.jpg" /></a>'
        )
    return box(
        side.heading,
        f'\n{picture}<h2 align="left">{item.date}</h2>\n'
        f'         <h3 align="left"><a href="/{item.key}">{_text(item.title)}</a></h3>',
        width=_NARROW,
        align=_CENTRED,
    )


def _posts(posts: tuple[Post, ...], names: Sections) -> str:
    rows = "".join(
        f'<tr><td><a href="{names.feed_url}" target="_blank"><img src="/data/img/feed.jpg" /></a>'
        f'</td><td><h3><a id="newslist" href="{names.feed_url}" target="_blank">'
        f"{names.feed_url.rpartition('/')[2]}</a></h3>"
        f'<p class=\\"noindent\\">{_text(post.text)}{_post_link(post, names)}</p>'
        f'<p style="color: #0599f9;">{post.day}</p></td></tr>'
        for post in posts
    )
    follow = f'<p><a href="{names.feed_url}" class="twitter-follow-button">Follow</a></p>'
    return f"<table>{rows}</table>{follow}{closing(names.feed_path, names)}"


def _post_link(post: Post, names: Sections) -> str:
    if not post.link:
        return ""
    address = names.host + post.link
    return f' <a id="newslist" href="{address}" target="_blank">{address}</a>'
