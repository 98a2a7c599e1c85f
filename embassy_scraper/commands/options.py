"""What every verb shares: ``--db``, ``--config``, one clear line for what went wrong."""

import functools
import os
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, ParamSpec, TypeVar

import click

from embassy_scraper import stopping
from embassy_scraper.disk import true_path, what_failed
from embassy_scraper.errors import EmbassyError
from embassy_scraper.voice import conclude

REJECTED = 3
P = ParamSpec("P")
F = TypeVar("F", bound=Callable[..., Any])


def _db(context: click.Context, _parameter: click.Parameter, db: Path | None) -> Path:
    """Return the database that was named, else that of the settings, which have to be sound."""
    from embassy_scraper.commands.jobs import is_tried, sound_settings  # they ask for verbs

    if is_tried(context):
        return db or Path()
    try:
        settings = sound_settings(config_of(context))
        return true_path(Path(settings.paths.db) if db is None else db)
    except EmbassyError as error:
        fail(str(error))


def config_of(context: click.Context) -> Path | None:
    """Return the settings file that was named on the command line."""
    found: Path | None = context.params.get("config") or context.meta.get("config")
    return found


db_option = click.option(
    "--db",
    type=click.Path(dir_okay=False, path_type=Path),
    callback=_db,
    help="The database; raw captures lie in captures/ beside it.  [default: db of [paths] in"
    " embassy.toml, else data/embassy.db]",
)
_CONFIG: dict[str, Any] = {
    "type": click.Path(dir_okay=False, path_type=Path),
    "is_eager": True,
    "help": "Settings file.  [default: embassy.toml, if there is one]",
}
config_option = click.option("--config", **_CONFIG)


def _note_config(context: click.Context, _parameter: click.Parameter, config: Path | None) -> None:
    context.meta["config"] = config  # no parameter of the verb: it asks for nothing else in it


place_option = click.option("--config", **_CONFIG, expose_value=False, callback=_note_config)
output_option = click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write to this file instead of stdout.",
)


def format_option(default: str, *others: str) -> Callable[[F], F]:
    """Return ``--format`` of a verb that prints the *default* format, or one of the *others*."""
    return click.option(
        "--format",
        "format_name",
        type=click.Choice([default, *others]),
        default=default,
        show_default=True,
        help="Text for people, other formats for programs.",
    )


def voice_options(function: F) -> F:
    """Add ``--quiet`` and ``-v``, which ``as_run`` heeds."""
    quiet = click.option(
        "--quiet", is_flag=True, help="Say only what is new, and what failed: for cron."
    )
    verbose = click.option(
        "-v", "--verbose", is_flag=True, help="Say each request and its answer as well."
    )
    return quiet(verbose(function))


def one_line_errors(function: Callable[P, None]) -> Callable[P, None]:
    """Turn what could not be done into one line on stderr and exit status 1."""

    @functools.wraps(function)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            with stopping.instead_of_errors():
                function(*args, **kwargs)
        except EmbassyError as error:
            fail(str(error))
        except sqlite3.Error as error:
            advice = "check the disk and which other programs use it, then try again"
            fail(f"{kwargs.get('db', 'database')}: {what_failed(error, advice)}")
        except BrokenPipeError:
            _leave_quietly()
        except OSError as error:
            what = what_failed(error, "correct that, then run it again")
            where = "the working folder" if isinstance(error, FileNotFoundError) else "input/output"
            fail(f"{error.filename or where}: {what}")

    return wrapped


def _leave_quietly() -> NoReturn:
    """End silently: the reader of our output has closed it (``| head``)."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    raise SystemExit(0)


def fail(message: str) -> NoReturn:
    """Say *message* on stderr and end with status 1."""
    conclude(f"embassy-scraper: {message}", is_bad=True)
    raise SystemExit(1)
