"""What the place of a saved page tells, as savers lay their folders."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path, PurePosixPath
from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embassy_scraper.archives.mirrors import told_by_folder
from embassy_scraper.archives.provenance import told_by_page
from embassy_scraper.sites import load_profile
from embassy_scraper.sites.addresses import read_address
from tests.examples import examples

HOSTS = ["rusemb.org.uk", "www.rusemb.org.uk", "127.0.0.1:8000"]
SITE = "https://www.rusemb.org.uk/"
AT = "2021-03-05T09:05:00Z"
PROFILE = load_profile()

PLACES: dict[str, tuple[str | None, str | None]] = {
    "20210305090500/www.rusemb.org.uk/fnapr/9005": (f"{SITE}fnapr/9005", AT),
    "20210305090500id_/www.rusemb.org.uk/index.html": (SITE, AT),
    "all/20210305090500/WWW.RUSEMB.ORG.UK/fnapr/9005": (f"{SITE}fnapr/9005", AT),
    "20211340090500/www.rusemb.org.uk/fnapr/9005": (f"{SITE}fnapr/9005", None),
    "2021030509/www.rusemb.org.uk/fnapr/9005": (f"{SITE}fnapr/9005", None),
    "20210305090500/x/www.rusemb.org.uk/fnapr/9005": (f"{SITE}fnapr/9005", None),
    "websites/www.rusemb.org.uk/20210305090500/fnapr/9005/index.html": (f"{SITE}fnapr/9005/", AT),
    "websites/www.rusemb.org.uk/20210305090500/index.html": (SITE, AT),
    "www.rusemb.org.uk/fnapr/9005.html": (f"{SITE}fnapr/9005", None),
    "www.rusemb.org.uk/fnapr/9005.html.orig": (f"{SITE}fnapr/9005", None),
    "www.rusemb.org.uk/fnapr/9005.orig": (f"{SITE}fnapr/9005", None),
    "www.rusemb.org.uk/fnapr/9005.HTM.gz": (f"{SITE}fnapr/9005", None),
    "www.rusemb.org.uk/newarh/index.html.1": (f"{SITE}newarh/", None),
    "www.rusemb.org.uk/newarh/index.htm.orig": (f"{SITE}newarh/", None),
    "www.rusemb.org.uk/fnapr/5481 ].html": (f"{SITE}fnapr/5481%20%5D", None),
    "www.rusemb.org.uk/newarh/&start=11&ps=10&ppp=15.html": (
        f"{SITE}newarh/&start=11&ps=10&ppp=15", None),
    "www.rusemb.org.uk/newarh/%26start%3d11%26ps%3d10/index.html": (
        f"{SITE}newarh/&start=11&ps=10/", None),
    "www.rusemb.org.uk/newarh/index.html?start=11&ps=10": (f"{SITE}newarh/?start=11&ps=10", None),
    "www.rusemb.org.uk/newarh/index.html?start=11.html": (f"{SITE}newarh/?start=11", None),
    "www.rusemb.org.uk/newarh/index.html@start=11.html": (f"{SITE}newarh/?start=11", None),
    "www.rusemb.org.uk/newarh%3Fstart=11": (f"{SITE}newarh?start=11", None),
    "www.rusemb.org.uk/newarh/index1a2b.html": (None, None),
    "www.rusemb.org.uk/newarh/index-2.html": (None, None),
    "20210305090500/www.rusemb.org.uk/newarh/index1a2b.html": (None, AT),
    "www.rusemb.org.uk/newarh__q0123456789ab/index.html": (None, None),
    "www.rusemb.org.uk/file__0123456789": (None, None),
    "www.rusemb.org.uk+80/fnapr/9005": (f"{SITE}fnapr/9005", None),
    "www.rusemb.org.uk_443/fnapr/9005": (f"{SITE}fnapr/9005", None),
    "https/www.rusemb.org.uk/fnapr/9005": (f"{SITE}fnapr/9005", None),
    "127.0.0.1:8000/fnapr/9005": ("http://127.0.0.1:8000/fnapr/9005", None),
    "127.0.0.1+8000/fnapr/9005": ("http://127.0.0.1:8000/fnapr/9005", None),
    "127.0.0.1%3a8000/fnapr/9005": ("http://127.0.0.1:8000/fnapr/9005", None),
    "127.0.0.1:8001/fnapr/9005": (None, None),
    "127.0.0.1/fnapr/9005": (None, None),
    "www.rusemb.org.uk/elsewhere.example/rusemb.org.uk/fnapr/9005": (
        "https://rusemb.org.uk/fnapr/9005", None),
    # the archive's own address: whoever places the page takes address and instant from it
    "web.archive.org/web/20210305090500/http:/www.rusemb.org.uk/fnapr/9005": (
        f"https://web.archive.org/web/20210305090500/{SITE}fnapr/9005", None),
    "web.archive.org/web/20210305090500id_/https_/www.rusemb.org.uk/fnapr/9005.html": (
        f"https://web.archive.org/web/20210305090500id_/{SITE}fnapr/9005", None),
    "some.example/web/20210305090500/http:/www.rusemb.org.uk/fnapr/9005": (
        f"{SITE}fnapr/9005", AT),
    "20210305090500/elsewhere.example/fnapr/9005": (None, None),
    "fnapr/9005": (None, None),
    "www.rusemb.org.uk": (None, None),
    "notwww.rusemb.org.uk/fnapr/9005": (None, None),
    "": (None, None),
}  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_a_folder_tells_what_its_saver_put_into_it(place: str) -> None:
    told = told_by_folder(PurePosixPath(place), HOSTS)
    assert (told and told.url, told and told.instant) == PLACES[place]
    assert told is None or told.by == "folder"
    below = told_by_folder(PurePosixPath("/home/a.b/www.rusemb.org.uk") / place, HOSTS)
    assert place.count("/") == 0 or told is None or below == told


Layout = Callable[[str], str]


def wget(path: str) -> str:
    name = unquote(path)
    folder, mark, query = name.partition("?")
    return folder + ("index.html" if folder.endswith("/") or not folder else "") + mark + query


def with_suffix(path: str) -> str:
    name = wget(path)
    return name if name.endswith(".html") else f"{name}.html"


def downloader(path: str) -> str:
    return f"{unquote(path)}/index.html"


LAYOUTS: dict[str, Layout] = {
    "wget": lambda path: f"www.rusemb.org.uk/{wget(path)}",
    "wget -E": lambda path: f"mirror/www.rusemb.org.uk/{with_suffix(path)}",
    "wget -E -K": lambda path: f"www.rusemb.org.uk/{with_suffix(path)}.orig",
    "wget on Windows": lambda path: f"www.rusemb.org.uk+80/{wget(path).replace('?', '@')}",
    "packed": lambda path: f"www.rusemb.org.uk/{with_suffix(path)}.gz",
    "waybackpack": lambda path: f"20210305090500/www.rusemb.org.uk/{wget(path)}",
    "downloader": lambda path: f"websites/rusemb.org.uk/{downloader(path)}",
    "downloader, all": lambda path: f"x/rusemb.org.uk/20210305090500/{downloader(path)}",
    "downloader on Windows": lambda path: (
        f"x/rusemb.org.uk/{quote(unquote(path), safe='/ ]')}/index.html"),
}  # fmt: skip
number = st.integers(1, 10**6)
PATHS = st.one_of(
    st.sampled_from(["", "newarh/", "apress_arh/", "consul/visas"]),
    st.builds("{}/{}".format, st.sampled_from(sorted(PROFILE.families)), number),
    st.builds("{}/{}%20%5D".format, st.sampled_from(sorted(PROFILE.families)), number),
    st.builds("newarh/&start={}&ps={}&ppp=15".format, number, st.integers(1, 99)),
    st.builds("newarh/?start={}&ps={}".format, number, st.integers(1, 99)),
)


@examples(600)
@given(PATHS, st.sampled_from(sorted(LAYOUTS)))
def test_every_layout_gives_the_page_that_was_saved(path: str, layout: str) -> None:
    told = told_by_folder(PurePosixPath(LAYOUTS[layout](path)), HOSTS)
    assert told is not None
    saved, right = read_address(told.url, PROFILE), read_address(SITE + path, PROFILE)
    assert (saved.kind, saved.key, saved.list) == (right.kind, right.key, right.list)
    assert (saved.start, saved.page_size) == (right.start, right.page_size)
    assert told.instant in ({AT} if "20210305090500" in LAYOUTS[layout]("") else {None})


PART = st.one_of(
    st.sampled_from([*HOSTS, "20210305090500", "index.html", "http:", "%", "..", "@", ".html"]),
    st.text(max_size=8).filter(lambda text: "\0" not in text),
    st.binary(max_size=6).map(lambda name: name.decode("utf-8", "surrogateescape")),
)


@examples(400)
@given(st.lists(PART, max_size=7))
def test_any_name_is_read(parts: list[str]) -> None:
    told = told_by_folder(PurePosixPath(*(parts or [""])), HOSTS)
    assert told is None or told.url is None or (told.url.isascii() and " " not in told.url)


LINKED = ["/", "/fnapr/9005", "/fnapr/5481%20%5D", "/newarh/", "/newarh/&start=11&ps=10&ppp=15"]


class Site(BaseHTTPRequestHandler):
    """A page at every address, which links to all others."""

    def do_GET(self) -> None:
        links = "".join(f"<a href='{path}'>a</a>" for path in (*LINKED, "/newarh/?start=21&ps=10"))
        body = f"<html><head><title>A</title></head><body>{links}</body></html>".encode()
        self.send_response(404 if self.path == "/robots.txt" else 200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


TOOLS = {
    "wget": "wget -q -m -P {} {}/",
    "wget -E -k -K": "wget -q -m -E -k -K -P {} {}/",
    "wget for Windows": "wget -q -m -E --restrict-file-names=windows -P {} {}/",
    "wget, schemes too": "wget -q -m --protocol-directories -P {} {}/",
    "HTTrack": "httrack -O {} {}/ -q -s0 -%v0 -c4",
}


@pytest.mark.peer
@pytest.mark.parametrize("tool", TOOLS)
def test_real_tools_lay_their_folders_so(tool: str, site: str, tmp_path: Path) -> None:
    command = TOOLS[tool].format(tmp_path, site).split()
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not here; apt-get install {command[0]}")
    subprocess.run(command, capture_output=True, timeout=120, check=False)
    told = {
        (one.url, one.instant is None)
        for file in tmp_path.rglob("*")
        if file.is_file() and (one := told_by_folder(file, [site.removeprefix("http://")]))
    }
    query = set() if tool == "HTTrack" else {"/newarh/?start=21&ps=10"}  # its name is a digest
    pages = {site + path for path in (*LINKED, *query)}
    assert told - {(f"{site}/robots.txt", True)} == {(page, True) for page in pages}
    if tool == "HTTrack":
        files = tmp_path.glob("127*/**/*.html")
        said = [one for file in files for one in told_by_page(file.read_bytes())]
        assert {one.url for one in said} >= pages and all(one.instant for one in said)
