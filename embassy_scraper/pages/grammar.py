"""The words of the page's grammar: what a line must say to be a part of the page.

Every test looks at one short line, so none takes long on a hostile page. Dates are looked for in
the form in which the site prints them and, more loosely, in forms that it is not known to use: what
such a date says is not guessed, but it begins an entry (law 5). What a date says is read by
``pipelines.values.instants``.
"""

import re
from datetime import date
from functools import lru_cache

from embassy_scraper.pages.lines import DATE_IN_FIGURES, SHORT, Line, bare
from embassy_scraper.sites import Profile
from embassy_scraper.sites.date_forms import UnreadableDate, read_form

_FIGURES = (
    r"[0-9]{1,2}\s?[./-]\s?[0-9]{1,2}\s?[./-]\s?[0-9]{2,4}|[0-9]{4}[./-][0-9]{1,2}[./-][0-9]{1,2}"
)
_NTH = r"[0-9]{1,2}(?:st|nd|rd|th)?"
_MONTH = r"[^\W\d_]{3,12}\.?"
_WORDS = rf"{_NTH}\s(?:of\s)?{_MONTH},?\s[0-9]{{4}}|{_MONTH}\s{_NTH},?\s[0-9]{{4}}"
_HOUR = re.compile(r"(?<![\d:.])[0-9]{1,2}[:.h][0-9]{2}(?![\d.])")
_PAGER_PIECE = re.compile(r"[\s\d|:«»<>.…–-]+")
_DASH = r"(?:\s*[-–—]\s+|\s+[-–—]\s*)"
_TITLE = r"(?P<title>(?=.*\w)\S.*)"


class _DatedLines:
    """Patterns of lines with a date on them: alone, before a title, in an element of its own."""

    def __init__(self, date: str, behind: str, dash: str) -> None:
        """Look for *date* where *behind* follows; *dash* parts it from a title."""
        found = f"(?P<date>{date})"
        self.alone = re.compile(rf"{found}\s*[-–—]?")
        self.item = re.compile(found + dash + _TITLE)
        self.in_parts = re.compile(rf"{found}{behind}\s*(?:[-–—](?!\d)\s*)?{_TITLE}")


class Grammar:
    """What the lines of one site's pages may say."""

    def __init__(self, profile: Profile) -> None:
        """Prepare the words and forms of *profile*."""
        self.profile = profile
        lines = profile.lines
        self._closing = lines.closing.lower()
        self._latest = lines.latest_heading.lower()
        self._pager = re.compile(re.escape(lines.pager.rstrip(":")) + r"\s*:", re.I)
        self._headings = {_plain(heading) for heading in profile.headings}
        self._home = {_plain(heading) for heading in profile.home_headings}
        self._boxes = {_plain(heading): one for one in profile.box for heading in [one.heading]}
        self._feeds = {_plain(heading) for heading in profile.feed_headings}
        phrases = "|".join(r"\s+".join(map(re.escape, p.split())) for p in profile.counter.phrases)
        self.counter = re.compile(
            r"(?<![\d.,])(?P<value>[0-9]{1,3}(?:,[0-9]{3}){1,2}|[0-9]{1,9})\s+"
            rf"(?:{phrases})\s+(?=\S)",
            re.I,
        )
        signature = read_form(profile.dates.signature, profile)
        self._signature = re.compile(rf"\(?{signature.loose}\)?\.?", re.I)
        self._item = read_form(profile.dates.item, profile)
        header = read_form(profile.dates.header, profile)
        self.header_date, own = header.loose, self._item.loose
        self._date_forms, self._signature_form = (self._item, header), signature
        known = f"(?:{own}|{DATE_IN_FIGURES})"
        no_range = rf"\s*[-–—](?:\s+|(?!{known}))"  # 12.03.2018-18.03.2018 is no date and a title
        self._known = _DatedLines(known, r"(?!\d)", no_range)
        of_any_form = rf"(?:{own}|{_FIGURES}|{_WORDS})(?![\d.])"
        self._any = _DatedLines(of_any_form, "", _DASH)
        self._anywhere = re.compile(rf"(?<![\d.]){of_any_form}")
        self._begins_in_words = profile.dates.item.startswith("%B")
        named = (city for one in profile.language for city in (one.other_city, one.local_city))
        cities = "|".join(map(re.escape, named))
        labels = "|".join(r"\s+".join(map(re.escape, x.split())) for x in profile.contact_labels)
        self.city, self.known_label = cities, labels
        self._clock = re.compile(rf"(?:{cities})\s*:\s*[0-9]", re.I)
        self._contact_or_clock = re.compile(
            rf"(?:(?:{cities})\s*:\s*[\d:]{{0,5}}|(?:{labels})\s*:?)", re.I
        )

    def is_closing(self, line: Line) -> bool:
        """Say whether *line* is the one that closes a block."""
        return len(line.text) <= SHORT and _says(line, self._closing)

    def is_latest_heading(self, line: Line) -> bool:
        """Say whether *line* is the heading above the latest block."""
        return len(line.text) <= SHORT and _says(line, self._latest)

    def is_known_heading(self, line: Line) -> bool:
        """Say whether *line* is one of the section headings, in capitals or not."""
        return len(line.text) <= SHORT and _plain(line.text) in self._headings

    def is_home_heading(self, line: Line) -> bool:
        """Say whether *line* is the heading of the homepage's list."""
        return len(line.text) <= SHORT and _plain(line.text) in self._home

    def is_feed_heading(self, line: Line) -> bool:
        """Say whether *line* is the heading above what others published."""
        return len(line.text) <= SHORT and _plain(line.text) in self._feeds

    def box_prefix(self, line: Line) -> str | None:
        """Return the prefix of titles of the box of which *line* is the heading, else ``None``."""
        if len(line.text) > SHORT:
            return None
        box = self._boxes.get(_plain(line.text))
        return box.prefix if box is not None else None

    def is_pager(self, line: Line) -> bool:
        """Say whether *line* begins a pager: its word, then numbers or arrows, if anything."""
        found = self._pager.match(line.text)
        if found is None:
            return False
        rest = line.text[found.end() :]
        return not rest or _PAGER_PIECE.fullmatch(rest) is not None

    def is_pager_piece(self, line: Line) -> bool:
        """Say whether *line* may be a piece of a pager whose numbers have their own elements.

        A date is made of the same characters and is not a piece of a pager.
        """
        return _PAGER_PIECE.fullmatch(line.text) is not None and not self.is_date_line(line)

    def has_clock(self, line: Line) -> bool:
        """Say whether *line* tells the time in one of the cities."""
        return self._clock.match(line.text) is not None

    def is_part(self, line: Line) -> bool:
        """Say whether *line* is of a page's parts, and so never a title."""
        return (
            self.is_pager(line)
            or self.is_closing(line)
            or self.is_latest_heading(line)
            or self.is_known_heading(line)
            or self.is_date_line(line, known=False)
            or self.is_signature(line)
        )

    def is_contact_or_clock(self, line: Line) -> bool:
        """Say whether *line* is a contact's label or one city's time, as far as it came."""
        return len(line.text) <= SHORT and self._contact_or_clock.fullmatch(line.text) is not None

    def begins_as_counter(self, line: Line) -> bool:
        """Say whether *line* begins with a counter's number and phrase."""
        return line.text[:1].isdigit() and self.counter.match(line.text) is not None

    def is_signature(self, line: Line) -> bool:
        """Say whether nothing but a signature stands on *line*."""
        return len(line.text) <= SHORT and self._signature.fullmatch(line.text) is not None

    def may_be_signature(self, line: Line) -> bool:
        """Say whether *line* has day and hour, and is not a sentence: a signature in any form."""
        text = line.text
        if len(text) > SHORT or text.endswith((".", "!", "?", ":")):
            return False
        return self._anywhere.search(text) is not None and _HOUR.search(text) is not None

    def is_menu_label(self, line: Line) -> bool:
        """Say whether *line* is a label of the site's menus, not a heading in capitals."""
        text = line.text.replace("’", "'")
        if len(text) > SHORT or text.isupper():
            return False
        return text.lower() in self.profile.menu_labels or _plain(text) in self._headings

    def is_date_line(self, line: Line, *, known: bool = True) -> bool:
        """Say whether nothing but a date stands on *line*.

        It is one in figures or in the site's own form where it is to be *known*, else one in any
        spelling.
        """
        if len(line.text) > SHORT:
            return False
        return self._dated(known).alone.fullmatch(line.text) is not None

    def date_on(self, line: Line) -> str:
        """Return the date on a date line, as printed."""
        found = self._any.alone.fullmatch(line.text)
        return found["date"] if found else line.text

    def is_item_date(self, text: str) -> bool:
        """Say whether *text* has the form in which the site dates its items."""
        return self._item.pattern.fullmatch(text) is not None

    def read_own_line(self, line: Line, *, known: bool = True) -> tuple[str, str] | None:
        """Return date and title where *line* holds both, as an item's does; ``None`` elsewhere.

        *known*: as ``is_date_line``.
        """
        text, dated = line.text, self._dated(known)
        if known and not (text[:1].isdigit() or self._begins_in_words):
            return None
        found = dated.item.fullmatch(text)
        if found is None and line.has_own_date:
            found = dated.in_parts.fullmatch(text)
        return (found["date"], found["title"]) if found else None

    def _dated(self, known: bool) -> _DatedLines:
        return self._known if known else self._any

    def has_date_begun(self, text: str) -> bool:
        """Say whether *text* is the beginning of a date or signature as the site prints it."""
        is_date = any(form.has_begun(text) for form in self._date_forms)
        return is_date or self._signature_form.has_begun(text.removeprefix("("))

    def day_of(self, text: str) -> date | None:
        """Return the day of a date in the form in which the site dates its items, else ``None``."""
        try:
            return self._item.read_day(text)
        except UnreadableDate:
            return None


@lru_cache(maxsize=16)
def grammar_of(profile: Profile) -> Grammar:
    """Return the grammar of the site of *profile*."""
    return Grammar(profile)


@lru_cache(maxsize=8192)  # a short line is asked about some six times
def _plain(text: str) -> str:
    return " ".join(text.replace("’", "'").upper().split())


def _says(line: Line, words: str) -> bool:
    return words in line.text.lower() and bare(line) == words
