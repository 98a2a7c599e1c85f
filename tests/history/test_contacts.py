"""When a contact changed: within one language, white space and a closing colon aside."""

from __future__ import annotations

import pytest

from pipelines.history.contacts import Contact, derive_contacts
from pipelines.history.spans import find_spans

Look = tuple[int, str]  # day of March 2021, what the header shows
CASES: dict[str, tuple[list[Look], list[tuple[str, str, str, str]]]] = {
    "the same": ([(1, "+44 1"), (2, "+44 1")], []),
    "another number": ([(1, "+44 1"), (3, "+44 2")], [("+44 1", "+44 2", "01", "03")]),
    "white space is no change": ([(1, "+44 1"), (2, "+441"), (3, "+44  1")], []),
    "and back": (
        [(1, "+44 1"), (2, "+44 2"), (3, "+44 1")],
        [("+44 1", "+44 2", "01", "02"), ("+44 2", "+44 1", "02", "03")],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_contacts(case: str) -> None:
    looks, told = CASES[case]
    texts = list(dict.fromkeys(text for _, text in looks))
    observed = [(f"202103{day:02}T090000Z-a", texts.index(text)) for day, text in looks]
    spans = find_spans(1, observed)
    contact = Contact("phone", "en", tuple((span, texts[span.value]) for span in spans))
    found = [
        (c.before, c.after, (c.observed_after or "")[8:10], c.observed_by[8:10])
        for c in derive_contacts([contact])
    ]
    assert found == told
