"""Reading the contacts in the header: label, phone, e-mail."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from embassy_scraper.items import Header
from embassy_scraper.pages.counters import behind
from embassy_scraper.pages.grammar import Grammar
from embassy_scraper.pages.lines import Line
from embassy_scraper.recent import remembered
from embassy_scraper.text import fold

_PHONE = r"(?![0-9]{1,2}[./][0-9]{1,2}[./])\+?[0-9(][0-9\s()+,./–-]{5,60}[0-9]"
_EMAIL = r"[^\s@|,;]{1,100}@[^\s@|,;]{1,100}\.\w{2,20}|\[email\s?protected\]"
_LABEL = r"[^\W\d_][^:0-9@+]{0,40}?"
_BARE_PHONE = ("+", "(", "0")  # how a phone number without a label begins
_LINES, _LONG = 8, 250


@lru_cache(maxsize=16)
def _contact_pattern(grammar: Grammar) -> re.Pattern[str]:
    known = f"(?i:{grammar.known_label})"  # their colon may be missing
    return re.compile(
        rf"[\s|,;·•]*(?:(?P<label>{known}|{_LABEL}(?=\s*:))\s*:?)?\s*"
        rf"(?:(?P<phone>{_PHONE})|(?P<email>{_EMAIL}))?"
    )


@dataclass(frozen=True, slots=True)
class Contacts:
    """What the header prints; ``email_text`` is as printed, hidden or not."""

    label: str | None = None
    phone: str | None = None
    email_text: str | None = None

    @property
    def email(self) -> str | None:
        """Return the address, ``None`` where it is hidden."""
        return self.email_text if self.email_text and "@" in self.email_text else None

    def with_more(self, other: "Contacts") -> "Contacts":
        """Return both; what came first counts."""
        return Contacts(
            self.label or other.label,
            self.phone or other.phone,
            self.email_text or other.email_text,
        )


def read_contacts(lines: list[Line], grammar: Grammar) -> tuple[Contacts, list[Line]]:
    """Return the contacts at the start of *lines*, and the lines behind them."""
    contacts, count, more = _read_first(tuple(lines[: _LINES + 1]), grammar)
    return contacts, [*more, *lines[count:]]


@remembered(64, lambda lines: sum(len(line.text) for line in lines))
def _read_first(lines: Sequence[Line], grammar: Grammar) -> tuple[Contacts, int, tuple[Line, ...]]:
    """Return the contacts, how many lines they take, and what else stands on the last of these.

    They are the same on every page.
    """
    contacts = Contacts()
    for index, line in enumerate(lines[:_LINES]):
        counter = grammar.counter.search(line.text)
        text = line.text[: counter.start()] if counter else line.text
        found = _read_line(text, contacts, lines[index + 1 : index + 2], grammar)
        if found is None:
            return contacts, index, ()
        contacts = contacts.with_more(found)
        if counter:
            return contacts, index + 1, (behind(line, line.text[counter.start() :]),)
    return contacts, min(_LINES, len(lines)), ()


def _read_line(
    text: str, known: Contacts, below: Sequence[Line], grammar: Grammar
) -> Contacts | None:
    """Return the contacts on one line; ``None`` where anything else stands on it."""
    if not text or len(text) > _LONG:
        return None
    contacts, at = Contacts(), 0
    while at < len(text):
        found = _contact_pattern(grammar).match(text, at)
        if found is None or not (found["label"] or found["phone"] or found["email"]):
            return None
        label, phone = found["label"], found["phone"]
        if label and not (phone or found["email"]) and not _is_label(label, below, grammar):
            return None
        labelled = label or contacts.label or (known.label and not known.phone)
        if phone and not labelled and (known.phone or not phone.startswith(_BARE_PHONE)):
            return None
        contacts = contacts.with_more(Contacts(label, phone, found["email"]))
        at = found.end()
        at += len(text[at:]) - len(text[at:].lstrip(" |,;·•"))
    return contacts


def _is_label(label: str, below: Sequence[Line], grammar: Grammar) -> bool:
    if label.lower() in grammar.profile.contact_labels:
        return True
    return bool(below) and re.fullmatch(rf"(?:{_PHONE})\s*(?:{_EMAIL})?", below[0].text) is not None


def read_bare_contact(lines: Sequence[Line], grammar: Grammar) -> tuple[Header | None, list[Line]]:
    """Return the contact of a page without a clock (mobile twin, the successor's pages)."""
    for index, line in enumerate(lines[:10]):
        found = _contact_pattern(grammar).match(line.text) if len(line.text) <= _LONG else None
        if found and found.end() == len(line.text) and found["label"] and found["phone"]:
            header = Header(label=fold(found["label"]), phone=fold(found["phone"]))
            return header, [*lines[:index], *lines[index + 1 :]]
    return None, list(lines)
