"""Safe: scraped text as text, with what would steer a terminal or turn its direction made visible.

Escaping markup is the business of the format; this is what no escaping touches.
"""

import re

_STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ufffe\uffff]"
    "|[\ud800-\udfff]"
)


def visible(text: str) -> str:
    r"""Return *text* in which control characters and marks of direction stand as their names.

    Line feeds and tabs stay.

    >>> visible("a\x1b[31m\u202eb")
    'a[U+001B][31m[U+202E]b'
    """
    return _STEERING.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)


def visible_line(text: str) -> str:
    r"""Return *text* on one line, safe as ``visible`` makes it.

    >>> visible_line("two\n  lines")
    'two lines'
    """
    return visible(" ".join(text.split()))
