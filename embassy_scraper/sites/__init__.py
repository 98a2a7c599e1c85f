"""Sites: one file of facts each, read once into frozen objects.

A second site is a second file beside ``rusemb.toml``, or any file that ``[site] profile`` of the
settings names. Code that reads pages or addresses is given the profile, and knows no site.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

from embassy_scraper.config_checks import check_address
from embassy_scraper.disk import why_no_file
from embassy_scraper.errors import ConfigError
from embassy_scraper.sites.archives import load_archives
from embassy_scraper.sites.date_forms import LETTERS, unknown_letters
from embassy_scraper.sites.facts import Family, Layout, Listing
from embassy_scraper.sites.profile import Profile
from embassy_scraper.sites.tables import read_table, write_table
from embassy_scraper.sites.toml_file import parse_toml, read_toml

__all__ = ["Layout", "Profile", "load_profile", "read_profile"]
READER = 4  # the number of the reader: raised by hand when the same bytes are read differently
SHIPPED = "rusemb.toml"
_NO_KEYS = {"own_layout": "write [[layout]]", "file": "take it out"}  # fields that no file says


@cache
def load_profile(path: Path | None = None) -> Profile:
    """Return the profile in the file *path*, or the one that is shipped.

    Raises:
        ConfigError: the file cannot be read, or says something that makes no sense: file, key,
            what to do.
    """
    if path is None:
        text = files(__name__).joinpath(SHIPPED).read_text(encoding="utf-8")
        return read_profile(text, SHIPPED)
    if not path.is_file():
        what = why_no_file(path) or "no such file"
        instead = "name another file by profile of [site], relative to embassy.toml"
        raise ConfigError(f"{path}: {what}; {instead}")
    with _told_of(str(path)):
        return _profile(read_toml(path), path.name)


def read_profile(text: str, where: str) -> Profile:
    """Return the profile that *text*, a TOML file found at *where*, says.

    Raises:
        ConfigError: as ``load_profile``.
    """
    with _told_of(where):
        return _profile(parse_toml(text), Path(where).name)


@contextmanager
def _told_of(file: str) -> Iterator[None]:
    try:
        yield
    except ConfigError as error:
        raise ConfigError(f"{file}: {error}") from error


def _profile(content: dict[str, Any], name: str) -> Profile:
    """Return the profile that *content* says, which is that of the file *name*."""
    for key, instead in _NO_KEYS.items():
        if key in content:
            raise ConfigError(f"{key} is not a known key; {instead}")
    profile = replace(read_table(Profile, content, ""), file=name)
    _check(profile)
    return profile


def written_facts(profile: Profile) -> str:
    """Return all that *profile* says, as one line that ``read_facts`` reads."""
    return json.dumps(write_table(profile), ensure_ascii=False, sort_keys=True)


@cache
def read_facts(text: str) -> Profile:
    """Return the profile that ``written_facts`` wrote.

    Raises:
        ConfigError: a later or earlier version of this program has written it.
    """
    return read_table(Profile, json.loads(text), "")


def reader_digest(profile: Profile) -> str:
    """Return what tells one reading from another: a digest of facts and the reader's number.

    The facts are those of the site, and those of web archives.
    """
    return _digest(profile, READER)


@cache
def _digest(profile: Profile, number: int) -> str:
    facts = f"{profile.digest} {load_archives()} {number}"
    return sha256(facts.encode()).hexdigest()[:16]


def with_layouts(profile: Profile, layouts: tuple[Layout, ...]) -> Profile:
    """Return *profile* with *layouts* of the settings, which are tried before its own.

    Raises:
        ConfigError: two layouts have one name, so a message could not tell them apart.
    """
    _refuse_two_of_one_name("layout", layouts)
    there = {one.name for one in profile.layout}
    for layout in layouts:
        if layout.name in there:
            raise ConfigError(
                f"[[layout]] name: the profile already has a layout {layout.name!r}; give this"
                " one another name"
            )
    return replace(profile, own_layout=layouts) if layouts else profile


def _refuse_two_of_one_name(table: str, named: Iterable[Family | Listing | Layout]) -> None:
    for name, count in Counter(one.name for one in named).items():
        if count > 1:
            raise ConfigError(f"[[{table}]] name: two are called {name!r}; give each its own name")


_DAY = (("%d", "%-d"), ("%m", "%B"), ("%Y",))
_NEEDED = {"item": _DAY, "header": _DAY, "signature": (*_DAY, ("%H",), ("%M",))}
_EXAMPLES = {"item": "%d.%m.%Y", "header": "%-d %B %Y", "signature": "%-d %B %Y, %H:%M"}


def _check(profile: Profile) -> None:
    """Raise where parts of the profile do not fit each other."""
    check_address(profile.site.base_url, "[site] base_url")
    _check_zones(profile)
    for key in _NEEDED:
        _check_date(key, getattr(profile.dates, key))
    for table in ("family", "list", "layout"):
        _refuse_two_of_one_name(table, getattr(profile, table))
    for language in profile.language:
        if len(language.months) != 12:
            raise ConfigError(f"[[language]] {language.code}: months must be twelve names")
    for listing in profile.list:
        for name in listing.families:
            if name not in profile.families:
                raise ConfigError(f"[[list]] {listing.name}: there is no family {name!r}")


def _check_zones(profile: Profile) -> None:
    """Raise where the time-zone database does not have a zone of the profile's clocks."""
    for key in ("local_zone", "other_zone"):
        try:
            getattr(profile, key)
        except (KeyError, ValueError, OSError):
            zone = getattr(profile.clock, key)
            raise ConfigError(f"[clock] {key}: there is no time zone {zone!r}") from None


def _check_date(key: str, form: str) -> None:
    """Raise where a printed *form* has not just the parts of a date, or of an instant."""
    for letter in unknown_letters(form):
        fault = f"{letter} is not known; the letters are {' '.join(LETTERS)}"
        raise ConfigError(f"[dates] {key}: {fault}")
    counts = [sum(form.count(letter) for letter in either) for either in _NEEDED[key]]
    if any(count != 1 for count in counts):
        fault = f"{form!r} must have each part once; write it as in {_EXAMPLES[key]}"
        raise ConfigError(f"[dates] {key}: {fault}")
