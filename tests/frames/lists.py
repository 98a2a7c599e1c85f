"""The variants of a listing's page and of the homepage."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from . import chrome
from .lines import FORMS, Line, one_of
from .markup import Piece, entry_html, link
from .model import Entry, Model
from .style import Style
from .texts import entries
from .variant import Dress, Variant, amid, before_first, behind_first, behind_last, inserted

_BELOW = {
    "read more": lambda key, n: f'<p><a href="/{key}">Read more</a></p>',
    "views": lambda key, n: f"<div>Views: {12 + n}</div>",
    "views in brackets": lambda key, n: f"<div>(views: {112 + 7 * n})</div>",
    "tags": lambda key, n: '<div>Tags: <a href="/tag/quay">quay</a></div>',
    "share": lambda key, n: "<div>Share</div>",
    "other sections": lambda key, n: (
        f'<div><a href="/tag/{n}">{("Quay", "Oil", "Lamps")[n % 3]}</a></div>'
    ),
}
_BOXES = (
    ("ARTICLE", Entry("14.02.2018", "On rope and rigging", "", "ambarticles/553")),
    ("VIDEO", Entry("12.02.2018", "A day at the quay", "", "video/190")),
)


def _boxes(number: int) -> str:
    return "".join(
        f"<table><tr><td><h1>{heading}</h1><h2>{box.on}</h2>"
        f"<h3>{link(box.key, box.title)}</h3></td></tr></table>"
        for heading, box in _BOXES
    )


def _with_boxes(model: Model) -> Model:
    return replace(model, boxes=tuple(box for _, box in _BOXES))


def entries_with(what: str) -> Dress:
    """Return a dress in which every item has a line of the frame's below its lead."""

    def dress(pieces: list[Piece], model: Model, style: Style, number: int) -> list[Piece]:
        items = {"entry": iter(model.entries), "item": iter(model.block)}
        made = []
        for n, piece in enumerate(pieces):
            if piece.slot in items:
                entry = next(items[piece.slot])
                html = entry_html(entry, style, below=_BELOW[what](entry.key, n))
                piece = Piece(piece.slot, html)
            made.append(piece)
        return made

    return dress


def _around(kind: str) -> list[Variant]:
    """What stands before and behind the main part; the same for both kinds."""
    before = {**FORMS, "breadcrumbs": _crumbs, "figures": one_of(chrome.FIGURES),
              "day": one_of(chrome.DAYS)}  # fmt: skip
    behind = {
        "share line": lambda n: '<div class="share">Share: Facebook Twitter</div>',
        "related": lambda n: chrome.related(),
        "comments": lambda n: chrome.comments(),
    }
    others = {
        "menus say the headings": (lambda n: chrome.menu(), lambda n: chrome.menu("table")),
        "a heading word, unlinked": (lambda n: "<div>Videos</div>", None),
        "a heading, unlinked": (lambda n: "<h2>PRESS RELEASES AND NEWS</h2>", None),
        "calendar and events": (lambda n: chrome.calendar(), lambda n: chrome.events()),
        "events before": (lambda n: chrome.events(), None),
        "dated links behind": (None, lambda n: chrome.dated_links()),
        "dated links before": (lambda n: chrome.dated_links(), None),
        "cookies": (lambda n: chrome.cookies(), None),
        "feed behind": (None, lambda n: chrome.twitter()),
        "feed before": (lambda n: chrome.twitter(), None),
    }
    made = [Variant(kind, "plain", "aim")]
    for name, line in before.items():
        dress = inserted(before_first("heading"), line)
        made.append(Variant(kind, f"before the heading: {name}", "aim", dress=dress))
    for name, part in behind.items():
        made.append(Variant(kind, f"behind the list: {name}", "aim", behind=part))
    for name, (first, last) in others.items():
        sides = {"before": first, "behind": last}
        made.append(Variant(kind, name, "other", **{k: v for k, v in sides.items() if v}))
    return made


def _crumbs(style: Style, number: int) -> str:
    return chrome.crumbs(style, "Embassy informs")


def _between(kind: str) -> list[Variant]:
    """Lines of the frame between the parts of a list."""
    gaps = {
        "behind the heading": behind_first("heading"),
        "before the entries": before_first("entry"),
        "amid the entries": amid("entry"),
        "behind the entries": behind_last("entry"),
    }
    return [
        Variant(kind, f"{gap}: {form}", "refuse", dress=inserted(place, line))
        for gap, place in gaps.items()
        if gap != "before the entries" or kind == "listing"
        for form, line in AMONG.items()
    ]


_AD = Entry("27.03.2018", "Ropes and rigging at half the price", "", "")
AMONG: dict[str, Line] = {
    **FORMS,
    "figures": one_of(chrome.FIGURES),
    "day": one_of(chrome.DAYS),
    "a link of our own": lambda style, number: chrome.own_link(style),
    "an item that leads elsewhere": lambda style, number: entry_html(
        replace(_AD, lead="Only this week, at the shop beside the quay."), style
    ).replace('href="/"', 'href="https://www.example.org/ropes"'),
}


OLDER = (
    Entry("14.02.2018", "Embassy note on the ferry’s bell", "It has been cast anew.", "fnapr/6301"),
    Entry("02.02.2018", "Letter to the guild of pilots", "The guild is thanked.", "article/601"),
    Entry("19.01.2018", "On the price of rope", "It has fallen by a third.", "fnapr/6290"),
)


def _one_look(label: str) -> Dress:
    """Put older items in the list's own markup behind it, in a box of the frame's."""

    def dress(pieces: list[Piece], model: Model, style: Style, number: int) -> list[Piece]:
        older = "".join(entry_html(entry, style) for entry in OLDER)
        return [*pieces, Piece("chrome", f'<div class="box">{label}{older}</div>')]

    return dress


def _few(model: Model) -> Model:
    return replace(model, entries=model.entries[:4])


def _beside(words: str, *, first: bool) -> Dress:
    """Put words beside the titles, or beside that of the second item alone."""

    def dress(pieces: list[Piece], model: Model, style: Style, number: int) -> list[Piece]:
        made, items = [], iter(model.entries)
        for piece in pieces:
            if piece.slot == "entry":
                entry = next(items)
                beside = words if not first or entry is model.entries[1] else ""
                piece = Piece("entry", entry_html(entry, style, beside=f" <span>{beside}</span>"))
            made.append(piece)
        return made

    return dress


def _inside(kind: str) -> list[Variant]:
    """Lines of the frame in every entry, and unusual entries."""
    made = [
        Variant(kind, f"every entry: {what}", "other", dress=entries_with(what)) for what in _BELOW
    ]
    changes = {
        "a lead like an item": {"lead": "27.03.2018 - this only looks like an item of the list."},
        "an empty lead": {"lead": ""},
        "a long title": {"title": "Embassy reply to the letter of the guild " * 6 + "of pilots"},
        "a title like its lead": {"title": "The quay is open.", "lead": "The quay is open."},
        "a lead ends in a colon": {"lead": "Among other things:"},
        "a short lead": {"lead": "See below"},
        "a figure as lead": {"lead": "1265-18-06-2019"},
    }
    for name, change in changes.items():
        made.append(Variant(kind, f"an entry: {name}", "other", change=_fourth(**change)))
    for name, on in {
        "a day that is none": "31.02.2018",
        "a date in words": "27 March 2018",
    }.items():
        made.append(Variant(kind, f"an entry: {name}", "other", change=_fourth(on=on)))
    beside = {"every title: words beside it": ("New", False),
              "one title: words beside it": ("Updated today.", True)}  # fmt: skip
    for name, (words, first) in beside.items():
        made.append(Variant(kind, name, "other", dress=_beside(words, first=first)))
    made.append(
        Variant(
            kind,
            "every entry: the same lead",
            "open",
            change=lambda m: replace(
                m, entries=tuple(replace(e, lead="Read the text in full.") for e in m.entries)
            ),
        )
    )
    made.append(
        Variant(
            kind,
            "last entry: no lead, a line behind it",
            "open",
            change=_last(lead=""),
            dress=inserted(behind_last("entry"), FORMS["short, paragraph"]),
        )
    )
    made.append(Variant(kind, "main part twice", "other", twice=True))
    made.append(Variant(kind, "last entry: a short lead", "other", change=_last(lead="See below")))
    return made


def _fourth(**change: str) -> object:
    return lambda model: replace(model, entries=_changed(model.entries, 3, **change))


def _last(**change: str) -> object:
    return lambda model: replace(model, entries=_changed(model.entries, -1, **change))


def _changed(shown: tuple[Entry, ...], at: int, **change: str) -> tuple[Entry, ...]:
    made = list(shown)
    made[at] = replace(made[at], **change)
    return tuple(made)


def _without(*slots: str, **change: object) -> dict[str, object]:
    def dress(pieces: list[Piece], model: Model, style: Style, number: int) -> list[Piece]:
        return [piece for piece in pieces if piece.slot not in slots]

    return {"dress": dress, "change": lambda model: replace(model, **change)}


def _again(pieces: list[Piece], model: Model, style: Style, number: int) -> list[Piece]:
    """Print the pager once more behind the list."""
    return [*pieces, next(piece for piece in pieces if piece.slot == "pager")]


_BLOCK = entries(10, date(2020, 11, 23), 7100)
_HEAD = "https://www.rusemb.org.uk/newarh/"
LISTINGS = (
    *_around("listing"),
    *_between("listing"),
    *_inside("listing"),
    Variant("listing", "date below the title", "aim", forced={"entry": "date below"}),
    Variant("listing", "four, items of one look behind", "other", change=_few, dress=_one_look("")),
    Variant(
        "listing",
        "four, items of one look behind a line",
        "other",
        change=_few,
        dress=_one_look("<div>Most read</div>"),
    ),
    Variant("listing", "pager again", "other", dress=_again),
    Variant("listing", "with a block", "other", change=lambda m: replace(m, block=_BLOCK)),
    Variant("listing", "no heading", "other", **_without("heading", heading=None)),
    Variant("listing", "no pager", "other", **_without("pager", pager=None)),
    Variant("listing", "the head", "other", change=lambda m: replace(m, url=_HEAD, start=1)),
    Variant(
        "listing",
        "four entries",
        "other",
        change=lambda m: replace(m, entries=m.entries[:4]),
    ),
)
HOMES = (
    *_around("home"),
    *_between("home"),
    *_inside("home"),
    Variant("home", "date below the title", "aim", forced={"entry": "date below"}),
    Variant("home", "no heading", "other", **_without("heading", heading=None)),
    Variant("home", "boxes before", "other", before=_boxes, change=_with_boxes),
    Variant("home", "boxes behind", "other", behind=_boxes, change=_with_boxes),
    Variant("home", "five entries", "other", change=lambda m: replace(m, entries=m.entries[:5])),
)
