"""``report``: what it prints where, and for which times."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import select
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import feedparser
import pytest
from click.testing import CliRunner
from lxml import html

from embassy_scraper.commands import main
from embassy_scraper.reports.moments import read_moment

NOW = datetime(2021, 3, 31, 15, 4, 5, tzinfo=UTC)
EVIL = "Notice\x1b]0;owned\x07 \x9b2J of <script>alert(1)</script> \u202egnp.exe \x1b[31mhours"


def on_terminal(*arguments: object, **environment: str) -> str:
    """What the program prints on a terminal of 70 columns."""
    master, slave = pty.openpty()
    variables = {**os.environ, "COLUMNS": "70", "TERM": "xterm", **environment}
    if "NO_COLOR" not in environment:
        variables.pop("NO_COLOR", None)
    command = [sys.executable, "-m", "embassy_scraper", *map(str, arguments)]
    process = subprocess.Popen(
        command, stdout=slave, stderr=subprocess.PIPE, env=variables, cwd=Path(__file__).parents[2]
    )
    os.close(slave)
    said = b""
    while select.select([master], [], [], 30)[0]:
        try:
            part = os.read(master, 65536)
        except OSError:
            break
        if not part:
            break
        said += part
    os.close(master)
    assert process.wait() == 0, process.stderr and process.stderr.read()
    return said.decode().replace("\r\n", "\n")


def read_html(data: bytes) -> html.HtmlElement:
    found = html.document_fromstring(data)
    assert isinstance(found, html.HtmlElement)
    return found


@pytest.fixture
def evil(run, tmp_path, demo_captures, db: Path) -> Path:
    """A history in which a title is hostile."""
    page = (demo_captures / "1-home.txt").read_text(encoding="utf-8")
    assert "Notice on consular hours in March" in page
    page = page.replace("Notice on consular hours in March", EVIL)
    (tmp_path / "evil.txt").write_text(page, encoding="utf-8")
    assert run("ingest", tmp_path / "evil.txt").exit_code == 0
    return db


def test_sentences_on_a_terminal_and_csv_elsewhere(run, db, demo_captures) -> None:
    run("ingest", demo_captures)
    said = on_terminal("report", "--db", db)
    assert "Title changed" in said or "Text changed" in said
    assert max(len(line) for line in said.splitlines() if "\x1b" not in line) <= 70
    assert run("report").stdout.startswith("change_id,kind,")
    assert on_terminal("report", "--db", db, "--format", "csv").startswith("change_id,kind,")
    assert on_terminal("coverage", "--db", db).startswith("Looks at the head of each list")


def test_colour_stands_only_where_it_is_wanted(run, db, demo_captures) -> None:
    run("ingest", demo_captures)
    assert "\x1b[1m" in on_terminal("report", "--db", db)
    assert "\x1b" not in on_terminal("report", "--db", db, NO_COLOR="1")
    assert "\x1b" not in on_terminal("report", "--db", db, TERM="dumb")
    assert "\x1b" not in run("report", "--format", "text").stdout


@pytest.mark.parametrize("form", ["text", "csv", "json", "markdown", "html", "atom"])
def test_no_control_of_a_page_reaches_a_terminal(evil, form) -> None:
    said = on_terminal("report", "--db", evil, "--format", form, NO_COLOR="1")
    assert "gnp.exe" in said
    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(said)


@pytest.mark.parametrize("verb", [("as-of", "2030"), ("show", "20"), ("problems",)])
def test_other_verbs_keep_the_controls_of_a_page_off_a_terminal(evil, verb) -> None:
    said = on_terminal(*verb, "--db", evil)
    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(said)


def test_every_format_is_what_it_says(run, demo_captures, tmp_path) -> None:
    run("ingest", demo_captures)
    rows = list(csv.DictReader(io.StringIO(run("report").stdout)))
    feed = feedparser.parse(run("report", "--format", "atom").stdout_bytes)
    assert not feed.bozo
    assert 0 < len(feed.entries) <= len(rows)
    page = read_html(run("report", "--format", "html").stdout_bytes)
    evidence = page.text_content()
    assert all(row["change_id"] in evidence for row in rows)
    assert "embassy-scraper report --format html" in evidence
    assert run("report", "--format", "markdown").stdout.startswith("# Changes on www")
    target = tmp_path / "report.html"
    run("report", "--format", "html", "--output", target)
    assert target.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_filters_hold_in_every_format(run, demo_captures) -> None:
    run("ingest", demo_captures)
    wanted = ("--kind", "contact_changed", "--kind", "counter_anomaly")
    ids = {
        row["change_id"] for row in json.loads(run("report", "--format", "json", *wanted).stdout)
    }
    said = run("report", "--format", "html", *wanted).stdout
    everything = json.loads(run("report", "--format", "json").stdout)
    for row in everything:
        assert (row["change_id"] in said) == (row["change_id"] in ids)
    assert run("report", "--format", "text", "--since", "2030").stdout == "no changes\n"


def test_html_shows_two_versions_side_by_side_and_the_counters(run, demo_captures) -> None:
    run("ingest", demo_captures)
    page = read_html(run("report", "--format", "html").stdout_bytes)
    assert page.find_class("sides")
    assert page.xpath("//*[local-name()='svg']")


MOMENTS = [
    ("2021", "2021-01-01T00:00:00Z", "2021-12-31T23:59:59Z"),
    ("2021-02", "2021-02-01T00:00:00Z", "2021-02-28T23:59:59Z"),
    ("2020-02", "2020-02-01T00:00:00Z", "2020-02-29T23:59:59Z"),
    ("9999-12", "9999-12-01T00:00:00Z", "9999-12-31T23:59:59Z"),
    ("2021-03-05", "2021-03-05T00:00:00Z", "2021-03-05T23:59:59Z"),
    ("today", "2021-03-31T00:00:00Z", "2021-03-31T23:59:59Z"),
    ("yesterday", "2021-03-30T00:00:00Z", "2021-03-30T23:59:59Z"),
    ("7d", "2021-03-24T15:04:05Z", "2021-03-24T15:04:05Z"),
    ("36h", "2021-03-30T03:04:05Z", "2021-03-30T03:04:05Z"),
    ("2w", "2021-03-17T15:04:05Z", "2021-03-17T15:04:05Z"),
    ("2021-03-05T10:00:00+01:00", "2021-03-05T09:00:00Z", "2021-03-05T09:00:00Z"),
    ("20210305090000", "2021-03-05T09:00:00Z", "2021-03-05T09:00:00Z"),
]


@pytest.mark.parametrize(("text", "first", "last"), MOMENTS)
def test_a_time_may_be_written_as_people_do(text, first, last) -> None:
    assert read_moment(text, now=NOW) == first
    assert read_moment(text, now=NOW, is_end=True) == last


@pytest.mark.parametrize(
    "text",
    ["", "x", "21", "0000", "2021-13", "2021-02-29", "2021-2", "7", "d", "-7d", "999999d", "７d",
     "08/03/2021", "tomorrow", "2021-03-05T25:00:00Z", "٢٠٢١"],
)  # fmt: skip
def test_what_is_not_a_time_is_wrong_usage(run, demo_captures, text) -> None:
    run("ingest", demo_captures)
    for verb in (
        ("report", f"--since={text}"),
        ("report", f"--until={text}"),
        ("as-of", "--", text),
    ):
        found = CliRunner().invoke(main, [verb[0], "--db", str(demo_captures), *verb[1:]])
        assert found.exit_code == 2, found.output


@pytest.mark.parametrize(
    ("since", "until", "status"),
    [("2021-03", "2021-03", 0), ("2021-03", "2021-02", 2), ("2021", "2020", 2), ("1d", "2d", 2),
     ("2d", "1d", 0), ("today", "yesterday", 2), ("yesterday", "today", 0)],
)  # fmt: skip
def test_a_range_ends_after_it_begins(run, demo_captures, since, until, status) -> None:
    run("ingest", demo_captures)
    found = run("report", "--since", since, "--until", until)
    assert found.exit_code == status


def test_a_time_of_days_ago_is_reckoned_from_now(run, demo_captures) -> None:
    run("ingest", demo_captures)
    days = (datetime.now(UTC) - datetime(2021, 3, 6, tzinfo=UTC)) // timedelta(days=1)
    late = csv.DictReader(io.StringIO(run("report", "--since", f"{days}d").stdout))
    assert {row["observed_by"] > "2021-03-06" for row in late} == {True}


def test_spreadsheet_is_csv_and_nothing_else(run, demo_captures) -> None:
    run("ingest", demo_captures)
    assert run("report", "--spreadsheet").stdout.startswith("\ufeffchange_id")
    assert run("report", "--spreadsheet", "--format", "html").exit_code == 2


HEAVY = (
    "scrapy",
    "datasette",
    "jinja2",
    "sqlite_utils",
    "lxml",
    "dateutil",
    "pipelines.history.edits",
)


@pytest.mark.parametrize("form", ["csv", "text", "markdown", "atom"])
def test_the_report_of_a_day_imports_nothing_heavy(run, db, demo_captures, form) -> None:
    run("ingest", demo_captures)
    script = (
        "import sys\nfrom embassy_scraper.commands import main\n"
        f"main(['report', '--db', {str(db)!r}, '--format', {form!r}, '--since', '2021-03-05',"
        " '--until', '2021-03-05'], standalone_mode=False)\nprint(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert not set(HEAVY) & set(done.stderr.split())
