"""What markup that no layout knows can prove of itself (contract sections 2.8 and 7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from .model import Dress, Look, Text, World
from .timeline import site_at


def in_frame_unless_proven(world: World, at: datetime, look: Look, dress: Dress) -> Dress:
    """The dress, in the real frame where in its own markup the page could not be proven.

    A list is proven by its heading or its closing line. A statement needs a title, and a body of
    plain sentences that ends at a signature. A page that is no part of a list or a statement says
    nothing that must be proven.
    """
    if look.kind != "statement" or _is_proven(world, at, look):
        return dress
    return replace(dress, markup="frame")


def _is_proven(world: World, at: datetime, look: Look) -> bool:
    statement = site_at(world, at).listed(look.sid).statement
    return not statement.titleless_page and _has_edges(statement.text)


def _has_edges(text: Text) -> bool:
    """Whether it is signed, and every paragraph begins with a letter and ends as sentences do."""
    plain = all(p[0].isalpha() and p[-1] in ".?" for p in text.paragraphs)
    return text.signed is not None and plain
