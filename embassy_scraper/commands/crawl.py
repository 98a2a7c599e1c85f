"""``crawl``: one live round."""

from contextlib import closing
from pathlib import Path
from typing import Any

import click

from embassy_scraper import stopping
from embassy_scraper.commands.as_run import as_run
from embassy_scraper.commands.end_of_run import tell_run
from embassy_scraper.commands.options import (
    REJECTED,
    config_option,
    db_option,
    fail,
    voice_options,
)
from embassy_scraper.config import Config, reading_config
from embassy_scraper.intake.crawler import run_spider
from embassy_scraper.intake.pasted import to_paste
from embassy_scraper.intake.place import say
from embassy_scraper.spiders.reasons import advice
from embassy_scraper.voice import warn
from pipelines.tables.database import open_database
from pipelines.tables.known import has_others

_PARTS = ("all", "archive", "homepage")


@click.command()
@db_option
@config_option
@click.option(
    "--part",
    type=click.Choice(_PARTS),
    default="all",
    show_default=True,
    help="Only the homepage, or only the archive pages and the statements that are due.",
)
@click.option("--deep", is_flag=True, help="Walk every list to its end.")
@voice_options
@as_run
def command(db: Path, config: Path | None, part: str, deep: bool) -> None:
    """Fetch one live round: homepage, archive pages, statements that are due.

    Each list is walked from its head until a page shows nothing new. New statements are fetched at
    once, known ones again when they are due. embassy.toml says how slowly, and how much at most.

    \b
    Example:
      embassy-scraper crawl --part homepage
    """
    settings = reading_config(config)
    _warn(db, settings)
    more = {"deep": deep} if part != "homepage" else {}
    spider = run_spider(db, config, part, **more)
    _tell(spider)
    stopping.check()
    if spider.outcome in _SAID:
        what = f"check the disk of {db}, or try again later"
        told = _SAID[spider.outcome].format(what if spider.is_broken else advice(spider.note))
        note = f"; {spider.note}" if spider.note else ""
        fail(f"{settings.site.base_url}: the crawl {told}{note}")
    if spider.counts.failed:
        raise SystemExit(REJECTED)


def _warn(db: Path, settings: Config) -> None:
    """Say what may be wrong before Scrapy begins."""
    if settings.mirror is None and not settings.crawl.contact:
        say("the site cannot see who you are: set contact of [crawl] in embassy.toml")
    if settings.mirror is None:
        return
    with closing(open_database(db)) as connection:
        if has_others(connection, settings.mirror):
            say(
                f"{db} holds captures that are not of {settings.mirror}: its pages enter this"
                " history as the site's own; to keep them apart, name another file with --db"
            )


def _tell(spider: Any) -> None:
    """Say what came of the round."""
    for failure in spider.failures:
        warn(f"could not be read: {failure}")
    counts = spider.counts
    tell_run(
        spider,
        f"requests: {counts.requests}; captures: {counts.stored} stored,"
        f" {counts.unchanged} unchanged, {counts.failed} failed, {counts.left} left",
    )
    if counts.unread and spider.outcome != "failed":
        warn(
            f"WARNING: {counts.unread} pages do not look like the site's pages: the site may block"
            f" this program, or have a new design; run {to_paste('problems')}"
        )


_SAID = {
    "failed": "failed; {}",
    "skipped": "did not begin",
    "interrupted": "was interrupted; run it again",
}
