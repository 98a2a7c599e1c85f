"""The timeline as JSON, CSV or a feed, with the filters of the front page."""

from collections.abc import Iterator
from dataclasses import astuple
from urllib.parse import urlencode

from embassy_scraper.reports.atom import as_atom
from embassy_scraper.reports.entries import COLUMNS
from embassy_scraper.reports.formats import BOM, as_csv, as_json, for_spreadsheet
from embassy_scraper.reports.wanted import Wanted, read_changes
from embassy_scraper.web.page import Answer, Asked
from embassy_scraper.web.pages.timeline import chosen, filters_of, wanted
from embassy_scraper.web.told import read_page

_ENTRIES = 100  # changes in a feed; readers ask for it again and again
FORMS = {
    "json": "application/json; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
}


def load(asked: Asked, *, form: str) -> Answer:
    """Return the changes that the filters leave in, newest first.

    JSON and CSV have all of them, with the columns of the report and when each was learned;
    ``spreadsheet=on`` is for Excel. The feed has the newest, as entries.
    """
    filters = filters_of(asked)
    what = wanted(filters)
    if form == "atom":
        text = "".join(_feed(asked, what, filters))
    else:
        rows = map(astuple, read_changes(asked.connection, what))
        if form == "json":
            text = "".join(as_json(COLUMNS, rows))
        elif asked.argument("spreadsheet"):
            text = BOM + "".join(as_csv(COLUMNS, for_spreadsheet(rows)))
        else:
            text = "".join(as_csv(COLUMNS, rows))
    headers = {"content-disposition": f'inline; filename="timeline.{form}"'}
    return Answer(text.encode("utf-8", "replace"), FORMS[form], headers)


def _feed(asked: Asked, what: Wanted, filters: dict[str, str | None]) -> Iterator[str]:
    entries, _ = read_page(asked.connection, what, None, _ENTRIES)
    given = {name: value for name, value in filters.items() if value is not None}
    only = ", ".join(choice.words for choice in chosen(filters, {}))
    yield from as_atom(
        entries,
        title="What changed on the embassy’s site" + (f": {only}" if only else ""),
        self_url=f"{asked.origin}{asked.base}timeline.atom"
        + (f"?{urlencode(given)}" if given else ""),
        headings=asked.headings,
        page_of=lambda entry: f"{asked.origin}{asked.base}change/{entry.first.change_id}",
    )
