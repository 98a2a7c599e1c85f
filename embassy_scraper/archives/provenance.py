"""Provenance: who tells the URL and the instant of a capture, and whose word counts.

One order holds for both: a manifest before the record that holds the page, that before an archive
whose address or banner tells, and so on down to the clock on the page. A page of a web archive is
of the address that the archive's address holds, and of the archive's instant.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from embassy_scraper.evidence import TELLERS, Teller
from embassy_scraper.items import RawCapture


@dataclass(frozen=True, slots=True)
class Told:
    """What one teller says of a capture: its URL, its instant (UTC), or both."""

    by: Teller
    url: str | None = None
    instant: str | None = None


def placed(raw: RawCapture, told: Iterable[Told]) -> RawCapture:
    """Return *raw* with URL and instant, each as the first in the order tells it, and who told."""
    in_order = sorted(told, key=lambda one: TELLERS.index(one.by))
    url = next((one for one in in_order if one.url), None)
    instant = next((one for one in in_order if one.instant), None)
    return replace(
        raw,
        url=url.url if url else None,
        url_from=url.by if url else None,
        captured_at=instant.instant if instant else None,
        instant_from=instant.by if instant else None,
    )
