"""A page cut off at any byte: nothing invented, nothing cut off taken for whole."""

from __future__ import annotations

from dataclasses import replace

import pytest

from embassy_scraper.items import Capture
from embassy_scraper.text import fold
from tests.examples import thinned
from tests.markups import Entry, Model, renderings
from tests.pages.test_markups import LISTING, SITE, STATEMENT, read

BLOCK = (
    Entry("20.11.2020", "Comment on the lanterns", "They stay lit, we are told.", "fnapr/7001"),
    Entry("18.11.2020", "BEACONS OF THE NORTH", "BEACONS OF THE NORTH", "fnapr/7000"),
    Entry("06.11.2020", "PHOTO: A ceremony", "Question: And why “now”?", "fnapr/6999"),
)
SHORT = replace(STATEMENT, title="Embassy comment regarding the lighthouse, 1 April 2020",
                body=("On 3 April the Embassy – at last – sent a note.", "12.03.2018 - No item",
                      "Moscow: 12:30", "And so it ends."), block=BLOCK)  # fmt: skip
ITEMS = tuple(
    Entry(f"{20 - n}.09.2018", f"Statement number {n} of ten", f"Lead of number {n}, in full.",
          f"fnapr/{5000 - n}") for n in range(10)
)  # fmt: skip
PAGES = {
    "statement": SHORT,
    "listing": replace(LISTING, items=ITEMS, block=BLOCK),
    "first page": replace(LISTING, url=f"{SITE}newarh/&start=1&ps=10&ppp=15", items=ITEMS[:5],
                          block=()),
}  # fmt: skip
MARKUPS = ("form A", "form B", "tables", "semantic", "legacy", "unclosed", "hiding", "pre",
           "frame", "frame, wrapped", "frame, counters inside")  # fmt: skip


def lies(capture: Capture, model: Model, *, may_end_anywhere: bool = False) -> list[str]:
    """What *capture*, of a cut-off page of *model*, tells that the page does not say.

    A listing has no closing line: a text of it *may end anywhere*, unless bytes are missing.
    """
    out = []
    own = [s for s in capture.sightings if s.list not in ("page", "latest")]
    at_word = own[-1:] if may_end_anywhere else []
    titles = {model.title, *(e.title for e in (*model.items, *model.block)), None}
    leads = {*(e.lead for e in (*model.items, *model.block)), None}
    body = fold(" ".join(model.body))
    for s in capture.sightings:
        wording, what = s.wording, f"{s.list} {s.position}: "
        is_open = wording.is_open or s in at_word
        if wording.title not in titles:
            whole = is_open and any((t or "").startswith(wording.title or "") for t in titles)
            if not (whole and not wording.body and not wording.lead):
                out.append(f"{what}title {wording.title!r}")
        if wording.lead not in leads and not (
            is_open and any((t or "").startswith(wording.lead or "") for t in leads)
        ):
            out.append(f"{what}lead {wording.lead!r}")
        told = fold(wording.body or "")
        if wording.body is not None and told != body and not (
            wording.is_open and body.startswith(told.rstrip("�"))
        ):  # fmt: skip
            out.append(f"{what}body …{told[-60:]!r}")
        if wording.published_at not in (None, "2020-04-03T17:05:00Z"):
            out.append(f"{what}signature {wording.signature_text!r}")
        ons = {e.on for e in (*model.items, *model.block)} | {model.on, None}
        is_cut_date = wording.date is None and any(
            on and on.startswith(wording.date_text or "") for on in ons
        )
        if wording.date_text not in ons and not is_cut_date:
            out.append(f"{what}date {wording.date_text!r}")
    events = {"the Harbour incident": 996, "the loss of the Otter – at sea": 988}
    for r in capture.readings:
        if events.get(r.event) != r.value or f"{r.value} {r.label}" not in model.counters:
            out.append(f"counter {r.value} {r.label!r}")
    header = capture.header
    if header is not None:
        if header.shape is not None and len(capture.readings) < len(model.counters):
            out.append("a counter is missing")
        out += [f"{n} {v!r}" for n, v, t in (
            ("phone", header.phone, model.phone), ("label", header.label, model.label.rstrip(":")),
            ("email", header.email, model.email)) if v not in (None, t)]  # fmt: skip
    return out


@pytest.mark.parametrize("markup", MARKUPS)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_cut_off_at_any_byte_tells_no_lie(page: str, markup: str) -> None:
    model = PAGES[page]
    payload, media_type = renderings(model)[markup]
    whole = payload.rstrip().removesuffix(b"</html>").removesuffix(b"</body>")
    is_text = media_type == "text/plain"
    step = thinned(1 if is_text else 5)
    wrong: dict[str, int] = {}
    for end in range(1, len(payload), step):
        capture = read(payload[:end], media_type, model.url)
        told = lies(capture, model, may_end_anywhere=is_text)
        closed = b"all messages" in payload[:end]
        shows_block = any(w.list == "latest" for w in capture.windows)
        if shows_block and not closed and any(w.covers_after for w in capture.windows):
            told.append("a window that covers something")
        if end < len(whole) - 60 and model.title and not closed:
            told += [
                "a whole statement"
                for s in capture.sightings
                if s.list == "page" and not s.wording.is_open and s.wording.body is not None
            ]
        for lie in told:
            wrong.setdefault(lie, end)
    assert not wrong, "\n".join(
        f"{lie} at {end}: …{payload[max(0, end - 60) : end]!r}" for lie, end in wrong.items()
    )


@pytest.mark.parametrize("markup", MARKUPS)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_shorter_than_announced_covers_nothing(page: str, markup: str) -> None:
    model = PAGES[page]
    payload, media_type = renderings(model)[markup]
    for end in range(1, len(payload), thinned(11)):
        capture = read(
            payload[:end], media_type, model.url, http_status=200, announced_bytes_missing=True
        )  # fmt: skip
        assert not any(w.covers_after for w in capture.windows), end
        assert not lies(capture, model), (end, lies(capture, model), payload[end - 40 : end])
        for s in capture.sightings:
            assert s.list != "page" or s.wording.body is None, end


def test_a_page_announced_longer_is_cut_off_though_it_looks_whole() -> None:
    for markup in ("form A", "frame", "divs"):
        payload, media_type = renderings(SHORT)[markup]
        capture = read(payload, media_type, SHORT.url, announced_bytes_missing=True)
        told = [(p.what, p.where) for p in capture.problems]
        withheld = [("unknown layout", "body")] if markup == "divs" else []
        assert capture.is_cut and told == [("cut off", "page"), *withheld], markup
        assert not any(w.covers_after for w in capture.windows), markup
        assert all(s.wording.body is None for s in capture.sightings), markup


def test_a_listing_of_which_bytes_are_missing_tells_nothing_of_its_last_entry() -> None:
    model = PAGES["first page"]
    for markup in MARKUPS:
        payload, media_type = renderings(model)[markup]
        shown = payload.rindex(b"full.")
        for end in (shown, shown + 5):
            capture = read(payload[:end], media_type, model.url, announced_bytes_missing=True)
            assert capture.is_cut and not any(w.covers_after for w in capture.windows), markup
            last = [s.wording for s in capture.sightings if s.position == 5]
            assert all(wording.title is None and wording.lead is None for wording in last), markup


def test_an_item_at_the_end_of_a_cut_page_is_not_of_the_body() -> None:
    model = replace(SHORT, block=BLOCK[:1])
    for name in ("form B", "form A"):
        text = renderings(model)[name][0].decode().replace("LATEST EVENTS\n", "")
        cut = text[: text.index("They stay") + 7]
        capture = read(cut.encode(), "text/plain", model.url)
        (page,) = [s for s in capture.sightings if s.list == "page"]
        assert page.wording.is_open and "lanterns" not in (page.wording.body or "")
