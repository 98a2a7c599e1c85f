"""Our pages: one module each, and the table of their addresses."""

from embassy_scraper.web.page import Page
from embassy_scraper.web.pages import capture, change, search, statement, timeline

PAGES = (
    Page(r"^/$", timeline.load, "timeline.html"),
    Page(r"^/statement/(?P<key>.+)\.json$", statement.load_json),
    Page(r"^/statement/(?P<key>.+)$", statement.load, "statement.html"),
    Page(r"^/change/(?P<change_id>[^/]+)$", change.load, "change.html"),
    Page(r"^/capture/(?P<capture>[^/]+)/raw$", capture.load_raw),
    Page(r"^/capture/(?P<capture>[^/]+)$", capture.load, "capture.html"),
    Page(r"^/search$", search.load, "search.html"),
)
