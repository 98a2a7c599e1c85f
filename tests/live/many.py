"""``python -m tests.live.many SCENARIO FOLDER STEPS MARKUP``: crawls a replica at many moments.

STEPS is a JSON list of ``[instant, part, deep]``. Prints a JSON list with what came of each run:
outcome, note, requests, and the paths asked for.
"""

import json
import sys
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from embassy_scraper.intake.crawler import SPIDERS, crawl_settings
from embassy_scraper.replica import Replica, Scenario, load_scenario
from tests.replica_markups import MARKUPS


def write_config(folder: Path, url: str, **crawl: object) -> Path:
    """Write an ``embassy.toml`` for a replica: no delay, its clock counts."""
    told = {"delay": 0.0, "jitter": 0.0, "clock": "server", "timeout": 60.0, "retries": 1, **crawl}
    lines = [f"[site]\nbase_url = {json.dumps(url)}", "[crawl]"]
    lines += [f"{name} = {json.dumps(value)}" for name, value in told.items()]
    path = folder / "embassy.toml"
    path.write_text("\n".join(lines) + "\n")
    return path


def run(
    scenario: Scenario, folder: Path, steps: list[tuple[str, str, bool]]
) -> list[dict[str, Any]]:
    """Crawl at every step; return what came of it."""
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.utils.defer import deferred_from_coro
    from scrapy.utils.misc import load_object

    told: list[dict[str, Any]] = []
    with Replica(scenario) as replica:
        replica.hang = 60.0
        config = write_config(
            folder, replica.url, **json.loads((folder / "crawl.json").read_text())
        )
        process = AsyncCrawlerProcess(crawl_settings(folder / "embassy.db", config))

        async def crawl_all() -> None:
            for instant, part, deep in steps:
                replica.move_to(datetime.fromisoformat(instant))
                begun = len(replica.asked)
                crawler = process.create_crawler(load_object(SPIDERS[part]))
                await process.crawl(crawler, **({"deep": deep} if part != "homepage" else {}))
                spider: Any = crawler.spider
                asked = [(path, status) for _, path, status in replica.asked[begun:]]
                told.append(
                    {"at": instant, "outcome": spider.outcome, "note": spider.note, "asked": asked,
                     "failures": spider.failures, "changes": spider.changes,
                     **asdict(spider.counts)}
                )  # fmt: skip

        from twisted.internet import reactor

        loop: Any = reactor

        def begin() -> None:
            done = deferred_from_coro(crawl_all())
            done.addErrback(lambda failure: failure.printTraceback())
            done.addBoth(lambda _: loop.stop())

        loop.callWhenRunning(begin)
        loop.run()
    return told


if __name__ == "__main__":
    scenario, folder, steps, markup = sys.argv[1:]
    dressed = replace(load_scenario(Path(scenario)), markup=MARKUPS[markup])
    print(json.dumps(run(dressed, Path(folder), json.loads(steps))))
