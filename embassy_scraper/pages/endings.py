"""Where a page may be cut off: what its last line may be the beginning of.

A text without a closing line at its end may have been cut anywhere, even inside a date or a
heading. Such a beginning is no text of a statement; everything before it is the beginning of
the true page.
"""

import re
from collections.abc import Sequence

from embassy_scraper.pages.grammar import Grammar
from embassy_scraper.pages.lines import Line

# Of dates in any spelling, as ``grammar`` looks for them beside the site's own.
_FIGURES = re.compile(
    r"\W{0,3}[0-9]{0,6}|[0-9]{1,2}[./][0-9]{0,2}(?:[./][0-9]{0,4}\s*[-–—]?)?|[0-9]{1,2}:[0-9]?"
)
_LONG_DATE = re.compile(
    r"\(?[0-9]{1,2}\s+[^\W\d_]{1,12}(?:\s+[0-9]{0,4}(?:,?\s*[0-9]{0,2}(?::[0-9]?)?)?)?"
)
_CITY = re.compile(r"(?P<city>[^\W\d_]{1,6})\s*:?\s*[0-9]{0,2}:?[0-9]{0,2}")
_TIME = re.compile(r":\s*[0-9]{1,2}:[0-9]{2}\Z")
_COUNTER = re.compile(r"[0-9,]+\s+(?P<words>.*)")
_CONTACT = re.compile(r"[+(0-9][0-9\s()+,./–-]{0,40}|[\w.+-]{1,60}@?[\w.-]{0,60}|\[email.{0,12}")
_CLOCK_LINES = 3
_LONGEST = 60


def without_partial_end(lines: list[Line], grammar: Grammar) -> list[Line]:
    """Return the *lines* of a page that may be cut off, less a part that has only begun."""
    for count in range(min(_CLOCK_LINES, len(lines)), 1, -1):
        if _is_clock_begun([line.text for line in lines[-count:]], grammar):
            return lines[:-count]
    if lines and _has_begun(lines[-1].text, grammar):
        lines = lines[:-1]
    if lines and (_FIGURES.fullmatch(lines[-1].text) or grammar.is_date_line(lines[-1])):
        lines = lines[:-1]  # its title has only begun
    return lines


def has_contact_begun(text: str) -> bool:
    """Say whether *text*, the last of a page cut off in its header, may begin a contact.

    >>> has_contact_begun("+44 (0) 20"), has_contact_begun("info@ru"), has_contact_begun("We say")
    (True, True, False)
    """
    return _CONTACT.fullmatch(text) is not None


def _is_clock_begun(texts: Sequence[str], grammar: Grammar) -> bool:
    """Say whether the page ends inside its clock: a date, and the cities as far as they came."""
    is_date = re.fullmatch(grammar.header_date, texts[0]) is not None
    if not is_date or (len(texts) == _CLOCK_LINES and _TIME.search(texts[-1])):
        return False
    found = [_CITY.fullmatch(text) for text in texts[1:]]
    return all(
        city is not None
        and any(name.startswith(city["city"].lower()) for name in grammar.profile.cities)
        for city in found
    )


def _has_begun(text: str, grammar: Grammar) -> bool:
    if len(text) > _LONGEST:
        return False
    if _FIGURES.fullmatch(text) or _LONG_DATE.fullmatch(text) or grammar.has_date_begun(text):
        return True
    counter, profile = _COUNTER.fullmatch(text), grammar.profile
    if counter and any(words.startswith(counter["words"]) for words in profile.counter.phrases):
        return True
    lines = profile.lines
    begun = (lines.closing, lines.latest_heading, lines.pager, *profile.headings)
    return any(part.startswith(text) and part != text for part in begun) or any(
        label.startswith(text.lower()) for label in profile.contact_labels
    )
