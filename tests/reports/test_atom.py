"""The feed, as a feed reader takes it."""

from dataclasses import replace

import feedparser
import pytest
from lxml import etree

from embassy_scraper.reports.atom import as_atom, entry_id
from embassy_scraper.reports.entries import Entry, entries_of

from .samples import DAY, HOSTILE, URL, change, edit


def feed(*changes, **given):
    text = "".join(as_atom(entries_of(changes), **{"title": "Changes"} | given))
    etree.fromstring(text.encode(), etree.XMLParser(resolve_entities=False))
    found = feedparser.parse(text.encode())
    assert not found.bozo, found.bozo_exception
    return found


def test_an_entry_is_a_sentence_with_its_title_its_instants_and_the_archives_copies() -> None:
    found = feed(edit("title", "A talk on tea", "A talk on coffee", learned="2026-11-27T21:00:00Z"))
    (entry,) = found.entries
    assert entry.title == "Title changed (one word) – Press release on the spring concert"
    assert (entry.published, entry.updated) == (DAY.format(5), "2026-11-27T21:00:00Z")
    assert entry.link == URL
    related = [link.href for link in entry.links if link.rel == "related"]
    assert related == [f"https://web.archive.org/web/2021030{day}090000/{URL}" for day in (3, 5)]
    assert "<del>tea</del> <ins>coffee</ins>" in entry.content[0].value
    assert found.feed.updated == "2026-11-27T21:00:00Z"


def test_what_was_not_learned_yet_is_updated_when_it_was_seen() -> None:
    found = feed(change("page_gone", field="http_status", after="404", learned=None))
    assert found.entries[0].updated == DAY.format(5) == found.feed.updated


def test_a_feed_without_entries_is_one() -> None:
    found = feed(self_url="https://archive.example/feed.atom", updated=DAY.format(9))
    assert (found.entries, found.feed.updated) == ([], DAY.format(9))
    assert found.feed.links[0].href == "https://archive.example/feed.atom"


def test_the_id_stays_when_an_interval_narrows_and_when_another_list_is_looked_at() -> None:
    one = change("statement_withdrawn", field="newarh", change_id="bb", learned=DAY.format(6))
    before = entry_id(Entry.of([one]))
    narrow = replace(one, observed_after=DAY.format(4), observed_by="2021-03-05T08:00:00Z")
    assert entry_id(Entry.of([narrow])) == before
    other = replace(one, field="latest", change_id="aa", learned=DAY.format(8))
    assert entry_id(Entry.of([other, one])) == before
    assert entry_id(Entry.of([other])) != before


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_page_says_is_text(text) -> None:
    found = feed(
        edit("body", text, f"{text} more", title=text, url=text, url_after=text, note=text),
        change("contact_changed", subject="header", field="phone", before=text, after=text),
        change("counter_anomaly", subject=text, before=text, after=text, note=text, title=None),
        change("counter_reworded", subject=text, field="label", before=text, after="b", title=None),
        change("statement_added", field=text, after=text, change_id=text or "x"),
        title=text or "x", self_url=text or None,
    )  # fmt: skip
    assert len(found.entries) == 5
    for entry in found.entries:
        value = entry.content[0].value
        assert not {"script", "img", "b"} & {one.split()[0] for one in value.split("<")[1:] if one}
        assert not [link for link in entry.links if "script:" in link.href]


def test_a_title_of_a_megabyte_is_cut() -> None:
    (entry,) = feed(edit("body", "a", "x" * 1_000_000, title="y" * 1_000_000)).entries
    assert len(entry.title) < 300
    assert len(entry.content[0].value) < 3000
