"""Unread: looks that saw nothing certain, list by list.

A page of a list that was withheld, blocked or cut off was asked for, and yet the list was not seen.
"""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from embassy_scraper.items import WITHHELD
from embassy_scraper.reports import run_report
from embassy_scraper.reports.lists import HOME, LATEST, PAGE, lists_of
from embassy_scraper.sites import Profile
from embassy_scraper.sites.addresses import read_address

_WHOLE = (None, "page")  # the part of a problem that is the page as a whole
_MAIN = (*_WHOLE, "main part")


@dataclass(frozen=True, slots=True)
class Unread:
    """One look at a list, or at the own page *subject*, that saw nothing certain of it."""

    list: str
    subject: str
    at: str
    capture: str


def read_unread(
    connection: sqlite3.Connection,
    profile: Profile,
    *,
    since: str | None = None,
    until: str | None = None,
) -> Iterator[Unread]:
    """Yield the looks after *since* and at or before *until* that saw nothing certain, in order."""
    names = {*lists_of(profile)}
    asked = {"withheld": json.dumps(WITHHELD), "since": since, "until": until}
    _, rows = run_report(connection, "unread", **asked)
    told: set[Unread] = set()
    for at, capture, url, part in rows:
        for name, subject in _places(url, part, profile, names):
            one = Unread(name, subject, str(at), str(capture))
            if one not in told:
                told.add(one)
                yield one


def _places(
    url: str | None, part: str | None, profile: Profile, names: set[str]
) -> Iterator[tuple[str, str]]:
    """Yield the lists, or the own page, that were not seen on a capture of *url*."""
    if part in names:
        yield str(part), ""
    address = read_address(url, profile)
    if part in _WHOLE and address.kind not in ("home", "foreign", "unknown"):
        yield LATEST, ""
    if part not in (*_MAIN, "body"):
        return
    if address.kind == "home" and part != "body":
        yield HOME, ""
    elif address.list is not None and part != "body":
        yield address.list, ""
    elif address.key is not None:
        yield PAGE, address.key
