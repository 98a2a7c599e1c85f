"""How to read these pages: the words, the marks, and where more is to be had."""

from embassy_scraper.web.page import Asked, Values


def load(asked: Asked) -> Values:
    """Return how much is known."""
    return {"state": asked.row("state")}
