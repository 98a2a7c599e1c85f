"""Web archives: the facts of ``archives.toml``, and what an address of an archive holds.

They are about archives, not about the site, and so no part of its profile.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from urllib.parse import unquote

from embassy_scraper.sites.tables import read_table

_SCHEME = r"https?(?::|%3A)(?:/|%2F){1,3}(?=[^/?#\s])"
_HOST = r"[\w-]+(?:\.[\w-]+)+(?::[0-9]+)?(?=[/?#]|\Z)"
_KIND = r"[a-z]{2,4}_"  # what the archive was asked for: mp_ a page, im_ a picture, id_ the bytes
_STAMP = rf"[0-9]{{1,14}}(?:{_KIND}|\*)?|[*+]|newest|oldest|latest|[0-9]{{4}}[.-][0-9.-]{{10,12}}"
_HELD = re.compile(rf"[^?#]*?/(?P<held>{_SCHEME}.*)", re.I | re.S)
_HELD_BARE = re.compile(rf"[^?#]*?/(?:{_STAMP})/(?P<held>{_HOST}.*)", re.I | re.S)
_HELD_ANYWHERE = re.compile(
    rf"(?:/[^/?#]+){{0,8}}?/(?:[0-9]{{14}}(?:{_KIND})?|[0-9]{{4,13}}{_KIND}|{_KIND}"
    rf"|(?<=/web/)[0-9]{{1,14}}\*?)/(?P<held>{_SCHEME}.*)"
    rf"|(?:/[^/?#]+){{0,8}}?/web/[0-9]{{14}}/(?P<bare>{_HOST}.*)",
    re.I | re.S,
)
_PLACE = re.compile(r"(?P<scheme>https?:/{1,3}|//)?(?P<host>[^/?#\s]*)(?P<path>/.*)", re.I | re.S)
_INSTANT = re.compile(
    rf"/(?:(?P<digits>[0-9]{{14}})(?:{_KIND})?"
    r"|(?P<dotted>[0-9]{4}\.[0-9]{2}\.[0-9]{2}-[0-9]{6}))/\Z",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Archive:
    """One archive, or program that archives run; ``archives.toml`` says what each key is."""

    name: str
    hosts: tuple[str, ...]
    bars: tuple[str, ...] = ()
    inserts: tuple[str, ...] = ()


@dataclass(frozen=True)  # without slots: what is worked out of it is kept
class Archives:
    """All that ``archives.toml`` says."""

    archive: tuple[Archive, ...]

    @cached_property
    def bars(self) -> frozenset[str]:
        """Return the ids of all bars."""
        return frozenset(bar for one in self.archive for bar in one.bars)

    @cached_property
    def inserts(self) -> tuple[str, ...]:
        """Return the names of all inserts."""
        return tuple(name for one in self.archive for name in one.inserts)

    def any_host(self, name: str) -> str:
        """Return a pattern of each host of the archive *name*; of nothing where it has none."""
        hosts = next((one.hosts for one in self.archive if one.name == name), ())
        return "|".join(map(re.escape, hosts)) or "(?!)"


@dataclass(frozen=True, slots=True)
class Held:
    """The address that an archive's address holds; ``stamp`` is its full instant, if it has one."""

    url: str
    stamp: str | None


@cache
def load_archives() -> Archives:
    """Return what is known of web archives."""
    text = files(__package__).joinpath("archives.toml").read_text(encoding="utf-8")
    return read_table(Archives, tomllib.loads(text), "")


@cache
def insert_edge() -> re.Pattern[str]:
    """Return the pattern of the comments around an archive's inserts; ``begin`` is of a first."""
    names = "|".join(map(re.escape, load_archives().inserts)) or "(?!)"
    return re.compile(rf"<!--[\s=]{{0,99}}(?:(?P<begin>BEGIN)|END) (?:{names})[\s=]{{0,99}}-->")


@lru_cache(maxsize=1024)
def is_archive(host: str) -> bool:
    """Say whether *host* is that of a known archive.

    >>> is_archive("wayback.archive-it.org"), is_archive("www.rusemb.org.uk")
    (True, False)
    """
    known = (one for archive in load_archives().archive for one in archive.hosts)
    return any(host == one or host.endswith(f".{one}") for one in known)


def find_held(url: str, own_hosts: frozenset[str], own_folders: frozenset[str]) -> Held | None:
    """Return what *url* holds, if it is an archive's address; one step, if that holds another.

    Below *own_folders* of *own_hosts*, or of no host, an address is the site's own, whatever it
    looks like: ``/fnapr/6956/https://…`` is a statement with a junk tail.
    """
    place = _PLACE.fullmatch(url)
    if place is None:
        return None
    host, path = _host_name(place["host"]), place["path"]
    if not place["scheme"] and host and "." not in host and host != "localhost":
        return None
    if is_archive(host):
        found = _HELD.fullmatch(path) or _HELD_BARE.fullmatch(path)
        held = found["held"] if found else ""
    elif (not host or host in own_hosts) and path.split("/")[1].lower() in own_folders:
        return None
    else:
        found = _HELD_ANYWHERE.fullmatch(path)
        held = (found["held"] or found["bare"]) if found else ""
    if not held:
        return None
    return Held(_as_address(held), _stamp(path[: len(path) - len(held)]))


def _host_name(place: str) -> str:
    return re.sub(r":[0-9]*\Z", "", place.rpartition("@")[2]).rstrip(".").lower()


def _as_address(held: str) -> str:
    """Return *held* as an address: archives leave a slash out, savers encode the whole."""
    if re.match(r"https?(?::%2F|%3A)", held, re.I):
        held = unquote(held)
    return re.sub(r"\A(https?):/+", r"\1://", held, flags=re.I)


def _stamp(before: str) -> str | None:
    found = _INSTANT.search(before)
    return (found["digits"] or re.sub(r"[.-]", "", found["dotted"])) if found else None
