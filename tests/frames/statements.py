"""The variants of a statement's page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from . import chrome
from .lines import FORMS, Line, one_of
from .lists import OLDER, entries_with
from .markup import Piece, entry_html, text
from .model import Model
from .style import Style
from .variant import (
    Dress,
    Variant,
    amid,
    amid_text,
    before_first,
    behind_first,
    behind_last,
    inserted,
)

LONG_TITLE = (
    "Embassy reply to a media question on the remarks of the harbour master about the lanterns "
    "of the northern mole, the timetable of the ferry and the otters that were seen beneath the "
    "customs house on the eve of the annual regatta"
)


BEFORE: dict[str, Line] = {
    **FORMS,
    "breadcrumbs": lambda style, number: chrome.crumbs(style, "Press releases"),
    "figures": one_of(chrome.FIGURES),
    "day": one_of(chrome.DAYS),
}
AMONG: dict[str, Line] = {
    **FORMS,
    "figures": BEFORE["figures"],
    "day": BEFORE["day"],
    "by whom": one_of(chrome.BY_WHOM),
    "a link of our own": lambda style, number: chrome.own_link(style),
}
BEHIND: dict[str, Line] = {
    "share line": lambda style, number: chrome.own(style, "Share: Facebook Twitter"),
    "share line, paragraph": lambda style, number: chrome.same(style, "Share this page"),
    "views": one_of(chrome.FIGURES),
    "related": lambda style, number: chrome.related(),
    "tags": lambda style, number: chrome.tags(),
    "neighbours": lambda style, number: chrome.neighbours(),
}
_GAPS = {
    "behind the heading": behind_first("heading"),
    "between date and title": behind_first("date", "title"),
    "before the text": before_first("text"),
    "amid the text": amid("text"),
    "before the signature": before_first("signature"),
}


def _statement(name: str, group: str, **more: object) -> Variant:
    return Variant("statement", name, group, **more)  # type: ignore[arg-type]


def _lines() -> list[Variant]:
    made = [
        _statement(
            f"before the heading: {form}", "aim", dress=inserted(before_first("heading"), line)
        )
        for form, line in BEFORE.items()
    ]
    made += [
        _statement(
            f"behind the signature: {form}", "aim", dress=inserted(behind_first("signature"), line)
        )
        for form, line in BEHIND.items()
    ]
    return made + [
        _statement(
            f"{gap}: {form}",
            "amid" if gap == "amid the text" else "refuse",
            dress=inserted(place, line),
        )
        for gap, place in _GAPS.items()
        for form, line in AMONG.items()
    ]


def _with_text(at: int, *more: tuple[str, str]) -> dict[str, object]:
    return {
        "change": lambda model: replace(model, body=(*model.body[:at], *more, *model.body[at:]))
    }


def _without(*slots: str, **change: object) -> dict[str, object]:
    """Take pieces away, and what they say from the model."""

    def dress(pieces: list[Piece], model: Model, style: Style, number: int) -> list[Piece]:
        return [piece for piece in pieces if piece.slot not in slots]

    return {"dress": dress, "change": lambda model: replace(model, **change)}


def _glued(slot: str, more: str) -> dict[str, object]:
    """Put words of the frame on the line of a part."""

    def dress(pieces: list[Piece], model: Model, style: Style, number: int) -> list[Piece]:
        return [
            replace(
                p,
                html=p.html.replace("</", f"{more}</", 1) if "</" in p.html else f"{p.html}{more}",
            )
            if p.slot == slot
            else p
            for p in pieces
        ]

    return {"dress": dress}


def _impossible_hour(model: Model) -> Model:
    day = (model.signature or "").rpartition(" ")[0]
    return replace(model, signature=f"{day} 25:75", published_at=None)


def _dressed_title(shape: str) -> dict[str, object]:
    """Print the title in another shape, with ``{}`` where the words stand."""

    def dress(pieces: list[Piece], model: Model, style: Style, number: int) -> list[Piece]:
        first, last = (text(words) for words in (model.title or "").rsplit(" ", 1))
        html = style.tag(style.title, "title", shape.format(first, last))
        return [Piece("title", html) if piece.slot == "title" else piece for piece in pieces]

    return {"dress": dress}


def _linked_title() -> dict[str, object]:
    return _dressed_title('<a href="/fnapr/6956">{} {}</a>')


def _split_title() -> dict[str, object]:
    return _dressed_title("<b>{} <i>{}</i></b>")


_SHOUT = {"change": lambda model: replace(model, title=(model.title or "").upper())}
_UPDATE = "Update: 8 August 2020 – the last eleven lamps of the outer islands are lit as well."
_NO_SIGNATURE = {"signature": None, "published_at": None}


def _kinds_of_text() -> list[Variant]:
    entry_like = (("", "1265-18-06-2019"), ("", "(30 July, translated from the Frisian)"))
    rich = (
        ("head", "What the keepers say"),
        ("quote", "We never asked for the oil, and we shall never forget it."),
        ("item", "Seventeen lamps are lit."),
        ("item", "Forty-eight lamps are dark."),
    )
    item = "12.03.2018 - Something that only looks like an item of the list"
    counter = "85 days have passed since the first letter was sent - and no answer came."
    return [
        _statement("text: lines like entries", "other", **_with_text(2, *entry_like)),
        _statement("text: an item", "other", **_with_text(2, ("", item))),
        _statement(
            "text: a second signature", "other", **_with_text(2, ("", "2 April 2020, 10:00"))
        ),
        _statement("text: heads, quotes, items", "other", **_with_text(2, *rich)),
        _statement("text: a known heading", "other", **_with_text(2, ("", "VIDEOS"))),
        _statement("text: a date alone", "other", **_with_text(2, ("", "01.04.2020"))),
        _statement("text: a counter's words", "other", **_with_text(2, ("", counter))),
        _statement("text: a pager's words", "other", **_with_text(2, ("", "Pages: 1234567"))),
        _statement("text: last line no sentence", "other", **_with_text(99, ("", "Press Office"))),
        _statement("text: one paragraph", "other", change=lambda m: replace(m, body=m.body[:1])),
        _statement("text: links", "other", dress=_link_words),
        _statement("text: a picture and its words", "other", **_pictured()),
        _statement("text: all in bold", "other", dress=_in_bold),
        _statement("text: lines broken", "other", dress=_broken),
        _statement("text: hidden words", "other", dress=inserted(amid("text"), _hidden)),
        _statement("text: an update behind the signature", "other", **_update()),
    ]


def _each_text(change: Callable[[str], str]) -> Dress:
    def dress(pieces: list[Piece], model: Model, style: Style, number: int) -> list[Piece]:
        return [replace(p, html=change(p.html)) if p.slot == "text" else p for p in pieces]

    return dress


_link_words = _each_text(lambda html: html.replace(" the ", ' <a href="/fnapr/6801">the</a> ', 1))
_in_bold = _each_text(lambda html: html.replace(" the ", " <strong>the</strong> "))
_broken = _each_text(lambda html: html.replace(", ", ",\n   ", 2))


def _pictured() -> dict[str, object]:
    """A picture's words are read by a visitor, so they are text."""
    words = "The quay on the morning of the first of April."
    html = f'<figure><img src="/quay.jpg"><figcaption>{words}</figcaption></figure>'
    return {
        "change": lambda model: replace(
            model, body=(*model.body[:2], ("placed", words), *model.body[2:])
        ),
        "dress": inserted(amid_text(2), lambda style, number: html),
    }


def _hidden(style: Style, number: int) -> str:
    return '<div style="display:none">Loading the next page of this article…</div>'


def _update() -> dict[str, object]:
    """The site's own words stand behind the signature."""
    line: Line = lambda style, number: chrome.same(style, _UPDATE)  # noqa: E731
    return {
        "change": lambda model: replace(model, body=(*model.body, ("behind", _UPDATE))),
        "dress": inserted(behind_first("signature"), line),
    }


def _titles() -> list[Variant]:
    return [
        _statement("title above date", "aim", forced={"order": "title first"}),
        _statement("title: 200 letters", "other", change=lambda m: replace(m, title=LONG_TITLE)),
        _statement("title: a full stop", "other", change=lambda m: replace(m, title=f"{m.title}.")),
        _statement("title: capitals", "other", **_SHOUT),
        _statement("title: plain p", "other", forced={"title": "p", "paragraph": "p"}),
        _statement(
            "title: begins with a date",
            "other",
            change=lambda m: replace(m, title=f"1 April 2020: {m.title}"),
        ),
        _statement("title: linked to itself", "other", **_linked_title()),
        _statement("title: broken in two", "other", **_dressed_title("{}<br>{}")),
        _statement(
            "title: plain, a question, broken in two",
            "other",
            forced=_PLAIN,
            change=_titled(QUESTION),
            dress=_dressed_title("{}<br>{}")["dress"],
        ),
        _statement("title: in three elements", "other", **_split_title()),
        _statement("no heading", "other", **_without("heading", heading=None)),
        _statement(
            "no heading, document title",
            "other",
            document_title=True,
            **_without("heading", heading=None),
        ),
        _statement("document title", "other", document_title=True),
        _statement("no date", "other", **_without("date", on=None)),
        _statement("date: impossible", "other", change=lambda m: replace(m, on="31.02.2020")),
        _statement("signature: impossible hour", "other", change=_impossible_hour),
        _statement("date with words", "other", **_glued("date", " | Press office")),
        _statement("signature with words", "other", **_glued("signature", " | Print")),
        _statement("title with words", "open", **_glued("title", " Print")),
        _statement("no signature", "other", change=lambda m: replace(m, **_NO_SIGNATURE)),
        _statement(
            "no signature, share line",
            "other",
            change=lambda m: replace(m, **_NO_SIGNATURE),
            dress=inserted(behind_last("text"), BEHIND["share line"]),
        ),
    ]


QUESTION = "Who has paid for the lamp oil of the outer islands?"
_PLAIN = {"title": "p", "paragraph": "p", "classes": "none", "container": "div"}


def _pairs() -> list[Variant]:
    """Two things at once: a plain title that could be text, and a line of the frame beside it.

    Where the date stands first nothing tells a title in ``div`` and a first sentence in ``p`` from
    a line of the frame in ``div`` and a title in ``p`` that ends as a sentence does.
    """
    titles = {"a question": QUESTION, "200 letters": LONG_TITLE, "a full stop": "It is done."}
    orders = {"date first": "date first", "title first": "title first"}
    gaps = ("behind the heading", "between date and title", "before the text")
    made = [
        _statement(
            f"plain title, {title}, {order}, {gap}: {form}",
            "refuse" if order == "title first" or gap == "before the text" else "open",
            change=_titled(words),
            dress=inserted(_GAPS[gap], line),
            forced={**_PLAIN, "order": order},
        )
        for title, words in titles.items()
        for order in orders
        for gap in gaps
        for form, line in MARKED.items()
        if (gap, form) != ("before the text", "sentence, paragraph")
    ]
    return [
        *made,
        *(
            _statement(f"{gap}: {form}", "refuse", dress=inserted(place, line))
            for gap, place in _GAPS.items()
            if gap != "amid the text"
            for form, line in MARKED.items()
            if (gap, form) != ("before the text", "sentence, paragraph")
        ),
    ]


def _titled(words: str) -> Callable[[Model], Model]:
    return lambda model: replace(model, title=words)


def _marked(style: Style, words: str) -> str:
    """Return a line in the paragraphs' tag, but with a class of its own."""
    tag = "div" if style.paragraph == "br" else style.paragraph
    return f'<{tag} class="notice">{text(words)}</{tag}>'


def _three_words(style: Style, number: int) -> str:
    return chrome.own(style, "Share: Facebook Twitter")


MARKED: dict[str, Line] = {
    "three words": _three_words,
    "short, marked paragraph": lambda s, n: _marked(s, chrome.SHORT[n % len(chrome.SHORT)]),
    "sentence, marked paragraph": lambda s, n: _marked(
        s, chrome.SENTENCES[n % len(chrome.SENTENCES)]
    ),
}


def _without_date_or_signature() -> list[Variant]:
    """What the page lacks the frame offers: no reader can know whose it is."""
    moment = one_of(("24 November 2020, 12:22", "23 November 2020, 09:10"))
    return [
        _statement("no date, a day behind the heading", "open",
                   change=lambda m: replace(m, on=None),
                   dress=_both(_dropped("date"), inserted(behind_first("heading"), _day))),
        _statement("no heading, no date, a day above the title", "open", document_title=True,
                   change=lambda m: replace(m, on=None, heading=None),
                   dress=_both(_dropped("date", "heading"), inserted(before_first("title"), _day))),
        _statement("no signature, a moment behind the text", "open",
                   change=lambda m: replace(m, **_NO_SIGNATURE),
                   dress=inserted(behind_last("text"), moment)),
    ]  # fmt: skip


def _day(style: Style, number: int) -> str:
    return chrome.own(style, "24.11.2020")


def _dropped(*slots: str) -> Dress:
    return lambda pieces, model, style, number: [p for p in pieces if p.slot not in slots]


def _both(first: Dress, second: Dress) -> Dress:
    return lambda pieces, model, style, number: second(
        first(pieces, model, style, number), model, style, number
    )


def _items_of_one_look(pieces: list[Piece], model: Model, style: Style, number: int) -> list[Piece]:
    """Put three older items, in the block's own markup, above a block without a heading."""
    at = next(n for n, piece in enumerate(pieces) if piece.slot == "latest")
    older = [Piece("chrome", entry_html(item, style)) for item in OLDER]
    box = [Piece("chrome", "<div>"), *older, Piece("chrome", "</div>")]
    return [*pieces[:at], *box, *pieces[at + 1 :]]


def _around() -> list[Variant]:
    return [
        _statement("menus say the headings", "other", before=lambda n: chrome.menu(),
                   behind=lambda n: chrome.menu("table")),
        _statement("a heading word, unlinked", "other", before=lambda n: "<div>Videos</div>"),
        _statement("a heading, unlinked", "other", before=lambda n: "<h2>EMBASSY INFORMS</h2>"),
        _statement("calendar and events", "other", before=lambda n: chrome.calendar(),
                   behind=lambda n: chrome.events()),
        _statement("events before", "other", before=lambda n: chrome.events()),
        _statement("weather before", "other", before=lambda n: chrome.weather()),
        _statement("other contacts before", "other", before=lambda n: chrome.contacts()),
        _statement("header: other contacts above", "other", above=chrome.contacts),
        _statement("header: other contacts below", "other", below=chrome.contacts),
        _statement("header: weather above", "other", above=chrome.weather),
        _statement("header: weather below", "other", below=chrome.weather),
        _statement("cookies", "other", before=lambda n: chrome.cookies()),
        _statement("feed behind", "other", behind=lambda n: chrome.twitter()),
        _statement("feed before", "other", before=lambda n: chrome.twitter()),
        _statement("dated links behind the signature", "other",
                   dress=inserted(behind_first("signature"), lambda s, n: chrome.dated_links())),
        _statement("dated links behind the block", "other", behind=lambda n: chrome.dated_links()),
        _statement("dated links before", "other", before=lambda n: chrome.dated_links()),
        _statement("main part twice", "other", twice=True),
        _statement("comments behind the signature", "other",
                   dress=inserted(behind_first("signature"), lambda s, n: chrome.comments())),
        _statement("comments behind the block", "aim", behind=lambda n: chrome.comments()),
        _statement("related behind the block", "aim", behind=lambda n: chrome.related()),
    ]  # fmt: skip


def _blocks() -> list[Variant]:
    own, same = FORMS["short, own element"], FORMS["short, paragraph"]
    sentence = one_of(chrome.SENTENCES, same=True)
    lines = {
        "block: a line amid": (amid("item"), own),
        "block: a paragraph amid": (amid("item"), same),
        "block: a sentence amid": (amid("item"), FORMS["sentence, own element"]),
        "block: a line before the end": (behind_last("item"), own),
    }
    return [
        _statement("block: no heading", "other", **_without("latest")),
        _statement(
            "block: five, no heading, items of one look above",
            "other",
            change=lambda m: replace(m, block=m.block[:5]),
            dress=_items_of_one_look,
        ),
        _statement("block: none", "other", **_without("latest", "item", "closing", block=())),
        _statement("block: read more", "other", dress=entries_with("read more")),
        _statement("block: views", "other", dress=entries_with("views")),
        *(
            _statement(name, "other", dress=inserted(place, line))
            for name, (place, line) in lines.items()
        ),
        _statement(
            "before the text: sentence, paragraph",
            "open",
            dress=inserted(before_first("text"), sentence),
        ),
    ]


STATEMENTS = (
    _statement("plain", "aim"),
    *_lines(),
    *_titles(),
    *_pairs(),
    *_without_date_or_signature(),
    *_kinds_of_text(),
    *_around(),
    *_blocks(),
)
