"""The replica of the year: its clock is the year's, and it writes down what it truly showed."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from embassy_scraper.replica import Replica, Scenario
from embassy_scraper.replica.page_text import PageText
from embassy_scraper.replica.pages import page_at, render
from embassy_scraper.replica.scenario import Fault
from tests.year.clock import Clock
from tests.year.redesign import redesigned

STEP = 5.0  # seconds from one request to the next: the delay of [crawl], which nobody waits here


@dataclass(frozen=True, slots=True)
class Look:
    """One answer: its status, what page it showed, and how many characters of it where it is cut.

    ``page`` is ``None`` where it was no page of the site.
    """

    at: datetime
    path: str
    status: int
    page: PageText | None
    text: str = ""  # what came of a page that was cut off


class YearSite(Replica):
    """A replica whose clock goes on with every request, and whose looks change on a day."""

    def __init__(self, scenario: Scenario, clock: Clock, redesign_at: datetime) -> None:
        self.clock = clock
        self.redesign_at = redesign_at
        self.looks: list[Look] = []
        self.faults: Counter[str] = Counter()
        self.is_holding = False  # a request waits for the clock
        self.held: list[tuple[datetime, datetime]] = []  # who asked may have given up by the end
        self.on_request: Callable[[], bool] = lambda: False  # whether it kills who asks
        self._freed = threading.Event()
        self._met = threading.local()
        super().__init__(scenario)
        self.hang = 60.0
        self.asked = _Asked(self)
        # children are killed in the midst
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]

    @property
    def now(self) -> datetime:
        """The clock of the year, in whole seconds, as a ``Date`` has them."""
        return self.clock.now.replace(microsecond=0)

    @property
    def scenario(self) -> Scenario:
        """What happens; from a day on it is told in another markup."""
        is_new = self.now >= self.redesign_at
        return replace(self._scenario, markup=redesigned) if is_new else self._scenario

    @scenario.setter
    def scenario(self, scenario: Scenario) -> None:
        self._scenario = scenario

    def fault_for(self, path: str) -> Fault | None:
        """Let the clock go on, and the request meet what is wrong now."""
        self.clock.pass_by(STEP)
        self._met.is_void = self.on_request()
        fault = super().fault_for(path)
        self.faults[fault.kind if fault else "none"] += 1
        if fault is not None and fault.kind == "slow":
            self._hold()
            fault = None
        self._met.fault = fault
        return fault

    def _hold(self) -> None:
        """Answer when the clock has been moved to the end of what makes it slow."""
        since = self.clock.now
        self._freed.clear()
        self.is_holding = True
        self._freed.wait(60)
        self.held.append((since, self.clock.now))

    def free(self) -> None:
        """Let the request go on that is held, if nothing is slow any more."""
        now = self.clock.now
        is_slow = any(
            fault.kind == "slow" and fault.since and fault.until
            and fault.since <= now < fault.until
            for fault in self._scenario.faults
        )  # fmt: skip
        if self.is_holding and not is_slow:
            self.is_holding = False
            self._freed.set()

    def note(self, at: datetime, path: str, status: int) -> None:
        """Write down what was answered."""
        if path == "/robots.txt" or getattr(self._met, "is_void", False):
            return  # nobody waits for this answer any more
        fault, self._met.fault = getattr(self._met, "fault", None), None
        if fault is None and status in (200, 304):
            self.looks.append(Look(at, path, 200, page_at(self.scenario, path, at)))
        elif fault is not None and fault.kind == "cut":
            found = render(self.scenario, path, at)
            text = found[0].encode()[: len(found[0].encode()) * 2 // 3] if found else b""
            page = page_at(self.scenario, path, at)
            self.looks.append(Look(at, path, 200, page, text.decode(errors="ignore")))
        elif status:
            self.looks.append(Look(at, path, status, None))


class _Asked(list[tuple[datetime, str, int]]):
    """Where the replica notes its answers: none is kept, each is told to the site."""

    def __init__(self, site: YearSite) -> None:
        super().__init__()
        self._site = site

    def append(self, one: tuple[datetime, str, int]) -> None:
        self._site.note(*one)
