"""A few words alone in a clean text: they may be somebody else's.

Text has no elements and no links: a button, a view counter or a teaser between the page's parts is
a line as any other. It is known by what a page's own lines are not: it stands alone, and ends
neither a sentence nor a clause. The part that it touches is withheld.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from embassy_scraper.pages.lines import Line
from embassy_scraper.pages.shown import ends_as_sentence, is_prose

FEW = 6  # words; more of them on one line may be a line of a paragraph


def labels(lines: Sequence[Line]) -> Iterator[int]:
    """Yield the places of *lines* where a few words that are no text begin.

    They are all that stands between two empty lines or ends of sentences, or the first line there
    where the next one begins anew.
    """
    ends = [i for i in range(1, len(lines)) if lines[i].gap or ends_as_sentence(lines[i - 1])]
    for start, end in pairwise([0, *ends, len(lines)] if lines else []):
        first = lines[start]
        whole = Line(" ".join(line.text for line in lines[start:end]))
        if not is_prose(whole) or (end - start > 1 and _is_few(first, lines[start + 1])):
            yield start


def _is_few(line: Line, below: Line) -> bool:
    is_short = len(line.text.split()) <= FEW and not is_prose(line)
    return is_short and not below.text[0].islower()
