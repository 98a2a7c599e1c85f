"""Two profiles side by side: in what they differ, to explain why all is read again."""

from collections.abc import Collection, Iterator
from dataclasses import fields, is_dataclass

from embassy_scraper.sites.facts import Layout
from embassy_scraper.sites.profile import Profile

_OF_SETTINGS, _NO_FACT = "own_layout", "file"
_IF_NOT_MEANT = " (if this is not intended, name your settings file with --config)"


def profile_differences(before: Profile, now: Profile) -> list[str]:
    """Return in what the profile *now* differs from the one *before*, as parts of a sentence.

    >>> from embassy_scraper.sites import load_profile
    >>> profile_differences(load_profile(), load_profile())
    []
    """
    return [*_of_layouts(before.own_layout, now.own_layout), *_of_facts(before, now)]


def _of_layouts(before: tuple[Layout, ...], now: tuple[Layout, ...]) -> Iterator[str]:
    was, are = ({one.name: one for one in ones} for ones in (before, now))
    both = [name for name in was if name in are]
    for names, how in (
        ([name for name in was if name not in are], f"now missing{_IF_NOT_MEANT}"),
        ([name for name in are if name not in was], "new"),
        ([name for name in both if was[name] != are[name]], "now different"),
    ):
        if names:
            yield f"{_named(names)} {how}"
    if both != [name for name in are if name in was]:
        yield "the layouts of the settings are in another order"


def _named(names: Collection[str]) -> str:
    word, verb = ("layouts", "are") if len(names) > 1 else ("layout", "is")
    return f"the {word} {', '.join(map(repr, names))} of the settings {verb}"


def _of_facts(before: Profile, now: Profile) -> Iterator[str]:
    parts = [
        _key(name, getattr(now, name))
        for name in (one.name for one in fields(Profile))
        if name not in (_OF_SETTINGS, _NO_FACT) and getattr(before, name) != getattr(now, name)
    ]
    if not parts:
        return
    where = ", ".join(parts)
    if before.file and before.file != now.file:
        change = f"the profile was {before.file} and is now {now.file}, which differs in {where}"
        yield f"{change}{_IF_NOT_MEANT}"
    else:
        yield f"the profile {now.file} has changed in {where}"


def _key(name: str, value: object) -> str:
    """Return a key as it is written in a profile."""
    if isinstance(value, tuple):
        return f"[[{name}]]"
    return f"[{name}]" if is_dataclass(value) else name
