"""What happens in the year, by chance from a seed: at the site, on the way, on the machine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from embassy_scraper.replica import Scenario
from embassy_scraper.replica.scenario import Fault
from tests.live.story import sentence, signature, words

START = datetime(2021, 3, 6, 0, 30, tzinfo=UTC)
LEAST_DAYS = 6  # in which everything can happen once
LONDON = ZoneInfo("Europe/London")
# what goes wrong on the way: kind, the paths it can meet, how often at most, Retry-After
FAULTS: tuple[tuple[str, tuple[str, ...], int, int], ...] = (
    ("500", ("*", "/fnapr/*"), 0, 0),
    ("503", ("/", "*"), 4, 1),
    ("429", ("*",), 0, 3600),
    ("429", ("/newarh/*", "/"), 2, 1),
    ("403", ("*", "/"), 0, 0),
    ("reset", ("/", "*"), 0, 0),
    ("timeout", ("/", "/fnapr/*"), 2, 0),
    ("cut", ("/fnapr/*", "/", "/newarh/*"), 0, 0),
    ("blocked", ("*", "/"), 0, 0),
    ("soft404", ("/fnapr/*", "/newarh/*"), 0, 0),
    ("to_home", ("/fnapr/*",), 0, 0),
    ("loop", ("/apress_arh/*",), 0, 0),
    ("elsewhere", ("/",), 0, 0),
    ("inside", ("/newarh/*",), 0, 0),
    ("oversized", ("/fnapr/*", "/"), 2, 0),
    ("slow", ("*",), 0, 0),
)  # fmt: skip
COUNTERS = (("the last concert in the garden", "no date for the next one"),
            ("the loss of the copper kettle", "no word from the museum"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that is done to the machine: ``kind`` at an instant, until another."""

    at: datetime
    kind: str
    until: datetime


class Year:
    """Everything that happens in so many *days*."""

    def __init__(self, seed: int, days: int) -> None:
        self.rng, self.rng_seed, self.days = Random(seed), seed, days
        self.end = START + timedelta(days=days)
        self.host_ends = self.end - timedelta(days=max(1.5, days * 0.03))
        self.redesign_at = START + timedelta(days=days * 0.6)
        self.layout_at = self.redesign_at + timedelta(days=max(1.0, days * 0.01))
        self.events: list[dict[str, Any]] = []
        self.faults: list[Fault] = []
        self.deeds: list[Deed] = []
        self.robots_out: list[tuple[datetime, datetime]] = []
        self._state: dict[str, str] = {}
        self._number = 9000
        self._site()
        self._counters()
        self._way()
        self._machine()
        self.events.sort(key=lambda event: event["at"])

    def scenario(self) -> Scenario:
        """What the replica shows, and what goes wrong with it."""
        return Scenario(START - timedelta(days=60), tuple(self.events), tuple(self.faults))

    # -- at the site -----------------------------------------------------------------------

    def _site(self) -> None:
        for back in range(24, 0, -1):
            at = START - timedelta(days=back * 2)
            self._publish(at, at.date(), "article" if back % 8 == 0 else "fnapr")
        moment = START + timedelta(hours=30)
        while moment < self.end - timedelta(hours=12):
            self._happen(moment)
            hours = self.rng.randint(2, 7 if self.is_short else 26)
            minutes = self.rng.randint(1, 55)
            moment += timedelta(hours=hours, minutes=minutes)

    def _publish(self, at: datetime, day: date, family: str = "fnapr") -> None:
        self._number += 1
        key, rng = f"{family}/{self._number}", self.rng
        self._state[key] = "there"
        lead = sentence(rng, 12)
        lists = ("newarh", "apress_arh") if family == "fnapr" else ("newarh",)
        self.events.append(
            {"at": at, "do": "publish", "key": key, "date": day, "lists": lists,
             "title": f"{words(rng, 5).capitalize()} {self._number}", "lead": lead,
             "body": f"{lead}\n\n{sentence(rng, 30)}",
             "signature": signature(day) if rng.random() < 0.7 else ""}
        )  # fmt: skip

    def _happen(self, at: datetime) -> None:
        rng = self.rng
        doings = "publish publish publish publish title lead body body day withdraw unlist restore"
        doing = rng.choice([*doings.split(), "back", "contact"])
        keys = [key for key in self._state if key.startswith("fnapr/")]
        recent = keys[-12:] if rng.random() < 0.8 else keys
        there = [key for key in recent if self._state[key] == "there"]
        away = [key for key in keys if self._state[key] != "there"]
        if doing == "publish":
            self._publish(at, at.date(), "article" if rng.random() < 0.1 else "fnapr")
        elif doing == "back":
            self._publish(at, at.date() - timedelta(days=rng.randint(2, 6)))
        elif doing == "contact":
            phone = f"+44 (0) 20 7946 0{rng.randint(100, 999)}"
            part = rng.choice([{"phone": phone}, {"email": f"house{at:%m%d}@embassy.example"}])
            self.events.append({"at": at, "do": "contact", **part})
        elif doing in ("withdraw", "unlist") and len(there) > 3:
            self._state[key := rng.choice(there)] = doing
            self.events.append({"at": at, "do": doing, "key": key})
        elif doing == "restore" and away:
            self._state[key := rng.choice(away)] = "there"
            self.events.append({"at": at, "do": "restore", "key": key})
        elif doing in ("title", "lead", "body", "day") and there:
            self._edit(at, rng.choice(there), doing)

    def _edit(self, at: datetime, key: str, field: str) -> None:
        name, new = {
            "title": ("title", f"{words(self.rng, 5).capitalize()} {key[-4:]}"),
            "lead": ("lead", sentence(self.rng, 12)),
            "body": ("body", f"{sentence(self.rng, 12)}\n\n{sentence(self.rng, 30)}"),
            "day": ("date", at.date() - timedelta(days=self.rng.randint(0, 9))),
        }[field]
        self.events.append({"at": at, "do": "edit", "key": key, name: new})

    def _counters(self) -> None:
        """Both lines grow by one a day; now and then one stands still, jumps or is reworded."""
        before = START - timedelta(days=50)
        since = [date(2020, 5, 5), date(2019, 9, 1)]
        names = [event for event, _ in COUNTERS]
        for (event, tail), day in zip(COUNTERS, since, strict=True):
            self._count(before, event, since=day, tail=tail)
        doings = ("stall", "reword", "jump", "tail")
        for number in range(max(4, self.days // 25)):
            day = START.date() + timedelta(days=(number + 1) * self.days // max(5, self.days // 25))
            at = datetime(day.year, day.month, day.day, tzinfo=LONDON).astimezone(UTC)
            which, doing = number % 2, doings[number // 2 % 4 if self.days > 99 else number]
            if doing == "stall":
                for n in range(self.rng.randint(2, 4)):
                    since[which] += timedelta(days=1)
                    on = day + timedelta(days=n)
                    night = datetime(on.year, on.month, on.day, tzinfo=LONDON).astimezone(UTC)
                    self._count(night, names[which], since=since[which])
            elif doing == "reword":
                new = f"{COUNTERS[which][0]}, as {words(self.rng, 2)} has it"
                self._count(at + timedelta(hours=11), names[which], words=new)
                names[which] = new
            elif doing == "tail":
                tail = f"still {words(self.rng, 3)}"
                self._count(at + timedelta(hours=11), names[which], tail=tail)
            else:
                since[which] -= timedelta(days=self.rng.randint(2, 9))
                self._count(at, names[which], since=since[which])

    def _count(self, at: datetime, event: str, **told: Any) -> None:
        self.events.append({"at": at, "do": "counter", "event": event, **told})

    # -- on the way ------------------------------------------------------------------------

    def _some_time(self, hours: int) -> tuple[datetime, datetime]:
        """A span of so many hours, before the host ends."""
        most = int((self.host_ends - START).total_seconds() // 3600) - hours - 12
        least = 44 if self.is_short else 20
        since = START + timedelta(hours=self.rng.randint(least, most), minutes=3)
        return since, since + timedelta(hours=hours)

    @property
    def is_short(self) -> bool:
        """Whether there are only days in which everything has to happen once."""
        return self.days < 100

    def _way(self) -> None:
        for number, (kind, paths, times, wait) in enumerate(FAULTS):
            if self.is_short:  # each meets the homepage's hourly round, in the first two days
                since = START + timedelta(hours=6 + 2 * number, minutes=3)
                until = since + timedelta(hours=2 if kind == "slow" else 1)
                self.faults.append(Fault("/", kind, since, until, times, wait))
                continue
            for n in range(max(1, self.days // 80)):
                hours = self.rng.randint(3, 4) if kind == "slow" else self.rng.randint(5, 12)
                since, until = self._some_time(hours)
                path = paths[n % len(paths)]
                self.faults.append(Fault(path, kind, since, until, times, wait))
        self.robots_out = [self._some_time(30) for _ in range(max(1, self.days // 120))]
        third = (self.end - self.host_ends) / 3
        for n, kind in enumerate(("404", "moved", "parked")):
            since = self.host_ends + n * third
            end = self.end + timedelta(days=1) if n == 2 else since + third
            self.faults.insert(0, Fault("*", kind, since, end, 0, 0))

    # -- on the machine --------------------------------------------------------------------

    def _machine(self) -> None:
        month = timedelta(days=30 if self.days > 99 else 1.5)
        silent = START + timedelta(days=self.days * 0.4)
        self.silence = silent, silent + month
        self.deeds.append(Deed(silent, "off", silent + month))
        self.deeds.append(Deed(self.layout_at, "layout", self.layout_at))
        often = {"kill child": 15, "kill scheduler": 40, "kill both": 60, "sleep": 90,
                 "lock": 60, "full": 80, "off": 150}  # fmt: skip
        for kind, every in often.items():
            for _ in range(max(1, self.days // every)):
                hours = {"sleep": 20, "lock": 4, "full": 7, "off": 9}.get(kind, 2)
                self._do(kind, self.rng.randint(1, hours))
        self.deeds.sort(key=lambda deed: deed.at)

    def _do(self, kind: str, hours: int) -> None:
        """Do something where nothing else is done."""
        for _ in range(300):
            since, until = self._some_time(hours)
            near = timedelta(hours=3)
            if not any(d.at - near < until and since < d.until + near for d in self.deeds):
                self.deeds.append(Deed(since, kind, until))
                return
