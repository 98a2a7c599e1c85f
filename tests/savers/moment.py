"""The replica as it stands now: its story is moved so that it happens today.

Tools stamp what they save with the clock of the machine; so the replica's clock, which stands
still while they work, has to say about the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from importlib.resources import as_file, files
from typing import Any

from embassy_scraper.replica import Replica, Scenario, load_scenario

HOST = "www.rusemb.org.uk"
EDITED = "fnapr/9003"
NEW_BODY = "The second edition says something else, and names three ships."


@dataclass(frozen=True, slots=True)
class Site:
    """The site at its own name, behind the *proxy*; the *paths* are those that are saved.

    ``archive`` is the address of a real pywb that holds them, where there is one, and
    ``frameless`` that of one that shows them in no frame.
    """

    proxy: str
    moment: datetime
    paths: tuple[str, ...] = ()
    archive: str = ""
    frameless: str = ""

    @property
    def addresses(self) -> list[str]:
        return [f"http://{HOST}{path}" for path in self.paths]

    @property
    def timestamp(self) -> str:
        """The moment as archives write it."""
        return f"{self.moment:%Y%m%d%H%M%S}"


def scenario_of(moment: datetime) -> Scenario:
    """Return the shipped story up to its opening, as if it opened on the day of *moment*.

    Ten minutes after that, one statement is edited.
    """
    with as_file(files("embassy_scraper.replica").joinpath("story.toml")) as path:
        story = load_scenario(path)
    days = timedelta(days=(moment.date() - story.opens.date()).days)
    events = [_moved(event, days) for event in story.events if event["at"] <= story.opens]
    edit = {"at": moment + timedelta(minutes=10), "do": "edit", "key": EDITED}
    old = next(event for event in events if event.get("key") == EDITED)
    lead = old["lead"]
    edit["body"] = f"{lead}\n\n{NEW_BODY}"
    return replace(story, opens=moment, events=(*events, edit))


def _moved(event: dict[str, Any], days: timedelta) -> dict[str, Any]:
    moved = {name: value + days if isinstance(value, date) else value
             for name, value in event.items()}  # fmt: skip
    if "signature" in event:
        day = moved["date"]
        moved["signature"] = f"{day.day} {day:%B %Y}, 18:05"
    return moved


@contextmanager
def standing() -> Iterator[tuple[Replica, Site]]:
    """Serve the site at the last full minute; the replica is the proxy that leads to it."""
    moment = datetime.now(UTC).replace(second=0, microsecond=0)
    with Replica(scenario_of(moment)) as replica:
        replica.move_to(moment)
        yield replica, Site(replica.url.rstrip("/"), moment)
