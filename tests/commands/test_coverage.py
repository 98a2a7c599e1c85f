"""``coverage``: where nobody looked."""

import csv
import io

from embassy_scraper.replica.pages import render
from tests.live.site import publish, site
from tests.live.story import OPENS


def looked(folder, hours, blocked=()):
    """Save the homepage of a site, one statement a day, as seen so many hours after it opened."""
    from datetime import timedelta

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


def test_spans_between_looks_are_told_list_by_list(run, tmp_path) -> None:
    run("ingest", looked(tmp_path / "in", [1, 25, 49, 73 * 8], blocked={49}))
    rows = table(run("coverage"))
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
    rows = table(run("coverage", "--longest", "2", "--list", "home"))
    assert [r["days"] for r in rows] == ["3.1", "1.3"]


def test_own_pages_are_told_when_asked_for(run, demo_captures) -> None:
    run("ingest", demo_captures)
    assert not [r for r in table(run("coverage")) if r["list"] == "page"]
    pages = [r for r in table(run("coverage", "--pages")) if r["list"] == "page"]
    assert {r["subject"] for r in pages} == {"fnapr/9005"}
