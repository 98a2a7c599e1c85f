"""What happens on the replica, and when: a TOML file of events and faults.

``[site]`` gives ``opens`` (the instant at which the clock starts) and ``profile`` (the file of
another site's facts)
``[[event]]`` has ``at`` and ``do``:

- ``publish``: ``key``, ``date``, ``title``, ``lead``, ``body``, ``lists``, ``signature``
- ``edit``: ``key`` and any of these fields, with their new values
- ``withdraw`` (page and lists), ``unlist`` (lists alone), ``restore``: ``key``
- ``counter``: ``event``, ``tail``, ``since``; ``words`` renames it, ``gone`` removes it
- ``contact``: any of ``label``, ``phone``, ``email``

``[[fault]]`` has ``path`` (with ``*``), ``kind`` (see ``server``), and optionally ``since``,
``until``, ``times`` (so often) and ``retry_after`` (seconds).
"""

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from embassy_scraper.errors import ConfigError
from embassy_scraper.replica.frame import frame
from embassy_scraper.replica.page_text import PageText
from embassy_scraper.replica.sections import Sections, sections_of
from embassy_scraper.sites import Profile, load_profile

LATEST, HOME = 10, 15
Markup = Callable[[PageText, Sections], str]  # makes HTML of what a page says, for a site
_DOINGS = frozenset({"publish", "edit", "withdraw", "unlist", "restore", "counter", "contact"})
_MOMENTS = frozenset({"since", "until"})
_FIELDS = frozenset({"title", "lead", "body", "date", "signature", "lists"})


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement as it stands on the replica at an instant."""

    key: str
    date: date
    title: str
    lead: str = ""
    body: str = ""
    signature: str = ""
    lists: tuple[str, ...] = ()
    number: int = 0
    is_there: bool = True
    is_listed: bool = True

    @property
    def family(self) -> str:
        """Return the first part of its address."""
        return self.key.partition("/")[0]


@dataclass(frozen=True, slots=True)
class Counter:
    """A "N days have passed since …" line."""

    event: str
    since: date
    tail: str = ""

    def text(self, today: date) -> str:
        """Return the line as it is printed on the day *today*."""
        line = f"{(today - self.since).days} days have passed since {self.event}"
        return f"{line} - {self.tail}" if self.tail else line


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that goes wrong with requests whose path matches."""

    path: str
    kind: str
    since: datetime | None = None
    until: datetime | None = None
    times: int = 0
    retry_after: int = 1


@dataclass(slots=True)
class State:
    """The replica's content at one instant."""

    statements: dict[str, Statement] = field(default_factory=dict)
    counters: dict[str, Counter] = field(default_factory=dict)
    contact: dict[str, str] = field(
        default_factory=lambda: {
            "label": "Consular queries",
            "phone": "+44 (0) 20 7946 0123",
            "email": "info@embassy.example",
        }
    )
    changed_at: datetime | None = None

    def newest(self, name: str | None = None) -> list[Statement]:
        """Return what a list shows, newest first; without a *name* everything."""
        shown = [
            s
            for s in self.statements.values()
            if s.is_there and s.is_listed and (name is None or name in s.lists)
        ]
        return sorted(shown, key=lambda s: (s.date, s.number), reverse=True)


@dataclass(frozen=True, slots=True)
class Scenario:
    """What happens, in order of time, and what goes wrong."""

    opens: datetime
    events: tuple[dict[str, Any], ...]
    faults: tuple[Fault, ...] = ()
    markup: Markup = frame
    profile: Profile = field(default_factory=load_profile)

    @property
    def names(self) -> Sections:
        """Return what the site calls its sections."""
        return sections_of(self.profile)

    def state_at(self, now: datetime) -> State:
        """Return the content at the instant *now*."""
        state = State()
        lists = (self.names.newest.list,)
        for event in self.events:
            if event["at"] > now:
                break
            _apply(state, event, lists)
            state.changed_at = event["at"]
        return state


def _apply(state: State, event: dict[str, Any], lists: Sequence[str]) -> None:
    """Let *event* happen; what it publishes stands in *lists* where it does not say in which."""
    doing = event["do"]
    if doing == "publish":
        values = {name: value for name, value in event.items() if name in _FIELDS}
        values["lists"] = tuple(values.get("lists", lists))
        number = len(state.statements)
        state.statements[event["key"]] = Statement(key=event["key"], number=number, **values)
    elif doing == "edit":
        values = {name: value for name, value in event.items() if name in _FIELDS}
        _change(state, event["key"], values)
    elif doing == "withdraw":
        _change(state, event["key"], {"is_there": False})
    elif doing == "unlist":
        _change(state, event["key"], {"is_listed": False})
    elif doing == "restore":
        _change(state, event["key"], {"is_there": True, "is_listed": True})
    elif doing == "counter":
        _apply_counter(state, event)
    else:
        state.contact.update({k: v for k, v in event.items() if k in state.contact})


def _change(state: State, key: str, values: dict[str, Any]) -> None:
    state.statements[key] = replace(state.statements[key], **values)


def _apply_counter(state: State, event: dict[str, Any]) -> None:
    name = event["event"]
    if event.get("gone"):
        del state.counters[name]
        return
    known = state.counters.get(name)
    since = event.get("since") or (known.since if known else None)
    tail = event.get("tail", known.tail if known else "")
    if "words" in event:
        state.counters.pop(name, None)
        name = event["words"]
    assert since is not None
    state.counters[name] = Counter(name, since, tail)


def load_scenario(path: Path) -> Scenario:
    """Return the scenario in the TOML file *path*.

    Raises:
        ConfigError: it cannot be read, or an event in it makes no sense.
    """
    try:
        return make_scenario(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}; name a scenario file") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise ConfigError(f"{path}: {error!r}; see the head of replica/scenario.py") from error


def make_scenario(content: dict[str, Any]) -> Scenario:
    """Return the scenario that a parsed TOML file tells.

    Raises:
        ConfigError: an event makes no sense.
        KeyError, TypeError: something is missing, or of another kind.
    """
    site = content["site"]
    events = sorted((_event(event) for event in content.get("event", [])), key=lambda e: e["at"])
    scenario = Scenario(
        opens=_utc(site["opens"]),
        events=tuple(events),
        faults=tuple(map(_fault, content.get("fault", []))),
        profile=load_profile(Path(site["profile"]) if "profile" in site else None),
    )
    if events:
        scenario.state_at(events[-1]["at"])  # every key that is named is known by then
    return scenario


def _event(event: dict[str, Any]) -> dict[str, Any]:
    if event.get("do") not in _DOINGS:
        raise ConfigError(f"event {event}: do must be one of {', '.join(sorted(_DOINGS))}")
    return {**event, "at": _utc(event["at"])}


def _fault(fault: dict[str, Any]) -> Fault:
    moments = {name: _utc(value) for name, value in fault.items() if name in _MOMENTS}
    return Fault(**fault | moments)


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
