"""Settings: ``embassy.toml`` in the working folder, or the file named with ``--config``.

Every key has a default; a key that is not known is refused, for it may be a slip of the pen.
What a default says of the site stands in the site's profile.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from embassy_scraper.config_checks import (
    check_address,
    check_contact,
    check_name,
    check_text,
    quoted,
)
from embassy_scraper.config_keys import key, read_section
from embassy_scraper.errors import ConfigError
from embassy_scraper.limits import MAX_ANSWER_BYTES
from embassy_scraper.sites import SHIPPED, Layout, Profile, load_profile, with_layouts
from embassy_scraper.sites.tables import read_tables
from embassy_scraper.sites.toml_file import read_toml

DEFAULT_FILE = Path("embassy.toml")


@dataclass(frozen=True, slots=True)
class Site:
    """``[site]``"""

    base_url: str = key("", "where the site is; a mirror's addresses count as the site's own")
    profile: str = key("", "a file with the facts of another site; empty: the file that is shipped")


@dataclass(frozen=True, slots=True)
class Crawl:
    """``[crawl]``"""

    delay: float = key(5.0, "seconds between requests to a host, at least", least=0)
    jitter: float = key(
        0.25, "a random part of the delay, up to this share, is added", least=0, most=1000
    )
    concurrency: int = key(1, "requests at a time", least=1, most=1000)
    contact: str = key("", "who runs this: an address, sent in the User-Agent")
    budget: int = key(500, "requests a run, at most", least=1)
    clock: str = key(
        "local", "whose clock dates a capture: local, or the server's", of=("local", "server")
    )
    timeout: float = key(60.0, "seconds to wait for an answer", least=0.1)
    max_bytes: int = key(
        MAX_ANSWER_BYTES, "larger answers are not read", least=10_000, most=1_000_000_000
    )
    retries: int = key(2, "times a failed request is tried again in the same run", least=0)
    longest_wait: float = key(
        600.0, "seconds to wait at most when the server asks for it; longer ends the run", least=0
    )
    lists: list[str] = key([], "listings to walk")
    recheck_first: float = key(24.0, "hours until a new or changed statement is due again", least=0)
    recheck_growth: float = key(
        0.5, "then due after this share of the time since it last changed", least=0, most=1000
    )
    recheck_longest: float = key(90.0, "days after which any statement is due again", least=0)


@dataclass(frozen=True, slots=True)
class Paths:
    """``[paths]``"""

    db: str = key("data/embassy.db", "the database; raw captures lie in captures/ beside it")


@dataclass(frozen=True, slots=True)
class Archives:
    """``[archives]``"""

    wayback: str = key("https://web.archive.org", "the Wayback Machine")
    commoncrawl_index: str = key("https://index.commoncrawl.org", "Common Crawl's index")
    commoncrawl_data: str = key("https://data.commoncrawl.org", "Common Crawl's files")
    index_delay: float = key(2.5, "seconds between two queries of an index (24 a minute)", least=0)
    capture_delay: float = key(0.125, "seconds between two captures (8 a second)", least=0)
    busy_pause: float = key(60.0, "seconds to wait at least after an answer 429 or 503", least=0)
    part_bytes: int = key(
        8_000_000,
        "bytes of a WET file asked for at a time (backfill commoncrawl --text)",
        least=1,
        most=1_000_000_000,
    )
    index_rows: int = key(3000, "rows of an index asked for at a time", least=1, most=25_000)
    retries: int = key(3, "times a failed request is tried again in the same run", least=0)
    timeout: float = key(120.0, "seconds to wait for an answer", least=0.1)

    @property
    def bases(self) -> tuple[str, ...]:
        """Return the base addresses of all archives."""
        return self.wayback, self.commoncrawl_index, self.commoncrawl_data


@dataclass(frozen=True, slots=True)
class Evidence:
    """``[evidence]``"""

    timestamp: str = key("", "a time-stamping authority (RFC 3161) for evidence; empty: none")


@dataclass(frozen=True, slots=True)
class Job:
    """``[[jobs]]``"""

    name: str = key("", "a word of your choice, shown in the runs table")
    run: str = key("crawl", "the verb and its options")
    cron: str = key("0 * * * *", "minute hour day month weekday, in UTC")


@dataclass(frozen=True, slots=True)
class Alert:
    """``[[alerts]]``"""

    name: str = key("", "who is told; report --new of the same name shares what was told")
    to: list[str] = key(
        [], "addresses as Apprise has them: mailtos://…, json://…, slack://…", is_secret=True
    )
    kinds: list[str] = key([], "kinds of change; none: all but counter_progressed")
    significance: str = key(
        "all", "which edits: all, or substantive alone", of=("all", "substantive")
    )
    failures: bool = key(True, "tell when a run fails, and when it works again")
    silence_days: float = key(
        2.0, "tell when there was no complete round for so many days; 0: never", least=0
    )


@dataclass(frozen=True, slots=True)
class Log:
    """``[log]``"""

    file: str = key("", "a file to which every run appends what it says; empty: none")
    level: str = key("info", "how much", of=("error", "warning", "info", "debug"))


_JOBS = [
    Job("homepage", "crawl --part homepage", "5 * * * *"),
    Job("daily", "crawl", "20 3 * * *"),
    Job("deep", "crawl --deep", "40 4 * * sun"),
]


@dataclass(frozen=True, slots=True)
class Config:
    """The settings in force."""

    site: Site
    crawl: Crawl
    archives: Archives
    paths: Paths
    evidence: Evidence
    log: Log
    profile: Profile
    jobs: list[Job] = field(default_factory=lambda: list(_JOBS))
    alerts: list[Alert] = field(default_factory=list)

    @property
    def has_own_jobs(self) -> bool:
        """Say whether the settings name jobs, so that there are others than by default."""
        return self.jobs != _JOBS

    @property
    def mirror(self) -> str | None:
        """Return the base address of a mirror, ``None`` where the site itself is meant."""
        base_url = self.site.base_url
        return None if base_url == self.profile.site.base_url else base_url


SECTIONS: dict[str, type[Site | Crawl | Archives | Paths | Evidence | Log]] = {
    "site": Site,
    "crawl": Crawl,
    "archives": Archives,
    "paths": Paths,
    "evidence": Evidence,
    "log": Log,
}
_LISTS = ("layout", "jobs", "alerts")


def read_config(path: Path | None) -> Config:
    """Return the settings in *path*, or in ``embassy.toml`` where it exists, else the defaults.

    Raises:
        ConfigError: the file is missing, is no TOML, or holds a key or value that makes no sense.
    """
    if path is None:
        if not DEFAULT_FILE.is_file():
            return _config({}, load_profile())
        path = DEFAULT_FILE
    try:
        content = read_toml(path)
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from error
    profile = load_profile(_profile_path(content, path))
    try:
        return _config(content, profile, path)
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from error


def _profile_path(content: dict[str, Any], path: Path) -> Path | None:
    """Return the file that the settings at *path* name as the profile, if they name any."""
    site = content.get("site")
    named = site.get("profile") if isinstance(site, dict) else None
    if not isinstance(named, str) or not named:
        return None  # a value of another kind is reported with its key
    check_text(named, f"{path}: [site] profile")
    return (path.parent / named).resolve()


def reading_config(path: Path | None) -> Config:
    """Return what ``read_config`` does, for verbs that read pages: selectors are checked too.

    Raises:
        ConfigError: as ``read_config``, or a selector of a layout cannot be parsed.
    """
    from embassy_scraper.sites.selectors import check_selectors  # not for ``--help``

    config = read_config(path)
    check_selectors(config.profile.own_layout, str(path or DEFAULT_FILE))
    check_selectors(config.profile.layout, config.site.profile or SHIPPED)
    return config


def config_of(settings: Mapping[str, Any]) -> Config:
    """Return the settings that Scrapy's own *settings* name by ``EMBASSY_CONFIG``.

    Raises:
        ConfigError: as ``read_config``.
    """
    path = settings.get("EMBASSY_CONFIG")
    return read_config(Path(path) if path else None)


def _config(content: dict[str, Any], profile: Profile, path: Path = DEFAULT_FILE) -> Config:
    unknown = sorted(set(content) - set(SECTIONS) - set(_LISTS))
    if unknown:
        known = ", ".join([*SECTIONS, *_LISTS])
        raise ConfigError(f"[{unknown[0]}] is not a section; the sections are {known}")
    sections: dict[str, Any] = {
        name: read_section(kind, content.get(name, {}), f"[{name}]")
        for name, kind in SECTIONS.items()
    }
    base_url = sections["site"].base_url or profile.site.base_url
    _check_addresses(base_url, sections["archives"], sections["evidence"])
    _check_places(sections["paths"], sections["log"])
    check_contact(sections["crawl"].contact, "[crawl] contact")
    named = str(_profile_path(content, path) or "")
    sections["site"] = Site(base_url.rstrip("/") + "/", named)
    if "lists" not in content.get("crawl", {}):
        lists = [one.name for one in profile.list if not one.inferred]
        sections["crawl"] = replace(sections["crawl"], lists=lists)
    layouts = read_tables(Layout, content.get("layout", []), "layout")
    sections["profile"] = with_layouts(profile, layouts)
    for name, kind in (("jobs", Job), ("alerts", Alert)):
        if name in content:
            sections[name] = _named(kind, content[name], name)
    return Config(**sections)


def _check_addresses(base_url: str, archives: Archives, evidence: Evidence) -> None:
    check_address(base_url, "[site] base_url")
    for name in ("wayback", "commoncrawl_index", "commoncrawl_data"):
        check_address(getattr(archives, name), f"[archives] {name}")
    if evidence.timestamp:
        check_address(evidence.timestamp, "[evidence] timestamp", is_base=False)


def _check_places(paths: Paths, log: Log) -> None:
    """Refuse a folder where a file has to be named."""
    for where, name in (("[paths] db", paths.db), ("[log] file", log.file or os.devnull)):
        if not name.strip() or os.path.isdir(name):  # noqa: PTH112 - never raises
            raise ConfigError(f"{where} must name a file, not {quoted(name)}")


def _named(kind: Any, values: Any, what: str) -> list[Any]:
    """Return the tables of a list, each with a name of its own."""
    if not isinstance(values, list):
        raise ConfigError(f"{what} are written as [[{what}]], with double brackets")
    made = [read_section(kind, one, f"[[{what}]]") for one in values]
    names = [one.name for one in made]
    for name in names:
        check_name(name, f"[[{what}]]")
    if not all(map(str.strip, names)) or len(set(names)) < len(names):
        raise ConfigError(f"[[{what}]] name: every {what[:-1]} needs a name of its own")
    return made
