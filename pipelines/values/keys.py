"""Keys of statements that have no URL: made of content, never of the order of arrival."""

from hashlib import sha256

from embassy_scraper.items import Wording

OPENING_WORDS = 40


def opening(body: str) -> str:
    """Return the first 40 words of *body*, by which pages without URL and date are compared."""
    return " ".join(body.split(None, OPENING_WORDS)[:OPENING_WORDS])


def content_key(day: str | None, title: str | None, lead: str | None) -> str:
    """Return the key of a statement without URL: its first known date, title and lead.

    >>> content_key("2020-11-20", "Embassy comment", "")
    '2020-11-20/c8582203b829'
    """
    seed = f"{title or ''}\n{lead or ''}"
    return f"{day or 'undated'}/{sha256(seed.encode()).hexdigest()[:12]}"


def provisional_key(wording: Wording) -> str:
    """Return the key a statement has that is known by *wording* alone."""
    if wording.url_key is not None:
        return wording.url_key
    if wording.is_page:
        return content_key(wording.date, wording.title, opening(wording.body or ""))
    return content_key(wording.date, wording.title, None if wording.is_open else wording.lead)
