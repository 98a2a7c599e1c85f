"""How phone, e-mail and their label changed, within one language of the header."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipelines.history.changes import Change, Teller
from pipelines.history.spans import Span, differences


@dataclass(frozen=True, slots=True)
class Contact:
    """What the headers of one language showed of a field, from when to when."""

    field: str
    language: str
    shown: tuple[tuple[Span, str], ...]


def derive_contacts(contacts: Iterable[Contact]) -> list[Change]:
    """Return the changes of the contacts."""
    return [change for contact in contacts for change in _changes_of(contact)]


def _changes_of(contact: Contact) -> Iterator[Change]:
    teller = Teller("header", "header", contact.language, contact.field)
    shown = ((c, text) for s, text in contact.shown for c in dict.fromkeys((s.first, s.last)))
    for (capture_before, before), (capture_after, after) in differences(shown, _plain):
        values, captures = (before, after), (capture_before, capture_after)
        identity = (_plain(before), _plain(after))
        yield teller.tell("contact_changed", contact.field, values, captures, *identity)


def _plain(value: str) -> str:
    """Return a *value* without its white space, which is no difference."""
    return "".join(value.split())
