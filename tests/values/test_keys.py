"""Keys, digests and ranks: made of content, never of the order of arrival."""

from __future__ import annotations

from embassy_scraper.items import Wording
from pipelines.values.digests import digest_of
from pipelines.values.keys import content_key, opening, provisional_key
from pipelines.values.places import is_list, title_rank

ENTRY = Wording(
    digest=b"", is_page=False, url_key=None, title="A notice", lead="It opens.", body=None,
    date="2021-03-05", date_text="05.03.2021", published_at=None, signed_on=None,
    signature_text=None, is_open=False,
)  # fmt: skip


def test_what_is_not_there_is_no_empty_text() -> None:
    assert digest_of("a", None) != digest_of("a", "")
    assert digest_of("a", "b") != digest_of("ab")
    assert digest_of("a", "b") == digest_of("a", "b")


def test_a_key_is_of_date_title_and_lead() -> None:
    assert provisional_key(ENTRY) == content_key("2021-03-05", "A notice", "It opens.")
    assert content_key(None, "A notice", "").startswith("undated/")
    assert content_key("2021-03-05", "A notice", "x") != content_key("2021-03-05", "A notice", "y")


def test_pages_are_compared_by_their_first_forty_words() -> None:
    assert opening("  a  b\nc ") == "a b c"
    assert len(opening("word " * 99).split()) == 40


def test_an_own_page_tells_the_title_best_and_a_box_least() -> None:
    places = ["box", "latest", "home", "newarh", "page"]
    assert sorted(places, key=title_rank) == ["page", "newarh", "home", "latest", "box"]
    assert [is_list(place) for place in places] == [False, True, True, True, False]
