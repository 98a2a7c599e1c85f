"""Markup: marked words as HTML, with all that comes from a page as text."""

from collections.abc import Iterable
from html import escape

from embassy_scraper.reports.marks import ADDED, REMOVED, Piece
from embassy_scraper.visible import visible

_MARKS = {REMOVED: ("del", "deleted"), ADDED: ("ins", "inserted")}


def as_text(text: str) -> str:
    """Return *text* escaped for HTML and XML, in elements and in attributes.

    >>> as_text('<b title="x">')
    '&lt;b title=&quot;x&quot;&gt;'
    """
    return escape(visible(text), quote=True)


def marked(pieces: Iterable[Piece], *, spoken: bool = True) -> str:
    """Return *pieces* with ``<ins>`` and ``<del>``.

    *spoken*: words for a screen reader stand in every mark, hidden by the class ``spoken``.

    >>> marked([Piece("removed", "1.5"), Piece("added", "15")], spoken=False)
    '<del>1.5</del> <ins>15</ins>'
    """
    text = "".join(_mark(piece, spoken) for piece in pieces)
    return text.replace("</del><ins>", "</del> <ins>")


def _mark(piece: Piece, spoken: bool) -> str:
    bare = piece.text.rstrip()
    if piece.kind not in _MARKS or not bare:
        return as_text(piece.text)
    name, word = _MARKS[piece.kind]
    hidden = f'<span class="spoken">{word}: </span>' if spoken else ""
    return f"<{name}>{hidden}{as_text(bare)}</{name}>{as_text(piece.text[len(bare) :])}"
