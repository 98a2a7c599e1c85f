"""Which page of a listing comes next, as a game: a list, walks cut short, and what was read."""

from hypothesis import given
from hypothesis import strategies as st

from embassy_scraper.crawl_items import Walk
from embassy_scraper.spiders.walks import Walker
from tests.examples import examples

SIZE = 10


def page(site: list[int], start: int) -> tuple[str, ...]:
    return tuple(map(str, site[start - 1 : start - 1 + SIZE]))


def walk(site: list[int], seen: set[str], left: Walk | None, most: int, deep: bool) -> Walk | None:
    """Walk at most so many pages; return where it was left, ``None`` if it came to its end."""
    walker, start = Walker("newarh", deep, left, SIZE), 1
    kept = left
    for _ in range(most):
        shown = page(site, start)
        new = len(set(shown) - seen)
        following = walker.after(start, shown, new, new)
        seen.update(shown)
        kept = following
        if following is None:
            return None
        start = following.open_from
    return kept


counts = st.integers(0, 60)


runs = st.lists(
    st.tuples(st.integers(0, 25), st.integers(1, 4), st.sets(st.integers(1, 60))),
    max_size=8,
)


@examples(400)
@given(runs, counts)
def test_walks_cut_short_read_everything_in_the_end(story, first: int) -> None:
    """However often a walk is cut short, and whatever is published or edited meanwhile: no
    statement is missed."""
    site, met, left, edits = list(range(first, 0, -1)), set(), None, {}
    for new, most, edited in story:
        site = list(range(len(site) + new, len(site), -1)) + site
        edits |= {number: edits.get(number, 0) + 1 for number in edited}
        left = walk_edited(site, edits, met, left, most)
    left = walk_edited(site, edits, met, left, 100)
    assert left is None
    assert {number for number, _ in met} >= set(site)


def walk_edited(site, edits, met, left: Walk | None, most: int) -> Walk | None:
    """Walk through entries that may be edited: one is new with every edit, added only once."""
    walker, start, kept = Walker("newarh", False, left, SIZE), 1, left
    for _ in range(most):
        shown = [(number, edits.get(number, 0)) for number in site[start - 1 : start - 1 + SIZE]]
        new = len(set(shown) - met)
        added = len({number for number, _ in shown} - {number for number, _ in met})
        kept = walker.after(start, tuple(map(str, shown)), new, added)
        met.update(shown)
        if kept is None:
            return None
        start = kept.open_from
    return kept


@examples(100)
@given(counts, st.integers(2, 5))  # of two pages one is the head, one is read once more
def test_a_deep_walk_cut_short_goes_on_to_the_end(count: int, most: int) -> None:
    site = list(range(count, 0, -1))
    read: set[str] = set()
    left, starts = walk(site, read, None, most, deep=True), 0
    while left is not None and starts < 20:
        left, starts = walk(site, read, left, most + 1, deep=False), starts + 1
    assert left is None
    assert read >= set(map(str, site))


def test_a_quiet_list_costs_one_page() -> None:
    site = list(range(40, 0, -1))
    assert walk(site, set(map(str, site)), None, 1, deep=False) is None
