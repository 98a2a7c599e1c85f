"""Pages as web archives hand them out: real pywb, real waybackpack, and Wayback's own markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from tests.peers.adapter import Wayback
from tests.peers.servers import PYWB, ROOT, pywb
from tests.savers.browser import Look, looks
from tests.savers.fetchers import run_tool
from tests.savers.moment import HOST, Site
from tests.savers.packers import fetched_warc

_LINK = re.compile(rb"""((?:href|src|action)=["'])(/[^"']*|https?://[^"']*)""")


@contextmanager
def archived(site: Site, folder: Path) -> Iterator[Site]:
    """Put the pages into two pywb below *folder*, with frames and without; yield the site so."""
    warc = fetched_warc(site, folder)
    for name, settings in (("framed", ""), ("frameless", "framed_replay: false\n")):
        (folder / name).mkdir(parents=True)
        (folder / name / "config.yaml").write_text(settings)
    with pywb(folder / "framed", [warc]) as one, pywb(folder / "frameless", [warc]) as other:
        yield replace(site, archive=one, frameless=other)


def _fetch_each(addresses: list[str], folder: Path, *options: str) -> None:
    list_of = folder.parent / f"{folder.name}.list"
    list_of.write_text("\n".join(addresses))
    run_tool(["wget", "-q", "-e", "robots=off", "-i", list_of, *options], folder, ok=(0, 8))
    list_of.unlink()


def pywb_pages(site: Site, folder: Path) -> None:
    """Replayed pages with rewritten links, in folders that pywb's addresses name."""
    addresses = [f"{site.archive}/{site.timestamp}mp_/{one}" for one in site.addresses]
    _fetch_each(addresses, folder, "-x", "-E")


def pywb_raw(site: Site, folder: Path) -> None:
    """The bytes as captured, ``id_``."""
    addresses = [f"{site.archive}/{site.timestamp}id_/{one}" for one in site.addresses]
    _fetch_each(addresses, folder, "-x")


def pywb_frames(site: Site, folder: Path) -> None:
    """The frame around the page, which is what the address bar's address gives: not the page."""
    addresses = [f"{site.archive}/{site.timestamp}/{one}" for one in site.addresses]
    _fetch_each(addresses, folder, "-x", "-E")


def pywb_warc(site: Site, folder: Path) -> None:
    """Somebody's WARC file of pages that an archive showed."""
    addresses = [f"{site.archive}/{site.timestamp}mp_/{one}" for one in site.addresses]
    _fetch_each(addresses, folder, "-nd", "--delete-after", "--warc-file=site")


def pywb_dom(site: Site, folder: Path) -> None:
    """Frameless replay as a script has it: pywb's own head stands in the page itself."""
    for number, look in enumerate(_replayed(site)):
        (folder / f"page-{number}.html").write_text(look.dom, encoding="utf-8")


def pywb_mhtml(site: Site, folder: Path) -> None:
    for number, look in enumerate(_replayed(site)):
        (folder / f"page-{number}.mhtml").write_bytes(look.mhtml.encode())


def pywb_single_file(site: Site, folder: Path) -> None:
    for number, look in enumerate(_replayed(site)):
        (folder / f"page-{number}.html").write_text(look.single, encoding="utf-8")


def _replayed(site: Site) -> list[Look]:
    return looks(site, [f"{site.frameless}/{site.timestamp}/{one}" for one in site.addresses])


def waybackpack(site: Site, folder: Path) -> None:
    """The real waybackpack, told that the Wayback Machine is here."""
    program = ROOT / "tests" / "savers" / "waybackpack_here.py"
    with Wayback(site.archive) as machine:
        python = PYWB / "bin" / "python"
        run_tool([python, program, machine.url, folder, *site.addresses], folder)


def wayback_downloader(site: Site, folder: Path) -> None:
    """As wayback_machine_downloader lays them: an ``index.html`` in a folder for each address."""
    _laid(site, folder / "websites" / HOST)


def wayback_downloader_all(site: Site, folder: Path) -> None:
    """The same with ``--all-timestamps``: below a folder of the timestamp."""
    _laid(site, folder / "websites" / HOST / site.timestamp)


def _laid(site: Site, root: Path) -> None:
    for path, page in _pages(site):
        below = root / path.strip("/")
        below.mkdir(parents=True, exist_ok=True)
        (below / "index.html").write_bytes(page)


def _pages(site: Site) -> Iterator[tuple[str, bytes]]:
    for path, address in zip(site.paths, site.addresses, strict=True):
        yield path, run_tool(["curl", "-s", "-x", site.proxy, address], Path("/"))


def wayback_pages(site: Site, folder: Path) -> None:
    """Pages of the Wayback Machine as a browser's "save" has them: toolbar, rewritten links."""
    for number, (path, page) in enumerate(_pages(site)):
        (folder / f"page-{number}.html").write_bytes(_in_wayback(site, path, page))


def _in_wayback(site: Site, path: str, page: bytes) -> bytes:
    here = f"https://web.archive.org/web/{site.timestamp}/".encode()

    def archived(found: re.Match[bytes]) -> bytes:
        target = found[2] if found[2].startswith(b"http") else f"http://{HOST}".encode() + found[2]
        return found[1] + here + target

    linked = _LINK.sub(archived, page)
    address = f"http://{HOST}{path}"
    toolbar = _TOOLBAR.format(address=address, at=site.timestamp, day=site.moment).encode()
    opened = re.sub(rb"<body[^>]*>", lambda found: found[0] + toolbar, linked, count=1)
    headed = re.sub(rb"<head[^>]*>", lambda found: found[0] + _SCRIPTS, opened, count=1)
    return headed + _ENDING.format(day=site.moment).encode()


_SCRIPTS = b"""<script type="text/javascript" src="/_static/js/bundle-playback.js"></script>
<script type="text/javascript" src="/_static/js/wombat.js"></script>
<link rel="stylesheet" type="text/css" href="/_static/css/banner-styles.css" />
<!-- End Wayback Rewrite JS Include -->
"""
_TOOLBAR = """<!-- BEGIN WAYBACK TOOLBAR INSERT -->
<script>__wm.rw(0);</script>
<div id="wm-ipp-base" lang="en" style="display:none;direction:ltr;" toolbar-mode="auto">
<div id="wm-ipp" style="position:fixed;left:0;top:0;right:0;"><div id="wm-ipp-inside">
<a href="/web/" title="Wayback Machine home page">Wayback Machine</a>
<form target="_top" method="get" action="/web/submit" name="wmtb" id="wmtb">
<input type="text" name="url" id="wmtbURL" value="{address}" /></form>
<div id="wm-capresults"><table><tr><td class="b"><a href="/web/2019/{address}">Oct</a></td>
<td class="c" title="You are here: {day:%H:%M:%S %b %d, %Y}">{day:%b}</td></tr>
<tr><td class="c">{day:%d}</td></tr><tr><td class="c">{day:%Y}</td></tr></table>
<div class="captures"><a href="/web/*/{address}">42 captures</a>
<div class="range">18 Mar 2018 - 28 Nov 2021</div></div></div>
<div id="wm-expand"><a href="#expand">About this capture</a></div>
<div id="wm-capinfo"><div><div>COLLECTED BY</div><div>Organization:
<a href="https://archive.org/details/alexacrawls">Alexa Crawls</a></div>
<div>Starting in 1996, crawls were donated day by day.</div></div>
<div><div>TIMESTAMPS</div><div id="wm-capresourceinfo">loading</div></div></div>
</div></div></div><div id="wm-ipp-print">The Wayback Machine - https://web.archive.org/web/{at}/{address}</div>
<script>__wm.bt(725,27,25,2,"web","{address}","{at}",1996);</script>
<!-- END WAYBACK TOOLBAR INSERT -->
"""
_ENDING = """
<!--
     FILE ARCHIVED ON {day:%H:%M:%S %b %d, %Y} AND RETRIEVED FROM THE
     INTERNET ARCHIVE ON 10:11:12 Dec 24, 2026.
     JAVASCRIPT APPENDED BY WAYBACK MACHINE, COPYRIGHT INTERNET ARCHIVE.

     ALL OTHER CONTENT MAY ALSO BE PROTECTED BY COPYRIGHT (17 U.S.C.
     SECTION 108(a)(3)).
-->
<!--
playback timings (ms):
  captures_list: 0.6
  load_resource: 98.5
-->
"""
