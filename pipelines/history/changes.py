"""A change: a difference between snapshots, and its stable id."""

from dataclasses import dataclass, fields
from hashlib import sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One row of ``changes``: the report's columns."""

    change_id: str
    kind: str
    subject: str
    title: str | None = None
    published_on: str | None = None
    url: str | None = None
    field: str
    before: str | None = None
    after: str | None = None
    significance: str | None = None
    similarity: float | None = None
    observed_after: str | None = None
    observed_by: str
    capture_before: str | None = None
    capture_after: str
    note: str | None = None


CHANGE_COLUMNS = tuple(f.name for f in fields(Change))


def change_id(*parts: object) -> str:
    """Return the id of a change: a digest of what it is, never of when it was seen."""
    seed = "\x1f".join("" if part is None else str(part) for part in parts)
    return sha256(seed.encode()).hexdigest()[:16]
