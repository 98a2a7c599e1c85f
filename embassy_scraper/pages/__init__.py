"""Reading one capture: pure functions of bytes and a URL.

No network, no SQL, no clock: the same bytes give the same page, today and in ten years.
"""

from embassy_scraper.pages.reading import read_page

__all__ = ["read_page"]
