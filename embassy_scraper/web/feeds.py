"""Feeds: the rows of a table, a view or a question as Atom (RFC 4287).

``tables.toml`` says by which columns a row has its instant, its identity and its title. The id of
an entry is made of its identity alone, so it stays when the rest of the row changes.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import NotFound, Request, Response

from embassy_scraper.reports.atom import NEVER, XHTML, feed_head, urn_of
from embassy_scraper.reports.markup import as_text
from embassy_scraper.visible import one_line, visible
from embassy_scraper.web.cells import address_of
from embassy_scraper.web.tables import described, feed_of

CONTENT_TYPE = "application/atom+xml; charset=utf-8"
_LONGEST, _LONGEST_TITLE = 2000, 200  # characters
Row = Mapping[str, Any]


def can_render(request: Request, columns: Sequence[str]) -> bool:
    """Say whether the rows that are shown can be a feed: all that it needs is among the columns."""
    feed = feed_of(_name(request))
    return feed is not None and {feed["at"], feed["title"], *feed["id"]} <= set(columns)


def render(datasette: Datasette, request: Request, columns: list[str], rows: list[Any]) -> Response:
    """Return the rows as a feed."""
    name = _name(request)
    feed = feed_of(name)
    if feed is None or not can_render(request, columns):
        raise NotFound(f"{name} is not a feed; ask for JSON or CSV")
    url = f"{request.scheme}://{request.host}{request.full_path}"
    base = f"{request.scheme}://{request.host}{datasette.urls.path('/')}"
    values = [{column: _plain(row[column]) for column in columns} for row in rows]
    body = "".join(as_feed(name, feed, values, url, base))
    return Response(body, content_type=CONTENT_TYPE)


def as_feed(
    name: str, feed: Mapping[str, Any], rows: Sequence[Row], url: str, base: str
) -> Iterator[str]:
    """Yield the feed of a table or question *name*, to be found at *url*.

    *base* is the address of the front page.
    """
    found = described()
    one = found["tables"].get(name) or found["questions"][name]
    newest = max((_instant(row[feed["at"]]) for row in rows), default=NEVER)
    yield from feed_head(one["title"], newest, url)
    for row in rows:
        yield from _entry(name, feed, row, base)
    yield "</feed>\n"


def _entry(name: str, feed: Mapping[str, Any], row: Row, base: str) -> Iterator[str]:
    identity = "\n".join([name, *(str(row[column]) for column in feed["id"])])
    title = one_line(str(row[feed["title"]] or row[feed["id"][0]]), _LONGEST_TITLE)
    yield (
        " <entry>\n"
        f"  <id>{urn_of(identity)}</id>\n"
        f'  <title type="text">{as_text(title)}</title>\n'
        f"  <updated>{_instant(row[feed['at']])}</updated>\n"
    )
    table = name if name in described()["tables"] else None
    address = address_of(row, table, base)
    if address is not None:
        yield f'  <link rel="alternate" type="text/html" href="{as_text(address)}"/>\n'
    yield f'  <content type="xhtml"><div xmlns="{XHTML}"><dl>\n'
    for column, value in row.items():
        if value is not None:
            text = str(value)
            cut = visible(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…")
            yield f"   <dt>{as_text(column)}</dt><dd>{as_text(cut)}</dd>\n"
    yield "  </dl></div></content>\n </entry>\n"


def _name(request: Request) -> str:
    return str(request.url_vars.get("table") or "")


def _plain(value: Any) -> Any:
    """Return a value without the label that Datasette puts beside a foreign key."""
    return value["value"] if isinstance(value, dict) else value


def _instant(value: object) -> str:
    """Return an instant or a date as RFC 3339 has it."""
    text = str(value or NEVER)
    return text if "T" in text else f"{text}T00:00:00Z"
