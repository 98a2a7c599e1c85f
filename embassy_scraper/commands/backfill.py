"""``backfill``: captures from the web archives."""

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from embassy_scraper import stopping
from embassy_scraper.commands.as_run import as_run
from embassy_scraper.commands.end_of_run import tell_disagreements, tell_run
from embassy_scraper.commands.options import (
    REJECTED,
    config_option,
    db_option,
    fail,
    voice_options,
)
from embassy_scraper.commands.writing import print_line
from embassy_scraper.intake.crawler import run_spider
from embassy_scraper.intake.place import say

_ARCHIVES = ("commoncrawl", "wayback")
_WITH_TEXTS = ("commoncrawl",)
_SAID = {"failed": "failed", "skipped": "did not begin", "interrupted": "was interrupted"}


class Timestamp(click.ParamType[str]):
    """A day (``2020-11-24``) or the beginning of a timestamp (``2020``, ``20201124``)."""

    name = "when"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return *value* as the beginning of a timestamp."""
        digits = re.sub(r"[-T:Z]", "", value)
        first = digits + "00000101000000"[len(digits) :]
        if not re.fullmatch(r"(?:[0-9]{2}){2,7}", digits) or not _is_moment(first):
            self.fail(
                f"{value!r} is not a day or a timestamp; write 2020, 2020-11-24 or 20201124122200"
            )
        return digits


def _is_moment(timestamp: str) -> bool:
    try:
        datetime.strptime(timestamp, "%Y%m%d%H%M%S")
    except ValueError:
        return False
    return True


@click.command()
@click.argument("archive", type=click.Choice(_ARCHIVES))
@db_option
@config_option
@click.option("--from", "since", type=Timestamp(), help="Only captures from this time on.")
@click.option("--to", "until", type=Timestamp(), help="Only captures up to this time.")
@click.option("--family", help="Only a part of the site, such as fnapr.")
@click.option("--limit", type=click.IntRange(1), help="Fetch at most this many captures.")
@click.option("--dry-run", is_flag=True, help="Only read the index; print what would be fetched.")
@click.option("--text", is_flag=True, help="Take Common Crawl's texts (WET), not its pages.")
@voice_options
@as_run
def command(
    archive: str, db: Path, config: Path | None, dry_run: bool, text: bool, **wanted: Any
) -> None:
    """Fetch captures from the Wayback Machine, or from Common Crawl.

    What the archive offers is stored first, so a run that was interrupted continues where it
    stopped, and a second run fetches only what is missing. Bytes that are already stored are not
    fetched again, and the capture still counts as seen.

    The offers of Common Crawl's texts are stored apart. No index says where in a file a text is, so
    whole files of 70 to 200 MB are read, from the beginning until every wanted text was found: far
    more bytes than the pages take. Pages and texts make one history.

    \b
    Example:
      embassy-scraper backfill wayback --from 2018 --to 2019-06-30 --family fnapr --dry-run
      embassy-scraper backfill commoncrawl --text --from 2020 --to 2020 --limit 10
    """
    if text and archive not in _WITH_TEXTS:
        raise click.UsageError(f"--text works only with commoncrawl; {archive} has no texts")
    since, until = wanted["since"], wanted["until"]
    if since and until and since > until.ljust(14, "9"):
        raise click.UsageError("--from is later than --to; exchange them")
    name = f"{archive}-text" if text else archive
    spider = run_spider(db, config, name, dry=dry_run, **wanted)
    for failure in spider.failures:
        say(f"failed: {failure}")
    if not dry_run:
        _tell(spider, db)
    elif spider.outcome in ("complete", "partial"):
        print_line(spider.plan)
        if spider.counts.unread_rows:
            say(_unread(spider))
    stopping.check()
    _end(spider, archive, db)


def _end(spider: Any, archive: str, db: Path) -> None:
    """End with the status of the run, and say why where it is not a good one."""
    if spider.outcome == "failed" and spider.is_void() and not spider.is_broken:
        fail(
            f"{archive}: it did not answer; check [archives] in embassy.toml, or try again later;"
            f" {spider.note}"
        )
    if spider.outcome in _SAID:
        fail(f"{db}: the backfill {_SAID[spider.outcome]}; {spider.note or 'run it again'}")
    if spider.outcome == "partial":
        raise SystemExit(REJECTED)


def _tell(spider: Any, db: Path) -> None:
    """Say what came of the run."""
    counts = spider.counts
    waiting = "" if counts.waiting is None else f", {counts.waiting} still to be fetched"
    given_up = f", {counts.given_up} given up (see problems)" if counts.given_up else ""
    unread = f"; {_unread(spider)}" if counts.unread_rows else ""
    tell_run(
        spider,
        f"captures: {counts.stored} stored, {counts.same} taken without a download,"
        f" {counts.failed} failed{waiting}{given_up}{unread}",
    )
    tell_disagreements(db)


def _unread(spider: Any) -> str:
    return f"unreadable index rows: {spider.counts.unread_rows} (see problems)"
