"""A change: a difference between snapshots, its stable id, and who words it as a row."""

from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from pipelines.values.instants import instant_of


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


def change_id(*parts: object) -> str:
    """Return the id of a change: a digest of what it is, never of when it was seen."""
    seed = "\x1f".join("" if part is None else str(part) for part in parts)
    return sha256(seed.encode()).hexdigest()[:16]


Values = tuple[str | None, str | None]  # before and after
Captures = tuple[str | None, str]  # the last one before, if any is known, and the first behind


class Teller:
    """Words the changes of one *subject* as rows; *scope* tells it from all others."""

    def __init__(self, subject: str, *scope: str) -> None:
        """Begin with none."""
        self._subject, self._scope = subject, scope
        self._told: Counter[tuple[object, ...]] = Counter()

    def tell(
        self,
        kind: str,
        field: str,
        values: Values,
        captures: Captures,
        *identity: object,
        **more: Any,
    ) -> Change:
        """Return the change of a *field* between two *captures*.

        *identity* is what it is, whenever it was; of equal ones each has its number.
        """
        (before, after), (capture_before, capture_after) = values, captures
        self._told[identity] += 1
        return Change(
            change_id=change_id(*self._scope, *identity, self._told[identity]),
            kind=kind,
            subject=self._subject,
            field=field,
            before=before,
            after=after,
            observed_after=instant_of(capture_before) if capture_before else None,
            observed_by=instant_of(capture_after),
            capture_before=capture_before,
            capture_after=capture_after,
            **more,
        )
