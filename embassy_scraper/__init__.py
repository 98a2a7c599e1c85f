"""Follow what an embassy says online, when it said it, and what it quietly changes afterwards.

site → spider or saved file → capture → page → items → normalise → dedupe → store → diff → report

Left wing (this package): fetch captures, keep their raw bytes in WARC files, read pages.
Middle wing (``pipelines``): normalise dates, find which statement an entry is, store, compare.
Right wing (``commands``, ``reports``): show the history.
Data flows left to right and nothing flows back; the shared nouns live in ``items``.
"""

__version__ = "0.1.0"
