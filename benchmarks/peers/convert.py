"""One version of a page as the items that git-history compares: what this program's reader read.

It runs in the peers' environment. An item is a statement in a list, known by its URL, or by title
and date where it has none; the statement whose page it is, where its body was read; a counter, by
its event, with the day from which it counts, so that a day's growth is no change; the contacts;
and the page itself: whether it is there.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urljoin

from embassy_scraper.items import Entry, Header, Page, RawCapture
from embassy_scraper.pages import read_page
from embassy_scraper.sites import Profile, load_profile
from embassy_scraper.sites.addresses import read_address

Item = dict[str, object]
_PROFILE: list[Profile] = []


def items(content: bytes) -> list[Item]:
    """Return the items of one version; its first line is the status and the URL."""
    if not _PROFILE:
        _PROFILE.append(load_profile())
    line, _, body = content.partition(b"\n")
    status, _, url = line.decode().partition(" ")
    raw = RawCapture(
        body, "text/html", "git", url, charset="utf-8", http_status=int(status), body_is_whole=True
    )
    page = read_page(raw, _PROFILE[0])
    out = list(_statements(page, url))
    if page.header is not None:
        out += _header(page.header)
    if page.kind == "statement" or status in ("404", "410"):
        out.append({"id": "page", "is_there": status == "200"})
    return out


def _statements(page: Page, url: str) -> Iterator[Item]:
    own = page.statement
    if own is not None and own.body is not None and not own.is_open:
        key = read_address(url, _PROFILE[0]).key
        yield {"id": f"own {key}", "title": own.title, "date": own.date_text, "body": own.body,
               "signature": own.signature_text}  # fmt: skip
    for part in page.lists:
        for entry in part.entries:
            if part.name != "box" and not entry.lead_is_open:
                yield _entry(entry, url)


def _entry(entry: Entry, page_url: str) -> Item:
    key = read_address(urljoin(page_url, entry.href), _PROFILE[0]).key if entry.href else None
    known = key or f"{entry.date_text} {entry.title}"
    return {"id": known, "title": entry.title, "date": entry.date_text, "lead": entry.lead}


def _header(header: Header) -> Iterator[Item]:
    day = datetime.strptime(header.date_text, "%d %B %Y") if header.date_text else None
    for counter in header.counters:
        since = f"{day - timedelta(days=counter.value):%Y-%m-%d}" if day else None
        yield {"id": f"counter {counter.event}", "since": since, "label": counter.label}
    yield {"id": "contacts", "of": header.label, "phone": header.phone, "email": header.email}
