"""``show``: one capture."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from embassy_scraper.commands.options import db_option, format_option, one_line_errors, place_option
from embassy_scraper.commands.writing import print_line, write_bytes, write_out
from embassy_scraper.intake.place import captures_folder, open_history
from embassy_scraper.intake.stored import raw_of, stored_captures
from pipelines.tables.one_capture import Rows, find_capture, show_capture
from pipelines.tables.site_and_reader import profile_of


@click.command()
@click.argument("capture")
@db_option
@place_option
@click.option("--raw", is_flag=True, help="Write only its bytes to stdout, unchanged.")
@format_option("text", "json")
@one_line_errors
def command(capture: str, db: Path, raw: bool, format_name: str) -> None:
    """Show one capture: what was read from it, where it came from, its problems.

    CAPTURE is its id, or the beginning of the id where no other id begins so.

    \b
    Example:
      embassy-scraper show 20180318T154400Z
      embassy-scraper show 20180318T154400Z --raw > page.html
    """
    with closing(open_history(db)) as connection:
        name = find_capture(connection, capture)
        if raw:
            (stored,) = stored_captures(connection, name)
            found = raw_of(captures_folder(db), stored, profile_of(connection))
            write_bytes([found.payload], Path("-"), db)
            return
        shown = show_capture(connection, name)
    if format_name == "json":
        write_out([json.dumps(shown, ensure_ascii=False, indent=1), "\n"], None, db)
        return
    for line in _lines(shown):
        print_line(line)


def _lines(shown: dict[str, Rows]) -> Iterator[str]:
    """Yield what is known of a capture, in words; parts of which nothing was read are left out."""
    for row in shown["capture"]:
        yield f"capture {row.pop('id')}"
        yield from _fields(row)
    for name in ("retracted", "header", "counters", "page"):
        for row in shown.get(name, ()):
            yield from ("", name)
            yield from _fields(row)
    windows = {row["list"]: row for row in shown["windows"]}
    entries: dict[str, Rows] = {name: [] for name in windows}
    for row in shown["entries"]:
        entries.setdefault(row.pop("list"), []).append(row)
    for name, rows in entries.items():
        yield from ("", _window(name, windows.get(name)))
        for row in rows:
            yield from _entry(row)
    if shown["problems"]:
        yield from ("", "problems")
    for row in shown["problems"]:
        yield f"  {row['what']}, {row['where']}: {row['text']}"


def _fields(row: dict[str, Any]) -> Iterator[str]:
    for name, value in row.items():
        if value is None or value == "":
            continue
        first, *more = str(value).split("\n")
        yield f"  {name.replace('_', ' '):<16} {first}"
        yield from (" " * 19 + line for line in more)


def _window(name: str, window: dict[str, Any] | None) -> str:
    if window is None:
        return name
    begin = f"{name} from {window['start']}" if window["start"] > 1 else name
    if window["covers_after"] is None:
        return f"{begin}, covers nothing"
    until = f" and before {window['covers_until']}" if window["covers_until"] else ""
    return f"{begin}, covers dates after {window['covers_after']}{until}"


def _entry(row: dict[str, Any]) -> Iterator[str]:
    day = row["date"] or row["date_text"] or "no date"
    place = f"{row['position']:>3} " if row["position"] else "    "
    yield f"{place} {day}  {row['title'] or ''}  [{row['statement']}]"
    if row["lead"]:
        yield f"     {' '.join(row['lead'].split())}"
