"""What markup that no layout knows can prove of itself (contract sections 2.8 and 7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from .model import Dress, Look, Statement, Text, World
from .timeline import site_at


def in_frame_unless_proven(world: World, at: datetime, look: Look, dress: Dress) -> Dress:
    """The dress, in the real frame where in its own markup the page could not be proven.

    A list is proven by its heading or its closing line. A statement needs a title, and a body of
    plain sentences that ends at a signature. A page that is no part of a list or a statement says
    nothing that must be proven. That there are no counters is known in the frame alone.
    """
    site = site_at(world, at)
    has_counters = any(counter.shown for counter in site.counters)
    if has_counters and (look.kind != "statement" or _is_proven(site.listed(look.sid).statement)):
        return dress
    return replace(dress, markup="frame")


def _is_proven(statement: Statement) -> bool:
    return not statement.titleless_page and _has_edges(statement.text)


def _has_edges(text: Text) -> bool:
    """Whether it is signed, and every paragraph begins with a letter and ends as sentences do."""
    plain = all(p[0].isalpha() and p[-1] in ".?" for p in text.paragraphs)
    return text.signed is not None and plain
