"""Whether the jobs of ``embassy.toml`` can be run: known before the night in which they should."""

import shlex
from collections.abc import Iterable
from pathlib import Path

import click

from embassy_scraper.commands import main
from embassy_scraper.config import Job
from embassy_scraper.cron import read_cron
from embassy_scraper.errors import ConfigError


def check_jobs(jobs: Iterable[Job], config: Path) -> None:
    """Raise where a job's verb, options or cron expression do not exist.

    Raises:
        ConfigError: says which job of *config*, and what is wrong with it.
    """
    for job in jobs:
        where = f"{config}: [[jobs]] {job.name}"
        try:
            read_cron(job.cron)
            verb, *words = shlex.split(job.run) or [""]
        except (ConfigError, ValueError) as error:
            raise ConfigError(f"{where}: {error}") from error
        context = click.Context(main)
        command = main.get_command(context, verb)
        if command is None:
            known = ", ".join(main.list_commands(context))
            raise ConfigError(f"{where}: {verb!r} is not a verb; the verbs are {known}")
        try:
            command.make_context(verb, words)
        except click.UsageError as error:
            raise ConfigError(f"{where}: run {job.run!r}: {error.format_message()}") from error
