"""Expected rows of the report, and the places where the contract can be read in two ways."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import datetime
from itertools import product


class Ambiguous(Exception):
    """The contract does not say what this world's history is."""


@dataclass(frozen=True)
class Reading:
    """How doubtful sentences are read; the first value of CHOICES is the letter as I read it."""

    cut_last: str = "absent"
    edit_interval: str = "place"
    chained_edit: str = "kept"
    vanish_ends_run: bool = True
    next_sighting: str = "any"
    cut_header: bool = True


CHOICES: dict[str, tuple[object, ...]] = {
    "cut_last": ("absent", "present", "dated", "titled"),
    "edit_interval": ("place", "anywhere"),
    "chained_edit": ("kept", "dropped"),
    "vanish_ends_run": (True, False),
    "next_sighting": ("any", "dated"),
    "cut_header": (True, False),
}
LETTER = Reading()
assert [f.name for f in fields(Reading)] == list(CHOICES)


def other_readings(relevant: list[str]) -> list[Reading]:
    """Every combination of the choices that matter, the letter first."""
    values = [CHOICES[name] for name in relevant]
    return [
        replace(LETTER, **dict(zip(relevant, combined, strict=True)))  # type: ignore[arg-type]
        for combined in product(*values)
    ]


@dataclass(frozen=True)
class Row:
    """One change. `fields`, `before`, `after`, `notes` list every value that is right."""

    kind: str
    subject: tuple[str, object]  # ("statement", sid) ("counter", event) ("header", "")
    fields: tuple[str, ...]
    before: tuple[str, ...] | None
    after: tuple[str, ...] | None
    observed_after: datetime | None
    observed_by: datetime
    notes: tuple[str, ...] = ("",)
    significance: str = ""
    similarity: str = ""
