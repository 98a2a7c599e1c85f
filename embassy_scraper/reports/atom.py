"""Atom: entries as a feed (RFC 4287) that any feed reader takes.

An entry's id follows from the id of one of its changes, so it stays when a late capture narrows
an interval; ``updated`` is when this history learned of it, ``published`` when it was first seen
on the site.
"""

from collections.abc import Callable, Iterator, Sequence
from uuid import NAMESPACE_URL, uuid5

from embassy_scraper.reports.entries import Entry
from embassy_scraper.reports.links import copies_of, web_address
from embassy_scraper.reports.markup import as_text, marked
from embassy_scraper.reports.passages import passages_of
from embassy_scraper.reports.sentences import Headings, sentence, subject_words, when
from embassy_scraper.visible import one_line, visible

AUTHOR = "embassy-scraper"
PageOf = Callable[[Entry], str]
NEVER = "1970-01-01T00:00:00Z"  # of a feed without entries
_LONGEST_TITLE = 200  # characters
XHTML = "http://www.w3.org/1999/xhtml"


def as_atom(
    entries: Sequence[Entry],
    *,
    title: str,
    self_url: str | None = None,
    updated: str | None = None,
    headings: Headings | None = None,
    page_of: PageOf | None = None,
) -> Iterator[str]:
    """Yield a feed of *entries*, in the order in which they come.

    *page_of* returns the address of the page that says all of an entry, where there is one.

    *self_url* is where the feed will be found; *updated* when it last changed, by default when
    the last of it was learned.
    """
    newest = updated or max((_updated(entry) for entry in entries), default=NEVER)
    yield from feed_head(title, newest, self_url)
    for entry in entries:
        yield from _entry(entry, headings, page_of)
    yield "</feed>\n"


def feed_head(title: str, updated: str, self_url: str | None) -> Iterator[str]:
    """Yield how a feed begins, up to its first entry."""
    yield (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">\n'
        f" <id>{urn_of(self_url or title)}</id>\n"
        f" <title>{as_text(one_line(title))}</title>\n"
        f" <updated>{updated}</updated>\n"
        f" <author><name>{AUTHOR}</name></author>\n"
        f" <generator>{AUTHOR}</generator>\n"
    )
    if self_url is not None:
        yield f' <link rel="self" type="application/atom+xml" href="{as_text(self_url)}"/>\n'


def entry_id(entry: Entry) -> str:
    """Return the id of *entry* in a feed: that of the change in it which was learned first.

    A change that joins the entry later leaves it as it is.
    """
    first = min(entry.changes, key=lambda c: (c.learned or "9999", c.change_id))
    return urn_of(first.change_id)


def urn_of(name: str) -> str:
    """Return the id in a feed of what has this *name*: always the same."""
    return uuid5(NAMESPACE_URL, f"{AUTHOR}:{visible(name)}").urn


def _updated(entry: Entry) -> str:
    return entry.learned or entry.observed_by


def _entry(entry: Entry, headings: Headings | None, page_of: PageOf | None) -> Iterator[str]:
    told = sentence(entry, headings)
    about = subject_words(entry)
    title = f"{told} – {one_line(about, _LONGEST_TITLE)}" if about else told
    yield (
        " <entry>\n"
        f"  <id>{entry_id(entry)}</id>\n"
        f'  <title type="text">{as_text(one_line(title))}</title>\n'
        f"  <published>{entry.observed_by}</published>\n"
        f"  <updated>{_updated(entry)}</updated>\n"
    )
    for kind in dict.fromkeys(change.kind for change in entry.changes):
        yield f'  <category term="{as_text(kind)}"/>\n'
    yield from _links(entry, page_of(entry) if page_of is not None else None)
    yield f'  <content type="xhtml"><div xmlns="{XHTML}">\n'
    yield from _content(entry, told)
    yield "  </div></content>\n </entry>\n"


def _links(entry: Entry, page: str | None) -> Iterator[str]:
    change = entry.first
    address = web_address(change.url or change.url_after)
    if page is not None:
        yield f'  <link rel="alternate" href="{as_text(page)}"/>\n'
    if address is not None:
        rel = "alternate" if page is None else "related"
        yield f'  <link rel="{rel}" href="{as_text(address)}"/>\n'
    for which, archived in copies_of(change):
        yield f'  <link rel="related" title="archived {which}" href="{as_text(archived)}"/>\n'


def _content(entry: Entry, told: str) -> Iterator[str]:
    yield f"   <p>{as_text(one_line(told))}, {as_text(when(entry))}.</p>\n"
    for passage in passages_of(entry):
        yield f"   <p>{marked(passage.pieces, spoken=False)}</p>\n"
    copies = [
        f'<a href="{as_text(archived)}">{which}</a>' for which, archived in copies_of(entry.first)
    ]
    if copies:
        told = ", ".join(copies)
        yield f"   <p>In the Wayback Machine, the nearest copy if it has any: {told}.</p>\n"
    ids = ", ".join(change.change_id for change in entry.changes)
    yield f"   <p><small>Changes: {as_text(ids)}</small></p>\n"
