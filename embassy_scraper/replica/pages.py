"""Which page an address of the replica shows at an instant."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from embassy_scraper.replica.page_text import Box, Item, PagerLink, PageText, Post
from embassy_scraper.replica.scenario import HOME, LATEST, Scenario, State, Statement
from embassy_scraper.replica.sections import Sections, Side
from embassy_scraper.sites import Profile

_LISTING = re.compile(r"/(\w+)/?(?:&start=(\d+)&ps=(\d+)(?:&ppp=(\d+))?)?")
_STATIC = {"/embassy": "About the embassy", "/fortraveller": "For travellers"}
_BLOCK = 15  # pages in one block of a pager


def render(scenario: Scenario, path: str, now: datetime) -> tuple[str, str] | None:
    """Return the page at *path* and what of it a validator covers; ``None`` where there is none.

    The second is the page without the time of day: its date and counters are in it.
    """
    page = page_at(scenario, path, now)
    if page is None:
        return None
    markup, names = scenario.markup, scenario.names
    return markup(page, names), markup(replace(page, other_time="", local_time=""), names)


def page_at(scenario: Scenario, path: str, now: datetime) -> PageText | None:
    """Return what the page at *path* says, without its markup; ``None`` where there is none."""
    state, names = scenario.state_at(now), scenario.names
    header = replace(_header(state, now, scenario.profile), path=path)
    if path == "/":
        return _home_page(header, state, now, names)
    if path.rstrip("/") in _STATIC:
        title = _STATIC[path.rstrip("/")]
        return replace(header, title=title, body="This page seldom changes.")
    statement = state.statements.get(path.strip("/"))
    if statement is not None:
        return _statement_page(header, statement, names) if statement.is_there else None
    found = _LISTING.fullmatch(path)
    if found and found[1] in scenario.profile.listings:
        return _listing_page(header, state, found, names)
    return None


def _header(state: State, now: datetime, profile: Profile) -> PageText:
    local, other = now.astimezone(profile.local_zone), now.astimezone(profile.other_zone)
    today = local.date()
    return PageText(
        date=f"{today.day} {today:%B %Y}",
        other_time=f"{other:%H:%M}",
        local_time=f"{local:%H:%M}",
        label=state.contact["label"],
        phone=state.contact["phone"],
        email=state.contact["email"],
        counters=tuple(counter.text(today) for counter in state.counters.values()),
        latest=_items(state.newest()[:LATEST]),
    )


def _items(statements: Iterable[Statement]) -> tuple[Item, ...]:
    return tuple(Item(s.key, f"{s.date:%d.%m.%Y}", s.title, s.lead) for s in statements)


def _home_page(header: PageText, state: State, now: datetime, names: Sections) -> PageText:
    return replace(
        header,
        heading=names.newest.heading,
        items=_items(state.newest()[:HOME]),
        latest=(),
        boxes=tuple(_side_boxes(state, names)),
        posts=_posts(state, now),
    )


def _side_boxes(state: State, names: Sections) -> Iterator[Box]:
    """Yield a box for each kind of statement of which there is one."""
    for side in names.sides:
        newest = next((s for s in state.newest() if s.family in side.families), None)
        if newest is not None:
            yield _side_box(side, newest)


def _side_box(side: Side, newest: Statement) -> Box:
    (item,) = _items([newest])
    shown = replace(item, title=item.title.removeprefix(side.prefix))
    return Box(side.heading, shown, has_picture=bool(side.prefix))


def _posts(state: State, now: datetime) -> tuple[Post, ...]:
    """Return what the foreign feed shows: no statement, though one message links to one."""
    newest = next(iter(state.newest()), None)
    if newest is None:
        return ()
    day = f"{now.day} {now:%B}"
    return (
        Post("A good morning to all who read us on the ferry.", day),
        Post("From the house:", day, f"/{newest.key}"),
        Post("The gulls are back on the roof…", day),
    )


def _statement_page(header: PageText, statement: Statement, names: Sections) -> PageText:
    return replace(
        header,
        heading=names.heading_of_family(statement.family),
        own_date=f"{statement.date:%d.%m.%Y}",
        title=statement.title,
        body=statement.body,
        signature=statement.signature,
    )


def _listing_page(
    header: PageText, state: State, found: re.Match[str], names: Sections
) -> PageText:
    name, start, size = found[1], int(found[2] or 1), int(found[3] or 10)
    return replace(
        header,
        heading=names.heading_of_list(name),
        pager=tuple(_pager(name, start, size)),
        items=_items(state.newest(name)[start - 1 : start - 1 + size]),
    )


def _pager(name: str, start: int, size: int) -> Iterator[PagerLink]:
    """Yield the pages of the block that holds the one shown; this one is not linked."""
    shown = (start - 1) // size + 1
    first = (shown - 1) // _BLOCK * _BLOCK + 1
    for number in range(first, first + _BLOCK):
        href = f"/{name}/&start={(number - 1) * size + 1}&ps={size}&ppp={_BLOCK}"
        yield PagerLink(number, "" if number == shown else href)


def modified_at(scenario: Scenario, now: datetime) -> datetime:
    """Return when the pages last changed: at the last event, or when the site's day began."""
    local = now.astimezone(scenario.profile.local_zone)
    midnight = (local - timedelta(hours=local.hour, minutes=local.minute)).replace(
        second=0, microsecond=0
    )
    midnight = midnight.astimezone(UTC)
    changed = scenario.state_at(now).changed_at
    return max(midnight, changed) if changed else midnight
