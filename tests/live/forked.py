"""The program in a child of a process that has imported it: a crawl begins in a third of the time.

``python -m tests.live.forked`` is that process: each line that it reads is a command, and where to
run it; each line that it writes is the exit status.
"""

from __future__ import annotations

import json
import os
import pkgutil
import subprocess
import sys
from functools import cache
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parents[2]
# what a crawl imports on its way; none of them installs a reactor
PACKAGES = ("pipelines", "embassy_scraper.spiders", "scrapy.downloadermiddlewares",
            "scrapy.spidermiddlewares")  # fmt: skip
MODULES = """
    embassy_scraper.commands.crawl embassy_scraper.commands.backfill embassy_scraper.settings
    scrapy.crawler scrapy.core.downloader.handlers.http11 scrapy.squeues scrapy.pqueues
    scrapy.extensions.feedexport scrapy.extensions.telnet scrapy.extensions.remote_control
""".split()


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the program with *words* in *folder*, to its end."""
    out, err = folder / "stdout.said", folder / "stderr.said"
    mother = _mother()
    assert mother.stdin is not None and mother.stdout is not None
    order = {
        "words": words, "folder": str(folder), "out": str(out), "err": str(err),
        "environ": dict(os.environ),
    }  # fmt: skip
    mother.stdin.write(json.dumps(order) + "\n")
    mother.stdin.flush()
    status = int(mother.stdout.readline())
    said = [path.read_text(encoding="utf-8") for path in (out, err)]
    return subprocess.CompletedProcess(words, status, *said)


@cache
def _mother() -> subprocess.Popen[str]:
    """One for each process of the tests; it ends with it, for then its input does."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.live.forked"], cwd=ROOT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip


def serve() -> None:
    """Carry out one order after the other."""
    found = [pkgutil.walk_packages(import_module(name).__path__, f"{name}.") for name in PACKAGES]
    for name in (*MODULES, *(module.name for package in found for module in package)):
        import_module(name)
    assert "twisted.internet.reactor" not in sys.modules
    while line := sys.stdin.readline():
        order = json.loads(line)
        child = os.fork()
        if not child:
            os.environ.clear()
            os.environ.update(order["environ"])
            become(order["folder"], order["out"], order["err"])
            from embassy_scraper.commands import main

            main(order["words"], prog_name="embassy-scraper")
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def become(folder: str, out: str, err: str) -> None:
    """Make this child what a shell would begin in *folder*."""
    os.chdir(folder)
    for number, path in enumerate((os.devnull, out, err)):
        how = os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        handle = os.open(path, how)
        os.dup2(handle, number)
        os.close(handle)


if __name__ == "__main__":
    serve()
