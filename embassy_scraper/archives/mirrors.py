"""The URL and the instant of a saved page as its folder has them: ``<timestamp>/host/path``.

So mirrors are laid by wget, HTTrack, waybackpack and the Wayback Machine downloader. What savers do
to names is undone: the suffix that they add, the index of a folder, and the characters that they
put in place of others.
"""

import re
from collections.abc import Collection
from pathlib import PurePath
from urllib.parse import quote, unquote

from embassy_scraper.archives.moments import read_moment
from embassy_scraper.archives.told import Told
from embassy_scraper.sites.archives import is_archive

_HOST = re.compile(r"(?P<name>[^:+_%]+)(?:(?::|\+|_|%3A)(?P<port>[0-9]{1,5}))?", re.I)
_STAMP = re.compile(r"([0-9]{14})(?:[a-z]{2}_)?")
_SCHEME = re.compile(r"https?(?::|_|\+|%3A)?", re.I)
_ADDED = re.compile(r"(?:\.html?(?:\.[0-9]{1,3})?)?(?:\.orig)?(?:\.gz)?\Z", re.I)
_INDEX = re.compile(r"index\.html?", re.I)
_PLAIN = "/?&=,;:@!$'()*+~"  # what stands for itself in an address
# HTTrack's name of a page with a query, or of another whose name is taken; that of the downloader
_CUT = re.compile(r"index(?:[0-9a-f]{4}|-[0-9]+)|.*__q[0-9a-f]{12}|file__[0-9a-f]{10}", re.S)


def told_by_folder(path: PurePath, hosts: Collection[str]) -> Told | None:
    """Return what the place of the file *path* tells; ``None`` if it lies below none of *hosts*.

    An archive's address that was saved as folders is told as it is. Else
    the last part of the path that is one of *hosts* counts, whatever its letter case and port; a
    host with a port (a mirror's) only with that port, and its addresses are ``http``. The instant
    is a folder of fourteen digits right above or below it.

    >>> hosts = ["rusemb.org.uk", "www.rusemb.org.uk"]
    >>> told_by_folder(PurePath("20210305090500/www.rusemb.org.uk/fnapr/9005"), hosts)
    Told(by='folder', url='https://www.rusemb.org.uk/fnapr/9005', instant='2021-03-05T09:05:00Z')
    >>> name = "mirror/rusemb.org.uk/newarh/index.html@start=11.html"
    >>> told_by_folder(PurePath(name), hosts).url
    'https://rusemb.org.uk/newarh/?start=11'
    >>> told_by_folder(PurePath("saved/9005.html"), hosts)
    """
    *folders, name = path.parts or ("",)
    known = {host.lower() for host in hosts}
    bases = [_base(folder, known) for folder in folders]
    at = max((number for number, base in enumerate(bases) if base), default=None)
    if at is None:
        return None
    above, below = folders[:at], folders[at + 1 :]
    if above and _SCHEME.fullmatch(above[-1]):  # of an archive's address, saved as folders
        above.pop()
        archive = next((n for n, part in enumerate(above) if is_archive(part.lower())), None)
        if archive is not None and (url := _url(f"{bases[at]}", below, name)):
            return Told("folder", f"https://{'/'.join(above[archive:])}/{url}")
    stamp = _STAMP.fullmatch(above[-1]) if above else None
    if stamp is None and below and (stamp := re.fullmatch("([0-9]{14})", below[0])):
        del below[0]
    url = _url(f"{bases[at]}", below, name)
    instant = read_moment(stamp[1]) if stamp else None
    return Told("folder", url, instant) if url or instant else None


def _base(folder: str, known: set[str]) -> str | None:
    """Return the base address of the host that *folder* is named after, if it is *known*."""
    found = _HOST.fullmatch(folder)
    if found is None:
        return None
    name, port = found["name"].lower(), found["port"]
    if port and f"{name}:{port}" in known:
        return f"http://{name}:{port}"
    return f"https://{name}" if name in known else None


def _url(base: str, folders: list[str], name: str) -> str | None:
    """Return the address that the file *name* in *folders* below *base* was saved from.

    ``None`` where the name holds a digest in place of the query.
    """
    name, *folders = (unquote(part) for part in (name, *folders))
    if "?" not in name:
        name = name.replace("@", "?", 1)  # wget on Windows
    page, mark, query = name.partition("?")
    is_index = _INDEX.match(page) is not None
    if mark:
        query = _ADDED.sub("", query, 1)
    else:
        page = _ADDED.sub("", page, 1)
    if any(_CUT.fullmatch(part) for part in (*folders, page)):
        return None
    if is_index and page.lower() in {"index", "index.html", "index.htm"}:
        page = ""
    path = "/".join((*folders, page + mark + query))
    return f"{base}/{quote(path, safe=_PLAIN, errors='surrogatepass')}"
