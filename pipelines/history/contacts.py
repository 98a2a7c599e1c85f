"""How phone, e-mail and their label changed, within one language of the header."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from itertools import groupby

from pipelines.history.changes import Change, change_id
from pipelines.tables.stretches import load_stretches
from pipelines.values.instants import instant_of

CONTACT_FIELDS = ("phone", "email", "label")


def derive_contacts(connection: sqlite3.Connection) -> list[Change]:
    """Return the changes of the contacts."""
    return [change for field in CONTACT_FIELDS for change in _changes_of(connection, field)]


def _changes_of(connection: sqlite3.Connection, field: str) -> Iterator[Change]:
    told: Counter[tuple[str, ...]] = Counter()
    for language, stretches in load_stretches(connection, field).items():
        shown = ((c, s.value) for s in stretches for c in dict.fromkeys((s.first, s.last)))
        for (capture_before, before), (capture_after, after) in _steps(shown):
            identity = (language, field, _plain(before), _plain(after))
            told[identity] += 1
            yield Change(
                change_id=change_id("header", *identity, told[identity]),
                kind="contact_changed",
                subject="header",
                field=field,
                before=before,
                after=after,
                observed_after=instant_of(capture_before),
                observed_by=instant_of(capture_after),
                capture_before=capture_before,
                capture_after=capture_after,
            )


def _steps(
    shown: Iterator[tuple[str, str]],
) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """Yield the sightings between which the value changed; white space is no difference."""
    last: tuple[str, str] | None = None
    for _, group in groupby(shown, key=lambda one: one[0][:16]):
        step = list(group)
        same = [one for one in step if last and _plain(one[1]) == _plain(last[1])]
        if last is not None and not same:
            yield last, step[0]
        last = same[0] if same else step[0]


def _plain(value: str) -> str:
    return "".join(value.split())
