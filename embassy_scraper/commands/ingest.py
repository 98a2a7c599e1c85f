"""``ingest``: import saved captures."""

from collections.abc import Iterator
from pathlib import Path

import click

from embassy_scraper.archives import Offer
from embassy_scraper.archives.saved import SavedFile, SavedReader, find_files
from embassy_scraper.commands.intake import Intake, Tally, settle_and_count
from embassy_scraper.commands.options import (
    REJECTED,
    captures_folder,
    config_option,
    db_option,
    one_line_errors,
    writer_lock,
)
from embassy_scraper.commands.progress import Bar
from embassy_scraper.config import read_config
from pipelines.runs import Run, count_changes
from pipelines.schema import open_database


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@db_option
@config_option
@click.option(
    "--jobs",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="Read pages in so many processes.",
)
@one_line_errors
def command(paths: tuple[Path, ...], db: Path, config: Path | None, jobs: int) -> None:
    """Import saved captures: folders, .html, .txt, .warc[.gz], .wet[.gz], .wacz.

    A manifest.tsv in a folder gives file, url and, optionally, captured_at. A file that is not
    in it has no URL; a capture without an instant takes that of the clock on its page.

    \b
    Example:
      embassy-scraper ingest captures/ crawl-2022.warc.gz
    """
    tally = ingest(paths, db, config, jobs)
    click.echo(
        f"captures: {tally.stored} stored, {tally.known} known, {tally.rejected} rejected;"
        f" changes: {tally.changes}",
        err=True,
    )
    if tally.rejected:
        raise SystemExit(REJECTED)


def ingest(paths: tuple[Path, ...], db: Path, config: Path | None, jobs: int = 1) -> Tally:
    """Import *paths* into *db*; return what became of the captures.

    Raises:
        EmbassyError: it could not be done; what was stored so far stays.
    """
    mirror = read_config(config).mirror
    files, passed = find_files(paths)
    if not files:
        click.echo("nothing to import: no .html, .txt, .warc, .wet or .wacz there", err=True)
    for other in passed:
        click.echo(f"passed over: {other.path}: not a kind of file that holds captures", err=True)
    with writer_lock(db):
        connection = open_database(db)
        try:
            run = Run(connection, "ingest")
            before = count_changes(connection)
            intake = Intake(
                connection,
                captures_folder(db),
                mirror=mirror,
                say=lambda t: click.echo(t, err=True),
                jobs=jobs,
            )
            with Bar("reading", sum(_size(file) for file in files)) as bar:
                intake.take(_offers(files, bar))
            with Bar("comparing", None) as bar:
                settle_and_count(connection, intake.tally, before, bar.show)
            run.finish(intake.tally.outcome(), intake.tally.counts())
        finally:
            connection.close()
    return intake.tally


def _size(file: SavedFile) -> int:
    return file.path.stat().st_size if file.path.is_file() else 0


def _offers(files: list[SavedFile], bar: Bar) -> Iterator[Offer]:
    reader = SavedReader()
    done = 0
    for file in files:
        for offer in reader.read(file):
            yield offer
            bar.show("reading", done + (int(offer.where) if offer.where.isdigit() else 0))
        done += _size(file)
        bar.show("reading", done)
