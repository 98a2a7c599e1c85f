"""Changes made by hand, with the least that a case needs said."""

from typing import Any

from embassy_scraper.reports.entries import Change

DAY = "2021-03-{:02}T09:00:00Z"
URL = "https://www.rusemb.org.uk/fnapr/9005"
HOSTILE = (
    "<script>alert('x')</script>",
    "</title><img src=x onerror=alert(1)>",
    "]]></content><entry>",
    '" onmouseover="alert(1)',
    "\x1b]0;owned\x07\x1b[31mred\x9b2J",
    "abc\u202egnp.exe\u2066",
    "=cmd|' /C calc'!A1",
    "a\x00b\ufffe\ud800c",
    "&amp;<!-- -->&#0;",
    "[link](javascript:alert(1)) **bold** `code` # head | cell ~~x~~ <b>",
    "{{ 7*7 }}{% raw %}",
    "шесть слов с  неразрывным\u00a0пробелом",
    "",
)


def capture(at: str) -> str:
    """The id of a capture taken at an instant."""
    return f"{at.replace('-', '').replace(':', '')}-0123456789abcdef"


def change(kind: str = "statement_edited", **given: Any) -> Change:
    """A change between 3 and 5 March 2021."""
    after, by = given.pop("observed_after", DAY.format(3)), given.pop("observed_by", DAY.format(5))
    values: dict[str, Any] = {
        "change_id": "00000000000000aa", "kind": kind, "subject": "fnapr/9005",
        "title": "Press release on the spring concert", "published_on": "2021-03-02",
        "url": URL, "field": "title", "before": None, "after": None, "significance": None,
        "similarity": None, "observed_after": after, "observed_by": by,
        "capture_before": capture(after) if after else None, "capture_after": capture(by),
        "note": None, "learned": None, "url_before": URL, "url_after": URL,
    }  # fmt: skip
    return Change(**values | given)


def edit(field: str, before: str | None, after: str | None, **given: Any) -> Change:
    """An edit of one field."""
    return change(
        field=field, before=before, after=after, **{"significance": "substantive"} | given
    )
