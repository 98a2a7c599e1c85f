"""Evidence: what is known of a capture beside its bytes, and which of two offers says more."""

import json
from dataclasses import astuple, dataclass
from typing import Literal, Self

# Who can tell the URL and the instant of a capture, the strongest first: contract, "Provenance".
Teller = Literal[
    "manifest", "record", "archive", "response", "saver", "folder", "canonical", "clock"
]


@dataclass(frozen=True, slots=True, order=True)
class Evidence:
    """What the reading of a capture rests on; the greater is the stronger.

    Fields are compared in their order: an answer outweighs a saved file, missing bytes what calls
    the page whole. The others only decide so that the order of arrival does not. What is not known
    is ``0`` or ``""``.

    >>> saved = Evidence(False, False, False, 0, "text/html", "", "")
    >>> Evidence.read(str(saved)) == saved < Evidence(True, False, False, 404, "", "", "")
    True
    """

    is_answer: bool
    is_cut: bool
    is_whole: bool
    http_status: int
    media_type: str
    charset: str
    mirror: str

    def __str__(self) -> str:
        """Return the text that stands in the database: the fields as a JSON array, in order."""
        return json.dumps(astuple(self), separators=(",", ":"))

    @classmethod
    def read(cls, text: str) -> Self:
        """Return the evidence that a text in the database says."""
        return cls(*json.loads(text))
