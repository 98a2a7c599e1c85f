"""A Scrapy extension that breaks down while others work."""

from __future__ import annotations

from typing import Any

from scrapy import signals


class Broken:
    """Raises at every answer, behind the spider's back."""

    @classmethod
    def from_crawler(cls, crawler: Any) -> Broken:
        broken = cls()
        crawler.signals.connect(broken.answered, signal=signals.response_received)
        return broken

    def answered(self) -> None:
        raise RuntimeError("it broke down")
