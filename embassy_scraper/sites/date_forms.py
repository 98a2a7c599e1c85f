"""Printed forms of dates: from the letters of strftime to strict patterns.

``%d`` is a day of two digits, ``%-d`` one of one or two, ``%m`` a month in digits, ``%B`` one in
words, ``%Y`` a year, ``%H`` and ``%M`` hour and minute.
"""

import re
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache

from embassy_scraper.sites.profile import Profile

_PARTS = {
    "%d": r"(?P<day>[0-9]{2})",
    "%-d": r"(?P<day>[0-9]{1,2})",
    "%m": r"(?P<month>[0-9]{2})",
    "%B": r"(?P<name>[^\W\d_]+)",
    "%Y": r"(?P<year>[0-9]{4})",
    "%H": r"(?P<hour>[0-9]{1,2})",
    "%M": r"(?P<minute>[0-9]{2})",
}
LETTERS = tuple(_PARTS)
_PART = re.compile(r"%-?[dmBYHM]|.")


class UnreadableDate(ValueError):
    """A printed date that is not in the site's form, or no day or time that there is."""


@dataclass(frozen=True, slots=True)
class DateForm:
    """A printed form of a date or an instant.

    ``pattern`` matches it strictly, ``begun`` whatever it may begin with; ``loose`` is the text of
    a pattern without groups, in which commas may be missing.
    """

    pattern: re.Pattern[str]
    begun: re.Pattern[str]
    loose: str
    months: dict[str, int]

    def read(self, text: str) -> tuple[date, time | None]:
        """Return day and time of day on *text*.

        Raises:
            UnreadableDate: it has another form, or there is no such day or time.
        """
        day, parts = self.read_day(text), self._parts(text)
        if parts.get("hour") is None:
            return day, None
        try:
            return day, time(int(parts["hour"]), int(parts["minute"]))
        except ValueError:
            raise UnreadableDate(text) from None

    def read_day(self, text: str) -> date:
        """Return the day on *text*, whatever its time of day.

        Raises:
            UnreadableDate: it has another form, or there is no such day.
        """
        parts = self._parts(text)
        month = parts["month"] if "month" in parts else self.months.get(parts["name"].lower())
        if month is None:
            raise UnreadableDate(text)
        try:
            return date(int(parts["year"]), int(month), int(parts["day"]))
        except ValueError:
            raise UnreadableDate(text) from None

    def has_begun(self, text: str) -> bool:
        """Say whether *text* is the beginning of a date in this form, and not all of it."""
        found = self.begun.fullmatch(text)
        if found is None or self.pattern.fullmatch(text):
            return False
        name = (found.groupdict().get("name") or "").lower()
        return any(month.startswith(name) for month in self.months)

    def _parts(self, text: str) -> dict[str, str]:
        found = self.pattern.fullmatch(text)
        if found is None:
            raise UnreadableDate(text)
        return found.groupdict()


@lru_cache(maxsize=64)
def read_form(form: str, profile: Profile) -> DateForm:
    """Return the pattern of a printed *form*; months in words are those of *profile*.

    >>> from embassy_scraper.sites import load_profile
    >>> read_form("%d.%m.%Y", load_profile()).read("09.01.2022")[0].isoformat()
    '2022-01-09'
    """
    parts = [_PARTS.get(part) or _literal(part) for part in _PART.findall(form)]
    strict, begun = "".join(parts), ""
    for part in reversed(parts):
        begun = f"(?:{part}{begun}|{_cut(part)})"
    loose = re.sub(r"\(\?P<\w+>", "(?:", strict).replace(" ", r"\s+")
    return DateForm(re.compile(strict), re.compile(begun), loose, profile.months)


def unknown_letters(form: str) -> list[str]:
    """Return the letters in *form* that mean nothing here.

    >>> unknown_letters("%d.%m.%y")
    ['%y']
    """
    return [letter for letter in re.findall(r"%-?\w?", form) if letter not in _PARTS]


def _cut(part: str) -> str:
    """Return the pattern of what a cut leaves of one part."""
    return "[0-9]{0,3}" if "{4}" in part else "[0-9]?" if "{2}" in part else ""


def _literal(character: str) -> str:
    """Return the pattern of what stands between the letters; a comma may be missing."""
    return " " if character == " " else ",?" if character == "," else re.escape(character)


def example_of(form: str, profile: Profile) -> str:
    """Return a moment in a printed *form*, to show people what is looked for.

    >>> from embassy_scraper.sites import load_profile
    >>> example_of("%-d %B %Y, %H:%M", load_profile())
    '3 April 2020, 18:05'
    """
    month = next(name for name, number in profile.months.items() if number == 4)
    values = {"d": "03", "-d": "3", "m": "04", "B": month.capitalize(), "Y": "2020",
              "H": "18", "M": "05"}  # fmt: skip
    return re.sub(r"%(-?[dmBYHM])", lambda letter: values[letter[1]], form)
