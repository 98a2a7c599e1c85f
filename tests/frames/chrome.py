"""What frames put around and between a page's parts: lines of their own, in their own elements."""

from __future__ import annotations

from .markup import link, paragraph, text
from .style import Style

SHORT = (
    "Search",
    "You are here: Home",
    "Print this page",
    "Share: Facebook Twitter",
    "Font size: A A A",
    "Send to a friend",
    "Русская версия",
    "Listen",
    "Photo gallery",
    "Subscribe to news",
    "EMBASSY",
    "Suche",
    "Drukuj stronę",
    "Поделиться",
    "分享",
)
SENTENCES = (
    "Subscribe to our newsletter and be the first to hear the news.",
    "Your browser is out of date and may not show this page as it should.",
    "All materials may be quoted with a link to this site.",
    "The press office answers questions on working days from nine to five.",
    "Have you seen the photographs of our open day? They are in the gallery.",
    "Diese Seite wurde zuletzt am 24. November bearbeitet.",
    "При перепечатке ссылка на сайт обязательна, а фотографии предоставляются по запросу.",
)
BY_WHOM = (
    "By the Press Office",
    "Author: Press Office",
    "Source: Harbour Gazette",
    "Photo: Press Office",
    "Last updated 24.11.2020 by Press Office",
    "3 min read",
    "Von der Pressestelle",
    "Автор: пресс-служба",
)
FIGURES = ("Views: 1234", "Viewed 87 times", "Read by 1,024 people", "Comments (12)", "0 likes")
DAYS = (
    "Tuesday, 24 November 2020",
    "24.11.2020",
    "24 November 2020, 12:22",
    "Today is 24.11.2020",
    "24 November 2020",
)
COMMENTS = (
    "I have lived on the outer islands for thirty years and never saw so many barrels on one "
    "quay; whoever paid for them has my thanks, and that of my neighbours.",
    "With respect, the almanac is printed in another town altogether, and its readers could not "
    "have collected such a sum in a single week of March.",
)
_MENU = (
    ("newarh", "Embassy informs"),
    ("artarh", "Speeches, interviews, articles"),
    ("ambartarh", "Ambassador's Articles"),
    ("apress_arh", "Press Releases and News"),
    ("photarh", "Photo Reports"),
    ("varh", "Videos"),
)


def own(style: Style, words: str) -> str:
    """Return a line of the frame in an element that the text does not use."""
    return f'<{style.own_tag} class="tools">{text(words)}</{style.own_tag}>'


def same(style: Style, words: str) -> str:
    """Return a line of the frame in the element of the text's paragraphs."""
    return paragraph(style, text(words))


def crumbs(style: Style, words: str) -> str:
    """Return the way from the homepage, as links."""
    trail = '<a href="/">Home</a> » <a href="/newarh/">News</a>'
    return f'<{style.own_tag} class="crumbs">{trail} » {text(words)}</{style.own_tag}>'


def menu(tag: str = "ul") -> str:
    """Return a menu whose links say the headings in small letters."""
    if tag == "table":
        rows = "".join(f'<tr><td><a href="/{p}/">{w}</a></td></tr>' for p, w in _MENU)
        return f"<table>{rows}</table>"
    return "<ul>" + "".join(f'<li><a href="/{p}/">{w}</a></li>' for p, w in _MENU) + "</ul>"


def related() -> str:
    """Return links to other statements under a heading of their own."""
    linked = (
        link("fnapr/6801", "Embassy note on the bell of the northern ferry"),
        link("article/611", "Ambassador’s letter to the guild of pilots"),
        link("fnapr/6790", "On the price of rope"),
    )
    items = "".join(f"<li>{item}</li>" for item in linked)
    return f'<div class="related"><h4>See also</h4><ul>{items}</ul></div>'


def own_link(style: Style) -> str:
    """Return a link to another statement, alone on its line."""
    words = link("fnapr/6801", "Embassy note on the bell of the northern ferry")
    return f'<{style.own_tag} class="also">{words}</{style.own_tag}>'


def dated_links() -> str:
    """Return dated links to statements under a heading of their own: a box of the frame's."""
    shown = (
        ("14.02.2018", "fnapr/6301", "Embassy note on the bell of the northern ferry"),
        ("02.02.2018", "article/601", "Ambassador’s letter to the guild of pilots"),
        ("19.01.2018", "fnapr/6290", "On the price of rope"),
    )
    items = "".join(f"<li>{on} - {link(key, words)}</li>" for on, key, words in shown)
    return f'<div class="popular"><h4>Most read</h4><ul>{items}</ul></div>'


def tags() -> str:
    """Return a line of tags."""
    words = "".join(f'<a href="/tag/{word}">{word}</a>, ' for word in ("lamps", "oil", "islands"))
    return f'<div class="tags">Tags: {words.rstrip(", ")}</div>'


def neighbours() -> str:
    """Return links to the statement before and behind."""
    before, behind = link("fnapr/6955", "Previous"), link("fnapr/6957", "Next")
    return f'<div class="pager">{before} | {behind}</div>'


def comments() -> str:
    """Return what readers wrote."""
    said = "".join(f"<div><b>Reader {n}</b><p>{c}</p></div>" for n, c in enumerate(COMMENTS, 1))
    return f'<div class="comments"><h4>Comments</h4>{said}</div>'


def events() -> str:
    """Return a box of dated links that lead to no statement."""
    shown = (
        ("02.12.2020", "/events/81", "Open day of the consulate"),
        ("28.11.2020", "/events/80", "Evening of chamber music"),
        ("21.11.2020", "https://www.example.org/fair", "Book fair in the town hall"),
    )
    items = "".join(f'<li>{on} - <a href="{href}">{w}</a></li>' for on, href, w in shown)
    return f'<div class="events"><h3>Events</h3><ul>{items}</ul></div>'


def calendar() -> str:
    """Return a month whose days are numbers, some of them links."""
    days = "".join(
        f'<td><a href="/calendar/2020/11/{day}">{day}</a></td>' if day % 3 else f"<td>{day}</td>"
        for day in range(1, 29)
    )
    return f"<table class='calendar'><tr><th>November 2020</th></tr><tr>{days}</tr></table>"


def twitter() -> str:
    """Return a feed of other people's words, closed as the site's own lists are."""
    rows = "".join(
        f'<h3><a id="newslist" href="http://twitter.com/quay/status/{n}">The quay says {n}</a></h3>'
        f"<p>A short message about the weather, number {n}.</p><p>{n} March</p>"
        for n in (18, 17, 16)
    )
    own_link = link("activity/720", "PHOTO: Regatta of the training ships")
    return (
        f"<h1>TWITTER NEWS</h1>{rows}<h3>{own_link}</h3><p>15 March</p>"
        '<p><a href="/twitter/">all messages</a></p>'
    )


def cookies() -> str:
    """Return a banner that asks for consent."""
    asked = "We use cookies to see how this site is used."
    return f'<div class="cookies">{asked} <button>Accept</button></div>'


def weather() -> str:
    """Return what the weather is in two towns."""
    return "<div>Tuesday<br>Moscow: -3<br>London: +9</div>"


def contacts() -> str:
    """Return telephone and address of somebody else."""
    mail = '<a href="mailto:web@example.org">web@example.org</a>'
    return f"<div>Webmaster:<br>+44 (0) 7700 900 123<br>{mail}</div>"
