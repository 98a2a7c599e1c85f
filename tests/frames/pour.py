"""Pours a page into a frame: the frame's chrome stays as it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from .lists import HOMES, LISTINGS
from .markup import contained, header, pieces
from .model import Model
from .statements import STATEMENTS
from .style import Style, draw
from .texts import MODELS
from .variant import Variant

MAIN, HEADER = "<!--MAIN-->", "<!--HEADER-->"
SHARED = Path(__file__).parents[3] / "shared" / "frames"
OWN = Path(__file__).parent / "own"
BARE = Path(__file__).parent / "bare"
VARIANTS = (*STATEMENTS, *LISTINGS, *HOMES)
_BASE = re.compile(r"<base\b[^>]*>", re.I)


@dataclass(frozen=True, slots=True)
class Poured:
    """One page in one frame, and what a reader should find in it."""

    frame: str
    variant: Variant
    model: Model
    style: Style
    html: str

    @property
    def label(self) -> str:
        """Return the names by which the page can be made again."""
        return f"{self.frame} {self.variant.kind}/{self.variant.name}"


def frames(folder: Path) -> list[Path]:
    """Return the frames in *folder*."""
    return sorted(folder.glob("*.html"))


def load(path: Path) -> str:
    """Return a frame's HTML; an address base of another site's is taken out."""
    return _BASE.sub("", path.read_text("utf-8", "replace"))


def pour(path: Path, html: str, variant: Variant, draw_name: str = "") -> Poured:
    """Return the *variant* of its page in the frame *html*, always the same one."""
    number = crc32(path.stem.encode()) % 1000
    seed = f"{path.stem}/{variant.kind}/{variant.name}/{draw_name}"
    style = draw(seed, **variant.forced)
    model = variant.change(MODELS[variant.kind](number))
    shown = variant.dress(pieces(model, style), model, style, number)
    parts = "\n".join(piece.html for piece in shown)
    for end, start in (("</ul>", "<ul>"), ("</table>", "<table>")):
        parts = parts.replace(f"{end}\n{start}", "")
    main = contained(parts, style)
    head = variant.above() + header(model.head, style) + variant.below()
    page = html.replace(HEADER, head, 1)
    main = main * 2 if variant.twice else main
    page = page.replace(MAIN, variant.before(number) + main + variant.behind(number), 1)
    if variant.document_title:
        page = with_document_title(page, model.title or "")
    return Poured(path.stem, variant, model, style, page)


def with_document_title(page: str, title: str) -> str:
    """Return *page* with *title* as the title of its head."""
    return re.sub(r"(<title[^>]*>)[^<]*", lambda found: found[1] + title, page, count=1, flags=re.I)


def all_pages(
    path: Path, takes: Callable[[str, Variant], bool], draw_name: str = ""
) -> Iterator[Poured]:
    """Return every variant that *takes* takes, in the frame at *path*."""
    html = load(path)
    for variant in VARIANTS:
        if takes(path.stem, variant):
            yield pour(path, html, variant, draw_name)
