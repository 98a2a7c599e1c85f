"""``ingest``: import saved captures."""

from pathlib import Path

import click

from embassy_scraper.archives import WhyLeftOut, quoted
from embassy_scraper.archives.manifest import read_list, unread_columns
from embassy_scraper.archives.saved import SavedFile, find_files
from embassy_scraper.archives.side_files import told_sides
from embassy_scraper.commands.as_run import as_run
from embassy_scraper.commands.end_of_run import end_of_run_line, tell_disagreements
from embassy_scraper.commands.options import (
    REJECTED,
    config_option,
    db_option,
    voice_options,
)
from embassy_scraper.commands.writing import print_line
from embassy_scraper.config import reading_config
from embassy_scraper.errors import ManifestError
from embassy_scraper.intake.engine import NO_ADDRESS, Intake
from embassy_scraper.intake.files import Readers, ingest
from embassy_scraper.intake.pasted import to_paste
from embassy_scraper.intake.place import say
from embassy_scraper.intake.progress import begin
from embassy_scraper.intake.reading import Reader
from embassy_scraper.intake.trial import Trial
from embassy_scraper.voice import conclude

_LEFT_OUT: dict[WhyLeftOut, str] = {
    "another site": "records of other sites",
    "no page": "records that hold no page of a web site (look-ups, logs, views)",
    "unknown kind": "records of a kind that this program does not know",
}


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@db_option
@config_option
@click.option(
    "--list",
    "lists",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Import the files named in this file, one on each line, below its folder.",
)
@click.option(
    "--jobs",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="Read in this many processes.",
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
@click.option(
    "--dry-run", is_flag=True, help="Print what would be read, as what, and why not; store nothing."
)
@voice_options
@as_run
def command(
    paths: tuple[Path, ...],
    db: Path,
    config: Path | None,
    lists: tuple[Path, ...],
    jobs: int,
    engine: str,
    scheduler: str | None,
    only_site: bool,
    dry_run: bool,
) -> None:
    """Import saved captures: pages, texts and archives of pages, and folders of them.

    What a file is, is seen from how it begins: HTML, the visible text of a page, MHTML, an HTTP
    answer with its head (curl -i), WARC, WET, ARC, each also packed by gzip or zstd; WACZ.

    A manifest.tsv in a folder gives file, url and, optionally, captured_at; what it does not give
    is taken from the file, its place, or the clock on its page. An import that was interrupted
    goes on when it is run again.

    \b
    Example:
      embassy-scraper ingest --dry-run saved/
      embassy-scraper ingest saved/ crawl-2022.warc.gz
      embassy-scraper ingest --list warc.paths.gz --only-site --jobs 8
      embassy-scraper ingest crawl/ --engine dask --scheduler tcp://10.0.0.5:8786
    """
    if scheduler is not None and engine != "dask":
        raise click.UsageError("--scheduler names a Dask cluster; add --engine dask")
    settings = reading_config(config)
    files = _find(paths, lists)
    reader = Reader(settings.profile, settings.mirror, only_site)
    if dry_run:
        is_whole = _try(files, db, reader)
    else:
        is_whole = _take(files, db, reader, Readers(jobs, engine == "dask", scheduler))
    if not is_whole:
        raise SystemExit(REJECTED)


def _find(paths: tuple[Path, ...], lists: tuple[Path, ...]) -> list[SavedFile]:
    """Return the files to read, and say what is passed over."""
    if not paths and not lists:
        raise click.UsageError("name a PATH to import, or a --list of them")
    named = (*paths, *(path for file in lists for path in read_list(file)))
    begin("looking at the files")
    files, sides = find_files(named)
    if not files:
        say("nothing to import: no page, text or archive of pages found")
    elif all(one.kind == "manifest" for one in files) and not any(map(Path.is_dir, named)):
        _refuse_manifest(files[0].path)
    for one in files:
        if one.kind == "manifest" and (columns := unread_columns(one.path)):
            say(f"{one.path}: columns that are not read: {', '.join(columns)}")
    if sides:
        say(told_sides(one.kind for one in sides))
    return files


def _refuse_manifest(path: Path) -> None:
    """Raise where nothing but manifests, the first of them *path*, was named.

    Raises:
        ManifestError: always.
    """
    folder = to_paste(f"ingest {quoted(path.parent)}")
    raise ManifestError(f"{path}: a manifest only names files; name its folder: {folder}")


def _try(files: list[SavedFile], db: Path, reader: Reader) -> bool:
    """Print what an import of *files* would take in, and say whether that is all of it."""
    trial = Trial(db, reader, say)
    for line in trial.lines(files):
        print_line(line)
    counts = ", ".join(f"{count} {name}" for name, count in trial.counts.items())
    conclude(f"nothing was stored; there are: {counts or 'no captures'}")
    return not trial.counts["rejected"]


def _take(files: list[SavedFile], db: Path, reader: Reader, readers: Readers) -> bool:
    """Import *files*, tell what became of the captures, and say whether all were stored."""
    intake = ingest(files, db, reader, readers, say)
    tally = intake.tally
    if intake.withheld is not None:
        say(end_of_run_line(tally.withheld, tally.stored, intake.withheld))
    if tally.left_out:
        _tell_left_out(intake)
    for what, count in sorted(intake.doubtful.items()):
        if count:
            say(f"{what}: {count} of {tally.stored} captures; {_what_to_do(what)}")
    if tally.stored:
        tell_disagreements(db)
    conclude(
        f"captures: {tally.stored} stored, {tally.known} known, {tally.rejected} rejected;"
        f" changes: {tally.changes}"
    )
    return not tally.rejected


def _what_to_do(doubt: str) -> str:
    """Return what to do about captures whose address or instant is in *doubt*."""
    if doubt == NO_ADDRESS:
        return "without it no withdrawal can be seen: give their url in a manifest.tsv"
    look = to_paste(f'problems --kind "{doubt}"')
    return f"look at them with: {look}"


def _tell_left_out(intake: Intake) -> None:
    """Say how many records were left out, and what to do where none is of this site."""
    tally = intake.tally
    for why, words in _LEFT_OUT.items():
        if count := intake.left_out[why]:
            say(f"{words}, left out: {count}")
    others = intake.left_out["another site"]
    base, count = intake.others.most_common(1)[0] if others else ("", 0)
    if base and not (tally.stored or tally.known or tally.rejected):
        say(
            f"no record is of this site; most are of {base} ({count} of {others}): if that"
            " is a mirror of it, set base_url of [site] in embassy.toml, or name other settings"
            " with --config"
        )
