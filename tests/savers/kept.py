"""The table of savers, and how all of them save the site at the same time."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from embassy_scraper.replica import Replica
from tests.live import forked
from tests.live.many import write_config
from tests.peers.servers import PYWB
from tests.savers import archives, browser, fetchers, packers, text_browsers
from tests.savers.moment import Site, standing
from tests.savers.truth import Facts, facts_of
from tests.web.chromium import CHROMIUM
from tests.world import program

Save = Callable[[Site, Path], None]
_LATER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Saver:
    """A way to save pages, who tells their URLs and instants then, and what it needs.

    ``tells`` is how much of the pages its files still tell: "all", "part" (with problems that say
    what is withheld) or "nothing" (with problems that say why). ``numbers``: its files are
    ``page-0`` and so on, in the order of the addresses. ``is_read``: without a manifest, too, its
    files are captures, be it of pages that tell nothing. ``waiting`` of its records repeat an
    answer that is in none of them: an import rejects them at its end, a dry run does not see it.
    """

    save: Save
    url_from: str | None
    instant_from: str | None
    needs: tuple[str, ...]
    tells: str = "all"
    numbers: bool = False
    is_read: bool = True
    waiting: int = 0

    @property
    def name(self) -> str:
        return self.save.__name__

    @property
    def lacks(self) -> str | None:
        """Say what is not here of what it needs, and how to have it."""
        return next((_HINTS[one] for one in self.needs if not _IS_HERE[one]), None)


_PROGRAMS = ("wget", "curl", "httrack", "lynx", "w3m", "pdftotext", "zstd")
_IS_HERE: dict[str, bool] = {name: shutil.which(name) is not None for name in _PROGRAMS} | {
    "chromium": CHROMIUM is not None,
    "pywb": (PYWB / "bin" / "wayback").exists(),
    "wacz": (PYWB / "bin" / "wacz").exists(),
    "warcit": (PYWB / "bin" / "warcit").exists(),
    "waybackpack": (PYWB / "bin" / "waybackpack").exists(),
    "single-file": browser.SINGLE_FILE is not None,
}
_PACKAGES = {"pdftotext": "poppler-utils"}
_HINTS = {
    name: f"{name} is not here; apt-get install {_PACKAGES.get(name, name)}"
    for name in (*_PROGRAMS, "chromium")
} | {name: f"{name} is not here; make peers" for name in _IS_HERE if name not in _PROGRAMS}
_REPLAYED = ("wget", "pywb", "chromium")

SAVERS = (
    Saver(fetchers.wget_mirror, "folder", "clock", ("wget",)),
    Saver(fetchers.wget_folders, "folder", "clock", ("wget",)),
    Saver(fetchers.wget_html_names, "folder", "clock", ("wget",)),
    Saver(fetchers.wget_for_reading, "folder", "clock", ("wget",)),
    Saver(fetchers.wget_flat, None, "clock", ("wget",)),
    Saver(fetchers.wget_headers, "folder", "response", ("wget",)),
    Saver(fetchers.wget_warc, "record", "record", ("wget",)),
    Saver(fetchers.curl_headers, None, "response", ("curl",), numbers=True),
    Saver(fetchers.httrack, "saver", "saver", ("httrack",)),
    Saver(browser.chromium_dom, None, "clock", ("chromium",), numbers=True),
    Saver(browser.chromium_page, "saver", "clock", ("chromium",), numbers=True),
    Saver(browser.chromium_mhtml, "record", "record", ("chromium",), numbers=True),
    Saver(browser.chromium_text, None, "clock", ("chromium",), tells="part", numbers=True),
    Saver(browser.chromium_pdf, None, None, ("chromium",), tells="nothing", is_read=False),
    Saver(browser.pdftotext, None, "clock", ("chromium", "pdftotext"), tells="part", numbers=True),
    Saver(browser.single_file, "saver", "saver", ("chromium", "single-file"), numbers=True),
    Saver(text_browsers.lynx, None, None, ("lynx",), tells="part", numbers=True, is_read=False),
    Saver(text_browsers.lynx_bare, None, "clock", ("lynx",), tells="part", numbers=True),
    Saver(text_browsers.w3m, None, None, ("w3m",), tells="part", numbers=True, is_read=False),
    Saver(packers.wacz, "record", "record", ("wget", "wacz")),
    Saver(packers.zstd, "record", "record", ("wget", "zstd")),
    Saver(packers.warcit, "record", "record", ("wget", "warcit"), waiting=1),
    Saver(packers.warcit_of_bare_names, "record", "record", ("wget", "warcit"), waiting=1),
    Saver(packers.gzip, "folder", "clock", ("wget",)),
    Saver(packers.wget_compressed, "folder", "clock", ("wget",)),
    Saver(packers.tar, None, None, ("wget",), tells="nothing", is_read=False),
    Saver(archives.pywb_pages, "archive", "archive", ("wget", "pywb")),
    Saver(archives.pywb_raw, "folder", "folder", ("wget", "pywb")),
    Saver(archives.pywb_frames, "folder", "folder", ("wget", "pywb"), tells="nothing"),
    Saver(archives.pywb_warc, "record", "archive", ("wget", "pywb")),
    Saver(archives.pywb_dom, "archive", "archive", _REPLAYED, numbers=True),
    Saver(archives.pywb_mhtml, "record", "archive", _REPLAYED),
    Saver(archives.pywb_single_file, "saver", "archive", (*_REPLAYED, "single-file")),
    Saver(archives.waybackpack, "folder", "folder", ("wget", "pywb", "waybackpack")),
    Saver(archives.wayback_downloader, "folder", "clock", ("curl",)),
    Saver(archives.wayback_downloader_all, "folder", "folder", ("curl",)),
    Saver(archives.wayback_pages, "archive", "archive", ("curl",), numbers=True),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moment:
    """What was saved at one moment: a folder for each saver, and what ``crawl`` says by then."""

    site: Site
    folders: dict[str, Path]
    faults: dict[str, Exception]
    truth: Facts

    def folder(self, saver: Saver) -> Path:
        """Return what *saver* saved; raise what came in its way."""
        if saver.name in self.faults:
            raise self.faults[saver.name]
        return self.folders[saver.name]


@dataclass(frozen=True, slots=True)
class Kept:
    """Two moments with one edit between them, and the crawl that saw both."""

    before: Moment
    after: Moment
    crawl: Path


def keep(root: Path) -> Kept:
    """Save the site in every way that there is on this machine, twice, below *root*."""
    with standing() as (replica, site):
        before = _keep_one(root / "before", replica, site, root / "crawl")
        crawled = root / "crawl-before"
        shutil.copytree(root / "crawl" / "captures", crawled)
        replica.move_to(site.moment + _LATER)
        later = replace(site, moment=replica.now)
        return Kept(before, _keep_one(root / "after", replica, later, root / "crawl"), crawled)


def _keep_one(folder: Path, replica: Replica, site: Site, crawl: Path) -> Moment:
    crawl.mkdir(exist_ok=True, parents=True)
    db = crawl / "embassy.db"
    config = write_config(crawl, replica.url, recheck_first=0.0)
    words = ("crawl", "--deep", "--db", str(db), "--config", str(config))
    done = forked.run(crawl, *words)
    assert done.returncode == 0, done.stderr
    urls = [str(url) for (url,) in program.query(db, "SELECT DISTINCT url FROM captures")]
    site = replace(site, paths=tuple(sorted(url.partition(".uk")[2] for url in urls)))
    with ExitStack() as servers:
        if _IS_HERE["pywb"]:
            site = servers.enter_context(archives.archived(site, folder / "pywb"))
        moment = Moment(site, {}, {}, facts_of(db))
        workers = servers.enter_context(ThreadPoolExecutor(4))
        for saver in SAVERS:
            if saver.lacks is None:
                workers.submit(_save, saver, moment, folder / saver.name / "saved")
    return moment


def _save(saver: Saver, moment: Moment, folder: Path) -> None:
    folder.mkdir(parents=True)
    moment.folders[saver.name] = folder
    try:
        saver.save(moment.site, folder)
    except Exception as error:  # noqa: BLE001, it is raised again in the saver's own test
        moment.faults[saver.name] = error
