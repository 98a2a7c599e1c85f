"""Who looks at which page when, and how that page is written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from random import Random

from .markup import PROVABLE
from .model import Capture, Dress, Look, PageStatus, World
from .pages import BLOCK_SIZE, IN_BODY, IN_ITEMS, document
from .proof import in_frame_unless_proven
from .timeline import site_at

MEDIA = {
    "text": ("txt",),
    "html": ("html",),
    "warc": ("response", "response", "response", "resource"),
    "mixed": ("txt", "html", "response", "response", "resource", "wet"),
}
TEXT_MEDIA = ("txt", "wet")
HOSTS = (
    "https://www.rusemb.org.uk",
    "http://rusemb.org.uk",
    "https://rusemb.org.uk",
    "http://www.rusemb.org.uk",
)
SHOWN = (
    "statement",
    "statement",
    "statement",
    "statement",
    "listing",
    "listing",
    "listing",
    "home",
    "home",
    "static",
)


class Looker:
    def __init__(self, rng: Random, world: World, kind: str) -> None:
        self.rng = rng
        self.world = world
        self.kind = kind
        self.unstable = {e.sid for e in world.events if isinstance(e, PageStatus)}
        self.russian_left = rng.random() < 0.1

    def captures(self, instants: Sequence[datetime]) -> tuple[Capture, ...]:
        out: list[Capture] = []
        for at in instants:
            first = self._capture(at)
            out.append(first)
            if self.rng.random() < 0.25:
                second = self._capture(at)
                if second.look != first.look and first.url and second.url:
                    out.append(second)
        return tuple(out)

    def _capture(self, at: datetime) -> Capture:
        look, dress = self._look(at), self.dress()
        if look.sid in self.unstable and dress.medium != "response":  # no status is kept
            look = Look("home")
        dress = in_frame_unless_proven(self.world, at, look, dress)
        capture = Capture(at, look, dress, self.url(look))
        if look.kind == "listing" and dress.medium in ("txt", "html") and self._luck(0.08):
            # a listing whose address is not known; in other markup that could not be proven
            capture = replace(capture, url=None, dress=replace(capture.dress, markup="frame"))
        if look.kind == "listing" and self._luck(0.4):
            capture = replace(capture, dress=replace(capture.dress, block=False))
        if capture.dress.block and self._luck(0.04):
            capture = replace(capture, bad_date=self.rng.randrange(BLOCK_SIZE))
        if self.russian_left and self._luck(0.2):
            self.russian_left = False
            capture = replace(capture, russian=True)
        return self._with_fault(capture)

    def _luck(self, share: float) -> bool:
        return self.rng.random() < share

    def _look(self, at: datetime) -> Look:
        site = site_at(self.world, at)
        kind = self.rng.choice(SHOWN)
        if kind == "statement":
            here = [s.statement.sid for s in site.statements]
            return Look(kind, self.rng.choice(site.stars() if self._luck(0.75) else here))
        if kind == "listing":
            name = self.rng.choice(("newarh", "newarh", "apress_arh"))
            is_long = site.by_date and len(site.in_list(name)) > 11
            start = 11 if is_long and self._luck(0.3) else 1
            return Look(kind, list_name=name, start=start)
        return Look(kind)

    def url(self, look: Look) -> str:
        host = self.rng.choice(HOSTS)
        if look.kind == "statement":
            statement = self.world.statement(look.sid)
            key = statement.alias if look.alias else statement.url_key
            return f"{host}/{key}" + ("%20%5D" if self._luck(0.05) else "")
        if look.kind == "listing":
            return f"{host}/{look.list_name}/&start={look.start}&ps=10&ppp=15"
        return host + ("/" if look.kind == "home" else "/embassy/")

    def dress(self) -> Dress:
        rng = self.rng
        medium = rng.choice(MEDIA[self.kind])
        form = rng.choice("AB")
        return Dress(
            medium,
            form if medium in TEXT_MEDIA else "A",
            self.markup(),
            rng.choice(("utf-8", "utf-8", "windows-1251")),
            rng.choice(("meta", "header", "none")),
            rng.choice(("plain", "plain", "cf", "hidden", "none")),
            clock=medium in ("txt", "html") and rng.random() < 0.3,
            noise=rng.random() < 0.3,
            packed=rng.random() < 0.3,
            boxes=self.kind in ("html", "warc") and rng.random() < 0.5,
        )

    def markup(self) -> str:
        """Mostly the site's own; now and then one that has to prove what it shows."""
        return "frame" if self._luck(0.7) else self.rng.choice(PROVABLE)

    def _with_fault(self, capture: Capture) -> Capture:
        if not self._luck(0.15):
            return capture
        is_page, medium = capture.look.kind == "statement", capture.dress.medium
        choices = ["blocked"] if not capture.dress.clock and medium != "wet" else []
        if medium == "response":
            choices += ["403", "503", "cut", "cut", "cut"]
        if capture.look.kind == "home" or (capture.dress.block and capture.look.kind != "static"):
            choices += ["short", "short"]
        if not choices or (is_page and capture.look.sid in self.unstable):
            return capture
        return self._cut_or_refused(capture, self.rng.choice(choices))

    def _has_twin(self, capture: Capture) -> bool:
        texts = [s.statement.text for s in site_at(self.world, capture.at).statements]
        own = site_at(self.world, capture.at).listed(capture.look.sid).statement.text
        return sum((t.title, t.on) == (own.title, own.on) for t in texts) > 1

    def _cut_or_refused(self, capture: Capture, fault: str) -> Capture:
        """Cut only where the rest still tells list, body and block apart."""
        is_page = capture.look.kind == "statement"
        doc = document(self.world, capture)
        if is_page and fault in ("cut", "short") and self._has_twin(capture):
            return capture  # without its body a page could be either's
        if fault in ("cut", "short") and not _tells_its_parts(capture.dress):
            return capture
        if any(" - " in line[:14] for line in doc.paragraphs) or capture.bad_date is not None:
            return capture
        places = [self.rng.randrange(BLOCK_SIZE)] if doc.block is not None else []
        if fault == "cut" and is_page:
            places.append(IN_BODY)
        items = len(doc.items)
        if items and (fault == "cut" or doc.kind == "home"):
            places.append(IN_ITEMS + self.rng.randrange(items))
        return replace(capture, fault=fault, cut_at=self.rng.choice(places) if places else 0)


def _tells_its_parts(dress: Dress) -> bool:
    """Form A has headings and the frame has boxes; other markup that is cut off proves nothing."""
    return dress.is_frame if dress.is_html else dress.form == "A"
