"""What every verb does that adds to the history: heed how loud it shall be, then tell the news."""

import functools
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from embassy_scraper.commands.options import one_line_errors
from embassy_scraper.commands.writing import refuse_own
from embassy_scraper.config import DEFAULT_FILE, Config, read_config
from embassy_scraper.errors import DatabaseError, EmbassyError
from embassy_scraper.intake.pasted import to_paste
from embassy_scraper.telling.alerts import tell_alerts
from embassy_scraper.telling.checks import check_alerts
from embassy_scraper.telling.feed import keep_feed, learned_entries
from embassy_scraper.telling.message import lines_of
from embassy_scraper.voice import logged, one_run, warn
from pipelines.tables.database import is_ours, open_as_it_stands, open_database
from pipelines.tables.runs import learned_since, now

_MOST_NEWS = 100  # changes that a quiet run prints


def as_run(function: Callable[..., None]) -> Callable[..., None]:
    """Return a verb that tells its news once it has ended, well or not.

    What could not be done, by the verb or around it, is one line on stderr and exit status 1.
    """

    @one_line_errors
    @functools.wraps(function)
    def wrapped(*args: Any, **kwargs: Any) -> None:
        is_quiet, is_verbose = kwargs.pop("quiet", False), kwargs.pop("verbose", False)
        db, path = kwargs["db"], kwargs["config"]
        config = read_config(path)
        check_alerts(config.alerts, path or DEFAULT_FILE)
        refuse_log(config, db)
        news = News(db)
        is_try = kwargs.get("dry_run", False)
        with logged(config.log, is_verbose=is_verbose), one_run(is_quiet=is_quiet):
            try:
                one_line_errors(function)(*args, **kwargs)
            except SystemExit:
                after_run(db, config, is_try=is_try)
                raise
            after_run(db, config, is_try=is_try)
            if is_quiet and not is_try:
                news.say(config)

    return wrapped


def refuse_log(config: Config, db: Path) -> None:
    """Refuse as the log's file one of the history *db*, or of the settings.

    Raises:
        OutputError: it is one.
    """
    if config.log.file:
        profile = [Path(config.site.profile)] if config.site.profile else []
        refuse_own(Path(config.log.file), db, *profile, role="a log ([log] file)")


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
                warn(f"alert not sent: {line}; {_kept()}")
        except (EmbassyError, sqlite3.Error) as error:
            warn(f"alerts not sent: {error}; {_kept()}")


def _kept() -> str:
    return f"it is kept, and sent with the next run, or by {to_paste('tell')}"


class News:
    """What the history of *db* learns from now on."""

    def __init__(self, db: Path) -> None:
        """Remember what it has learned in this very second."""
        self._db, self._since = db, now()
        self._known = self._learned() if is_ours(db) else frozenset()

    def _learned(self) -> frozenset[str]:
        with closing(open_as_it_stands(self._db)) as connection:
            return learned_since(connection, self._since)

    def say(self, config: Config) -> None:
        """Say what is new, as far as it can be read at a glance."""
        with closing(open_database(self._db)) as connection:
            entries = learned_entries(connection, self._since, _MOST_NEWS + 1, self._known)
        for entry in entries:
            for line in lines_of(entry, config.profile.list_headings):
                warn(line)
        if sum(len(entry.changes) for entry in entries) > _MOST_NEWS:
            warn(f"and more; print them with: {to_paste('report')}")
