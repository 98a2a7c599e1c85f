"""``coverage``: where nobody looked."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta

from embassy_scraper.replica.pages import render
from tests.live.site import publish, site
from tests.live.story import OPENS


def looked(folder, hours, blocked=()):
    """Save the homepage of a site, one statement a day, as seen so many hours after it opened."""
    later = [publish(9100 + n, OPENS + timedelta(days=n)) for n in range(40)]
    scenario = site(14, *later)
    folder.mkdir()
    lines = ["file\turl\tcaptured_at"]
    for hour in hours:
        now = OPENS + timedelta(hours=hour)
        found = render(scenario, "/", now)
        assert found is not None
        text = "<h1>Just a moment...</h1>" if hour in blocked else found[0]
        (folder / f"{hour}.html").write_text(text)
        lines.append(f"{hour}.html\thttps://www.rusemb.org.uk/\t{now:%Y-%m-%dT%H:%M:%SZ}")
    (folder / "manifest.tsv").write_text("\n".join(lines) + "\n")
    return folder


def table(result) -> list[dict[str, str]]:
    assert result.exit_code == 0, result.stderr
    return list(csv.DictReader(io.StringIO(result.stdout)))


def closed(result) -> list[dict[str, str]]:
    """The spans that end with a look; each list has one more, which lasts until now."""
    return [row for row in table(result) if row["observed_by"]]


def test_spans_between_looks_are_told_list_by_list(run, tmp_path) -> None:
    run("ingest", looked(tmp_path / "in", [1, 25, 49, 73 * 8], blocked={49}))
    rows = closed(run("coverage"))
    assert [(r["list"], r["days"], r["unread"]) for r in rows] == [
        ("home", "1.0", "0"), ("home", "23.3", "1"),
    ]  # fmt: skip
    near, far = rows
    assert (near["unseen_from"], near["unseen_until"]) == ("", "")
    assert (far["unseen_from"], far["unseen_until"]) == ("2021-03-02", "2021-03-11")
    assert far["observed_after"] == "2021-03-02T07:00:00Z"
    assert far["observed_by"] == "2021-03-25T14:00:00Z"


def test_the_longest_come_first(run, tmp_path) -> None:
    run("ingest", looked(tmp_path / "in", [1, 25, 100, 132]))
    rows = table(run("coverage", "--longest", "3", "--list", "home"))
    assert [r["days"] for r in rows[1:]] == ["3.1", "1.3"]
    assert rows[0]["observed_by"] == ""  # until now, which is longer


def test_own_pages_are_told_when_asked_for(run, demo_captures) -> None:
    run("ingest", demo_captures)
    assert not [r for r in table(run("coverage")) if r["list"] == "page"]
    pages = [r for r in table(run("coverage", "--pages")) if r["list"] == "page"]
    assert {r["subject"] for r in pages} == {"fnapr/9005"}


def test_the_last_span_lasts_until_now(run, tmp_path) -> None:
    run("ingest", looked(tmp_path / "in", [1, 25]))
    (row,) = [row for row in table(run("coverage")) if not row["observed_by"]]
    assert row["observed_after"] == "2021-03-02T07:00:00Z"
    since = datetime.now(UTC) - datetime(2021, 3, 2, 7, tzinfo=UTC)
    assert abs(float(row["days"]) - since / timedelta(days=1)) < 1


def test_short_spans_can_be_left_out(run, tmp_path) -> None:
    run("ingest", looked(tmp_path / "in", [1, 25, 100, 132]))
    assert [r["days"] for r in closed(run("coverage", "--shortest", "1.2"))] == ["3.1", "1.3"]
    assert run("coverage", "--shortest", "-1").exit_code == 2


def test_numbers_are_numbers(run, tmp_path) -> None:
    run("ingest", looked(tmp_path / "in", [1, 25, 100], blocked={25}))
    told = json.loads(run("coverage", "--format", "json").stdout)
    assert [(row["days"], row["unread"]) for row in told if row["observed_by"]] == [(4.1, 1)]
    assert [row["observed_by"] for row in told][-1] is None


def test_the_summary_has_a_row_for_every_list(run, tmp_path) -> None:
    run("ingest", looked(tmp_path / "in", [1, 25, 49, 100], blocked={49}))
    told = json.loads(run("coverage", "--summary", "--format", "json").stdout)
    assert [row["list"] for row in told][:3] == ["home", "latest", "newarh"]
    home, newarh = told[0], told[2]
    assert (home["looks"], home["unread"]) == (3, 1)
    assert (home["first_look"], home["last_look"]) == (
        "2021-03-01T07:00:00Z",
        "2021-03-05T10:00:00Z",
    )
    assert home["longest_gap"] == home["days_since"] > 2000
    assert (newarh["looks"], newarh["first_look"], newarh["days_since"]) == (0, None, None)


def test_lists_that_were_never_looked_at_are_named(run, tmp_path) -> None:
    run("ingest", looked(tmp_path / "in", [1]))
    said = "never looked at: latest, newarh, apress_arh, ambartarh, artarh, photarh, varh\n"
    assert run("coverage").stderr == said
    assert run("coverage", "--list", "varh").stderr == "never looked at: varh\n"
    assert "varh            0  never looked at" in run("coverage", "--format", "text").stdout


def test_what_was_withheld_was_not_seen(run, rows, tmp_path) -> None:
    folder = looked(tmp_path / "in", [1, 25, 49])
    page = (folder / "25.html").read_text()
    (folder / "25.html").write_text(page.replace("all messages", "and so on"))
    run("ingest", folder)
    assert rows("SELECT \"where\" FROM problems WHERE what = 'unknown layout'") or rows(
        "SELECT 1 FROM captures WHERE is_cut"
    )
    (row,) = closed(run("coverage", "--list", "home"))
    assert (row["days"], row["unread"]) == ("2.0", "1")
    (told,) = json.loads(run("coverage", "--list", "home", "--summary", "--format", "json").stdout)
    assert (told["looks"], told["unread"]) == (2, 1)
