"""What is kept of recent pages never tells on another: any order reads like a fresh process."""

from __future__ import annotations

import random
from dataclasses import replace
from multiprocessing import get_context

from embassy_scraper.items import Capture, Page, RawCapture
from embassy_scraper.pages.reading import explain_page, read_page
from embassy_scraper.replica.frame import frame
from embassy_scraper.replica.page_text import Box, Item, PagerLink
from embassy_scraper.sites import Profile, load_profile
from pipelines.normalise import normalise
from tests.examples import quickly
from tests.pages.test_screen_truths import PAGE as STATEMENT

Case = tuple[RawCapture, int, bool]  # a page, the number of its profile, whether it is explained
Told = tuple[Page, Capture]
SHIPPED = load_profile()
SPANS = replace(SHIPPED.layout[0], name="of spans", lead="")
AROUND = replace(SHIPPED.layout[0], name="of what stands around", lead="body.new p")
WORDS = replace(SHIPPED.lines, closing="all of them", latest_size=3)
PROFILES: tuple[Profile, ...] = (
    SHIPPED,
    replace(SHIPPED, own_layout=(SPANS,)),
    replace(SHIPPED, own_layout=(AROUND,)),
    replace(SHIPPED, lines=WORDS),
    replace(SHIPPED, counter=replace(SHIPPED.counter, phrases=("days are gone since",))),
    replace(SHIPPED, family=SHIPPED.family[1:]),
)
SITE, MIRROR = SHIPPED.site.base_url, "http://127.0.0.1:8000/"
PATHS = ("", "fnapr/6956", "fnapr/7003", "article/5", "newarh/", "newarh/&start=11&ps=10", "about/")
HOSTS = (SITE, SITE, "http://rusemb.org.uk/", "https://m.rusemb.org.uk/", "http://else.example/")
BASES = ("", '<base href="/fnapr/">', f'<base href="{SITE}video/">', '<base target="_top">')
AT = "2018-03-30T15:44:00Z"
ITEMS = tuple(
    Item(f"fnapr/{7000 - n}", f"{28 - n}.03.2018", f"On lantern {n}", f"It burns {n}.")
    for n in range(6)
)
PAGE = replace(STATEMENT, path="", own_date="", title="", body="", latest=ITEMS)
SIDE = Box("ARTICLE", Item("article/5", "14.02.2018", "On otters", ""))
MARKUPS = tuple(
    map(
        frame,
        (
            replace(PAGE, own_date="27.03.2018", title="On a light", body="It is lit.\n\nStill."),
            replace(PAGE, heading="EMBASSY INFORMS", pager=(PagerLink(1),), items=ITEMS),
            replace(
                PAGE, heading="EMBASSY INFORMS", path="/", items=ITEMS, latest=(), boxes=(SIDE,)
            ),
        ),
    )
)


def case(chance: random.Random) -> Case:
    """Return a page that shares most of its parts with the others."""
    html = chance.choice(MARKUPS).replace("<head>", f"<head>{chance.choice(BASES)}", 1)
    html = html.replace(
        'href="/fnapr/', f'href="{chance.choice(("/fnapr/", "/fnapr/", "", "../"))}'
    )
    html = html.replace("<body>", chance.choice(("<body>", '<body class="new">')), 1)
    html = html.replace("<h3>On a", chance.choice(("<h3>On a", '<h3><a href="7003">On a')))
    if chance.random() < 0.3:
        latest = html.partition("<h1>LATEST EVENTS")
        html = latest[0] if chance.random() < 0.5 else html.replace("<h1>LATEST EVENTS</h1>", "")
    if chance.random() < 0.3:
        html = html[: -chance.randrange(1, len(html) // 2)]
    is_cut = chance.random() < 0.2
    mirror = chance.choice((None, None, MIRROR))
    url = chance.choice((mirror or chance.choice(HOSTS), SITE)) + chance.choice(PATHS)
    raw = RawCapture(
        html.encode(),
        "text/html",
        "test",
        url=chance.choice((url, url, url, None)),
        captured_at=AT,
        http_status=200,
        announced_bytes_missing=is_cut,
        body_is_whole=not is_cut and chance.random() < 0.7,
        mirror=mirror,
    )
    return raw, chance.randrange(len(PROFILES)), chance.random() < 0.3


def tell(one: Case) -> Told:
    """Return what a page says, as printed and in values."""
    raw, number, is_explained = one
    profile = PROFILES[number]
    page = explain_page(raw, profile).page if is_explained else read_page(raw, profile)
    return page, normalise(raw, page, profile)


def test_a_page_says_the_same_whatever_was_read_before() -> None:
    chance = random.Random(20180330)
    cases = quickly([case(chance) for _ in range(100)])
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__])
    with context.Pool(1, maxtasksperchild=1) as fresh:  # each in a process that has read nothing
        alone = fresh.map(tell, cases, chunksize=1)
    assert len({repr(page) for page, _ in alone}) > 0.6 * len(cases)
    order = list(range(len(cases))) * 2
    chance.shuffle(order)
    for index in order:
        assert tell(cases[index]) == alone[index], cases[index]
