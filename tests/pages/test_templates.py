"""Pages in the manner of many kinds of software: right or refused, and not all refused."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.frames.bench import told
from tests.frames.judge import RIGHT, WRONG, judge
from tests.frames.templates import Dressed, all_templates

PAGES = tuple(all_templates())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.software}-{page.model.kind}")
def test_a_template_is_read_right_or_refused(page: Dressed) -> None:
    judgement = judge(page.model, page.html)
    assert judgement.verdict != WRONG, told(judgement)


def test_at_least_half_are_read_right() -> None:
    counted = Counter(judge(page.model, page.html).verdict for page in PAGES)
    assert len({page.software for page in PAGES}) >= 15
    assert counted[RIGHT] >= len(PAGES) / 2, counted
