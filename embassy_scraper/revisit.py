"""A revisit: what a record says that repeats another one."""

from dataclasses import dataclass

from embassy_scraper.items import RawCapture


@dataclass(frozen=True, slots=True)
class Revisit:
    """A record that says "the same as before": the bytes are to be found elsewhere.

    By their digest, or by the URL and instant of the capture it refers to. One that *is kept* is in
    a record of ours, as its archive offered it.
    """

    digest: str
    raw: RawCapture
    refers_to: str | None = None
    refers_at: str | None = None
    is_kept: bool = False
