"""What follows the header of a page, once read by any reader."""

from dataclasses import dataclass

from embassy_scraper.items import (
    UNKNOWN,
    UNPROVEN,
    Entry,
    ListText,
    PageKind,
    PageProblem,
    StatementText,
)
from embassy_scraper.sites.addresses import Address

NO_ITEMS, NO_STATEMENT = "no items", "no statement"  # problems of a page without a main part


@dataclass(frozen=True, slots=True)
class MainPart:
    """Everything behind the header."""

    kind: PageKind
    statement: StatementText | None = None
    lists: tuple[ListText, ...] = ()
    pager: str | None = None
    is_cut: bool = False
    problems: tuple[PageProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class Extent:
    """How far a page goes.

    ``is_whole``: it is known to end where it was meant to end; ``is_cut``: it is known not to.
    """

    is_whole: bool
    is_cut: bool


def withheld(part: str, reason: str) -> PageProblem:
    """Return the problem of a *part* that the page does not prove; *reason*: what did not fit."""
    return PageProblem(UNPROVEN, part, reason)


def page_kind(address: Address, *, is_list: bool) -> PageKind:
    """Return what kind of page an address and a reading make."""
    if address.kind == "home":
        return "home"
    if is_list:
        return "listing"
    return "static" if address.kind == "static" else "statement"


def list_text(entries: tuple[Entry, ...], address: Address) -> tuple[ListText, ...]:
    """Return the own list of a page with *address*; none where there are no entries."""
    if not entries:
        return ()
    name = address.list or _listing_name(address)
    return (ListText(name, address.start, entries, covers_nothing=name == UNKNOWN),)


def _listing_name(address: Address) -> str:
    """Return the family of a listing whose address has no offset, such as ``/somearh``."""
    path = (address.url or "").partition("://")[2].partition("/")[2]
    name = path.partition("/")[0].partition("&")[0].partition("?")[0]
    return name.lower() if name.isidentifier() else UNKNOWN
