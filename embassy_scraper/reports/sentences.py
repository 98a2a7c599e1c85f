"""Sentences: what happened, and when, in the words of a visitor of the site.

Pure. No word judges what is said; what is not known is said as plainly as what is.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from embassy_scraper.reports.entries import Change, Entry
from embassy_scraper.reports.marks import ADDED, REMOVED, SAME, Piece, mark_words
from embassy_scraper.reports.times import counted, say_between, say_day, say_instant
from embassy_scraper.visible import one_line

_NUMBERS = "no one two three four five six seven eight nine ten eleven twelve".split()
_FIELDS = {
    "title": "Title",
    "lead": "Lead",
    "body": "Text",
    "published_on": "Date",
    "published_at": "Time of signature",
    "phone": "Telephone",
    "email": "E-mail",
    "label": "Label of the contacts",
}
_TEXTS = frozenset({"title", "lead", "body"})
_PLACES = {
    "page": "its own page",
    "latest": "the block of latest items",
    "home": "the homepage",
    "box": "a box on the homepage",
    "http_status": "its address",
}
_LONGEST = 60  # characters of a value inside a sentence
_NO_UNITS = frozenset(
    "and or of in on at to by for from with as is was were are the a an that".split()
)
_OFF = re.compile(r"(?P<how>\w+): expected (?P<expected>\S+), actual (?P<actual>\S+)")
_HOW = {"stalled": "stalled", "behind": "fell behind the calendar", "ahead": "ran ahead"}
Headings = Mapping[str, str]  # of lists, by their names


def sentence(entry: Entry, headings: Headings | None = None) -> str:
    """Return what happened, without the title of the statement and without a full stop.

    *headings* are the lists' own, by their names; without them a list is called by its name.
    """
    if entry.first.is_taken_back:
        return f"Taken back: {sentence(entry.as_told(), headings)}"
    return _SENTENCES[entry.act](entry, headings or {})


def subject_words(entry: Entry) -> str | None:
    """Return what *entry* is about: the title of a statement, or what a counter counts from."""
    if entry.first.as_told().is_with_the_site:
        return None
    if entry.first.is_of_statement:
        return entry.first.title or entry.first.subject
    return f"since {entry.first.subject}" if entry.first.kind.startswith("counter_") else None


def when(entry: Entry) -> str:
    """Return when it happened: between which two looks at the site, or since when it is known."""
    after, by = entry.observed_after, entry.observed_by
    if entry.first.kind == "counter_progressed" and after is not None:
        return f"from {say_instant(after)} to {say_instant(by)} (UTC)"
    if after is None:
        return f"on {say_instant(by)} (UTC); nothing earlier is known"
    return say_between(after, by)


def place_words(name: str, headings: Headings | None = None) -> str:
    """Return what a list, or another place where a statement is shown, is called.

    >>> place_words("home"), place_words("newarh", {"newarh": "EMBASSY INFORMS"})
    ('the homepage', 'the list “Embassy informs”')
    """
    if name in _PLACES:
        return _PLACES[name]
    heading = (headings or {}).get(name)
    return f"the list “{heading.capitalize()}”" if heading else f"the list {name}"


def _first_seen(entry: Entry, headings: Headings) -> str:
    change = entry.first
    if change.kind == "statement_discovered":
        return f"First seen, {_on(change.field, headings)}"
    if change.field == "http_status":
        return "Published: its page answered, where there had been none"
    note = f", {change.note}" if change.note else ""
    return f"Added to {place_words(change.field, headings)}{note}"


def _on(name: str, headings: Headings) -> str:
    return f"{'on' if name in ('home', 'page') else 'in'} {place_words(name, headings)}"


def _edited(entry: Entry, _headings: Headings) -> str:
    changes = sorted(entry.changes, key=lambda c: list(_FIELDS).index(c.field))
    if len(changes) == 1:
        return _edit(changes[0])
    names = dict.fromkeys(_FIELDS[change.field] for change in changes)
    if len(names) == 1:
        return f"{next(iter(names))} changed, in one place differently from another"
    fields = _and([name.lower() for name in names])
    return f"{fields.capitalize()} changed"


def _edit(change: Change) -> str:
    name = _FIELDS[change.field]
    before, after = change.before or "", change.after or ""
    if change.field not in _TEXTS:
        return f"{name} changed: {_value(change.field, before)} → {_value(change.field, after)}"
    if change.significance == "cosmetic":
        return f"{name} changed (only quotes, dashes, case or punctuation)"
    pieces = mark_words(before, after)
    figure = _figure(pieces)
    return f"Figure changed: {figure}" if figure else f"{name} changed ({_size(pieces)})"


def _value(field: str, text: str) -> str:
    if field == "published_on" and text:
        return say_day(text)
    if field == "published_at" and text:
        return f"{say_instant(text)} (UTC)"
    return _short(text) or "none"


def _figure(pieces: Sequence[Piece]) -> str | None:
    """Return what became of the one figure that changed, with the word behind it."""
    changed = [i for i, piece in enumerate(pieces) if piece.kind != SAME]
    if len(changed) != 2 or changed[0] + 1 != changed[1]:
        return None
    old, new = (pieces[i].text.strip() for i in changed)
    if not (_is_figure(old) and _is_figure(new)):
        return None
    rest = pieces[changed[1] + 1].text.split() if changed[1] + 1 < len(pieces) else []
    word = rest[0] if rest and not old.endswith((".", ",")) else ""
    unit = f" {word}" if word.isalpha() and word.lower() not in _NO_UNITS else ""
    return f"{old}{unit} → {new}{unit}"


def _is_figure(text: str) -> bool:
    return len(text.split()) == 1 and any(letter.isdigit() for letter in text) and len(text) < 30


def _size(pieces: Sequence[Piece]) -> str:
    """Return how much was changed, in words."""
    removed = sum(len(piece.text.split()) for piece in pieces if piece.kind == REMOVED)
    added = sum(len(piece.text.split()) for piece in pieces if piece.kind == ADDED)
    if removed == added:
        return counted(added, "word").replace("1 ", "one ", 1) if added == 1 else f"{added:,} words"
    told = [
        f"{counted(number, 'word')} {what}"
        for number, what in ((removed, "removed"), (added, "added"))
        if number
    ]
    return ", ".join(told) or "white space"


def _removed(entry: Entry, headings: Headings) -> str:
    gone = [change for change in entry.changes if change.kind == "page_gone"]
    answers = _and(sorted({change.after or "" for change in gone}))
    if not entry.lists:
        return f"Its own page is gone ({answers})"
    told = f"Removed from {_lists(entry.lists, headings)}"
    return f"{told}, and its own page is gone ({answers})" if gone else told


def _returned(entry: Entry, headings: Headings) -> str:
    is_page_back = any(change.kind == "page_back" for change in entry.changes)
    if not entry.lists:
        return "Its own page is back"
    one = _on(entry.lists[0], headings)
    told = f"Back {one if len(entry.lists) == 1 else f'in {_lists(entry.lists, headings)}'}"
    return f"{told}, and its own page is back" if is_page_back else told


def _lists(names: Sequence[str], headings: Headings) -> str:
    if len(names) == 1:
        return place_words(names[0], headings)
    number = _NUMBERS[len(names)] if len(names) < len(_NUMBERS) else str(len(names))
    return f"{number} lists"


def _site_gone(entry: Entry, _headings: Headings) -> str:
    pages = counted(len({change.url or change.subject for change in entry.changes}), "page")
    answers = _and(sorted({change.after or "" for change in entry.changes}))
    return f"The whole site stopped answering: {pages} gone with it ({answers})"


def _contact(entry: Entry, _headings: Headings) -> str:
    told = [
        f"{_FIELDS[c.field].lower()} changed: {_short(c.before or '') or 'none'} →"
        f" {_short(c.after or '') or 'none'}"
        for c in entry.changes
    ]
    text = "; ".join(told)
    return text[:1].upper() + text[1:]


def _counter_off(entry: Entry, _headings: Headings) -> str:
    change = entry.first
    told = f"{change.before} → {change.after}"
    found = _OFF.fullmatch(change.note or "")
    if found is None:
        return f"Counter off the calendar: {told}" + (f" ({change.note})" if change.note else "")
    how = _HOW.get(found["how"], "was reset" if found["how"] == "reset" else found["how"])
    return f"Counter {how}: {told} (by the calendar {found['expected']}, shown {found['actual']})"


def _counter(words: str) -> Callable[[Entry, Headings], str]:
    """Return what makes a sentence of a counter, out of *words* with the values before and after.

    A reworded one says what it said before.
    """

    def told(entry: Entry, _headings: Headings) -> str:
        change = entry.first
        values = {"before": _short(change.before or ""), "after": _short(change.after or "")}
        return words.format(**values)

    return told


def _and(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _short(text: str) -> str:
    return one_line(text, _LONGEST)


_SENTENCES: dict[str, Callable[[Entry, Headings], str]] = {
    "first seen": _first_seen,
    "edited": _edited,
    "removed": _removed,
    "returned": _returned,
    "site gone": _site_gone,
    "contact": _contact,
    "counter_discovered": _counter("Counter first seen, at {after}"),
    "counter_appeared": _counter("Counter appeared, at {after}"),
    "counter_progressed": _counter(
        "Counter agreed with the calendar at every look: {before} → {after}"
    ),
    "counter_anomaly": _counter_off,
    "counter_reworded": _counter("Counter reworded: {before} → {after}"),
    "counter_vanished": _counter("Counter vanished, at {before}"),
}
