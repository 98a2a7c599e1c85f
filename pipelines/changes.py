"""A change: a difference between snapshots, and its stable id."""

from dataclasses import dataclass, fields
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class Change:
    """One row of ``changes``: the report's columns."""

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


CHANGE_COLUMNS = tuple(f.name for f in fields(Change))


def change_id(*parts: object) -> str:
    """Return the id of a change: a digest of what it is, never of when it was seen."""
    seed = "\x1f".join("" if part is None else str(part) for part in parts)
    return sha256(seed.encode()).hexdigest()[:16]
