"""The judge of the bench must call wrong what is wrong, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations

import pytest

from embassy_scraper.items import (
    Capture,
    HeaderFacts,
    PageProblem,
    Reading,
    Sighting,
    Window,
    Wording,
)
from tests.frames.judge import REFUSED, RIGHT, WRONG, compare, read
from tests.frames.model import SITE, Entry, Model, iso
from tests.frames.pour import OWN, VARIANTS, frames, load, pour
from tests.frames.style import CHOICES
from tests.frames.texts import homepage, listing, statement

STATEMENT, LISTING, HOME = statement(), listing(), homepage()
Change = Callable[[Capture], Capture]


def form(**facts: object) -> Wording:
    plain = Wording("", False, None, None, None, None, None, None, None, None, False, 1)
    return replace(plain, **facts)  # type: ignore[arg-type]


def true_reading(model: Model) -> Capture:
    """Return what a perfect reader makes of *model*; put together by hand."""
    head, day = model.head, iso("24.11.2020")
    readings = tuple(
        Reading(event, "days", "", value, day, None) for value, event, _ in head.counters
    )
    return replace(
        read("<html></html>", model.url),
        page_clock=head.clock,
        header=HeaderFacts(day, "en", head.label, head.phone, head.email, "[]"),
        readings=readings,
        sightings=(*_page(model), *_entries(model)),
        windows=tuple(_windows(model)),
        problems=(),
    )


def _page(model: Model) -> Iterator[Sighting]:
    if model.title is not None:
        shown = form(
            is_page=True,
            url_key=model.url.removeprefix(SITE),
            title=model.title,
            body="\n\n".join(text for _, text in model.body),
            date=iso(model.on or ""),
            published_at=model.published_at,
        )
        yield Sighting(shown, "page", 0, 0, 0)


def _lists(model: Model) -> Iterator[tuple[str, int, tuple[Entry, ...]]]:
    if model.name:
        yield model.name, model.start, model.entries
    if model.block:
        yield "latest", 1, model.block


def _entries(model: Model) -> Iterator[Sighting]:
    for name, start, entries in _lists(model):
        for position, entry in enumerate(entries, start=1):
            shown = form(url_key=entry.key, date=iso(entry.on), title=entry.title, lead=entry.lead)
            yield Sighting(shown, name, start, position, position)


def _windows(model: Model) -> Iterator[Window]:
    for name, start, entries in _lists(model):
        newest, oldest = iso(entries[0].on), iso(entries[-1].on)
        until = newest if name == "newarh" else None
        yield Window(name, start, oldest, until, newest, len(entries))


def with_problem(where: str, what: str = "unknown layout", text: str = "Share this") -> Change:
    problem = PageProblem(what, where, text)
    return lambda capture: replace(capture, problems=(*capture.problems, problem))


def with_page(**facts: object) -> Change:
    def change(capture: Capture) -> Capture:
        first, *rest = capture.sightings
        seen = replace(first, wording=replace(first.wording, **facts))  # type: ignore[arg-type]
        return replace(capture, sightings=(seen, *rest))

    return change


def with_entry(position: int, **facts: object) -> Change:
    def change(capture: Capture) -> Capture:
        seen = tuple(
            replace(s, wording=replace(s.wording, **facts))  # type: ignore[arg-type]
            if s.list != "page" and s.position == position
            else s
            for s in capture.sightings
        )
        return replace(capture, sightings=seen)

    return change


def without(*lists: str, windows: bool = True) -> Change:
    def change(capture: Capture) -> Capture:
        seen = tuple(s for s in capture.sightings if s.list not in lists)
        left = tuple(w for w in capture.windows if w.list not in lists or not windows)
        return replace(capture, sightings=seen, windows=left)

    return change


def without_entry(position: int) -> Change:
    def change(capture: Capture) -> Capture:
        seen = tuple(s for s in capture.sightings if s.position != position)
        return replace(capture, sightings=seen)

    return change


def with_windows(**facts: object) -> Change:
    return lambda capture: replace(
        capture,
        windows=tuple(replace(w, **facts) for w in capture.windows),  # type: ignore[arg-type]
    )


def with_sighting(name: str) -> Change:
    invented = Sighting(form(title="Search", url_key="fnapr/1"), name, 1, 1, 1)
    return lambda capture: replace(capture, sightings=(*capture.sightings, invented))


def with_header(**facts: object) -> Change:
    def change(capture: Capture) -> Capture:
        assert capture.header is not None
        return replace(capture, header=replace(capture.header, **facts))  # type: ignore[arg-type]

    return change


def without_counters(shape: str | None) -> Change:
    return lambda capture: with_header(shape=shape)(replace(capture, readings=()))


def both(*changes: Change) -> Change:
    def change(capture: Capture) -> Capture:
        for one in changes:
            capture = one(capture)
        return capture

    return change


NOTHING: Change = lambda capture: capture  # noqa: E731
_BODY = " ".join(text for _, text in STATEMENT.body)
_GONE = with_page(title=None, body=None, date=None, published_at=None)
CASES: dict[str, tuple[Model, Change, str]] = {
    "all of a statement": (STATEMENT, NOTHING, RIGHT),
    "all of a listing": (LISTING, NOTHING, RIGHT),
    "all of the homepage": (HOME, NOTHING, RIGHT),
    "other spacing in the body": (STATEMENT, with_page(body=_BODY), RIGHT),
    "another title": (STATEMENT, with_page(title="Search"), WRONG),
    "another title, with a problem": (
        STATEMENT,
        both(with_page(title="Search"), with_problem("title")),
        WRONG,
    ),
    "a share line in the body": (STATEMENT, with_page(body=f"{_BODY} Share this"), WRONG),
    "a share line in the body, with a problem": (
        STATEMENT,
        both(with_page(body=f"{_BODY} Share this"), with_problem("body")),
        WRONG,
    ),
    "another date": (STATEMENT, with_page(date="2020-11-24"), WRONG),
    "no date, no word": (STATEMENT, with_page(date=None), WRONG),
    "no signature, no word": (STATEMENT, with_page(published_at=None), WRONG),
    "no body, no word": (STATEMENT, with_page(body=None), WRONG),
    "no body, by name": (
        STATEMENT,
        both(with_page(body=None, published_at=None), with_problem("body")),
        REFUSED,
    ),
    "no body, another part by name": (
        STATEMENT,
        both(with_page(body=None), with_problem("latest")),
        WRONG,
    ),
    "no body, a problem without what did not fit": (
        STATEMENT,
        both(with_page(body=None), with_problem("body", text=" ")),
        WRONG,
    ),
    "no body, a problem of another kind": (
        STATEMENT,
        both(with_page(body=None), with_problem("body", what="cut off")),
        WRONG,
    ),
    "an impossible day, told": (
        replace(STATEMENT, on="31.02.2020"),
        with_problem("page", what="unreadable date"),
        RIGHT,
    ),
    "an impossible day, no word": (replace(STATEMENT, on="31.02.2020"), NOTHING, WRONG),
    "an impossible day, another read": (
        replace(STATEMENT, on="31.02.2020"),
        both(with_page(date="2020-03-02"), with_problem("page", what="unreadable date")),
        WRONG,
    ),
    "an entry's impossible day, told": (
        replace(
            LISTING, entries=(replace(LISTING.entries[0], on="31.02.2018"), *LISTING.entries[1:])
        ),
        both(with_windows(covers_after=None), with_problem("newarh", what="unreadable date")),
        RIGHT,
    ),
    "an entry's impossible day, the list covers": (
        replace(
            LISTING, entries=(replace(LISTING.entries[0], on="31.02.2018"), *LISTING.entries[1:])
        ),
        with_problem("newarh", what="unreadable date"),
        WRONG,
    ),
    "no main part, by name": (
        STATEMENT,
        both(without("page"), with_problem("main part")),
        REFUSED,
    ),
    "no main part, no word": (STATEMENT, without("page"), WRONG),
    "an empty page's sighting": (STATEMENT, _GONE, WRONG),
    "a second statement": (STATEMENT, with_sighting("page"), WRONG),
    "a statement under another address": (STATEMENT, with_page(url_key="fnapr/1"), WRONG),
    "a statement on a listing": (LISTING, with_sighting("page"), WRONG),
    "an invented list": (STATEMENT, with_sighting("home"), WRONG),
    "an invented box": (HOME, with_sighting("box"), WRONG),
    "an invented block": (LISTING, with_sighting("latest"), WRONG),
    "an invented window": (
        STATEMENT,
        lambda c: replace(c, windows=(*c.windows, Window("home", 1, "2020-01-01", None, None, 3))),
        WRONG,
    ),
    "an entry more": (LISTING, with_sighting("newarh"), WRONG),
    "another lead": (LISTING, with_entry(3, lead="Views: 12"), WRONG),
    "an entry without its link": (LISTING, with_entry(3, url_key=None), WRONG),
    "an entry of another day": (LISTING, with_entry(3, date=None), WRONG),
    "two entries exchanged": (
        LISTING,
        lambda c: replace(
            c,
            sightings=tuple(
                replace(s, position={1: 2, 2: 1}.get(s.position, s.position)) for s in c.sightings
            ),
        ),
        WRONG,
    ),
    "a lead withheld, by name": (
        LISTING,
        both(with_entry(3, lead=None), with_problem("newarh")),
        REFUSED,
    ),
    "a lead withheld, no word": (LISTING, with_entry(3, lead=None), WRONG),
    "an entry left out that the window covers": (
        LISTING,
        both(without_entry(4), with_problem("newarh")),
        WRONG,
    ),
    "an entry left out, nothing covered": (
        LISTING,
        both(without_entry(4), with_problem("newarh"), with_windows(covers_after=None)),
        REFUSED,
    ),
    "an entry left out, nothing covered, no word": (
        LISTING,
        both(without_entry(4), with_windows(covers_after=None)),
        WRONG,
    ),
    "a window that covers more": (LISTING, with_windows(covers_after="2017-01-01"), WRONG),
    "a listing taken for a head": (LISTING, with_windows(covers_until=None), WRONG),
    "nothing covered, no word": (HOME, with_windows(covers_after=None), WRONG),
    "nothing covered, by name": (
        HOME,
        both(with_windows(covers_after=None), with_problem("home")),
        REFUSED,
    ),
    "a list withheld, by name": (HOME, both(without("home"), with_problem("home")), REFUSED),
    "a list withheld, no word": (HOME, without("home"), WRONG),
    "a list withheld, its window left": (
        HOME,
        both(without("home", windows=False), with_problem("home")),
        WRONG,
    ),
    "counters vanished": (STATEMENT, without_counters("[]"), WRONG),
    "counters unknown": (STATEMENT, without_counters(None), REFUSED),
    "a counter more": (
        STATEMENT,
        lambda c: replace(c, readings=(*c.readings, Reading("x", "days", "", 9, None, None))),
        WRONG,
    ),
    "another phone": (STATEMENT, with_header(phone="0 203 000"), WRONG),
    "no e-mail": (STATEMENT, with_header(email=None), REFUSED),
    "another clock": (STATEMENT, lambda c: replace(c, page_clock="2020-11-24T15:22:00Z"), WRONG),
    "no header": (
        STATEMENT,
        lambda c: replace(c, header=None, page_clock=None, readings=()),
        REFUSED,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_judgement(name: str) -> None:
    model, change, verdict = CASES[name]
    judgement = compare(model, change(true_reading(model)))
    assert judgement.verdict == verdict, judgement.missed


def test_every_pair_of_choices_of_markup_occurs() -> None:
    """Drawn for every page, the markups meet in all pairs; a draw is always the same."""
    path = frames(OWN)[0]
    html = load(path)
    styles = [pour(path, html, v, f"{n}").style for v in VARIANTS for n in range(10)]
    for one, other in combinations(CHOICES, 2):
        pairs = {(getattr(style, one), getattr(style, other)) for style in styles}
        assert pairs == {(a, b) for a in CHOICES[one] for b in CHOICES[other]}, (one, other)
    assert pour(path, html, VARIANTS[0]) == pour(path, html, VARIANTS[0])


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda v: f"{v.kind}-{v.name}")
def test_all_of_a_model_is_poured(variant: object) -> None:
    """Every text of the model stands in the page, with those of its statements' links."""
    path = frames(OWN)[0]
    page = pour(path, load(path), variant)  # type: ignore[arg-type]
    html = " ".join(page.html.replace("&amp;", "&").split())
    shown = html + re.sub(r"</?(?:a|b|i|strong)\b[^>]*>", "", html.replace("<br>", " "))
    model = page.model
    wanted = [model.head.date, *(text for _, text in model.body), *filter(None, (model.title,))]
    wanted += [text for e in (*model.entries, *model.block) for text in (e.title, e.lead, e.key)]
    wanted += filter(None, (model.heading, model.signature, model.on))
    assert [text for text in wanted if text not in shown] == []
