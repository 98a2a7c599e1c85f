"""A bundle's WACZ in other programs: pywb, ReplayWeb.page, Webrecorder's own check."""

from __future__ import annotations

import json
import shutil
import subprocess
import urllib.request
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest

from embassy_scraper.bundle.wacz import surt, timestamp
from tests.bundle.builders import SITE, URL, Answers, Made, changes, make, page
from tests.live.site import publish, site
from tests.live.story import OPENS
from tests.peers.replaywebpage import chromium, needs_replay
from tests.peers.servers import PYWB, needs_pywb, pywb
from tests.web.chromium import needs_chromium
from tests.world import program

pytestmark = pytest.mark.peer
needs_wacz = pytest.mark.skipif(
    not (PYWB / "bin" / "wacz").exists(), reason="wacz is not here; make --always-make peers"
)
AFTER = "The text has 16 words, «шестнадцать»."


@pytest.fixture(scope="module")
def answered(tmp_path_factory) -> Made:
    """An edit between two answers."""
    folder = tmp_path_factory.mktemp("answered")
    warc = Answers(folder / "in.warc.gz").write(
        (URL, "2021-03-02T19:00:00Z", page("A title", "The text has 15 words.", 2)),
        (URL, "2021-03-04T19:00:00Z", page("A title", AFTER, 4)),
    )
    assert program.ingest(folder / "embassy.db", warc).exit_code == 0
    rows = changes(folder / "embassy.db")
    (change,) = [name for name, row in rows.items() if row["field"] == "body"]
    return make(folder / "embassy.db", change, folder / "evidence.zip")


@pytest.fixture(scope="module")
def saved(tmp_path_factory, request) -> Made:
    """A counter on two saved texts that have no address."""
    folder = tmp_path_factory.mktemp("saved")
    (folder / "in").mkdir()
    captures = Path(request.config.rootpath) / "tests" / "captures"
    for name in ("1-home.txt", "5-home.txt"):
        shutil.copy(captures / name, folder / "in")
    assert program.ingest(folder / "embassy.db", folder / "in").exit_code == 0
    rows = changes(folder / "embassy.db")
    change = next(c for c, row in rows.items() if row["capture_before"])
    return make(folder / "embassy.db", change, folder / "evidence.zip")


@pytest.fixture
def repeated(live, tmp_path) -> Made:
    """A statement that was added after the server had said "not modified"."""
    with live(site(14, publish(9100, OPENS + timedelta(minutes=90)))) as it:
        for _ in range(3):
            it.crawl()
            it.later(hours=1)
        revisits = {row[0] for row in it.rows("SELECT id FROM captures WHERE is_revisit")}
        rows = changes(it.db)
        change = next(c for c, row in rows.items() if row["capture_before"] in revisits)
        return make(it.db, change, tmp_path / "evidence.zip")


def write(made: Made, folder: Path) -> Path:
    path = folder / "captures.wacz"
    path.write_bytes(made.members["captures.wacz"])
    return path


def pages(made: Made) -> list[tuple[str, str]]:
    """Address and timestamp of each page, as the WACZ lists them."""
    lines = made.wacz["pages/pages.jsonl"].decode().splitlines()[1:]
    return [(one["url"], timestamp(one["ts"])) for one in map(json.loads, lines)]


def played(collection: str, url: str, at: str) -> str:
    asked = f"{collection}/{at}id_/{quote(url, safe=':/&=?#%')}"
    with urllib.request.urlopen(asked, timeout=60) as answer:
        text: str = answer.read().decode()
        return text


@needs_pywb
def test_pywb_replays_the_wacz_and_its_warc_file(answered, saved, repeated, tmp_path) -> None:
    cases = (
        (answered, ["15 words", AFTER]),
        (saved, ["300 days have", "days have"]),
        (repeated, ["Statement 9013 of the embassy", "Statement 9100 of the embassy"]),
    )
    for kind, member in (("wacz", "captures.wacz"), ("warc.gz", "archive/data.warc.gz")):
        paths = []
        for number, (made, _) in enumerate(cases):
            paths.append(tmp_path / f"{number}.{kind}")
            paths[-1].write_bytes({**made.members, **made.wacz}[member])
        with pywb(tmp_path / kind, paths, unpack=kind == "wacz") as collection:
            for made, texts in cases:
                shown = [played(collection, url, at) for url, at in pages(made)]
                assert all(text in one for text, one in zip(texts, shown, strict=True))


@needs_pywb
def test_the_index_is_what_pywb_makes_of_the_records(answered, saved, repeated, tmp_path) -> None:
    for number, made in enumerate((answered, saved, repeated)):
        path = tmp_path / f"{number}.warc.gz"
        path.write_bytes(made.wacz["archive/data.warc.gz"])
        done = subprocess.run(
            [str(PYWB / "bin" / "cdx-indexer"), "-s", "-j", str(path)],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        theirs = [line for line in done.stdout.splitlines() if not line.startswith(" CDX")]
        ours = made.wacz["indexes/index.cdx"].decode().splitlines()
        for their, our in zip(theirs, ours, strict=True):
            assert their.split(" ", 2)[:2] == our.split(" ", 2)[:2]
            their_json, our_json = (json.loads(one.split(" ", 2)[2]) for one in (their, our))
            for name in ("url", "mime", "length", "offset"):
                assert their_json[name] == our_json[name]


@needs_pywb
def test_keys_of_the_index_are_those_of_the_library() -> None:
    urls = [
        f"{SITE}/", f"{SITE}", f"{SITE}/fnapr/1/", f"{SITE}/MiXeD?b=2&A=1", f"{SITE}:8080/x",
        "http://127.0.0.1:8080/newarh/&start=1&ps=10&ppp=15", f"{SITE}/?", f"{SITE}/x?q=a+b",
        "http://www2.example.org:80/a//b/", "urn:embassy-scraper:no-url",
    ]  # fmt: skip
    script = (
        "import json, sys, surt; print(json.dumps([surt.surt(u) for u in json.load(sys.stdin)]))"
    )
    done = subprocess.run(
        [str(PYWB / "bin" / "python"), "-c", script],
        input=json.dumps(urls), check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert [surt(url) for url in urls] == json.loads(done.stdout)


@needs_wacz
def test_it_is_valid_to_those_who_made_the_format(answered, saved, repeated, tmp_path) -> None:
    for made in (answered, saved, repeated):
        path = write(made, tmp_path)
        done = subprocess.run(
            [str(PYWB / "bin" / "wacz"), "validate", "-f", str(path)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0 and "passed WACZ is valid" in done.stdout


@needs_replay
@needs_chromium
def test_replaywebpage_shows_the_captured_pages(answered, saved, repeated) -> None:
    cases = (
        (answered, ["15 words", AFTER]),
        (saved, ["300 days have", "days have"]),
        (repeated, ["Statement 9013 of the embassy", "Statement 9100 of the embassy"]),
    )
    with chromium() as reader:
        for made, texts in cases:
            wacz = made.members["captures.wacz"]
            for (url, at), text in zip(pages(made), texts, strict=True):
                assert text in reader.shows(wacz, url, at, text)
