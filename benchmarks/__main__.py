"""``make bench``: ratios against a floor, in one run, printed and kept in ``README.md``.

Each figure is a whole process: the time it took, and its peak memory as the operating system counts
it. Pairs are run in turn, so that a machine that slows down slows both.
"""

import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks import bulk, crawl, damaged, looking, settling
from benchmarks.peers.table import peers
from benchmarks.world import captures, write_warc

HERE = Path(__file__).parent
PAGES, ROUNDS = 5_000, 5
MANY, PART = 50_000, 1_000
LATE = range(25_000, 25_020)


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds from start to end, peak memory in MB and seconds of processor time of one process."""

    seconds: float
    megabytes: float
    processor: float


# As an installed program has it: Python keeps what it has compiled.
_ENV = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def run(*command: object, cwd: Path | None = None, good: int = 0) -> Cost:
    """Run a command to its end, which is to be with the status *good*; return what it cost."""
    words = [str(word) for word in command]
    begun = time.perf_counter()
    process = subprocess.Popen(
        words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=cwd, env=_ENV
    )
    assert process.stderr is not None
    said = process.stderr.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) != good:
        raise SystemExit(f"{command}: ended with {status}: {said}")
    seconds = time.perf_counter() - begun
    return Cost(seconds, usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime)


def ingest(db: Path, *paths: Path) -> Cost:
    """Ingest *paths* into *db* in a process of its own."""
    return run(sys.executable, "-m", "embassy_scraper", "ingest", *paths, "--db", db)


def against_the_floor(folder: Path) -> Iterator[str]:
    """5,000 captures of 30 KB from one WARC file, against the floor, in both markups."""
    yield from _against_the_floor(folder, "frame", 0.65)
    yield from _against_the_floor(folder, "plain", None)  # it has to prove what it shows


def _against_the_floor(folder: Path, dress: str, least: float | None) -> Iterator[str]:
    source = folder / f"{dress}.warc.gz"
    write_warc(source, captures(PAGES, dress=dress))
    ours, floor = [], []
    for number in range(ROUNDS):
        place = folder / f"{dress}{number}"
        place.mkdir()
        floor.append(run(sys.executable, "-m", "benchmarks.floor", source, place))
        ours.append(ingest(place / "embassy.db", source))
    pairs = zip(floor, ours, strict=True)
    ratio = statistics.median(f.processor / o.processor for f, o in pairs)
    yield row(f"ingest against the floor, markup {dress}, processor time", f"{ratio:.2f}",
              f"at least {least:.2f}" if least else "stated", ratio >= (least or 0))  # fmt: skip
    yield note("floor", floor)
    yield note("ingest", ours)


def growth(folder: Path) -> Iterator[str]:
    """50,000 captures a thousand at a time: the last thousand against the first."""
    db = folder / "many.db"
    costs: list[Cost] = []
    held = folder / "held.warc.gz"
    for first in range(0, MANY, PART):
        part = folder / "part.warc.gz"
        kept = [n for n in range(first, first + PART) if n not in LATE]
        write_warc(part, (row for n in kept for row in captures(1, n)))
        costs.append(ingest(db, part))
        print(f"\r{first + PART} captures", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    ends = [statistics.median(c.seconds for c in part) for part in (costs[:5], costs[-5:])]
    ratio = ends[1] / ends[0]
    yield row("the last 1,000 of 50,000 against the first", f"{ratio:.2f}", "at most 1.20",
              ratio <= 1.2)  # fmt: skip
    late, last = [], []
    for number, at in enumerate(LATE):
        write_warc(held, captures(1, at))
        late.append(ingest(db, held))
        write_warc(held, captures(1, MANY + number))
        last.append(ingest(db, held))
    pairs = zip(late, last, strict=True)
    ratio = statistics.median(a.seconds / b.seconds for a, b in pairs)
    yield row("a late capture in the middle of 50,000 against one at the end", f"{ratio:.2f}",
              "at most 2.00", ratio <= 2)  # fmt: skip
    peak = max(cost.megabytes for cost in [*costs, *late, *last])
    yield row("peak memory while 50,000 grow, MB", f"{peak:.0f}", "at most 200", peak <= 200)


def memory(folder: Path) -> Iterator[str]:
    """20,000 captures in one run."""
    source = folder / "long.warc.gz"
    write_warc(source, captures(20_000))
    cost = ingest(folder / "long.db", source)
    yield row("peak memory of 20,000 in one run, MB", f"{cost.megabytes:.0f}", "at most 200",
              cost.megabytes <= 200)  # fmt: skip


def long_histories(folder: Path) -> Iterator[str]:
    """100,000 captures of 20,000 statements, a new round on them, and a site that stands still."""
    large, peak, size = settling.large_history(folder, ingest)
    yield row("peak memory of 100,000 captures, 20,000 statements, MB", f"{peak:.0f}",
              "at most 150", peak <= 150)  # fmt: skip
    yield row("size of that database against 1.6 x its texts + 3 KB a capture", f"{size:.2f}",
              "at most 1.00", size <= 1)  # fmt: skip
    ratio = settling.new_round(folder, ingest, large)
    yield row("a new round of 20 pages on 100,000 captures against 1,000, processor time",
              f"{ratio:.2f}", "at most 1.50", ratio <= 1.5)  # fmt: skip
    settling.remove(large)
    ratio = settling.still(folder, ingest)
    yield row("the last of 500 rounds of a still site against the tenth, processor time",
              f"{ratio:.2f}", "at most 1.10", ratio <= 1.1)  # fmt: skip


def live_crawl(folder: Path) -> Iterator[str]:
    """2,000 pages from nginx against a bare spider; memory from 1,000 pages to 20,000."""
    crawl.write_site(folder / "site", 1_800)
    with crawl.serve(folder) as url:
        config = crawl.write_settings(folder, url)
        ours, bare = [], []
        for number in range(ROUNDS):
            db = folder / f"crawl{number}" / "embassy.db"
            ours.append(run(*crawl.crawl_command(db, config)))
            bare.append(run(*crawl.write_bare(folder, db, url), cwd=folder))
    pages = (folder / "urls.txt").read_text().count("\n")
    ratio = statistics.median(b.seconds / o.seconds for b, o in zip(bare, ours, strict=True))
    yield row(f"crawl of {pages} pages against a bare spider, rate", f"{ratio:.2f}",
              "at least 0.50", ratio >= 0.5)  # fmt: skip
    yield note("bare spider", bare)
    yield note("crawl", ours)


def live_memory(folder: Path) -> Iterator[str]:
    """The memory of a crawl while it grows from 1,000 pages to 20,000."""
    crawl.write_site(folder / "site", 18_000)
    with crawl.serve(folder) as url:
        db = folder / "grown" / "embassy.db"
        command = crawl.crawl_command(db, crawl.write_settings(folder, url))
        early, peak = crawl.memory_at(command, db, 1_000)
    yield row("peak memory of a crawl of 20,000 pages, MB", f"{peak:.0f}", "at most 150",
              peak <= 150)  # fmt: skip
    yield row(
        "– against its memory at page 1,000", f"{peak / early:.2f}", "about 1", peak < 1.5 * early
    )


def several(folder: Path) -> Iterator[str]:
    """20,000 captures: two processes against one, and two workers of Dask against two processes."""
    source = folder / "long.warc.gz"
    write_warc(source, captures(20_000))
    ways = {"1": ["--jobs", "1"], "2": ["--jobs", "2"], "dask": ["--engine", "dask", "--jobs", "2"]}
    costs: dict[str, list[Cost]] = {way: [] for way in ways}
    for number in range(3):
        for way, words in ways.items():
            db = folder / f"{way}-{number}" / "embassy.db"
            costs[way].append(run(*bulk.import_command(db, source, *words)))
    one, two, dask = (statistics.median(c.seconds for c in cost) for cost in costs.values())
    yield row("--jobs 2 against --jobs 1, rate", f"{one / two:.2f}", "at least 1.60",
              one / two >= 1.6)  # fmt: skip
    for way, cost in costs.items():
        yield note("dask, 2 local workers" if way == "dask" else f"--jobs {way}", cost)
    yield row("Dask's overhead: its time against that of --jobs 2", f"{dask / two:.2f}", "stated",
              True)  # fmt: skip
    same = all(
        bulk.same_history(folder / "1-0" / "embassy.db", folder / f"{way}-0" / "embassy.db")
        for way in ways
    )
    yield row("the same history from all three", "yes" if same else "no", "yes", same)


def several_memory(folder: Path) -> Iterator[str]:
    """The memory of all processes of ``--jobs 2`` together, at 5,000 captures and at 50,000."""
    peaks = []
    for count in (5_000, MANY):
        source = folder / f"{count}.warc.gz"
        write_warc(source, captures(count))
        db = folder / str(count) / "embassy.db"
        peaks.append(bulk.memory_of_all(bulk.import_command(db, source, "--jobs", "2")))
    few, many = peaks
    yield row("memory of --jobs 2, all processes, 50,000 captures, MB", f"{many:.0f}",
              "at most 300", many <= 300)  # fmt: skip
    yield row("– against 5,000 captures", f"{many / few:.2f}", "about 1", many < 1.5 * few)


def other_sites(folder: Path) -> Iterator[str]:
    """A crawl of the whole web, of which one record in a hundred is ours, against ``gzip -t``."""
    source = folder / "crawl" / "0.warc.gz"
    source.parent.mkdir()
    bulk.write_crawl(source, 3_000)
    size = source.stat().st_size / 1e6
    ours, floor = [], []
    for number in range(ROUNDS):
        floor.append(run("gzip", "-t", source))
        words = bulk.import_command(folder / str(number) / "embassy.db", source, "--only-site")
        ours.append(run(*words))
    ratio = statistics.median(f.seconds / o.seconds for f, o in zip(floor, ours, strict=True))
    rate = size / statistics.median(cost.seconds for cost in ours)
    yield row(f"--only-site on {size:.0f} MB against gzip -t, rate", f"{ratio:.2f}", "stated", True)
    plain = size / statistics.median(cost.seconds for cost in floor)
    yield f"| – gzip -t: {plain:.0f} MB/s of packed WARC | | | |"
    yield f"| – --only-site, one process: {rate:.0f} MB/s of packed WARC | | | |"
    for number in range(1, 16):
        source.with_name(f"{number}.warc.gz").hardlink_to(source)
    rates = []
    for number, jobs in enumerate([1, 2] * 3):
        words = ["--only-site", "--jobs", str(jobs)]
        db = folder / f"all{number}" / "embassy.db"
        cost = run(*bulk.import_command(db, source.parent, *words))
        rates.append(16 * size / cost.seconds)
    two = statistics.median(b / a for a, b in zip(rates[::2], rates[1::2], strict=True))
    yield row("– 16 such files, two processes against one, rate", f"{two:.2f}", "stated", True)


def damaged_archives(folder: Path) -> Iterator[str]:
    """A WACZ file with a damaged stretch behind each record: one of 12 MB against one of 3 MB."""
    ratios = []
    small, large = folder / "small.wacz", folder / "large.wacz"
    damaged.write_damaged(small, 3_000_000)
    stretches = damaged.write_damaged(large, 12_000_000)
    for number in range(ROUNDS):
        costs = [
            run(*bulk.import_command(folder / f"{source.stem}{number}.db", source), good=3)
            for source in (small, large)
        ]
        ratios.append(costs[1].processor / costs[0].processor)
    ratio = statistics.median(ratios)
    yield row(f"12 MB of a WACZ with {stretches} damaged stretches against 3 MB, processor time",
              f"{ratio:.2f}", "at most 5.00", ratio <= 5)  # fmt: skip


def looking_at_it(folder: Path) -> Iterator[str]:
    """Pages on 100,000 captures and 60,000 changes against a bare Datasette; a day's report."""
    db = looking.make_history(folder, ingest)
    ratio = looking.starts(db)
    yield row("serve until it answers against a bare Datasette", f"{ratio:.2f}", "at most 1.30",
              ratio <= 1.3)  # fmt: skip
    for one in looking.looks(db):
        median, late = looking.median_and_p95(one.warm)
        cold, cold_late = looking.median_and_p95(one.cold)
        plain, plain_late = looking.median_and_p95(one.bare)
        ratio = median / plain
        yield row(
            f"{one.name}, warm: {median:.0f} ms (p95 {late:.0f}) against a bare page of changes,"
            f" {plain:.0f} ms (p95 {plain_late:.0f})",
            f"{ratio:.2f}", "at most 1.50", ratio <= 1.5,
        )  # fmt: skip
        yield row(
            f"– cold, first after a write: {cold:.0f} ms (p95 {cold_late:.0f})",
            f"{cold / plain:.2f}", "stated", True,
        )  # fmt: skip
    day = looking.busiest_day(db)
    program = [sys.executable, "-m", "embassy_scraper"]
    report = [
        *program,
        "report",
        "--db",
        db,
        "--since",
        day,
        "--until",
        day,
        "--output",
        "/dev/null",
    ]
    pairs = [
        run(*report).seconds / run(*program, "report", "--help").seconds for _ in range(ROUNDS)
    ]
    ratio = statistics.median(pairs)
    yield row("the report of a day against the start of the program", f"{ratio:.2f}",
              "at most 3.00", ratio <= 3)  # fmt: skip


def start_up(_: Path) -> Iterator[str]:
    """``--help`` against an empty click program."""
    empty = "import click\n@click.command()\ndef main():\n  'Nothing.'\nmain(['--help'])"
    ours, theirs = [], []
    for _number in range(20):
        theirs.append(run(sys.executable, "-c", empty))
        ours.append(run(sys.executable, "-m", "embassy_scraper", "--help"))
    pairs = zip(ours, theirs, strict=True)
    ratio = statistics.median(a.seconds / b.seconds for a, b in pairs)
    yield row("--help against an empty click program", f"{ratio:.2f}", "at most 2.00", ratio <= 2)


def row(what: str, found: str, bound: str, holds: bool) -> str:
    """Return a line of the table."""
    return f"| {what} | {found} | {bound} | {'yes' if holds else '**no**'} |"


def note(what: str, costs: list[Cost]) -> str:
    """Return a line of the table that only informs."""
    seconds = statistics.median(cost.seconds for cost in costs)
    peak = max(cost.megabytes for cost in costs)
    return f"| – {what}: {seconds:.2f} s, peak {peak:.0f} MB | | | |"


def main() -> None:
    """Measure, print, keep; the parts named on the command line alone are not kept."""
    parts: list[Callable[[Path], Iterator[str]]] = [
        start_up, against_the_floor, memory, long_histories, live_crawl, live_memory, growth,
        several, several_memory, other_sites, damaged_archives, looking_at_it, peers,
    ]  # fmt: skip
    lines = ["| what | found | bound | holds |", "|---|---|---|---|"]
    print("\n".join(lines))
    wanted = set(sys.argv[1:])
    for part in parts:
        if wanted and part.__name__ not in wanted:
            continue
        with tempfile.TemporaryDirectory(prefix="embassy-bench-") as folder:
            for line in part(Path(folder)):
                lines.append(line)
                print(line, flush=True)
    if wanted:
        return
    head, _, _ = (HERE / "README.md").read_text(encoding="utf-8").partition("<!-- found -->")
    text = f"{head}<!-- found -->\n{_machine()}\n\n" + "\n".join(lines) + "\n"
    (HERE / "README.md").write_text(text, encoding="utf-8")


def _machine() -> str:
    memory_gb = resource.getpagesize() * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{date.today().isoformat()}, {platform.machine()}, {os.cpu_count()} processors,"
        f" {memory_gb:.0f} GB, {platform.system()}, CPython {platform.python_version()}"
    )


if __name__ == "__main__":
    main()
