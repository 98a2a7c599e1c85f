"""Our pages: one module each, and the table of their addresses."""

from embassy_scraper.web.page import Page
from embassy_scraper.web.pages import timeline

PAGES = (Page(r"^/$", timeline.load, "timeline.html"),)
