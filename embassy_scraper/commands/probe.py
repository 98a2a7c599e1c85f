"""``probe``: how a page is read, line by line."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path

import click

from embassy_scraper.archives.saved import SavedReader, find_files
from embassy_scraper.commands.options import (
    config_option,
    db_option,
    format_option,
    one_line_errors,
)
from embassy_scraper.commands.writing import print_line, write_out
from embassy_scraper.config import Config, reading_config
from embassy_scraper.disk import why_no_file
from embassy_scraper.errors import EmbassyError
from embassy_scraper.intake.crawler import run_spider
from embassy_scraper.intake.offered_page import dated
from embassy_scraper.intake.place import captures_folder, open_history
from embassy_scraper.intake.reading import Reader
from embassy_scraper.intake.stored import raw_of, stored_captures
from embassy_scraper.items import NOT_OWN, WITHHELD, RawCapture
from embassy_scraper.pages.reading import Explained, explain_page
from embassy_scraper.pages.roles import Role
from embassy_scraper.sites.addresses import read_address
from embassy_scraper.stopping import scratch_folder
from pipelines.tables.one_capture import find_capture, newest_capture

_ADVICE = """
The parts named above are not in the history, and do not count as gone either. If the site has a new
design, describe it with a [[layout]] in embassy.toml (docs/redesign.md), and probe again.
"""


_OF_ANOTHER = """
The page shows too few marks of the site's own pages (clock, counters, headings, contacts), so
nothing on it is read, and nothing counts as gone. If this is a new design of the site, describe it
with a [[layout]] in embassy.toml (docs/redesign.md), and probe again.
"""


@click.command()
@click.argument("what", metavar="FILE, URL or CAPTURE")
@db_option
@config_option
@click.option("--url", help="The address of the page in FILE, if it does not tell it itself.")
@click.option(
    "--fetch", is_flag=True, help="Fetch the URL from the site, politely; nothing is stored."
)
@format_option("text", "json")
@one_line_errors
def command(
    what: str, db: Path, config: Path | None, url: str | None, fetch: bool, format_name: str
) -> None:
    """Show how a page is read: each line with its role, or why it was dropped.

    For a URL its newest stored capture is read. What was withheld, and why, is printed at the end.
    If the site has a new design, a [[layout]] in embassy.toml says how to read it.

    \b
    Example:
      embassy-scraper probe saved.html --url https://www.rusemb.org.uk/fnapr/6956
      embassy-scraper probe https://www.rusemb.org.uk/
      embassy-scraper probe 20180318T154400Z --format json
    """
    settings = reading_config(config)
    raw = _raw(what, db, config, settings, url, fetch=fetch)
    found = explain_page(dated(raw, settings.profile), settings.profile)
    if format_name == "json":
        write_out([json.dumps(_told(raw, found), ensure_ascii=False, indent=1), "\n"], None, db)
        return
    for line in _lines(raw, found):
        print_line(line)


def _raw(
    what: str, db: Path, config: Path | None, settings: Config, url: str | None, *, fetch: bool
) -> RawCapture:
    """Return the page that *what* names.

    Raises:
        EmbassyError: there is no such page.
    """
    if fetch:
        return _fetched(what, config, settings)
    path = Path(what)
    if path.is_file():
        return _saved(path, settings, url)
    if (why := why_no_file(path)) is not None:
        raise EmbassyError(f"{what}: {why}; name a saved page")
    if "://" not in what and not what[:1].isdigit():  # a capture's id begins with its day
        raise EmbassyError(f"{what}: no such file; name a file, a capture or a URL")
    with closing(open_history(db)) as connection:
        if "://" in what:
            address = read_address(what, settings.profile, settings.mirror)
            newest = newest_capture(connection, address.url)
            if newest is None:
                raise EmbassyError(
                    f"{what}: no capture of it is stored; use --fetch to get it from the site"
                )
            name = newest
        else:
            name = find_capture(connection, what)
        (stored,) = stored_captures(connection, name)
        return raw_of(captures_folder(db), stored, settings.profile)


def _saved(path: Path, settings: Config, url: str | None) -> RawCapture:
    """Return the page in the file *path*, as an import would take it in.

    Raises:
        EmbassyError: there is none, or it holds many.
    """
    (file,) = find_files([path])[0]
    if file.is_archive:
        raise EmbassyError(f"{path}: it holds many captures; ingest it, and probe one of them")
    reader = Reader(settings.profile, settings.mirror)
    for offer in SavedReader(reader.hosts).read(file):
        if isinstance(offer.found, RawCapture):
            found = replace(offer.found, mirror=settings.mirror)
            return replace(found, url=url, url_from=None) if url else found
        raise EmbassyError(f"{offer.found}")
    raise EmbassyError(f"{path}: no page; name a saved page, a capture or a URL")


def _fetched(url: str, config: Path | None, settings: Config) -> RawCapture:
    """Return the answer of the site for *url*; nothing of it is kept.

    Raises:
        EmbassyError: it is no address of the site, or the site gave no answer.
    """
    if read_address(url, settings.profile, settings.mirror).kind == "foreign":
        raise EmbassyError(
            f"{url} is not an address of {settings.site.base_url}; --fetch works only for that site"
            " (base_url in embassy.toml; --config names another file)"
        )
    with scratch_folder("embassy-probe-") as folder:
        spider = run_spider(folder / "probe.db", config, "probe", url=url)
    raw: RawCapture | None = spider.raw
    if raw is None:
        why = "; ".join(spider.failures) or spider.note or "the site sent no page"
        raise EmbassyError(f"{url}: {why}")
    return raw


def _lines(raw: RawCapture, found: Explained) -> Iterator[str]:
    page = found.page
    yield f"url      {raw.url or 'not known'}{f' ({raw.url_from})' if raw.url_from else ''}"
    yield f"kind     {page.kind}"
    if raw.http_status not in (None, 200):
        yield f"answer   {raw.http_status}, so the server sent no page"
    layout = f"layout {page.layout!r}" if page.layout else "text, order and links: no layout fits"
    yield f"read by  {layout}"
    yield ""
    roles = _roles(found)
    width = max((len(role.role) for role in roles), default=0)
    for role in roles:
        link = f"  → {role.href}" if role.href else ""
        yield f"{role.role:<{width}}  {role.text}{link}"
    if page.problems:
        yield from ("", "problems")
    for problem in page.problems:
        yield f"  {problem.what}, {problem.where}: {problem.text}"
    if any(problem.what == WITHHELD[0] for problem in page.problems):
        yield from _ADVICE.rstrip().split("\n")
    elif any(problem.what == NOT_OWN for problem in page.problems):
        yield from _OF_ANOTHER.rstrip().split("\n")
    if page.kind == "foreign":
        yield ""
        yield "The address is of another site than the one that is followed: no statement"
        yield "and no list on it is read."


def _roles(found: Explained) -> list[Role]:
    """Return the lines with their roles; a page that is not the site's has only that role."""
    roles = found.trace.roles
    return [role for role in roles if role.role == NOT_OWN] or roles


def _told(raw: RawCapture, found: Explained) -> dict[str, object]:
    page = found.page
    return {
        "url": raw.url,
        "kind": page.kind,
        "layout": page.layout,
        "lines": [asdict(role) for role in _roles(found)],
        "problems": [asdict(problem) for problem in page.problems],
    }
