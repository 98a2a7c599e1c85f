"""Entries: changes that belong together, as a reader wants to be told of them.

One act of the site often is several changes: a statement taken out of four lists, a title and a
date edited at once. An entry is what one act may have been, and says so with the interval in which
all of it happened.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Self

_ACTS = {
    "statement_added": "first seen",
    "statement_discovered": "first seen",
    "statement_edited": "edited",
    "statement_withdrawn": "removed",
    "page_gone": "removed",
    "statement_restored": "returned",
    "page_back": "returned",
    "contact_changed": "contact",
}
TAKEN_BACK = "taken back"  # the end of the note of what was told, and no longer holds
WHOLE_SITE = "with the whole site"  # the note of a page that is gone with all others
_ROUND = timedelta(days=1)  # looks so near each other are one look around the site


@dataclass(frozen=True, slots=True)
class Change:
    """One row of the report, when this history learned of it, and where its captures were taken.

    Instants are UTC, dates ``YYYY-MM-DD``; ``similarity`` is 0 to 1. What is not known is ``None``.
    """

    change_id: str
    kind: str
    subject: str
    title: str | None
    published_on: str | None
    url: str | None
    field: str
    before: str | None
    after: str | None
    significance: str | None
    similarity: float | None
    observed_after: str | None
    observed_by: str
    capture_before: str | None
    capture_after: str
    note: str | None
    learned: str | None = None
    url_before: str | None = None
    url_after: str | None = None

    @property
    def act(self) -> str:
        """Return what was done; changes of one act and one subject may stand together."""
        if self.is_taken_back:
            return f"taken back {self.as_told().act}"
        if self.is_with_the_site:
            return "site gone"
        return _ACTS.get(self.kind, self.kind)

    @property
    def is_with_the_site(self) -> bool:
        """Say whether a page was gone together with all others."""
        return self.kind == "page_gone" and self.note == WHOLE_SITE

    @property
    def is_taken_back(self) -> bool:
        """Say whether it was told before, and no longer holds."""
        return self.note is not None and self.note.endswith(TAKEN_BACK)

    def as_told(self) -> Self:
        """Return the change as it was told before it was taken back."""
        note = (self.note or "").removesuffix(TAKEN_BACK).removesuffix("; ") or None
        return replace(self, note=note) if self.is_taken_back else self

    @property
    def is_of_list(self) -> bool:
        """Say whether the field is a list, or the statement's own ``page``."""
        return self.kind.startswith("statement_") and self.kind != "statement_edited"

    @property
    def is_of_statement(self) -> bool:
        """Say whether the subject is a statement's key."""
        return self.kind.startswith(("statement_", "page_"))


COLUMNS = tuple(field.name for field in fields(Change))


@dataclass(frozen=True, slots=True)
class Entry:
    """What may have been one act: its changes.

    All of them happened after ``observed_after`` and not later than ``observed_by``.
    """

    changes: tuple[Change, ...]

    @property
    def first(self) -> Change:
        """Return the change that stands for all: their subject, title and address."""
        return self.changes[0]

    @property
    def act(self) -> str:
        """Return what was done."""
        return self.first.act

    @property
    def observed_after(self) -> str | None:
        """Return the last instant at which nothing of it had happened; ``None``: not known."""
        known = [change.observed_after for change in self.changes]
        return None if None in known else min(at for at in known if at is not None)

    @property
    def observed_by(self) -> str:
        """Return the first instant at which all of it had happened."""
        return max(change.observed_by for change in self.changes)

    @property
    def learned(self) -> str | None:
        """Return when this history learned of the last of it."""
        return max((c.learned for c in self.changes if c.learned is not None), default=None)

    @property
    def lists(self) -> tuple[str, ...]:
        """Return the lists of which it tells something."""
        return tuple(change.field for change in self.changes if change.is_of_list)

    def as_told(self) -> Self:
        """Return the entry as it was told before it was taken back."""
        return type(self)(tuple(change.as_told() for change in self.changes))

    @classmethod
    def of(cls, changes: Iterable[Change]) -> Self:
        """Return an entry; its changes are put in an order that does not depend on theirs."""
        return cls(tuple(sorted(changes, key=lambda c: (c.kind, c.field, c.change_id))))


def entries_of(changes: Iterable[Change]) -> list[Entry]:
    """Return *changes* as entries, newest first.

    Together stand those of one act and one subject whose intervals share an instant, and whose
    looks are at most a day apart.
    """
    groups: dict[tuple[str, str], list[Change]] = {}
    for change in changes:
        subject = "" if change.as_told().is_with_the_site else change.subject
        groups.setdefault((change.act, subject), []).append(change)
    found = [Entry.of(part) for group in groups.values() for part in _parts(group)]
    found.sort(key=lambda e: (e.first.act, e.first.subject, e.first.change_id))
    found.sort(key=lambda e: e.observed_by, reverse=True)
    return found


def _parts(group: Sequence[Change]) -> Iterator[list[Change]]:
    """Yield the changes of one act and subject, divided where they cannot have been one."""
    part: list[Change] = []
    for change in sorted(group, key=lambda c: (c.observed_by, c.observed_after or "", c.change_id)):
        if part and not _may_be_one(part, change):
            yield part
            part = []
        part.append(change)
    yield part


def _may_be_one(part: list[Change], change: Change) -> bool:
    if (change.observed_after or "") >= part[0].observed_by:
        return False
    return _moment(change.observed_by) - _moment(part[0].observed_by) <= _ROUND


def _moment(instant: str) -> datetime:
    return datetime.fromisoformat(instant)
