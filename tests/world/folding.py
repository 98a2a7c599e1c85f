"""What an edit weighs: significance and similarity, as section 5 defines them."""

from __future__ import annotations

import re
import unicodedata


def plain(text: str) -> str:
    """NFC, three invisible characters dropped, white space runs as one blank."""
    kept = re.sub("[\u200b\ufeff\u00ad]", "", unicodedata.normalize("NFC", text))
    return " ".join(kept.split())


def folded(text: str) -> str:
    """Without quotes, dashes, ellipses, letter case and punctuation, save between digits."""
    text = plain(text).casefold()
    out = []
    for i, char in enumerate(text):
        between = 0 < i < len(text) - 1 and text[i - 1].isdigit() and text[i + 1].isdigit()
        if between or not unicodedata.category(char).startswith("P"):
            out.append(char)
    return " ".join("".join(out).split())


def significance(old: str, new: str) -> str:
    return "cosmetic" if folded(old) == folded(new) else "substantive"


def similarity(old: str, new: str) -> str:
    """Normalised Indel similarity over words: 2 * common subsequence / both lengths."""
    a, b = plain(old).split(), plain(new).split()
    return f"{2 * _common(a, b) / (len(a) + len(b)):.3f}"


def _common(a: list[str], b: list[str]) -> int:
    row = [0] * (len(b) + 1)
    for x in a:
        above = row
        row = [0]
        for j, y in enumerate(b):
            row.append(above[j] + 1 if x == y else max(above[j + 1], row[j]))
    return row[-1]
