"""Visible: text of others as text that hides nothing, and does nothing where it is shown.

A title may hold anything: an escape that recolours a terminal, a mark that turns the line around,
a character that XML forbids. Each is shown by its number, so that a reader sees that it is there.
This is the one form: on terminals, in the log, in reports, pages and messages.
"""

import re

_HIDDEN = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls, but tab and line feed
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"  # direction of writing
    "\u00ad\u180e\u200b\u2060-\u2065\ufeff"  # no width; what joins letters (U+200C, U+200D) stays
    "\u2028\u2029\ufff9-\ufffb\U000e0000-\U000e007f"  # line ends and tags that are not seen
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"  # not characters
)
_IN_TEXT = re.compile(f"[{_HIDDEN}]")
_IN_LINE = re.compile(f"[{_HIDDEN}\t\n]")


def visible(text: str) -> str:
    r"""Return *text* with every character that would not be seen shown by its number.

    Tabs and line feeds stay. What comes out may stand in XML 1.0 once it is escaped.

    >>> visible("a\x1b[31mb\u202e")
    'a⟨U+001B⟩[31mb⟨U+202E⟩'
    """
    return _IN_TEXT.sub(_number, text)


def as_line(text: str) -> str:
    r"""Return *text* as one line: visible, its tabs and line feeds too.

    So a name is told as it is, and nobody can begin a line of ours in it.

    >>> as_line("a\nb")
    'a⟨U+000A⟩b'
    """
    return text if text.isprintable() else _IN_LINE.sub(_number, text)


def hidden_in(text: str) -> str | None:
    r"""Return the number of the first character of *text* that has no place in a line, if any.

    >>> hidden_in("a\nb"), hidden_in("a b")
    ('U+000A', None)
    """
    found = _IN_LINE.search(text)
    return found and f"U+{ord(found[0]):04X}"


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


def _number(found: re.Match[str]) -> str:
    return f"⟨U+{ord(found[0]):04X}⟩"
