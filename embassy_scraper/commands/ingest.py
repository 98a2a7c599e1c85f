"""``ingest``: import saved captures."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import click

from embassy_scraper.archives.manifest import read_list
from embassy_scraper.archives.saved import SavedFile, SavedReader, find_files
from embassy_scraper.archives.shards import Shard, cut, size_of, whole
from embassy_scraper.commands.options import (
    REJECTED,
    captures_folder,
    config_option,
    db_option,
    one_line_errors,
    writer_lock,
)
from embassy_scraper.commands.progress import Bar
from embassy_scraper.commands.withheld import end_of_run_line
from embassy_scraper.config import reading_config
from embassy_scraper.errors import EmbassyError, RawCapturesLost
from embassy_scraper.intake.anew import open_door
from embassy_scraper.intake.engine import Intake, Tally, settle_and_count, tell_disagreements
from embassy_scraper.intake.reading import Piece, Reading, collect_garbage_seldom
from pipelines.tables.database import open_database
from pipelines.tables.runs import Run, count_changes
from pipelines.tables.site_and_reader import profile_of, refuse_other_site

_MANY = 4  # files a process, which keep them all busy


@dataclass(frozen=True, slots=True)
class Engine:
    """Who reads: this process, *jobs* others, or the workers of a Dask *scheduler*."""

    jobs: int = 1
    is_dask: bool = False
    scheduler: str | None = None

    @property
    def is_alone(self) -> bool:
        """Say whether this process reads by itself."""
        return self.jobs == 1 and not self.is_dask

    def shards(self, files: list[SavedFile], *, only_site: bool) -> Iterator[Shard]:
        """Return *files* in parts for those who read.

        To cut a file takes about as long as to pass over its records, so many files of which few
        records are wanted are left whole.
        """
        is_much = self.scheduler is not None or len(files) >= _MANY * self.jobs
        return whole(files) if self.is_alone or (only_site and is_much) else cut(files)

    def pieces(self, shards: Iterator[Shard], reading: Reading) -> Iterator[Piece]:
        """Yield what *shards* say."""
        if self.is_dask:
            from embassy_scraper.intake.cluster import read_in_cluster  # 1 s

            return read_in_cluster(shards, reading, self.scheduler, self.jobs)
        if self.is_alone:
            saved = SavedReader()
            return (piece for shard in shards for piece in reading.pieces(shard, saved=saved))
        from embassy_scraper.intake.workers import read_in_processes

        return read_in_processes(shards, reading, self.jobs)


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@db_option
@config_option
@click.option(
    "--list",
    "lists",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Import the files that this file names, one a line, below its own folder.",
)
@click.option(
    "--jobs",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="Read in so many processes.",
)
@click.option(
    "--engine",
    type=click.Choice(["local", "dask"]),
    default="local",
    show_default=True,
    help="Read on this machine, or on the workers of a Dask cluster.",
)
@click.option("--scheduler", help="The cluster: tcp://host:port.  [default: --jobs workers here]")
@click.option("--only-site", is_flag=True, help="Leave out records of other sites.")
@one_line_errors
def command(
    paths: tuple[Path, ...],
    db: Path,
    config: Path | None,
    lists: tuple[Path, ...],
    jobs: int,
    engine: str,
    scheduler: str | None,
    only_site: bool,
) -> None:
    """Import saved captures: folders, .html, .txt, .warc[.gz], .wet[.gz], .wacz.

    A manifest.tsv in a folder gives file, url and, optionally, captured_at. A file that is not
    in it has no URL; a capture without an instant takes that of the clock on its page.

    An import that was cut short, run again, goes on behind the parts of large files that are
    stored already.

    \b
    Example:
      embassy-scraper ingest captures/ crawl-2022.warc.gz
      embassy-scraper ingest --list warc.paths.gz --only-site --jobs 8
      embassy-scraper ingest crawl/ --engine dask --scheduler tcp://10.0.0.5:8786
    """
    if not paths and not lists:
        raise click.UsageError("name a PATH to import, or a --list of them")
    if scheduler is not None and engine != "dask":
        raise click.UsageError("--scheduler names a Dask cluster; add --engine dask")
    named = (*paths, *(path for file in lists for path in read_list(file)))
    tally = ingest(named, db, config, Engine(jobs, engine == "dask", scheduler), only_site)
    if tally.stored:
        tell_disagreements(db)
    click.echo(
        f"captures: {tally.stored} stored, {tally.known} known, {tally.rejected} rejected;"
        f" changes: {tally.changes}",
        err=True,
    )
    if tally.rejected:
        raise SystemExit(REJECTED)


def ingest(
    paths: tuple[Path, ...],
    db: Path,
    config: Path | None,
    engine: Engine | None = None,
    only_site: bool = False,
) -> Tally:
    """Import *paths* into *db*; return what became of the captures.

    Raises:
        EmbassyError: it could not be done; what was stored so far stays.
    """
    engine = engine or Engine()
    collect_garbage_seldom()
    told = reading_config(config)
    reading = Reading(told.profile, told.mirror, only_site)
    files, passed = find_files(paths)
    if not files:
        click.echo("nothing to import: no .html, .txt, .warc, .wet or .wacz there", err=True)
    for other in passed:
        click.echo(f"passed over: {other.path}: not a kind of file that holds captures", err=True)
    with writer_lock(db):
        connection = open_database(db)
        refuse_other_site(connection, told.profile, db)  # a refusal is no run
        run = Run(connection, "ingest")
        intake = Intake(
            connection, captures_folder(db), reading, say=lambda t: click.echo(t, err=True)
        )
        try:
            _open_door(connection, db, reading, files)
            before = count_changes(connection)
            with Bar(sum(map(size_of, files))) as bar:
                shards = intake.to_read(engine.shards(files, only_site=only_site))
                pieces = engine.pieces(shards, reading)
                intake.take(_shown(pieces, bar), settles=not engine.is_alone)
            with Bar(None) as bar:
                settle_and_count(connection, intake.tally, before, bar.show)
            run.finish(intake.tally.outcome(), intake.tally.counts())
            if intake.withheld is not None:
                tally = intake.tally
                click.echo(end_of_run_line(tally.withheld, tally.stored, intake.withheld), err=True)
            if intake.tally.left_out:
                _tell_left_out(intake.tally, intake.others)
        except EmbassyError as error:
            run.finish("failed", intake.tally.counts(), str(error))
            raise
        finally:
            connection.close()
    return intake.tally


def _open_door(
    connection: sqlite3.Connection, db: Path, reading: Reading, files: list[SavedFile]
) -> None:
    """Open the door; where lost raw records keep it shut, those among *files* are taken first.

    They are known by the ids that the profile of before gave them.

    Raises:
        EmbassyError: as ``open_door``.
    """
    try:
        open_door(connection, db, reading.profile)
    except RawCapturesLost as error:
        of_before = replace(reading, profile=profile_of(connection))
        saved = SavedReader()
        pieces = (one for shard in whole(files) for one in of_before.pieces(shard, saved=saved))
        intake = Intake(connection, captures_folder(db), of_before, say=lambda told: None)
        count = intake.restore(pieces, error.captures)
        if not count:
            raise
        click.echo(f"raw records restored: {count} of {len(error.captures)}", err=True)
        open_door(connection, db, reading.profile)


def _tell_left_out(tally: Tally, others: Counter[str]) -> None:
    """Say how many records were left out, and what to do where none is of this site."""
    click.echo(f"records of other sites, left out: {tally.left_out}", err=True)
    base, count = others.most_common(1)[0]
    if base and not (tally.stored or tally.known or tally.rejected):
        click.echo(
            f"no record is of this site; most are of {base} ({count} of {tally.left_out}): if that"
            " is a mirror of it, set base_url of [site] in embassy.toml, or name the settings that"
            " do with --config",
            err=True,
        )


def _shown(pieces: Iterator[Piece], bar: Bar) -> Iterator[Piece]:
    """Yield *pieces*, and let the *bar* show how many bytes of all files are done."""
    done = 0
    for piece in pieces:
        yield piece
        bar.show("reading", done + piece.at)
        done += piece.shard.size if piece.is_last else 0
