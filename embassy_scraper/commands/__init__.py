"""The front door: one verb a file, imported only when it is asked for."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import click
from click.shell_completion import CompletionItem

from embassy_scraper import stopping
from embassy_scraper.visible import as_line

_VERBS = {
    "as-of": "Print what the site showed at an instant.",
    "coverage": "Print the spans of time in which a change could have been missed.",
    "backfill": "Fetch captures from the Wayback Machine, or from Common Crawl.",
    "config": "Print the settings in force, with a comment to every key.",
    "schedule": "Run the jobs of embassy.toml on time, or print them as crontab lines.",
    "status": "Show last and next runs, and what is overdue or withheld.",
    "crawl": "Fetch one live round: homepage, archive pages, statements that are due.",
    "demo": "Crawl a replica of the site at several moments, and print the report.",
    "evidence": "Write one zip that proves one change without this program.",
    "ingest": "Import saved captures: pages, texts and archives of pages, and folders of them.",
    "probe": "Show how a page is read: each line with its role.",
    "problems": "Print what could not be read, by kind and newest first.",
    "rebuild": "Derive everything again from the raw captures.",
    "report": "Print what changed, between which two instants.",
    "serve": "Serve the history in a browser.",
    "retract": "Take captures out of the history for a stated reason, or bring them back.",
    "show": "Show one capture: what was read from it, and where it came from.",
    "tell": "Send alerts that wait, and tell when there was no complete round.",
    "verify": "Check every stored byte and derived row against the raw captures.",
}

_UNTIL_A_SIGNAL = {"schedule", "serve"}
_VERB = "embassy_scraper.verb"  # where a context keeps the verb that it was asked for


@contextmanager
def _one_line_usage() -> Iterator[None]:
    """Let what click says of a command line, which repeats its words, be one line."""
    try:
        yield
    except click.ClickException as error:
        vars(error)["message"] = as_line(error.message)
        raise


class Verbs(click.Group):
    """The verbs; ``--help`` lists them without importing any."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run a verb; nothing that a stranger wrote reaches the terminal as it is."""
        from embassy_scraper.streams import made_safe

        with made_safe():
            try:
                return super().main(*args, **kwargs)
            except OSError as error:  # of ``--help``: verbs tell themselves what failed
                from embassy_scraper.commands.options import fail
                from embassy_scraper.disk import what_failed

                fail(f"stdout: {what_failed(error, 'correct that, then run it again')}")

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Return the context of a command line; what is wrong with it is told in one line."""
        with _one_line_usage():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the verb of *ctx*; what is wrong with its arguments is told in one line.

        What a signal breaks off ends with one line too; what runs until one comes, with status 0.
        """
        with stopping.heard(), _one_line_usage():
            try:
                return super().invoke(ctx)
            except stopping.Stopped as stopped:
                from embassy_scraper.voice import show  # not for ``--help``

                stopping.said()
                if ctx.meta.get(_VERB) in _UNTIL_A_SIGNAL:
                    raise SystemExit(0) from None
                show(f"embassy-scraper: {stopped}; {stopping.advice()}")
                raise SystemExit(1) from None

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all verbs."""
        return sorted(_VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the verb called *cmd_name*."""
        if cmd_name not in _VERBS:
            return None
        module = import_module(f"embassy_scraper.commands.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the verb that *args* begin with; where there is none, name the nearest."""
        ctx.meta[_VERB] = args[0]
        if args[0] not in _VERBS and not args[0].startswith("-"):
            from difflib import get_close_matches  # only where something is misspelt

            near = get_close_matches(args[0], _VERBS, 1)
            ctx.fail(
                f"there is no verb {args[0]!r}"
                + (f"; did you mean {near[0]}?" if near else "; --help lists them")
            )
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of verbs."""
        with formatter.section("Commands"):
            formatter.write_dl(sorted(_VERBS.items()))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return what may stand here, as a shell completes it, without importing any verb."""
        found = [
            CompletionItem(verb, help=what)
            for verb, what in sorted(_VERBS.items())
            if verb.startswith(incomplete)
        ]
        return found + click.Command.shell_complete(self, ctx, incomplete)


@click.command(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="embassy-scraper", prog_name="embassy-scraper")
def main() -> None:
    """Follow what the Russian Embassy in London says online, and what it changes afterwards.

    It records captures of the site and reports what changed between them; it does not judge.

    \b
    Example:
      embassy-scraper ingest captures/
      embassy-scraper report
    """
