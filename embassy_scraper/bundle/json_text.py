r"""JSON that is the same each time, and safe to look at: what steers a terminal is escaped.

The values are not changed by that: ``\u202e`` in JSON is the character itself.
"""

import json
import re

_UNPRINTED = re.compile(r"[^\x20-\x7e\n\u00a1-\u00ac\u00ae-\u024f\u0400-\u04ff]")


def as_json(value: object) -> str:
    r"""Return *value* as JSON in lines, characters that cannot be printed as their escapes.

    >>> as_json(["Речь", "a\u202eb"])
    '[\n "Речь",\n "a\\u202eb"\n]\n'
    """
    return _safe(json.dumps(value, ensure_ascii=False, indent=1)) + "\n"


def as_json_line(value: object) -> str:
    """Return *value* as JSON on one line, safe as ``as_json`` makes it."""
    return _safe(json.dumps(value, ensure_ascii=False))


def _safe(text: str) -> str:
    return _UNPRINTED.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    return found[0] if found[0].isprintable() else json.dumps(found[0])[1:-1]
