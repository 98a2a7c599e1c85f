"""Cite: a statement or a change as a sentence that can be quoted and checked.

It names the page, the interval, the captures and the digest of their bytes, so that a reader who
has only the sentence finds the same bytes again.
"""

from dataclasses import dataclass

from embassy_scraper.reports.times import say_between, say_day, say_instant
from embassy_scraper.sites import Profile
from embassy_scraper.visible import one_line
from embassy_scraper.web.page import Values
from embassy_scraper.web.told import Told
from pipelines.values.instants import instant_of

_LONGEST = 300  # characters of a title


@dataclass(frozen=True, slots=True)
class Source:
    """A capture that shows what is cited: before or after a change, or a version first."""

    role: str
    capture: str
    sha256: str | None

    def __str__(self) -> str:
        """Return it as words of a citation."""
        digest = f" (SHA-256 {self.sha256})" if self.sha256 else ""
        return f"{self.role} in capture {self.capture}{digest}"


def cite_version(statement: Values, version: Values, site: str) -> str:
    """Return what cites one version of a statement: its text, or where it has none its title."""
    printed = version["published_on"] or statement["published_on"]
    named = _named(version["title"] or statement["title"], printed, statement["url"])
    text = version["text"]
    what, capture, digest = "title", version["first_capture"], version["sha256"]
    begin, end = version["first_seen"], version["last_seen"]
    if text is not None:
        what, capture, digest = "text", text["first"], text["sha256"]
        begin, end = instant_of(text["first"]), instant_of(text["last"])
    source = Source("first seen", capture, digest)
    number = f"Version {version['number']} of {statement['versions']}"
    seen = f"{number}, its {what} {seen_words(begin, end)}"
    return f"{site}: {named}. {seen}; {source}."


def seen_words(begin: str, end: str) -> str:
    """Return when something was seen, in words; what lies between is not told by it.

    >>> seen_words("2021-03-01T09:00:00Z", "2021-03-01T09:00:00Z")
    'seen once, on 1 March 2021, 09:00 (UTC)'
    """
    if begin == end:
        return f"seen once, on {say_instant(begin)} (UTC)"
    return f"first seen {say_instant(begin)}, last seen {say_instant(end)} (UTC)"


def cite_change(told: Told, sources: list[Source], site: str) -> str:
    """Return what cites one entry: what changed, of what, between which instants, seen where."""
    first = told.entry.first
    named = _named(told.name, first.published_on, first.url) if told.name else ""
    of = f" {named}." if named else ""
    seen = f" {_upper('; '.join(map(str, sources)))}." if sources else ""
    ids = ", ".join(change.change_id for change in told.entry.changes[:10])
    sentence = one_line(told.sentence)
    return f"{site}:{of} {sentence}, {_when(told)}.{seen} Change {ids}."


def _when(told: Told) -> str:
    """Return when it happened, to the second: a citation outlives the hover of an instant."""
    after, by = told.entry.observed_after, told.entry.observed_by
    if after is None or told.entry.first.kind == "counter_progressed":
        return told.when
    return f"{say_between(after, by)}, that is after {after} and by {by}"


def site_words(profile: Profile, stand_in: str | None) -> str:
    """Return whose site it is, and which server has stood in for it."""
    name = profile.site.names[0] if profile.site.names else profile.site.base_url
    return f"{name} (as {one_line(stand_in, 100)} served it in its place)" if stand_in else name


def _named(title: str | None, day: str | None, url: str | None) -> str:
    short = one_line(title or "", _LONGEST)
    parts = [f"“{short}”" if short else "a statement without a title"]
    if day:
        parts.append(f"dated {say_day(day)}")
    if url:
        parts.append(one_line(url))
    return ", ".join(parts)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
