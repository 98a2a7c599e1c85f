"""Evidence: what is known of a capture beside its bytes, and which of two offers says more."""

import json
import re
from collections.abc import Callable
from dataclasses import astuple, dataclass
from functools import total_ordering
from typing import Literal, Self, get_args

# Who can tell the URL and the instant of a capture, the strongest first: contract, "Provenance".
Teller = Literal[
    "manifest", "record", "archive", "response", "saver", "folder", "canonical", "clock"
]
TELLERS: tuple[Teller, ...] = get_args(Teller)
_SOURCE = re.compile(r"[a-z]{1,20}")
_READING = 7  # so many fields, the first, are what a page is read by; the others say who told


@total_ordering
@dataclass(frozen=True, slots=True)
class Evidence:
    """What the reading of a capture rests on, and who told of it; the greater is the stronger.

    Fields are compared in their order: an answer outweighs a saved file, missing bytes what calls
    the page whole, a manifest whoever else tells. The others only decide so that the order of
    arrival does not. What is not known is ``0``, ``""`` or, of who told, ``None``.

    >>> saved = Evidence(False, False, False, 0, "text/html", "", "", "manifest", None, "html")
    >>> Evidence.read(str(saved)) == saved
    True
    >>> saved < Evidence(True, False, False, 404, "", "", "", "record", "record", "warc")
    True
    >>> saved > Evidence(False, False, False, 0, "text/html", "", "", "clock", None, "html")
    True
    """

    is_answer: bool
    is_cut: bool
    is_whole: bool
    http_status: int
    media_type: str
    charset: str
    mirror: str
    instant_from: Teller | None = None
    url_from: Teller | None = None
    source: str = ""

    def __lt__(self, other: Self) -> bool:
        """Say whether this is the weaker."""
        return self._rank() < other._rank()

    def _rank(self) -> tuple[object, ...]:
        return (
            *astuple(self)[:_READING],
            _strength(self.instant_from),
            _strength(self.url_from),
            self.source,
        )

    def reads_as(self, other: Self) -> bool:
        """Say whether a page is read the same by both: they differ at most in who told."""
        return astuple(self)[:_READING] == astuple(other)[:_READING]

    def __str__(self) -> str:
        """Return the text that stands in the database: the fields as a JSON array, in order."""
        return json.dumps(astuple(self), separators=(",", ":"))

    @classmethod
    def read(cls, text: str) -> Self:
        """Return the evidence that a text in the database says."""
        return cls(*json.loads(text))

    @classmethod
    def read_any(cls, text: str) -> Self:
        """Return the evidence that a text says which anybody may have written.

        Raises:
            ValueError: it says none.

        >>> Evidence.read_any('[true,false,true,200,"text/html","","","record","nobody","warc"]')
        Traceback (most recent call last):
            ...
        ValueError: no evidence: its fields are not of the kinds that they should be
        """
        try:
            values = json.loads(text)
        except (ValueError, RecursionError):
            values = None
        if not isinstance(values, list) or len(values) != len(_FITS):
            raise ValueError("no evidence: it is no list of so many fields")
        if not all(fits(value) for fits, value in zip(_FITS, values, strict=True)):
            raise ValueError("no evidence: its fields are not of the kinds that they should be")
        return cls(*values)


# What there is of a capture that only revisits tell of: less than any offer of it says.
NO_EVIDENCE = Evidence(False, False, False, -1, "", "", "")


def is_source(value: object) -> bool:
    """Say whether *value* is a word that can say where a capture is from.

    >>> is_source("wayback"), is_source("<b>")
    (True, False)
    """
    return isinstance(value, str) and _SOURCE.fullmatch(value) is not None


def as_teller(text: str | None) -> Teller | None:
    """Return the teller of that name; ``None`` where there is none."""
    return next((one for one in TELLERS if one == text), None)


def _is_of(kind: type) -> Callable[[object], bool]:
    return lambda value: type(value) is kind


def _is_teller(value: object) -> bool:
    return value is None or value in TELLERS


_FLAG, _TEXT = _is_of(bool), _is_of(str)
_FITS = (
    *(_FLAG, _FLAG, _FLAG, _is_of(int), _TEXT, _TEXT, _TEXT),
    *(_is_teller, _is_teller, is_source),
)


def _strength(teller: Teller | None) -> int:
    return -TELLERS.index(teller) if teller else -len(TELLERS)
