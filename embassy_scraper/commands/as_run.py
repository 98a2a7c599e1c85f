"""What every verb does that adds to the history: heed how loud it shall be, then tell the news."""

import functools
import sqlite3
from collections.abc import Callable
from contextlib import closing, nullcontext
from pathlib import Path
from typing import Any

from embassy_scraper.commands.options import fail
from embassy_scraper.config import DEFAULT_FILE, Config, read_config
from embassy_scraper.errors import DatabaseError, EmbassyError
from embassy_scraper.telling.alerts import tell_alerts
from embassy_scraper.telling.checks import check_alerts
from embassy_scraper.telling.feed import keep_feed, learned_entries
from embassy_scraper.telling.message import lines_of
from embassy_scraper.telling.names import headings_of
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
                say_news(db, begun, config)

    return wrapped


def after_run(db: Path, config: Config, *, is_try: bool = False) -> None:
    """Keep the feed, and tell who is to be told.

    What cannot be told is one line, and no fault of the run.
    """
    if is_try or not is_ours(db):
        return
    try:
        connection = open_database(db)
    except DatabaseError:  # the verb itself has said why
        return
    with closing(connection):
        try:
            keep_feed(connection, db, config)
        except (EmbassyError, sqlite3.Error) as error:
            warn(f"the feed was not written: {error}")
        try:
            for line in tell_alerts(connection, db, config) if config.alerts else ():
                warn(f"alert not sent: {line}; {_KEPT}")
        except (EmbassyError, sqlite3.Error) as error:
            warn(f"alerts not sent: {error}; {_KEPT}")


def say_news(db: Path, since: str, config: Config) -> None:
    """Say what this history has learned *since* an instant."""
    with closing(open_database(db)) as connection:
        entries = learned_entries(connection, since, _MOST_NEWS + 1)
    for entry in entries:
        for line in lines_of(entry, headings_of(config)):
            warn(line)
    if sum(len(entry.changes) for entry in entries) > _MOST_NEWS:
        warn(f"and more; print them with: embassy-scraper report --db {db}")
