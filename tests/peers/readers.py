"""Reads an index as cdx_toolkit and EDGI's wayback do; prints the rows as JSON.

A program for the Python of the peers' environment, where these two are installed: its name, the
reader, the address of the index, and the query as JSON.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from typing import Any


def by_cdx_toolkit(url: str, query: dict[str, Any]) -> Iterable[dict[str, Any]]:
    """An index at any address, in either of the two shapes."""
    import cdx_toolkit  # type: ignore[import-not-found,unused-ignore]

    return map(dict, cdx_toolkit.CDXFetcher(source=url).iter(**query))


def by_cdx_toolkit_cc(url: str, query: dict[str, Any]) -> Iterable[dict[str, Any]]:
    """Common Crawl with its list of crawls, of which the reader wants sixty at least."""
    import cdx_toolkit  # type: ignore[import-not-found,unused-ignore]
    import requests

    crawls = [one["id"] for one in requests.get(f"{url}/collinfo.json", timeout=60).json()]
    cdx_toolkit.get_cc_endpoints = lambda mirror: [f"{mirror}/{name}-index" for name in crawls]
    fetcher = cdx_toolkit.CDXFetcher(source="cc", cc_mirror=url, crawl=crawls)
    return map(dict, fetcher.iter(**query))


def by_wayback(url: str, query: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The Wayback Machine's CDX server, page by page."""
    import wayback  # type: ignore[import-not-found,unused-ignore]
    from wayback import _client

    _client.CDX_SEARCH_URL = url
    session = wayback.WaybackSession(search_calls_per_second=0, retries=0)
    for row in wayback.WaybackClient(session).search(**query):
        yield {
            "timestamp": f"{row.timestamp:%Y%m%d%H%M%S}",
            "url": row.original,
            "mime": row.mimetype,
            "status": "-" if row.statuscode is None else str(row.statuscode),
            "digest": row.digest,
            "length": row.length,
        }


if __name__ == "__main__":
    name, address, asked = sys.argv[1:]
    print(json.dumps(list(globals()[f"by_{name}"](address, json.loads(asked)))))
