"""Messages: what is new to a name, in words. Pure.

What the site says is hostile: it stands on lines of its own as plain text, without characters that
steer a terminal, end a header of a mail, or call a room of people.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from embassy_scraper.reports.entries import Entry, entries_of
from embassy_scraper.reports.sentences import sentence, subject_words, when
from embassy_scraper.reports.times import counted, say_instant
from embassy_scraper.reports.wanted import change_of
from embassy_scraper.telling.states import FAILURE
from embassy_scraper.visible import one_line
from pipelines.state.told import News, Row, as_taken_back

_MOST = 500  # entries that are told one by one
_FIRST = ("site gone", "removed", "edited", "returned", "counter_anomaly", "contact")  # in a title
_LONGEST_TITLE, _LONGEST_TEXT = 140, 400  # characters
_CALLS = re.compile(r"(@)(?=everyone|here|channel)|(<!)", re.I)  # what pings a whole room


@dataclass(frozen=True, slots=True)
class Told:
    """What one message says: what has changed, or no longer holds; what fails, or works again."""

    changes: News
    states: News

    def __bool__(self) -> bool:
        """Say whether there is anything to tell."""
        return bool(self.changes.new or self.changes.gone or self.states.new or self.states.gone)


def message_of(told: Told, key: str, site: str, headings: Mapping[str, str]) -> tuple[str, str]:
    """Return title and body of the message with this *key* about a *site*."""
    new = entries_of(map(change_of, told.changes.new))
    back = entries_of(change_of(as_taken_back(one.row)) for one in told.changes.gone)
    states = list(_states(told.states))
    parts = [
        *states,
        *_section(counted(len(told.changes.new), "change"), new, headings),
        *_section("Told before, and no longer so", back, headings),
        f"-- \nembassy-scraper, {site}\nmessage {key}",
    ]
    state = states[0].splitlines()[0] if states else None
    return _title(new, back, site, state, headings), "\n\n".join(parts) + "\n"


def _title(
    new: Sequence[Entry],
    back: Sequence[Entry],
    site: str,
    state: str | None,
    headings: Mapping[str, str],
) -> str:
    """Return what stands in the list of a reader's mails."""
    if state is not None:
        said, more = state, len(new) + len(back)
    elif new:
        said, more = _headline(min(new, key=_weight), headings), len(new) + len(back) - 1
    else:
        said, more = _headline(back[0], headings), len(back) - 1
    rest = f" (and {more} more)" if more else ""
    return _plain(f"{site}: {said}", _LONGEST_TITLE - len(rest)) + rest


def _weight(entry: Entry) -> int:
    """Return how far behind others an entry comes in a title; of equal ones the newest is first."""
    return _FIRST.index(entry.act) if entry.act in _FIRST else len(_FIRST)


def _headline(entry: Entry, headings: Mapping[str, str]) -> str:
    about = subject_words(entry)
    return ": ".join(filter(None, [sentence(entry, headings), about]))


def _section(head: str, entries: Sequence[Entry], headings: Mapping[str, str]) -> Iterator[str]:
    """Yield a heading and the entries below it; of very many the rest by their number."""
    if not entries:
        return
    yield head
    for entry in entries[:_MOST]:
        yield "\n".join(lines_of(entry, headings))
    if rest := entries[_MOST:]:
        kinds = Counter(change.kind for entry in rest for change in entry.changes)
        tally = ", ".join(f"{kind} {count:,}" for kind, count in kinds.most_common())
        since = min(entry.observed_by for entry in rest)
        yield (
            f"and {counted(sum(kinds.values()), 'change')} more ({tally}); print them with:"
            f" embassy-scraper report --since {since} --until {rest[0].observed_by}"
        )


def lines_of(entry: Entry, headings: Mapping[str, str]) -> Iterator[str]:
    """Yield the lines of one entry: what, what it said, when, where, which changes."""
    yield _plain(_headline(entry, headings), _LONGEST_TEXT)
    for change in entry.changes:
        if change.kind in {"statement_edited", "counter_reworded"}:
            yield f"  was: {_plain(change.before or 'nothing', _LONGEST_TEXT)}"
            yield f"  now: {_plain(change.after or 'nothing', _LONGEST_TEXT)}"
    yield f"  {when(entry)}"
    if entry.first.url and not entry.first.is_with_the_site:
        yield f"  {_plain(entry.first.url, _LONGEST_TEXT)}"
    ids = [change.change_id for change in entry.changes]
    yield f"  {'change' if len(ids) == 1 else 'changes'} {' '.join(ids)}"


def _states(news: News) -> Iterator[str]:
    """Yield what fails, and what works again."""
    still = {(row["kind"], row["subject"]) for row in news.new}
    for row in news.new:
        yield "\n".join(_state(row))
    for row in (one.row for one in news.gone if (one.row["kind"], one.row["subject"]) not in still):
        if row["kind"] == FAILURE:
            subject, was = _plain(row["subject"] or ""), _plain(row["after"] or "")
            yield f"Works again: {subject} (was: {was})"
        else:
            yield "Not silent any more: a live round was complete"


def _state(row: Row) -> Iterator[str]:
    if row["kind"] != FAILURE:
        days, *more = (row["note"] or "").split("; ")
        yield f"Silence: no complete round for {days}"
        yield from (f"  {one}" for one in more)
        return
    yield f"Failed: {_plain(row['subject'] or '')}: {_plain(row['after'] or '')}"
    yield f"  begun {say_instant(str(row['observed_by']))} (UTC)"
    last = row["observed_after"]
    yield f"  last good run: {say_instant(last) + ' (UTC)' if last else 'none'}"


def _plain(text: str, most: int = _LONGEST_TEXT) -> str:
    """Return *text* as one line that steers nothing and calls nobody, of *most* characters."""
    return _CALLS.sub(lambda found: f"{found[0]} ", one_line(text, most))
