"""``demo``: the whole job offline, on a replica of the site."""

import os
import shutil
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from importlib.resources import as_file, files
from pathlib import Path

import click

from embassy_scraper.commands.options import one_line_errors
from embassy_scraper.commands.telling import tell
from embassy_scraper.commands.writing import is_terminal, write_out
from embassy_scraper.errors import DatabaseError, EmbassyError
from embassy_scraper.intake.place import open_history
from embassy_scraper.replica import Replica, load_scenario
from embassy_scraper.reports.wanted import Wanted, read_changes
from embassy_scraper.stopping import advise, scratch_folder
from embassy_scraper.voice import show
from pipelines.tables.known import count_captures
from pipelines.tables.runs import count_changes

_MOMENTS = (
    (datetime(2021, 3, 1, 9, tzinfo=UTC), "the first round"),
    (datetime(2021, 3, 3, 9, tzinfo=UTC), "two days later"),
    (datetime(2021, 3, 5, 9, tzinfo=UTC), "two days later"),
    (datetime(2021, 3, 8, 9, tzinfo=UTC), "three days later"),
    (datetime(2021, 3, 10, 9, tzinfo=UTC), "while the site shows every visitor a challenge"),
    (datetime(2021, 3, 13, 9, tzinfo=UTC), "when it answers again"),
)
_BEFORE = """\
A replica of the site, with an invented embassy, is served on {url} (only on this machine).
Its clock is moved, and it is crawled {count} times as the real site would be:
"""
_AFTER = """
Each entry above says what changed, and between which two looks at the site. What happened between
them was not seen. On 10 March the site showed nothing but a challenge: that is kept as a problem,
and nothing counts as gone.

{captures} captures, {changes} changes; they are kept in {db}

See it:    {program} serve --db {db}
Prove it:  {program} evidence {edit} --db {db}
Your own:  {program} ingest FOLDER   (saved pages: .html, .txt, .warc, .wet, .wacz)
           {program} backfill wayback --dry-run   (what the Wayback Machine has)
"""
_OWN = Path("data/demo")
_MADE = ("embassy.", "captures")  # how the names of what it makes begin
_CONFIG = """\
[site]
base_url = "{url}"
[crawl]
delay = 0.0
clock = "server"
recheck_first = 1.0
recheck_growth = 0.0
retries = 0
"""


@click.command()
@click.option(
    "--db",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Keep the demonstration's database in this new file.  [default: data/demo/embassy.db,"
    " in place of that of an earlier demonstration]",
)
@one_line_errors
def command(db: Path | None) -> None:
    """Crawl a replica of the site at several moments, and print what changed.

    \b
    Example:
      embassy-scraper demo
      embassy-scraper serve --db data/demo/embassy.db
    """
    if db is None:
        db = _OWN / "embassy.db"
        _clear(_OWN)
    elif db.exists():
        raise DatabaseError(f"{db}: already exists; name a new file for the demonstration")
    else:
        advise("what is stored stays; to see it whole, name another file with --db")
    with scratch_folder("embassy-demo-") as folder:
        _run(db, folder / "embassy.toml")


def _clear(folder: Path) -> None:
    """Remove what an earlier demonstration left in its own *folder*.

    Raises:
        DatabaseError: something else lies there too.
    """
    if not folder.exists():
        return
    others = [path for path in folder.iterdir() if not path.name.startswith(_MADE)]
    if others or folder.is_symlink():
        raise DatabaseError(
            f"{others[0] if others else folder}: not made by a demonstration; move it away, or name"
            " another file with --db"
        )
    shutil.rmtree(folder)


def _run(db: Path, config: Path) -> None:
    with as_file(files("embassy_scraper.replica").joinpath("story.toml")) as story:
        scenario = load_scenario(story)
    with Replica(scenario) as replica:
        config.write_text(_CONFIG.format(url=replica.url), encoding="utf-8")
        _show(_BEFORE, url=replica.url, count=len(_MOMENTS))
        for moment, what in _MOMENTS:
            replica.move_to(moment)
            show(f"{moment:%d %B, %H:%M}, {what}")
            _crawl(db, config)
    with closing(open_history(db)) as connection:
        show("")
        wanted = Wanted()
        said = f"embassy-scraper report --db {db}"
        changes = read_changes(connection, wanted)
        told = tell(connection, changes, wanted, "text", said, is_terminal=is_terminal())
        write_out(told, None, db, is_for_eyes=True)
        edits = read_changes(connection, Wanted(kinds=("statement_edited",)))
        text = next(edit for edit in edits if edit.field == "body")
        found = {"captures": count_captures(connection), "changes": count_changes(connection)}
    _show(_AFTER, program=_program(), db=db, edit=text.change_id, **found)


def _show(text: str, **values: object) -> None:
    """Show the lines of a *text* with *values* in them."""
    for line in f"{text}\n".splitlines():
        show(line.format(**values))


def _program() -> str:
    """Return how this program was called, to be pasted."""
    called = sys.argv[0]
    return f"{sys.executable} -m embassy_scraper" if called.endswith("__main__.py") else called


def _crawl(db: Path, config: Path) -> None:
    """Run one round in a process of its own; its last line is shown."""
    command = [
        sys.executable, "-P", "-m", "embassy_scraper", "crawl",
        "--db", str(db), "--config", str(config),
    ]  # fmt: skip
    done = subprocess.run(command, env={**os.environ}, capture_output=True, text=True, check=False)
    said = done.stderr.strip().splitlines() or ["nothing"]
    summary = next((line for line in said if line.startswith("requests: ")), None)
    if summary is None:
        told = said[-1].removeprefix("embassy-scraper: ")
        raise EmbassyError(f"{db}: the crawl failed: {told}")
    show(f"  {summary}")
