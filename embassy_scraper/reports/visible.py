"""Visible: text of others as text that hides nothing, and does nothing where it is shown.

A title may hold anything: an escape that recolours a terminal, a mark that turns the line around,
a character that XML forbids. Each is shown by its number, so that a reader sees that it is there.
"""

import re

_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls, but tab and line feed
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # direction of writing
    "\u2028\u2029\ufff9-\ufffb\U000e0000-\U000e007f"  # line ends and tags that are not seen
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"  # not characters
)


def visible(text: str) -> str:
    r"""Return *text* with every character that would not be seen shown by its number.

    Tabs and line feeds stay. What comes out may stand in XML 1.0 once it is escaped.

    >>> visible("a\x1b[31mb\u202e")
    'a⟨U+001B⟩[31mb⟨U+202E⟩'
    """
    return _HIDDEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)


def one_line(text: str, most: int | None = None) -> str:
    r"""Return *text* visible and in one line, of *most* characters at the most.

    >>> one_line("so  much\nto say", 9)
    'so much …'
    """
    if most is None:
        return " ".join(visible(text).split())
    begin = text[: 8 * most]  # a title of a megabyte is not read to its end for its first words
    flat = " ".join(visible(begin).split())
    return flat if begin == text and len(flat) <= most else flat[: most - 1] + "…"
