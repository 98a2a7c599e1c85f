"""Our pages: one module each, and the table of their addresses."""

from embassy_scraper.web.page import Page
from embassy_scraper.web.pages import (
    about,
    as_of,
    capture,
    change,
    counters,
    coverage,
    problems,
    questions,
    search,
    statement,
    timeline,
    timeline_files,
)

PAGES = (
    Page(r"^/$", timeline.load, "timeline.html"),
    Page(r"^/timeline\.(?P<form>json|csv|atom)$", timeline_files.load),
    Page(r"^/statement/(?P<key>.+)\.json$", statement.load_json),
    Page(r"^/statement/(?P<key>.+)$", statement.load, "statement.html"),
    Page(r"^/change/(?P<change_id>[^/]+)$", change.load, "change.html"),
    Page(r"^/capture/(?P<capture>[^/]+)/raw$", capture.load_raw),
    Page(r"^/capture/(?P<capture>[^/]+)$", capture.load, "capture.html"),
    Page(r"^/search$", search.load, "search.html"),
    Page(r"^/counters$", counters.load_all, "counters.html"),
    Page(r"^/counter/(?P<event>.+)$", counters.load, "counter.html"),
    Page(r"^/questions$", questions.load, "questions.html"),
    Page(r"^/as-of$", as_of.load, "as_of.html"),
    Page(r"^/coverage$", coverage.load, "coverage.html"),
    Page(r"^/problems$", problems.load, "problems.html"),
    Page(r"^/about$", about.load, "about.html"),
)
