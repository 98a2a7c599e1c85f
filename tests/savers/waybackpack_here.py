"""Runs waybackpack as its users do, but told that the Wayback Machine is at another address.

A program for the Python of the peers' environment: that address, a folder, the addresses to save.
"""

from __future__ import annotations

import sys


def main(machine: str, folder: str, *addresses: str) -> None:
    from waybackpack import asset, cdx, cli  # type: ignore[import-not-found,unused-ignore]

    for module, name in ((asset, "ARCHIVE_TEMPLATE"), (cdx, "SEARCH_URL")):
        setattr(module, name, getattr(module, name).replace("https://web.archive.org", machine))
    for address in addresses:
        sys.argv = ["waybackpack", address, "--dir", folder, "--raw", "--quiet"]
        cli.main()


if __name__ == "__main__":
    main(*sys.argv[1:])
