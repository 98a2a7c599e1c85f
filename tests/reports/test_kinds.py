"""Every kind of change has its words wherever changes are shown to people."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from embassy_scraper.reports import sentences
from embassy_scraper.reports.entries import entries_of
from embassy_scraper.reports.sentences import sentence
from embassy_scraper.web.pages import timeline
from pipelines.history.kinds import KINDS

from .samples import change

ROOT = Path(__file__).parents[2]


def test_the_pages_name_every_kind_and_no_other() -> None:
    assert set(timeline.KINDS) == set(KINDS)
    assert len(set(timeline.KINDS.values())) == len(KINDS), "two kinds have one name"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_sentence(kind: str) -> None:
    field = {"statement_edited": "title", "contact_changed": "phone"}.get(kind, "home")
    (entry,) = entries_of([change(kind, field=field, before="1", after="2")])
    assert entry.act in sentences._SENTENCES, entry.act
    assert sentence(entry)


def test_every_sentence_has_a_kind() -> None:
    acts = {entries_of([change(kind)])[0].act for kind in KINDS}
    assert acts | {"site gone"} == set(sentences._SENTENCES)


@pytest.mark.parametrize("file", ["README.md", "docs/laws.md"])
def test_the_documents_name_every_kind(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    rows = "\n".join(line for line in text.splitlines() if line.startswith("| `"))
    named = set(re.findall(r"`([a-z_]+)`", rows))
    starts = tuple(re.findall(r"`([a-z]+_)…`", rows))
    assert not [kind for kind in KINDS if kind not in named and not kind.startswith(starts)]
