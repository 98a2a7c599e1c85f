"""The history to look at in a browser: pages of our own on Datasette, which shows the tables.

``server`` makes the Datasette, ``plugin`` hangs our pages in, ``look`` fills templates; a page is a
module in ``pages``: it loads what a template shows. Nothing here writes, and nothing is fetched
from outside.
"""
