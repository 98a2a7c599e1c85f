"""Equal content in other markup gives an equal page, or one of which less is proven."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from embassy_scraper.items import Capture, HeaderFacts, RawCapture
from embassy_scraper.pages import read_page
from embassy_scraper.sites import load_profile
from embassy_scraper.text import fold
from pipelines.normalise import normalise
from tests.frame_markups import FRAMES
from tests.markups import FORM_B, NBSP, PAGER, Entry, Model, renderings

AT = "2020-11-24T12:22:00Z"
SITE = "https://www.rusemb.org.uk/"
LONG = (
    "Embassy reply to a media question on the harbour master’s remarks about the lanterns of the "
    "northern mole, the ferry timetable and the otters seen beneath the customs house on the eve "
    "of the annual meeting of the Joint Comittee on Lighthouses and Buoys"
)
BLOCK = (
    Entry("20.11.2020", LONG, "The lanterns stay lit; so much is known.", "fnapr/7001"),
    Entry("18.11.2020", "BEACONS OF THE NORTH", "BEACONS OF THE NORTH", "fnapr/7000"),
    Entry("06.11.2020", "06.11.2020: a day at sea", "Q: What is to be done, thePrime minister?",
          "fnapr/6999"),
    Entry("06.11.2020", "7 questions on “otters”, МН17 and «Север»", "Among other things:",
          "fnapr/6998"),
    Entry("29.10.2020", "PHOTO: A ceremony – wreaths at the mole", "Question: Why?", "fnapr/6997"),
    Entry("26.10.2020", 'Comment on "the Otter case" \'again\'', "It’s a tradedy of errors…",
          "fnapr/6996"),
    Entry("26.10.2020", "Comment on the Otter case", "1265-18-06-2019 was the first of many.",
          "fnapr/6995"),
    Entry("21.10.2020", "Arrivals & departures < 10 > 9", "Moscow: 12:30 is not London: 12:30.",
          "article/640"),
    Entry("20.10.2020", "Statement", "A lead without a full stop", "fnapr/6993"),
    Entry("20.10.2020", "Statement", "Another lead on the same day?", "fnapr/6992"),
)  # fmt: skip
BODY = (
    "On 3 April the Embassy concerningthe matter sent a note, and “nothing” came of it.",
    "1265-18-06-2019",
    "12.03.2018 - Something that only looks like an item of the list",
    "Moscow: 12:30",
    "Question: Was it 100 or 1,000 days have passed?\nAnswer: It was – as ever – neither.",
    "QUESTION: And “who’s” to blame?",
    "(30 July, translated from Russian)",
    "We note that all messages were answered. Access denied, captcha, 404 and not found are words.",
)
SENTENCES = (
    "On 3 April the Embassy concerningthe matter sent a note, and “nothing” came of it.",
    "Three otters, two lanterns and 1.5 thousand readers are still waiting for an answer.",
    "We shall wait with them – as ever – and say so when it comes.",
)
STATEMENT = Model(
    f"{SITE}fnapr/6956",
    heading="PRESS RELEASES AND NEWS",
    on="03.04.2020",
    title="Embassy comment regarding the lighthouse, 1 April 2020",
    body=BODY,
    signature="3 April 2020, 18:05",
    block=BLOCK,
)
LISTING = Model(
    f"{SITE}newarh/&start=221&ps=10&ppp=15",
    heading="EMBASSY INFORMS",
    pager=PAGER,
    items=tuple(
        replace(e, on=e.on.replace("2020", "2018"), key=f"fnapr/{5000 + n}")
        for n, e in enumerate(BLOCK)
    ),
)
MODELS = {
    "statement": STATEMENT,
    "plain body": replace(STATEMENT, body=SENTENCES),
    "caps title": replace(STATEMENT, title="ON THE LIGHTHOUSE AND THE MOLE"),
    "long title": replace(STATEMENT, title=LONG, body=BODY[:1]),
    "digits first": replace(STATEMENT, title="996 lanterns and 3 otters", signature=None),
    "title only": replace(STATEMENT, title="VIDEO: The ceremony", body=(), signature=None),
    "title is a date": replace(STATEMENT, title="11 November 1918: the day the guns fell silent"),
    "no counters": replace(STATEMENT, counters=()),
    "one counter": replace(STATEMENT, counters=STATEMENT.counters[:1]),
    "thousand days": replace(
        STATEMENT, counters=("1,417 days have passed since the Harbour incident - no answer",)
    ),
    "weeks in title": replace(STATEMENT, title="85 weeks have passed since the Harbour incident"),
    "no header": replace(STATEMENT, has_header=False, email=None),
    "2014": replace(STATEMENT, label="Consular Section:", phone="+44(0) 203 668 7474",
                    counters=(), heading=None, on=None),
    "russian": replace(STATEMENT, date="27 июля 2016", clocks=("Москва: 22:09", "Лондон: 20:09"),
                       label="Консульские вопросы:"),
    "ambassador": replace(STATEMENT, heading="AMBASSADOR'S ARTICLES", url=f"{SITE}ambarticles/5"),
    "no block": replace(STATEMENT, block=(), signature=None, body=BODY[:2]),
    "listing": LISTING,
    "listing with block": replace(LISTING, block=BLOCK),
    "first page": replace(LISTING, url=f"{SITE}apress_arh/&start=1&ps=10&ppp=15", block=BLOCK),
    "last page": replace(LISTING, items=LISTING.items[:4], block=BLOCK),
    "home": replace(LISTING, url=SITE, heading=None, pager=None, items=BLOCK + LISTING.items[:5]),
    "short home": replace(LISTING, url=SITE, heading=None, pager=None),
    "static": replace(STATEMENT, url=f"{SITE}visaparents", heading=None, on=None,
                      title="Visa for family members"),
    "mobile": replace(STATEMENT, url="https://m.rusemb.org.uk/article/on-the-lighthouse",
                      has_header=False, email=None, heading=None, on=None, block=()),
}  # fmt: skip
READ_WHOLE = {"form A", "form B", *FRAMES} - {"frame, form B"}  # by layout, or as clean text
PROVABLE = {"plain body", "long title", "title only", "listing", "listing with block", "first page",
            "last page", "home", "short home", "static"}  # fmt: skip
WITHHELD = ("unknown layout", "not the site's page")
Facts = tuple[dict[str, Any], dict[str, Any], set[str]]


def read(payload: bytes, media_type: str, url: str | None, **more: Any) -> Capture:
    raw = RawCapture(payload, media_type, "test", url=url, **{"captured_at": AT, **more})
    return normalise(raw, read_page(raw, load_profile()), load_profile())


def facts(capture: Capture, model: Model, *, form_b: bool, has_links: bool) -> dict[str, Any]:
    """What a capture tells, without what its form does not print."""
    sightings = [
        (s.list, s.start, s.position, f.title, f.lead, fold(f.body or ""), f.date, f.published_at)
        for s in capture.sightings
        for f in [s.wording]
    ]
    if form_b:
        sightings = [(*s[:6], None if s[0] == "page" else s[6], s[7]) for s in sightings]
    header = capture.header
    if header is not None and form_b:
        header = replace(header, email=None)
    keys = [s.wording.url_key for s in capture.sightings] if has_links else None
    return {
        "kind": capture.page_kind,
        "sightings": sightings,
        "keys": keys,
        "windows": capture.windows,
        "header": header,
        "readings": capture.readings,
        "clock": (capture.page_clock, capture.clock_deviation),
        "cut": capture.is_cut,
    }


def expected(model: Model, *, form_b: bool, has_links: bool) -> dict[str, Any]:
    """The same, told from the model; windows and header come from form A, which tests check."""
    sightings: list[tuple[Any, ...]] = []
    keys: list[str | None] = []
    address = (model.url or "").removeprefix(SITE).removeprefix("https://m.rusemb.org.uk/")
    is_statement = model.title is not None and "visa" not in address
    if is_statement:
        body = fold(" ".join(model.body))
        on = None if form_b or not model.on else "-".join(model.on.split(".")[::-1])
        published = "2020-04-03T17:05:00Z" if model.signature else None
        sightings.append(("page", 0, 0, fold(model.title or ""), None, body, on, published))
        keys.append(address)
    lists = [("latest", 1, model.block)]
    if model.items:
        name = address.partition("/")[0] or "home"
        start = int(address.partition("start=")[2].partition("&")[0] or 1)
        lists.insert(0, (name, start, model.items))
    for name, start, entries in lists:
        for position, e in enumerate(entries, start=1):
            on = "-".join(e.on.split(".")[::-1])
            sightings.append((name, start, position, e.title, e.lead, "", on, None))
            keys.append(e.key)
    return {"sightings": sightings, "keys": keys if has_links else None}


def told_and_true(model: Model, markup: str, payload: bytes, media_type: str) -> Facts:
    """What a rendering tells, what the model says, and what was withheld."""
    form_b, has_links = markup in FORM_B, media_type == "text/html"
    whole_a = read(*renderings(model)["form A"], model.url)
    capture = read(payload, media_type, model.url)
    true = facts(whole_a, model, form_b=False, has_links=False)
    true |= expected(model, form_b=form_b, has_links=has_links)
    if form_b and true["header"] is not None:
        true["header"] = replace(true["header"], email=None)
    told = facts(capture, model, form_b=form_b, has_links=has_links)
    return told, true, {p.where for p in capture.problems if p.what in WITHHELD}


@pytest.mark.parametrize("name", MODELS)
def test_text_and_the_real_frame_tell_the_same(name: str) -> None:
    model = MODELS[name]
    wrong: dict[str, Any] = {}
    for markup, page in renderings(model).items():
        if markup not in READ_WHOLE:
            continue
        told, true, withheld = told_and_true(model, markup, *page)
        wrong |= {f"{markup}: {p}": (told[p], true[p]) for p in true if told[p] != true[p]}
        assert not withheld, markup
    assert not wrong, "\n".join(f"{k}\n   told {t}\n   true {e}" for k, (t, e) in wrong.items())


def lies(told: dict[str, Any], true: dict[str, Any], withheld: set[str]) -> Iterator[str]:
    """What is told otherwise than it is, and what is left out without a word."""
    own = next((s for s in true["sightings"] if s[0] == "page"), None)
    for place in dict.fromkeys(s[0] for s in (*true["sightings"], *told["sightings"])):
        here, there = ([s for s in part["sightings"] if s[0] == place] for part in (told, true))
        is_left_out = not here and withheld & {place, "main part", "page"}
        is_in_part = _lacks_its_body(here, own, withheld) or (
            place in withheld and _lacks_its_end(here, there)
        )
        if here != there and not is_left_out and not is_in_part:
            yield f"{place}: {here} is {there}"
    for window in told["windows"]:
        is_in_part = window.covers_after is None and window.list in withheld
        if window not in true["windows"] and not is_in_part:
            yield f"window: {window}"
    parts = ["header", "readings", "clock", "cut"]
    yield from (f"{p}: {told[p]} is {true[p]}" for p in parts if not _agree(told[p], true[p]))


def _lacks_its_body(here: list[Any], own: Any, withheld: set[str]) -> bool:
    """Whether it is the page's own sighting, right but for the body, which was withheld."""
    return "body" in withheld and [s[:5] for s in here] == [own[:5]] and not here[0][5]


def _lacks_its_end(here: list[Any], there: list[Any]) -> bool:
    """Whether a list is right but for the text of its last entry, which was withheld."""
    return (
        len(here) == len(there)
        and here[:-1] == there[:-1]
        and here[-1] == (*there[-1][:3], None, None, *there[-1][5:])
    )


def _agree(told: Any, true: Any) -> bool:
    """Whether two facts are equal; which counters there are may be unknown, but not wrong."""
    if isinstance(told, HeaderFacts) and isinstance(true, HeaderFacts) and told.shape is None:
        return replace(told, shape=true.shape) == true and true.shape == "[]"
    return bool(told == true)


@pytest.mark.parametrize("name", MODELS)
def test_any_other_markup_tells_the_same_or_withholds_it_by_name(name: str) -> None:
    model = MODELS[name]
    wrong, right = [], 0
    pages = {k: page for k, page in renderings(model).items() if k not in READ_WHOLE}
    for markup, page in pages.items():
        told, true, withheld = told_and_true(model, markup, *page)
        wrong += [f"{markup}: {lie}" for lie in lies(told, true, withheld)]
        right += told["sightings"] == true["sightings"]
    assert not wrong, "\n".join(wrong)
    if name in PROVABLE:
        assert right >= 0.8 * len(pages)


def test_form_a_is_read_to_the_letter() -> None:
    capture = read(*renderings(STATEMENT)["form A"], STATEMENT.url)
    assert capture.header is not None
    assert (capture.page_clock, capture.clock_deviation) == (AT, 0)
    assert capture.header.phone == "+44 (0) 203 668 7474"
    assert (capture.header.label, capture.header.email) == (
        "Consular queries",
        "info@rusemb.org.uk",
    )
    assert [(r.event, r.value, r.since_date) for r in capture.readings] == [
        ("the Harbour incident", 996, "2018-03-04"),
        ("the loss of the Otter – at sea", 988, "2018-03-12"),
    ]
    assert [(w.list, w.covers_after, w.covers_until) for w in capture.windows] == [
        ("latest", "2020-10-20", None)
    ]
    assert not capture.problems


def test_a_hidden_email_is_decoded_from_the_attribute() -> None:
    page = renderings(STATEMENT)["siblings"][0]
    assert b"info@rusemb.org.uk" not in page
    capture = read(page, "text/html", STATEMENT.url)
    assert capture.header is not None and capture.header.email == "info@rusemb.org.uk"


def test_a_hidden_email_in_text_is_unknown() -> None:
    model = replace(STATEMENT, email=f"[email{NBSP}protected]")
    capture = read(*renderings(model)["form A"], model.url)
    assert capture.header is not None and capture.header.email is None
    assert capture.header.phone == "+44 (0) 203 668 7474" and len(capture.readings) == 2
