"""Cite: a statement or a change as a sentence that can be quoted and checked.

It names the page, the interval, the captures and the digest of their bytes, so that a reader who
has only the sentence finds the same bytes again.
"""

from dataclasses import dataclass

from embassy_scraper.reports.times import say_between, say_day, say_instant
from embassy_scraper.reports.visible import one_line
from embassy_scraper.sites import Profile
from embassy_scraper.web.page import Values
from embassy_scraper.web.told import Told

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


def cite_version(statement: Values, version: Values, profile: Profile) -> str:
    """Return what cites one version of a statement."""
    printed = version["published_on"] or statement["published_on"]
    named = _named(version["title"] or statement["title"], printed, statement["url"])
    source = Source("first seen", version["first_capture"], version["sha256"])
    begin, end = version["first_seen"], version["last_seen"]
    span = f"from {say_instant(begin)} to {say_instant(end)}"
    if begin == end:
        span = f"once, on {say_instant(begin)}"
    seen = f"Version {version['number']} of {statement['versions']}, seen {span} (UTC)"
    return f"{_site(profile)}: {named}. {seen}; {source}."


def cite_change(told: Told, sources: list[Source], profile: Profile) -> str:
    """Return what cites one entry: what changed, of what, between which instants, seen where."""
    first = told.entry.first
    named = _named(told.name, first.published_on, first.url) if told.name else ""
    of = f" {named}." if named else ""
    seen = f" {_upper('; '.join(map(str, sources)))}." if sources else ""
    ids = ", ".join(change.change_id for change in told.entry.changes[:10])
    sentence = one_line(told.sentence)
    return f"{_site(profile)}:{of} {sentence}, {_when(told)}.{seen} Change {ids}."


def _when(told: Told) -> str:
    """Return when it happened, to the second: a citation outlives the hover of an instant."""
    after, by = told.entry.observed_after, told.entry.observed_by
    if after is None or told.entry.first.kind == "counter_progressed":
        return told.when
    return f"{say_between(after, by)}, that is after {after} and by {by}"


def _site(profile: Profile) -> str:
    return profile.site.names[0] if profile.site.names else profile.site.base_url


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
