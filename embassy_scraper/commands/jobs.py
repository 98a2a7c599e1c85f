"""Whether the jobs of ``embassy.toml`` can be run: known before the night in which they should."""

import shlex
from collections.abc import Iterable
from pathlib import Path

import click

from embassy_scraper.commands import main
from embassy_scraper.config import DEFAULT_FILE, Config, Job, reading_config
from embassy_scraper.errors import ConfigError
from embassy_scraper.telling.checks import check_alerts

_IS_TRIED = "embassy_scraper.is_tried"  # of a context: nothing is done but to parse its words


def is_tried(context: click.Context) -> bool:
    """Say whether the words of *context* are those of a job that is only checked."""
    return bool(context.meta.get(_IS_TRIED))


def sound_settings(path: Path | None) -> Config:
    """Return the settings at *path*, or those in force, if every verb can work with them.

    Not checked are the options of jobs: that takes each verb's own module.

    Raises:
        ConfigError: they make no sense.
    """
    config = reading_config(path)
    file = path or DEFAULT_FILE
    check_alerts(config.alerts, file)
    if config.has_own_jobs:
        for job in config.jobs:
            _verb_of(job, f"{file}: [[jobs]] {job.name}")
    return config


def check_jobs(jobs: Iterable[Job], config: Path) -> None:
    """Raise where a job's verb, options or cron expression do not exist.

    Raises:
        ConfigError: says which job of *config*, and what is wrong with it.
    """
    for job in jobs:
        where = f"{config}: [[jobs]] {job.name}"
        verb, words = _verb_of(job, where)
        context = click.Context(main)
        context.meta[_IS_TRIED] = True
        command = main.get_command(context, verb)
        assert command is not None
        try:
            command.make_context(verb, words, parent=context)
        except click.UsageError as error:
            told = f"run {job.run!r}: {error.format_message()}"
            raise ConfigError(f"{where}: {told}") from error
        except click.exceptions.Exit as error:
            told = f"run {job.run!r} only prints help; take that out"
            raise ConfigError(f"{where}: {told}") from error


def _verb_of(job: Job, where: str) -> tuple[str, list[str]]:
    """Return the verb of a *job*, and its words.

    Raises:
        ConfigError: there is none, or the job's cron expression makes no sense.
    """
    from embassy_scraper.cron import read_cron  # APScheduler takes a tenth of a second

    try:
        read_cron(job.cron)
        verb, *words = shlex.split(job.run) or [""]
    except (ConfigError, ValueError) as error:
        raise ConfigError(f"{where}: {error}") from error
    known = main.list_commands(click.Context(main))
    if verb not in known:
        raise ConfigError(f"{where}: {verb!r} is not a verb; the verbs are {', '.join(known)}")
    return verb, words
