"""How phone, e-mail and their label changed, within one language of the header."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from pipelines.history.changes import Change, change_id
from pipelines.history.spans import Span
from pipelines.values.instants import instant, instant_of


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
    counts: Counter[tuple[str, ...]] = Counter()
    shown = ((c, text) for s, text in contact.shown for c in dict.fromkeys((s.first, s.last)))
    for (capture_before, before), (capture_after, after) in _steps(shown):
        identity = (contact.language, contact.field, _plain(before), _plain(after))
        counts[identity] += 1
        yield Change(
            change_id=change_id("header", *identity, counts[identity]),
            kind="contact_changed",
            subject="header",
            field=contact.field,
            before=before,
            after=after,
            observed_after=instant_of(capture_before),
            observed_by=instant_of(capture_after),
            capture_before=capture_before,
            capture_after=capture_after,
        )


def _steps(
    shown: Iterator[tuple[str, str]],
) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """Yield the sightings between which the value changed; white space is no difference."""
    last: tuple[str, str] | None = None
    for _, group in groupby(shown, key=lambda one: instant(one[0])):
        step = list(group)
        same = [one for one in step if last and _plain(one[1]) == _plain(last[1])]
        if last is not None and not same:
            yield last, step[0]
        last = same[0] if same else step[0]


def _plain(value: str) -> str:
    return "".join(value.split())
