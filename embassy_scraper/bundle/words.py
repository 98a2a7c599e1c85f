"""The README.txt of a bundle: the change in sentences to quote, and how to check it."""

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from embassy_scraper.bundle.kept import KeptCapture
from embassy_scraper.bundle.passages import Shown
from embassy_scraper.bundle.told import Told
from embassy_scraper.captures import NO_URL
from embassy_scraper.reports.entries import Change
from embassy_scraper.reports.times import counted, say_day, say_instant
from embassy_scraper.visible import one_line

_WIDTH = 76
_LONGEST = 600  # characters of a text that is quoted here; change.json has all of it
_STATES = {"before": "Before", "after": "After"}
_CHECK = """\
1. Run the script; it needs nothing but Python 3.9 or newer, and no network:
       python3 -I prove.py            (here, where the zip is unpacked)
       python3 -I prove.py FILE.zip   (or with the zip as it came)
   It checks every file of this bundle against SHA256SUMS, takes the bytes of each captured page
   out of its record, and compares their SHA-256 with the one above. Anything wrong is named.
2. Look at the captured pages: open captures.wacz on https://replayweb.page (the file stays in your
   browser), or in pywb. Pictures and styles are not part of the captures.
3. Ask somebody else: archives.json says which web archives had these captures, under which
   address, and by which digest they know the bytes."""
_STAMP = """\
4. The time stamp shows that SHA256SUMS, and so everything that it names, was there at the time that
   is signed. With the authority's own certificate, which you get from the authority:
       openssl ts -reply -in SHA256SUMS.tsr -text
       openssl ts -verify -data SHA256SUMS -in SHA256SUMS.tsr -CAfile CERTIFICATE.pem"""
_LIMITS = """\
The digests show that nothing in this bundle was changed by accident or in part. Whoever remade all
of them could have changed anything: they do not show who made the bundle, nor that the server sent
these bytes. For that, step 3{stamp} is there."""
_BETWEEN = """\
What the site showed between the two captures was not seen: the change may have happened at any
moment in between."""
_FILES = """\
change.json      the change, its statement, both versions of the text, what was read in each capture
captures.wacz    the captured pages: WARC records in a WACZ, unchanged from how they were kept
archives.json    what web archives said of these captures
prove.py         the script that checks all of it
SHA256SUMS       the SHA-256 of each of these files"""


def readme(told: Told, *, is_stamped: bool) -> str:
    """Return the text of README.txt; a bundle with a time stamp *is_stamped*."""
    change = told.change
    parts = [
        "Evidence of one change",
        _prose(f"{told.sentence}: {told.when}."),
        "\n".join(_subject(told)),
        "\n".join(_states(told)),
        _heading("The captures"),
        "\n\n".join("\n".join(_capture(one, told)) for one in told.captures),
        _heading("How to check it"),
        _CHECK + ("\n" + _STAMP if is_stamped else ""),
        _heading("What this shows, and what it does not"),
        _LIMITS.format(stamp=" or 4" if is_stamped else ""),
        _BETWEEN if _has_interval(change) else "",
        _heading("Files"),
        _FILES,
        f"Change {change.change_id} ({change.kind}, {one_line(change.field)})",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _heading(text: str) -> str:
    return f"{text}\n{'-' * len(text)}"


def _prose(text: str) -> str:
    flat = one_line(text)
    return textwrap.fill(flat, _WIDTH, break_long_words=False, break_on_hyphens=False)


def _subject(told: Told) -> Iterator[str]:
    change = told.change
    if change.title:
        yield _quoted(change.title)
    if change.published_on:
        yield f"dated {say_day(change.published_on)}"
    if change.url:
        yield one_line(change.url)
    if not change.is_of_statement and change.subject != "header":
        yield _quoted(change.subject)


def _states(told: Told) -> Iterator[str]:
    """Yield what stood there before, and what after; of a list, whether it stood there."""
    change = told.change
    for name, text in (("Before", change.before), ("After", change.after)):
        if text:
            yield _prose(f"{name}: {_quoted(text)}")
    if change.observed_after is not None and _has_interval(change):
        after, by = say_instant(change.observed_after), say_instant(change.observed_by)
        yield _prose(
            f"On {after} (UTC) the site still showed the old state; on {by} (UTC) it showed the"
            " new one."
        )
    if change.note:
        yield _prose(f"Note: {change.note}")


def _has_interval(change: Change) -> bool:
    """Say whether it happened between its two instants; a steady counter did so at each of them."""
    return change.observed_after is not None and change.kind != "counter_progressed"


def _quoted(text: str) -> str:
    flat = one_line(text)
    shown = flat if len(flat) <= _LONGEST else f"{flat[:_LONGEST]} … (all of it: change.json)"
    return f"“{shown}”"


def _tellers(shown: Mapping[str, str | None]) -> Iterator[tuple[str, str | None]]:
    """Yield who told of a capture; a database that may not be brought up to date does not say."""
    yield "instant", shown.get("instant_from")
    yield "address", shown.get("url_from")


def _capture(capture: KeptCapture, told: Told) -> Iterator[str]:
    read = told.shown[told.captures.index(capture)]
    (shown,) = read["capture"]
    url = shown["url"]
    yield f"{_STATES[capture.role]}: {capture.id}"
    yield f"    captured  {shown['captured_at']} (source: {one_line(capture.raw.source)})"
    yield f"    address   {one_line(url) if url else f'not known; in the WACZ {NO_URL}'}"
    tellers = [f"{what} by {by}" for what, by in _tellers(shown) if by]
    if tellers:
        yield f"    told      {', '.join(tellers)}"
    if capture.raw.mirror:
        mirror = one_line(capture.raw.mirror)
        yield f"    server    {mirror}, which stood in for the site's own"
    if capture.raw.http_status is not None:
        yield f"    status    {capture.raw.http_status}"
    yield f"    sha256    {capture.sha256}"
    if capture.holder != capture.own:
        yield f"    bytes     those of {capture.holder.at}: the server said that it had not changed"
    if shown["is_cut"]:
        yield "    Less of the page came than there was."
    if told.change.kind.startswith("statement_"):
        yield from _stands(told.change, read)


def _stands(change: Change, read: Shown) -> Iterator[str]:
    """Yield in which places a capture shows the statement, and what it shows of the list."""
    rows = [("page", row["statement"]) for row in read["page"]]
    rows += [(row["list"], row["statement"]) for row in read["entries"]]
    places = dict.fromkeys(one_line(place) for place, key in rows if key == change.subject)
    yield f"    shows it  {'in ' + ', '.join(places) if places else 'nowhere'}"
    for window in read["windows"]:
        if window["list"] == change.field and _covered(window):
            number = counted(sum(place == change.field for place, _ in rows), "statement")
            yield f"    the list  {one_line(change.field)}: {number}{_covered(window)}"


def _covered(window: dict[str, Any]) -> str:
    """Return of which dates a window shows every statement of its list."""
    after, until = window["covers_after"], window["covers_until"]
    if after is None or (until is not None and until <= after):
        return ""
    before = f" and before {say_day(until)}" if until else ""
    return f", all that are dated after {say_day(after)}{before}"
