"""The markup ``frame``: the site's real one, with invented texts.

Seen on the homepage of 18 March 2018; the boxes of statements, listings and static pages are
inferred from it and from the text captures.
"""

from html import escape

from embassy_scraper.replica.boxes import box, closing, columns, entry, feed_row, side_box
from embassy_scraper.replica.chrome import Around, whole_page
from embassy_scraper.replica.page_text import GAP, Item, PagerLink, PageText, Post
from embassy_scraper.replica.sections import SHIPPED, Sections, clock_lines


def frame(page: PageText, names: Sections = SHIPPED) -> str:
    """Return *page* in the real frame of the site that *names* describes."""
    return whole_page(_around(page, names), names, _parts(page, names))


def _around(page: PageText, names: Sections) -> Around:
    mail = f'<a id="headeright" href="mailto:{page.email}" target="_blank">{page.email}</a>'
    return Around(
        clock=(page.date, *clock_lines(page, names)),
        contacts=(f"{_text(page.label)}:", _text(page.phone), *([mail] if page.email else [])),
        counters=_text(GAP.join(page.counters)),
        path=page.path,
    )


def _text(text: str) -> str:
    return escape(text, quote=False)


def _parts(page: PageText, names: Sections) -> str:
    if page.is_home:
        return _home(page, names)
    if page.pager or page.items:
        own = box(_text(page.heading), _pager(page.pager) + _entries(page.items))
    elif page.heading:
        own = box(_text(page.heading), _statement(page))
    else:
        own = box(_text(page.title), _paragraphs(page))
    return f"{own}\n\n{_latest(page, names)}"


def _statement(page: PageText) -> str:
    day = f"<h2>{page.own_date}</h2>\n" if page.own_date else ""
    title = f"<h3>{_text(page.title)}</h3>" if page.title else ""
    return day + title + _paragraphs(page)


def _paragraphs(page: PageText) -> str:
    texts = [text for text in (*page.body.split("\n\n"), page.signature) if text]
    return "".join(f'<p align="justify">{_text(text)}</p>' for text in texts)


def _latest(page: PageText, names: Sections) -> str:
    return box(names.latest, _entries(page.latest) + _all_of(names)) if page.latest else ""


def _entries(items: tuple[Item, ...]) -> str:
    return "".join(
        entry(item.date, f"/{item.key}", _text(item.title), _text(item.lead)) for item in items
    )


def _all_of(names: Sections) -> str:
    return closing(f"/{names.newest.list}/", names.closing)


def _pager(links: tuple[PagerLink, ...]) -> str:
    """Return the pager: the page that is shown is neither marked nor linked."""
    if not links:
        return ""
    first, last = (link.href or "#" for link in (links[0], links[-1]))
    numbers = "".join(
        f'<a id="newslist" href="{link.href}">{link.number}</a>' if link.href else str(link.number)
        for link in links
    )
    ends = f'<a href="{first}">«««</a>', f'<a href="{last}">»»»</a>'
    return f"<p>Pages: {ends[0]} :: {numbers} :: {ends[1]}&nbsp;&nbsp;</p>"


def _home(page: PageText, names: Sections) -> str:
    sides = "\n".join(
        side_box(side.heading, side.item.date, f"/{side.item.key}", _text(side.item.title),
                 has_picture=side.has_picture)
        for side in page.boxes
    )  # fmt: skip
    news = box(_text(page.heading), _entries(page.items) + _all_of(names))
    feed = box(names.feed, _posts(page.posts, names)) if page.posts and names.feed else ""
    return columns(sides, f"{news}\n\n{feed}")


def _posts(posts: tuple[Post, ...], names: Sections) -> str:
    url, author = names.feed_url, names.feed_url.rpartition("/")[2]
    rows = "".join(feed_row(url, author, _post(post, names), post.day) for post in posts)
    follow = f'<p><a href="{url}" class="twitter-follow-button">Follow</a></p>'
    return f"<table>{rows}</table>{follow}{closing(names.feed_path, names.closing)}"


def _post(post: Post, names: Sections) -> str:
    if not post.link:
        return _text(post.text)
    address = names.host + post.link
    return f'{_text(post.text)} <a id="newslist" href="{address}" target="_blank">{address}</a>'
