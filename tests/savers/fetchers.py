"""Savers that fetch: wget in its ways, curl, HTTrack. Each goes through the replica as a proxy."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.savers.moment import HOST, Site

_ANSWERED = (0, 8)  # of wget: all is well, one answer was an error


def run_tool(
    command: Sequence[str | Path],
    folder: Path,
    proxy: str | None = None,
    *,
    ok: tuple[int, ...] = (0,),
) -> bytes:
    """Run *command* in *folder* with no way to the network but *proxy*; return what it wrote."""
    names = ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "no_proxy", "NO_PROXY")
    env = {name: value for name, value in os.environ.items() if name not in names}
    env |= {"http_proxy": proxy, "https_proxy": proxy} if proxy else {}
    done = subprocess.run(
        [*map(str, command)], cwd=folder, env=env, capture_output=True, check=False, timeout=300
    )
    assert done.returncode in ok, (command, done.returncode, done.stderr[-2000:])
    return done.stdout


def wget(site: Site, folder: Path, *options: str) -> None:
    """Save the addresses with wget."""
    list_of = folder.parent / f"{folder.name}.list"
    list_of.write_text("\n".join(site.addresses))
    command: list[str | Path] = [
        "wget",
        "-q",
        "-t",
        "1",
        "-e",
        "robots=off",
        "-i",
        list_of,
        *options,
    ]
    run_tool([*command, *options], folder, site.proxy, ok=_ANSWERED)
    list_of.unlink()


def wget_mirror(site: Site, folder: Path) -> None:
    """``wget -m``: it follows the links itself, and finds more than the crawl asked for."""
    command = ["wget", "-q", "-m", "-t", "1", f"http://{HOST}/"]
    run_tool(command, folder, site.proxy, ok=(*_ANSWERED, 4))  # 4: it cannot follow an https link


def wget_folders(site: Site, folder: Path) -> None:
    wget(site, folder, "-x")


def wget_html_names(site: Site, folder: Path) -> None:
    wget(site, folder, "-x", "-E")


def wget_for_reading(site: Site, folder: Path) -> None:
    """``-E -k -K``: with links that lead to the saved files, and the originals beside them."""
    wget(site, folder, "-x", "-E", "-k", "-K", "-p")


def wget_flat(site: Site, folder: Path) -> None:
    """Files in one folder, named by the last part of their addresses."""
    wget(site, folder)


def wget_headers(site: Site, folder: Path) -> None:
    wget(site, folder, "-x", "--save-headers")


def wget_warc(site: Site, folder: Path) -> None:
    wget(site, folder, "--warc-file=site", "--delete-after", "-nd")


def curl_headers(site: Site, folder: Path) -> None:
    """``curl -i``: the answer as it came, head and all, under a name of one's own."""
    for number, address in enumerate(site.addresses):
        said = run_tool(["curl", "-s", "-i", "-x", site.proxy, address], folder)
        (folder / f"page-{number}.http").write_bytes(said)


def httrack(site: Site, folder: Path) -> None:
    """HTTrack; its copies link to each other. It takes half a second for each page, whatever."""
    run_tool(
        ["httrack", *site.addresses, "-O", folder, "-P", site.proxy.removeprefix("http://"),
         "-r1", "-q", "-s0", "-u0", "-%v0", "-I0", "-%!"],
        folder, ok=(0, 1),
    )  # fmt: skip
