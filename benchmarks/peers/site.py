"""A made-up site that is looked at once a day, and what every look brought back."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from tests.world.author import EPOCH, Author, first_counters, first_statements
from tests.world.files import REASONS, write_group
from tests.world.happen import Happenings
from tests.world.model import Capture, Dress, Event, Hide, Look, Pin, Publish, Site, World
from tests.world.pages import BLOCK_SIZE, Doc, document
from tests.world.render import written
from tests.world.timeline import apply

HOST = "https://www.rusemb.org.uk"
ROUNDS = 40
WATCHED = 15  # pages of statements from the beginning; what is published comes on top
FAULTS = ("blocked", "503", "short")
_FAULTY = 0.05  # of all captures
_LISTS = (("newarh", 1), ("newarh", 11), ("apress_arh", 1))


@dataclass(frozen=True)
class Version:
    """One capture: what it shows, and its bytes."""

    round: int
    doc: Doc
    payload: bytes

    @property
    def at(self) -> datetime:
        """Return when it was captured."""
        return self.doc.capture.at

    @property
    def url(self) -> str:
        """Return its URL."""
        assert self.doc.capture.url
        return self.doc.capture.url

    @property
    def path(self) -> str:
        """Return the path of its URL."""
        return self.url.removeprefix(HOST)

    @property
    def is_blocked(self) -> bool:
        """Say whether it is answered with 200, and no page of the site."""
        return self.doc.capture.fault == "blocked"

    @property
    def is_whole(self) -> bool:
        """Say whether the site answered, and nothing of the answer is missing."""
        return not self.doc.capture.fault


def make_world(seed: int) -> World:
    """Return a site, and up to six things that happen to it between one look and the next.

    What alters nothing is left out; so is what none of the three calls a change: items that are
    pinned to the head of the lists, and a statement that is hidden already and then in others.
    """
    rng = Random(seed)
    author = Author(rng, with_links=True)
    start = EPOCH + timedelta(days=rng.randint(0, 1000))
    first = first_statements(rng, author, start)
    site = Site(first, first_counters(rng, start))
    days = [start + timedelta(hours=24 * n + rng.randint(0, 3)) for n in range(ROUNDS)]
    halves = [day + timedelta(hours=h) for day in days for h in (0, 12)]
    events = Happenings(rng, author, site, halves).events()
    world = World(seed, site, tuple(_telling(site, events)))
    return replace(world, captures=tuple(_captures(rng, world, days)))


def _telling(site: Site, events: Sequence[Event]) -> Iterator[Event]:
    for event in events:
        is_hidden = isinstance(event, Hide) and site.listed(event.sid).hidden and event.lists
        if not isinstance(event, Pin) and not is_hidden and apply(site, event) != site:
            site = apply(site, event)
            yield event


def _captures(rng: Random, world: World, days: Sequence[datetime]) -> Iterator[Capture]:
    """Each day: the homepage, three list pages, and the pages of the newest statements."""
    newest = sorted(world.site.statements, key=lambda s: s.statement.text.on)[-WATCHED:]
    watched = [s.statement.sid for s in newest]
    published = [e for e in world.events if isinstance(e, Publish)]
    dress = Dress("response", boxes=True)
    for day in days:
        known = [e.statement.sid for e in published if e.at < day]
        looks = [Look("home"), *(Look("listing", list_name=n, start=s) for n, s in _LISTS)]
        looks += [Look("statement", sid) for sid in (*watched, *known)]
        for second, look in enumerate(looks):
            at = day + timedelta(seconds=second)
            yield _faulty(rng, Capture(at, look, dress, _url(world, look)))


def _url(world: World, look: Look) -> str:
    if look.kind == "statement":
        return f"{HOST}/{world.statement(look.sid).url_key}"
    if look.kind == "listing":
        return f"{HOST}/{look.list_name}/&start={look.start}&ps=10&ppp=15"
    return f"{HOST}/"


def _faulty(rng: Random, capture: Capture) -> Capture:
    """Now and then the site answers with an error, a check of browsers, or half of the block."""
    if rng.random() > _FAULTY:
        return capture
    fault = rng.choice(FAULTS)
    if fault == "short" and capture.look.kind == "home":
        return capture
    return replace(capture, fault=fault, cut_at=rng.randrange(BLOCK_SIZE))


def versions(world: World) -> list[Version]:
    """Return every capture of *world*, in the order of time."""
    out, rounds = [], 0
    for capture in world.captures:
        rounds += capture.look.kind == "home"
        doc = document(world, capture)
        out.append(Version(rounds - 1, doc, written(doc)[0]))
    return out


def write_warc(found: Sequence[Version], folder: Path) -> Path:
    """Write the captures as one WARC file; return its path."""
    write_group([(n, version.doc) for n, version in enumerate(found)], folder)
    return folder / "part.warc.gz"


def file_name(url: str) -> str:
    """Return the name of the file that has the versions of a page."""
    return "".join(c if c.isalnum() else "-" for c in url.removeprefix(HOST)).strip("-") or "home"


def write_repository(found: Sequence[Version], folder: Path) -> None:
    """Write the captures as commits of a git repository: a file for a page, a commit a capture.

    A file is the answer: its status and its URL in the first line, then the body.
    """
    folder.mkdir()
    subprocess.run(["git", "init", "-q", "-b", "main", folder], check=True)
    stream = b"".join(_commit(version) for version in found)
    importing = ["git", "-C", str(folder), "fast-import", "--quiet"]
    subprocess.run(importing, input=stream, check=True)
    subprocess.run(["git", "-C", folder, "checkout", "-q", "main"], check=True)


def _commit(version: Version) -> bytes:
    status = version.doc.status
    body = f"{status} {version.url}\n".encode() + version.payload
    when = f"{int(version.at.timestamp())} +0000"
    head = f"commit refs/heads/main\ncommitter a <a@example.org> {when}\ndata 0\n"
    file = f"M 100644 inline {file_name(version.url)}\ndata {len(body)}\n"
    return head.encode() + file.encode() + body + b"\n"


def answer(version: Version) -> tuple[int, str, bytes]:
    """Return status, reason and body, as a server gives them."""
    return version.doc.status, REASONS[version.doc.status], version.payload
