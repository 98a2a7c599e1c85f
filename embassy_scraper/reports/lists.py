"""Lists: which lists the site has, in its order."""

import json
import sqlite3

from embassy_scraper.items import BOX, UNKNOWN
from embassy_scraper.reports import run_report
from embassy_scraper.sites import Profile

HOME, LATEST, PAGE = "home", "latest", "page"
_NOT_LISTS = (PAGE, BOX, UNKNOWN, "http_status", "shape", "phone", "email", "label")


def lists_of(profile: Profile) -> list[str]:
    """Return the lists of the site: the homepage's, the latest block, then its archives."""
    return [HOME, LATEST, *(one.name for one in profile.list)]


def known_lists(connection: sqlite3.Connection, profile: Profile) -> list[str]:
    """Return the lists of the site in its order, and behind them others that captures show."""
    names = lists_of(profile)
    others = json.dumps([*_NOT_LISTS, *names])
    return names + [str(row[0]) for row in run_report(connection, "lists_seen", others=others)[1]]
