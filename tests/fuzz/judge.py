"""What one input costs, and whether that is too much.

The measure is the median page: what the pages that are seeds take at the median, in the process
that judges. So a verdict does not depend on the machine.
"""

from __future__ import annotations

import cProfile
import json
import pstats
import re
import signal
import statistics
import sys
import time
import traceback
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from embassy_scraper.errors import EmbassyError
from tests.fuzz.limits import limit_process
from tests.fuzz.seeds import made
from tests.fuzz.targets import TARGETS, Target

MOST_TIMES = 100  # the time of the median page
MOST_MEMORY = 300 * 1024 * 1024  # bytes of a process that reads nothing else
_SMALLEST = 100  # bytes of a record, which may cost as much as the median page
_LONGEST = 20  # seconds of the processor's time, after which a process is ended
_STATUS, _CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")
_PLACE = re.compile(r"(?:embassy_scraper|pipelines)/(\w+/)?\w+\.py")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an input cost: seconds, how many times the median page, bytes; and what is wrong.

    ``fault`` is ``""`` or the kind of finding and its place, by which one is told from others.
    """

    seconds: float
    times: float
    memory: int
    fault: str = ""


class Judge:
    """Reads inputs for one target, and says what they cost."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.median = median_page()

    def judge(self, data: bytes) -> Verdict:
        """Read *data*. A process that takes too long is ended by a signal, also inside of C."""
        _CLEAR.write_text("5", encoding="ascii")  # the peak begins anew
        signal.setitimer(signal.ITIMER_PROF, _LONGEST)
        crash, started = "", time.thread_time()
        try:
            self.target.read(data)
        except Exception as error:  # noqa: BLE001 - each is judged by whether it was declared
            crash = crash_of(error)
        seconds = time.thread_time() - started
        signal.setitimer(signal.ITIMER_PROF, 0)
        memory = peak()
        times = seconds / self.median
        allowed = MOST_TIMES if self.target.is_page else max(MOST_TIMES, len(data) / _SMALLEST)
        fault = (
            crash
            or ("memory" if memory > MOST_MEMORY else "")
            or ("slow" if times > allowed else "")
        )
        return Verdict(seconds, times, memory, fault)

    def place(self, data: bytes) -> str:
        """The function of ours in which reading *data* takes longest."""
        profile = cProfile.Profile()
        with profile, suppress(Exception):  # it is known by now
            self.target.read(data)
        stats = pstats.Stats(profile).stats  # type: ignore[attr-defined]
        ours = [
            (spent, _short(at)) for at, (_, _, spent, _, _) in stats.items() if _PLACE.search(at[0])
        ]
        return max(ours, default=(0, "?"))[1]


def _short(at: tuple[str, int, str]) -> str:
    return f"{Path(at[0]).name}:{at[2]}"


def peak() -> int:
    """The most bytes that this process has had in memory since the peak began anew."""
    found = re.search(r"VmHWM:\s+(\d+)", _STATUS.read_text(encoding="ascii"))
    assert found is not None
    return int(found[1]) * 1024


def median_page() -> float:
    """What the seeds that are pages take at the median, in seconds."""
    spent = []
    for page in made("pages"):
        started = time.thread_time()
        TARGETS["pages"].read(page)
        spent.append(time.thread_time() - started)
    return statistics.median(spent)


def crash_of(error: Exception) -> str:
    """The kind of an error that nobody declared, and the place in our code; ``""``: declared."""
    if isinstance(error, EmbassyError):
        return ""
    ours = [one for one in traceback.extract_tb(error.__traceback__) if _PLACE.search(one.filename)]
    where = f"{Path(ours[-1].filename).name}:{ours[-1].name}" if ours else "?"
    name = type(error).__name__
    told = re.sub(r"[0-9]+", "0", str(error))[:60] if name == "Crash" else ""
    return f"crash {name} {told} in {where}"


def main(name: str) -> None:
    """Judge the file that each line of standard input names; print each verdict as JSON."""
    limit_process()
    judge = Judge(TARGETS[name])
    for line in sys.stdin:
        verdict = judge.judge(Path(line.strip()).read_bytes())
        print(json.dumps(asdict(verdict)), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
