"""What every verb does that adds to the history: heed how loud it shall be, then tell the news."""

import functools
import sqlite3
from collections.abc import Callable
from contextlib import closing, nullcontext
from pathlib import Path
from typing import Any

from embassy_scraper.commands.options import fail
from embassy_scraper.config import DEFAULT_FILE, Config, read_config
from embassy_scraper.errors import EmbassyError
from embassy_scraper.reports import run_report
from embassy_scraper.reports.entries import Change, entries_of
from embassy_scraper.telling.alerts import tell_alerts
from embassy_scraper.telling.checks import check_alerts
from embassy_scraper.telling.message import lines_of
from embassy_scraper.voice import logged, quiet, warn
from pipelines.tables.database import is_ours, open_database
from pipelines.tables.runs import now

_MOST_NEWS = 100  # changes that a quiet run prints
_KEPT = "it is kept, and sent with the next run, or by embassy-scraper tell"


def as_run(function: Callable[..., None]) -> Callable[..., None]:
    """Return a verb that tells its news once it has ended, well or not."""

    @functools.wraps(function)
    def wrapped(*args: Any, **kwargs: Any) -> None:
        is_quiet, is_verbose = kwargs.pop("quiet", False), kwargs.pop("verbose", False)
        db, path = kwargs["db"], kwargs["config"]
        config = read_config(path)
        check_alerts(config.alerts, path or DEFAULT_FILE)
        is_try = kwargs.get("dry_run", False)
        begun = now()
        with logged(config.log, is_verbose=is_verbose), quiet() if is_quiet else nullcontext():
            try:
                function(*args, **kwargs)
            except EmbassyError as error:
                after_run(db, config, is_try=is_try)
                fail(str(error))
            except SystemExit:
                after_run(db, config, is_try=is_try)
                raise
            after_run(db, config, is_try=is_try)
            if is_quiet and not is_try:
                say_news(db, begun)

    return wrapped


def after_run(db: Path, config: Config, *, is_try: bool = False) -> None:
    """Tell who is to be told; what cannot be told is one line, and no fault of the run."""
    if is_try or not config.alerts or not is_ours(db):
        return
    try:
        with closing(open_database(db)) as connection:
            for line in tell_alerts(connection, db, config):
                warn(f"alert not sent: {line}; {_KEPT}")
    except (EmbassyError, sqlite3.Error, OSError) as error:
        warn(f"alerts not sent: {error}; {_KEPT}")


def say_news(db: Path, since: str) -> None:
    """Say what this history has learned *since* an instant."""
    filters = dict.fromkeys(("kinds", "since", "until", "significance", "list", "before"))
    with closing(open_database(db)) as connection:
        _, rows = run_report(
            connection, "timeline", **filters, before_id=None, learned=since, most=_MOST_NEWS + 1
        )
        changes = [Change(*row) for row in rows]  # type: ignore[arg-type]  # similarity is a number
    for entry in entries_of(changes[:_MOST_NEWS]):
        for line in lines_of(entry, {}):
            warn(line)
    if len(changes) > _MOST_NEWS:
        warn(f"and more; print them with: embassy-scraper report --db {db}")
