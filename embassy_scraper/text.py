"""Folding of text: what the eye cannot see must never make a difference.

White space of every kind becomes one space, characters are composed (NFC), and the three
invisible characters U+200B, U+FEFF and U+00AD are dropped. Nothing else is changed: a typo
fixed, a quote turned or a dash lengthened stays a visible difference. Beside it: by what binary
data is told from text.
"""

import unicodedata
from hashlib import blake2b

MOST_CONTROLS = 20  # that a text may have where it begins; what has more is binary
_BEGIN = 4_000  # characters
_CONTROL = bytes({*range(9), *range(14, 32)} - {0x1B})  # ESC is one of ISO-2022-JP
_INVISIBLE = ("\u200b", "\ufeff", "\u00ad")


def clean(text: str) -> str:
    """Return *text* composed (NFC), without its invisible characters; white space is kept.

    >>> clean("co\u00adoperation\u200b")
    'cooperation'
    """
    if text.isascii():
        return text
    for character in _INVISIBLE:
        text = text.replace(character, "")
    return unicodedata.normalize("NFC", text)


def count_controls(text: str) -> int:
    r"""Return how many of the first characters of *text* are control characters.

    >>> count_controls("a\n\tb"), count_controls("PK\3\4")
    (0, 2)
    """
    begin = text[:_BEGIN].encode("utf-8", "replace")
    return len(begin) - len(begin.translate(None, _CONTROL))


def fold(text: str) -> str:
    r"""Return *text* cleaned, on one line, with single spaces.

    >>> fold("  Embassy\u00a0 comment\n on …  ")
    'Embassy comment on …'
    """
    if not text.isascii():
        text = clean(text)
    if "  " not in text and text.isprintable():  # nothing but single spaces: the usual case
        return text.strip(" ")
    return " ".join(text.split())


def one_line(lines: str) -> str:
    r"""Return folded lines (a body as it is kept) as one folded line.

    >>> one_line("To be\ncontinued...\n\nSoon.")
    'To be continued... Soon.'
    """
    return " ".join(filter(None, lines.split("\n")))


def digest64(text: str) -> int:
    """Return a signed 64-bit digest of *text*, for an index column."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)
