"""What an edit is: the fields that can change, and one edit seen in several places."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from .observe import Shown
from .pages import LONDON


def _utc(signed: datetime | None) -> str | None:
    if signed is None:
        return None
    aware = signed.replace(tzinfo=LONDON).astimezone(UTC)
    return f"{aware:%Y-%m-%dT%H:%M:%SZ}"


FIELDS: dict[str, Callable[[Shown], str | None]] = {
    "title": lambda e: e.title,
    "lead": lambda e: e.lead,
    "body": lambda e: e.body,
    "published_on": lambda e: e.on.isoformat() if e.on else None,
    "published_at": lambda e: _utc(e.signed),
}

Edit = tuple[str, str, datetime, datetime]


def tightest(found: list[Edit]) -> list[Edit]:
    """The same edit seen in several places, as one: the last old and the first new."""
    out: list[Edit] = []
    for old, new, a, b in sorted(found, key=lambda e: (e[0], e[1], e[2])):
        if out and out[-1][:2] == (old, new) and a < out[-1][3]:
            out[-1] = (old, new, max(a, out[-1][2]), min(b, out[-1][3]))
        else:
            out.append((old, new, a, b))
    return out


def narrowed(edit: Edit, seen: list[tuple[datetime, str]]) -> Edit:
    """The interval between the last old and the first new value in whichever place."""
    old, new, a, b = edit
    by = min(at for at, v in seen if v == new and a < at <= b)
    after = max((at for at, v in seen if v == old and a <= at < by), default=a)
    return old, new, after, by


def is_chained(edit: Edit, edits: list[Edit]) -> bool:
    """Whether other places saw the same change in two steps or more."""
    old, new, a, b = edit
    inside = [e for e in edits if e != edit and e[2] < b and a < e[3]]
    reached, grown = {old}, True
    while grown:
        more = {e[1] for e in inside if e[0] in reached} - reached
        reached, grown = reached | more, bool(more)
    return new in reached
