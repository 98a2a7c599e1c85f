"""Savers that pack what others fetched: WACZ, warcit, gzip, zstd."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.peers.servers import PYWB
from tests.savers.fetchers import run_tool, wget, wget_folders, wget_html_names, wget_warc
from tests.savers.moment import HOST, Site


def fetched_warc(site: Site, folder: Path) -> Path:
    """Return the WARC file that wget writes of the pages, in a folder beside *folder*."""
    beside = folder.parent / f"{folder.name}-fetched"
    beside.mkdir(parents=True)
    wget_warc(site, beside)
    return beside / "site.warc.gz"


def wacz(site: Site, folder: Path) -> None:
    warc = fetched_warc(site, folder)
    run_tool([PYWB / "bin" / "wacz", "create", "-o", folder / "site.wacz", warc], folder)


def zstd(site: Site, folder: Path) -> None:
    """``zstd`` of an unpacked WARC file, whole."""
    warc = fetched_warc(site, folder)
    plain = folder / "site.warc"
    plain.write_bytes(run_tool(["gzip", "-dc", warc], folder))
    run_tool(["zstd", "-q", "--rm", plain], folder)


def warcit(site: Site, folder: Path) -> None:
    """A mirror made into a WARC file by Webrecorder's tool, which guesses types by names."""
    _warcit(site, folder, "html")


def warcit_of_bare_names(site: Site, folder: Path) -> None:
    """The same of a mirror whose files have no extensions: warcit knows no type for them."""
    _warcit(site, folder, "bare")


def _warcit(site: Site, folder: Path, names: str) -> None:
    beside = folder.parent / f"{folder.name}-fetched"
    beside.mkdir()
    (wget_html_names if names == "html" else wget_folders)(site, beside)
    run_tool(
        [PYWB / "bin" / "warcit", "-q", "-o", "-n", folder / "site", f"http://{HOST}/",
         beside / HOST],
        folder,
    )  # fmt: skip


def gzip(site: Site, folder: Path) -> None:
    """``gzip -k`` of saved pages; the pages themselves lie elsewhere."""
    wget_html_names(site, folder)
    for page in sorted(folder.rglob("*.html")):
        run_tool(["gzip", page.name], page.parent)


def wget_compressed(site: Site, folder: Path) -> None:
    """What wget keeps of an answer that came packed, as it was asked to ask for."""
    wget(site, folder, "-x", "-E", "--header=Accept-Encoding: gzip", "--compression=none")


def tar(site: Site, folder: Path) -> None:
    """A mirror that somebody put into one file: it has to be unpacked first."""
    beside = folder.parent / f"{folder.name}-fetched"
    beside.mkdir()
    wget_folders(site, beside)
    run_tool(["tar", "-czf", folder / "site.tar.gz", "-C", beside, HOST], folder)
    shutil.rmtree(beside)
