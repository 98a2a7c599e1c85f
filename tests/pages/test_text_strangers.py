"""A text capture with a few words in it that are none of the page: withheld with a word."""

import pytest

from embassy_scraper.items import Capture, RawCapture
from embassy_scraper.pages import read_page
from embassy_scraper.sites import load_profile
from pipelines.normalise import normalise

_TEXT = """24 November 2020
Moscow: 15:22
London: 12:22

Consular queries:
+44 (0) 203 668 7474



{above}Embassy comment on the lamp oil of the outer islands

Several newspapers keep asking who paid for the lamp oil.

The answer is as short as it was a week ago.

3 April 2020, 18:05

{behind}20.11.2020 - Embassy comment on the bell of the customs house

The bell was rung on Friday.

19.11.2020 - Embassy comment on the tide tables

The tables were printed on Monday.

The second edition follows.

{end}all messages"""


def _read(**words: str) -> Capture:
    text = _TEXT.format_map({"above": "", "behind": "", "end": "", **words})
    profile = load_profile()
    url = "https://www.rusemb.org.uk/fnapr/6956"
    raw = RawCapture(text.encode(), "text/plain", "test", url=url, charset="utf-8")
    return normalise(raw, read_page(raw, profile), profile)


def test_the_text_alone_is_read() -> None:
    capture = _read()
    assert not capture.problems
    assert [s.wording.title for s in capture.sightings if s.list == "page"] == [
        "Embassy comment on the lamp oil of the outer islands"
    ]


@pytest.mark.parametrize(
    "words",
    [
        {"above": "Print version\n\n"},
        {"behind": "Views: 1234\n\n"},
        {"behind": "Share: Facebook Twitter\n\n"},
        {"end": "Print\n\n"},
    ],
)
def test_a_few_words_between_the_parts_are_no_text_of_theirs(words: dict[str, str]) -> None:
    capture = _read(**words)
    assert [p for p in capture.problems if p.what == "unknown layout"]
    label = next(iter(words.values())).strip()
    read = [
        t for s in capture.sightings for t in (s.wording.title, s.wording.lead, s.wording.body) if t
    ]
    assert not [text for text in read if label in text]


@pytest.mark.parametrize(
    ("line", "is_read"),
    [
        ("On the lamp oil", True),  # a subheading
        ("1265-18-06-2019", True),
        ("(30 July, translated from Russian)", True),
        ("Views: 1,234", False),
        ("Share on Facebook", False),
        ("Read more", False),
    ],
)
def test_a_few_words_amid_a_text_are_a_subheading_or_a_button(line: str, is_read: bool) -> None:
    text = _TEXT.replace("\n\n{behind}", f"\n\n{line}\n\nThat is all we have to say.\n\n{{behind}}")
    text = text.format(above="", behind="", end="")
    (body,) = [s.wording.body for s in _capture(text, "fnapr/6956").sightings if s.list == "page"]
    assert (body is not None and line in body) == is_read
    assert (body is None) == (not is_read)


def test_two_lists_on_a_page_without_address_are_withheld() -> None:
    text = "24 November 2020\nMoscow: 15:22\nLondon: 12:22\n\n" + "VIDEOS\n01.01.2018\n" * 3
    profile = load_profile()
    raw = RawCapture(text.encode(), "text/plain", "test", charset="utf-8")
    capture = normalise(raw, read_page(raw, profile), profile)
    withheld = {p.where for p in capture.problems if p.what == "unknown layout"}
    assert withheld == {"main part", "latest"} and not capture.sightings


_LISTING = """24 November 2020
Moscow: 15:22
London: 12:22

PRESS RELEASES AND NEWS

Pages: ««« :: 12 :: »»»

20.11.2020 - The lamp oil

Thirty barrels came.

19.11.2020 - The tide tables

The second edition follows.
{end}"""


@pytest.mark.parametrize(
    "end", ["Back\nto the top\n", "Imprint\n", "\nAll rights are\nreserved.\n"]
)
def test_words_behind_a_listing_withhold_it(end: str) -> None:
    capture = _capture(_LISTING.format(end=end), "apress_arh/")
    assert [p.where for p in capture.problems] == ["apress_arh"] and not capture.sightings


def test_a_listing_alone_is_read() -> None:
    capture = _capture(_LISTING.format(end=""), "apress_arh/")
    assert not capture.problems and len(capture.sightings) == 2


_UNSIGNED = """24 November 2020
Moscow: 15:22
London: 12:22

Embassy comment on the lamp oil of the outer islands

Several newspapers keep asking who paid for the lamp oil.

The answer is as short as it was a week ago.

{end}LATEST EVENTS

20.11.2020 - Embassy comment on the bell of the customs house

The bell was rung on Friday.

all messages"""


@pytest.mark.parametrize(
    "end", ["", "Share\n\n", "Views: 12\n\n", "See also\n\nThe tide tables\n\n"]
)
def test_words_behind_a_text_without_signature_withhold_its_body(end: str) -> None:
    capture = _capture(_UNSIGNED.format(end=end), "fnapr/6956")
    page = next(s for s in capture.sightings if s.list == "page")
    assert page.wording.title == "Embassy comment on the lamp oil of the outer islands"
    assert [p.where for p in capture.problems] == (["body"] if end else [])
    assert (page.wording.body is None) == bool(end)
    assert [s.wording.lead for s in capture.sightings if s.list == "latest"] == [
        "The bell was rung on Friday."
    ]


def _capture(text: str, path: str) -> Capture:
    profile = load_profile()
    url = f"https://www.rusemb.org.uk/{path}"
    raw = RawCapture(text.encode(), "text/plain", "test", url=url, charset="utf-8")
    return normalise(raw, read_page(raw, profile), profile)
