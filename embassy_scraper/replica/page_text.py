"""What a page of the replica says, without its markup."""

from dataclasses import dataclass

GAP = "\u00a0" * 341  # between the counters, as the site has it


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a list."""

    key: str
    date: str
    title: str
    lead: str


@dataclass(frozen=True, slots=True)
class Box:
    """A side box of the homepage: one statement, alone under a heading."""

    heading: str
    item: Item
    has_picture: bool = False


@dataclass(frozen=True, slots=True)
class Post:
    """A message of a foreign feed; ``link`` is the address that it ends with."""

    text: str
    day: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class PagerLink:
    """A page of a listing by its number; the page that is shown has no address."""

    number: int
    href: str = ""


@dataclass(frozen=True, slots=True)
class PageText:
    """What a page of the replica says, top to bottom; empty parts are not printed.

    On ``/`` the items are closed by "all messages" and there is no latest block.
    """

    date: str
    other_time: str  # the clock's two times, in the order in which they are printed
    local_time: str
    label: str
    phone: str
    email: str
    counters: tuple[str, ...]
    path: str = ""
    heading: str = ""
    pager: tuple[PagerLink, ...] = ()
    items: tuple[Item, ...] = ()
    own_date: str = ""
    title: str = ""
    body: str = ""
    signature: str = ""
    latest: tuple[Item, ...] = ()
    boxes: tuple[Box, ...] = ()
    posts: tuple[Post, ...] = ()

    @property
    def is_home(self) -> bool:
        """Return whether this is the page at ``/``."""
        return self.path == "/"

    @property
    def pager_text(self) -> str:
        """Return the pager as it is printed: the numbers run together, both arrows always there.

        >>> PageText(*6 * ("",), (), pager=(PagerLink(1), PagerLink(2, "/x/"))).pager_text
        'Pages: ««« :: 12 :: »»»'
        """
        numbers = "".join(str(link.number) for link in self.pager)
        return f"Pages: ««« :: {numbers} :: »»»" if self.pager else ""
