"""Conditional requests (RFC 9110, section 13): an unchanged page costs no body."""

from scrapy import Request

from embassy_scraper.crawl_items import Previous

_CONDITIONS = ("If-None-Match", "If-Modified-Since")


def conditions(known: Previous | None) -> dict[str, bytes | str]:
    """Return the headers that ask for a page only if it is not the one *known*."""
    headers: dict[str, bytes | str] = {}
    if known is not None and known.etag:
        headers["If-None-Match"] = known.etag.encode("latin-1", "replace")
    if known is not None and known.last_modified:
        headers["If-Modified-Since"] = known.last_modified
    return headers


def without_conditions(request: Request) -> Request | None:
    """Return *request* without its conditions; ``None`` where it has none."""
    items = request.headers.to_unicode_dict().items()
    headers = {name: value for name, value in items if name not in _CONDITIONS}
    if len(headers) == len(items):
        return None
    return request.replace(headers=headers, dont_filter=True)
