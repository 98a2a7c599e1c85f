"""Which key the program gave each statement, told from its sightings; and what is odd there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from . import program
from .files import instant
from .model import World
from .observe import BOX, Seen, observe
from .pages import document


def identities(world: World, seen: Sequence[Seen], db: Path) -> tuple[dict[int, str], list[str]]:
    """Each statement's key in the program, told from the sightings; and what is odd there."""
    stored: dict[tuple[str, str, str], list[tuple[int, str]]] = defaultdict(list)
    rows = program.query(
        db,
        "SELECT s.statement, c.captured_at, coalesce(c.url, ''), s.list, s.position "
        "FROM sightings s JOIN captures c ON c.id = s.capture",
    )
    for key, at, url, place, position in rows:
        at_place = 0 if place == BOX else int(str(position or 0))  # a box has no position
        stored[(str(at), _path(str(url)), str(place))].append((at_place, str(key)))
    keys: dict[int, set[str]] = defaultdict(set)
    doubtful: dict[int, str] = {}
    trouble = []
    for place, sids in _expected_sightings(world).items():
        got = [key for _, key in sorted(stored.pop(place, []))]
        certain = [sid for sid in sids if sid > 0]
        if len(got) != len(certain) and not _is_cut(world, place[0]):
            trouble.append(f"sightings of {place}: expected {len(certain)}, got {len(got)}")
        for sid, key in zip(sids, got, strict=False):
            if sid > 0:
                keys[sid].add(key)
            else:
                doubtful[-sid] = key
    trouble += [
        f"invented sightings {place}: {got[:3]}"
        for place, got in stored.items()
        if not _is_cut(world, place[0])
    ]
    names = doubtful | {s: min(k) for s, k in keys.items()}
    return names, trouble[:6] or _identity_trouble(world, seen, keys)


def _path(url: str) -> str:
    path = url.split("//", 1)[-1].partition("/")[2]
    return path.partition("%20")[0].rstrip("/")


def _expected_sightings(world: World) -> dict[tuple[str, str, str], list[int]]:
    """The statements in each place of each capture; a doubtful last one is negative."""
    out: dict[tuple[str, str, str], list[int]] = {}
    for capture in world.captures:
        seen = observe(document(world, capture))
        where = (instant(capture.at), _path(capture.url or ""))
        for window in seen.windows:
            last = [-window.doubtful.sid] if window.doubtful else []
            out[(*where, window.place)] = [e.sid for e in window.entries] + last
        by_key = sorted((e.sid for e in seen.boxes), key=lambda sid: _url_key(world, sid))
        out[(*where, BOX)] = by_key
        if seen.page:
            out[(*where, "page")] = [seen.page.sid]
    return {k: v for k, v in out.items() if v}


def _is_cut(world: World, at: str) -> bool:
    return any(instant(c.at) == at and c.fault in ("cut", "short") for c in world.captures)


def _identity_trouble(world: World, seen: Sequence[Seen], keys: dict[int, set[str]]) -> list[str]:
    out = []
    owners: dict[str, set[int]] = defaultdict(set)
    for sid, names in keys.items():
        if len(names) > 1:
            out.append(f"split: statement {sid} is {sorted(names)}")
        for name in names:
            owners[name].add(sid)
    out += [f"joined: {name} is {sorted(sids)}" for name, sids in owners.items() if len(sids) > 1]
    url_keys = {e.sid: e for s in seen for e in s.shown() if e.linked or e.place == "page"}
    for sid in url_keys:
        wanted = _url_key(world, sid)
        if keys.get(sid) and keys[sid] != {wanted}:
            out.append(f"key of {sid}: expected {wanted}, got {sorted(keys[sid])}")
    return out[:8]


def _url_key(world: World, sid: int) -> str:
    """The smaller of the URLs; the generator sees to it that captures tell both."""
    first = world.statement(sid)
    return min(first.url_key, first.alias or first.url_key)
