"""What a page says, whatever its markup. All texts are made up."""

from __future__ import annotations

from dataclasses import dataclass, replace

NBSP = "\u00a0"


@dataclass(frozen=True)
class Entry:
    on: str
    title: str
    lead: str
    key: str
    host: str = ""  # what stands before its address

    @property
    def href(self) -> str:
        return f"{self.host}/{self.key}"


@dataclass(frozen=True)
class Model:
    """What a page says, whatever its markup."""

    url: str | None
    date: str = "24 November 2020"
    clocks: tuple[str, str] = ("Moscow: 15:22", "London: 12:22")
    label: str = "Consular queries:"
    phone: str = "+44 (0) 203 668 7474"
    email: str | None = "info@rusemb.org.uk"
    counters: tuple[str, ...] = (
        "996 days have passed since the Harbour incident - no credible information or response",
        "988 days have passed since the loss of the Otter – at sea - no response from anyone",
    )
    heading: str | None = None
    on: str | None = None
    title: str | None = None
    body: tuple[str, ...] = ()
    signature: str | None = None
    pager: str | None = None
    items: tuple[Entry, ...] = ()
    block: tuple[Entry, ...] = ()
    has_header: bool = True
    boxes: tuple[tuple[str, Entry], ...] = ()  # on the homepage in the real frame alone

    @property
    def is_home(self) -> bool:
        """The homepage is one list, closed by "all messages"; it has no block."""
        return self.url is not None and self.url.partition("//")[2].partition("/")[2] == ""

    @property
    def is_mobile(self) -> bool:
        """The mobile twin has another frame."""
        return (self.url or "").startswith("https://m.")

    def as_b(self) -> Model:
        """What form B prints of it."""
        return replace(self, email=None, heading=None, on=None)
