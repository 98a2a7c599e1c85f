"""A bundle: one zip that proves one change without this program.

``kept`` finds the raw records of its captures, ``wacz`` puts them where other programs read them,
``told`` says what is known of the change, ``words`` says it to people, ``passages`` names the texts
that can be looked for in the captures, ``stamp`` asks a time-stamping authority, ``zips`` writes
the same bytes each time. ``prove`` is the script in the bundle; it knows nothing of the others.
"""

from embassy_scraper.bundle.made import Bundle, make_bundle

__all__ = ["Bundle", "make_bundle"]
