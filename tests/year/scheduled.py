"""``python -m tests.year.scheduled PYTHON WISHES ANSWERS WORDS…``: the verb, on a clock that leaps.

The scheduler is the program's own, and APScheduler's; only how APScheduler waits is changed. It
says on WISHES (a file's number) until when it would wait, and how many of its jobs run, and goes on
when it is answered: by then the clock has been moved.
"""

from __future__ import annotations

import os
import sys
import time
from datetime import UTC, datetime

from apscheduler.schedulers.base import STATE_STOPPED
from apscheduler.schedulers.blocking import BlockingScheduler

_FAR = 10 * 365 * 86400.0  # seconds; where no job is to come
_slept = [0.0]  # seconds that the machine slept, in which its steady clock stood


def leap_in(wishes: int, answers: int) -> None:
    """Let APScheduler ask for its time, in place of waiting for it."""
    told = os.fdopen(answers)

    def main_loop(scheduler: BlockingScheduler) -> None:
        while scheduler.state != STATE_STOPPED:
            scheduler._event.clear()
            now = time.time()
            wait = scheduler._process_jobs()
            until = datetime.fromtimestamp(now + (_FAR if wait is None else wait), UTC)
            while not scheduler._event.is_set():
                running = sum(scheduler._lookup_executor("default")._instances.values())
                os.write(wishes, f"{until.isoformat()} {running}\n".encode())
                answer, _, slept = told.readline().partition(" ")
                if answer.strip() == "go":
                    break
                if answer == "slept":  # its timer goes on as if nothing were, until one looks
                    _slept[0] += float(slept)
                    scheduler._event.wait(30)
                elif not answer:
                    scheduler._event.wait()  # whoever drives it is gone, or ends it

    BlockingScheduler._main_loop = main_loop


def keep_both_clocks() -> None:
    """Let the steady clock move with the wall clock, but for the time that the machine slept."""
    start = time.time()
    time.monotonic = lambda: time.time() - start - _slept[0]


if __name__ == "__main__":
    python, wishes, answers, *words = sys.argv[1:]
    leap_in(int(wishes), int(answers))
    sys.setswitchinterval(1.0)  # nobody leaps between two looks at the two clocks
    keep_both_clocks()
    sys.executable = python
    from embassy_scraper import schedule
    from embassy_scraper.commands import main

    schedule._LOOK = 0.5  # seconds, in place of 15: here the clock runs faster than in life
    main(words, prog_name="embassy-scraper")
