"""What a bundle tells of the archives: where they have its captures, as anyone can ask them."""

from __future__ import annotations

import json
import urllib.request
from base64 import b32encode
from hashlib import sha1
from typing import Any

import pytest

from tests.bundle.builders import changes, make
from tests.peers.backfill import Backfill, FromCommonCrawl, write_archive
from tests.peers.servers import common_crawl, needs_nginx, needs_pywb

pytestmark = pytest.mark.peer


def told_of(fill: Backfill, tmp_path) -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Each capture of an edit with what the archives say of it."""
    rows = changes(fill.db)
    change = next(c for c, row in rows.items() if row["kind"] == "statement_edited")
    made = make(fill.db, change, tmp_path / "out.zip", "--config", str(fill.config))
    archives = json.loads(made.members["archives.json"])["captures"]
    captures = made.told["captures"]
    assert [one["id"] for one in archives] == [one["id"] for one in captures]
    return [(one, two["offers"]) for one, two in zip(captures, archives, strict=True)]


def fetched(offer: dict[str, Any]) -> bytes:
    head = {"Range": offer["range"]} if "range" in offer else {}
    request = urllib.request.Request(offer["bytes_at"], headers=head)
    with urllib.request.urlopen(request, timeout=60) as answer:
        data: bytes = answer.read()
        return data


@needs_pywb
def test_the_wayback_machine_has_it_where_the_bundle_says(tmp_path, archive, machine) -> None:
    fill = Backfill(tmp_path / "fill", machine.url)
    fill.run()
    asked = len(machine.asked)
    told = told_of(fill, tmp_path)
    assert len(machine.asked) == asked  # a bundle asks nobody
    assert len(told) == 2
    for capture, offers in told:
        (own,) = [offer for offer in offers if offer["is_this_capture"]]
        at = own["timestamp"]
        assert own["archive"] == capture["source"] == "wayback"
        assert own["shown_at"] == f"{machine.url}/web/{at}/{own['url']}"
        data = fetched(own)
        assert b32encode(sha1(data).digest()).decode() == own["digest"]
        assert own["http_status"] == capture["http_status"] and own["mime"] == "text/html"


@needs_pywb
@needs_nginx
def test_common_crawl_has_it_where_the_bundle_says(tmp_path) -> None:
    warc = tmp_path / "first.warc.gz"
    write_archive(warc)
    with common_crawl(tmp_path / "served", {"CC-MAIN-2021-10": [warc]}) as url:
        fill = FromCommonCrawl(tmp_path / "fill", url)
        fill.run()
        for capture, offers in told_of(fill, tmp_path):
            (own,) = [offer for offer in offers if offer["is_this_capture"]]
            assert own["archive"] == capture["source"] == "commoncrawl"
            assert own["bytes_at"] == f"{url}/{own['file']}"
            data = fetched(own)
            assert len(data) == own["length"] and data.startswith(b"\x1f\x8b")
