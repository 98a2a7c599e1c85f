"""Runs the reader over all pages of the bench and counts its verdicts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from zlib import crc32

from .dump import dump
from .judge import REFUSED, RIGHT, WRONG, Judgement, judge, judge_text
from .pour import HEADER, MAIN, VARIANTS, Poured, all_pages, load
from .variant import Variant

_CUT = 160
# What no reader of a text can know, and so counts apart: text has no elements and no links, and
# where nothing stands above the page the place alone proves what a line is (contract, §7). There
# the groups in which other lines stand between the page's own count apart, and these variants.
_OPEN_AS_TEXT = re.compile(
    r"statement (.*, )?(before the text|amid the text|before the signature): sentence, .*"
    r"|statement (date with words|block: .* (amid|before the end))"
    r"|(listing|home) ((every|one) title: words beside it|every entry: .*)"
    r"|home an entry: a lead like an item"
    r"|listing four, items of one look behind.*|home .*: an item that leads elsewhere"
)
_OPEN_GROUPS = ("refuse", "amid")


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict on one page, small enough to go between processes."""

    kind: str
    variant: str
    group: str
    verdict: str
    label: str
    words: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Which pages are run: of one kind, of some variants, drawn anew, or as texts.

    Of *share* pages one is run, another variant in another frame; of the plain ones all are.
    """

    kind: str = ""
    variant: str = ""
    draw: str = ""
    share: int = 1
    as_text: bool = False

    def takes(self, frame: str, variant: Variant) -> bool:
        """Say whether *variant* is run in the frame of that name."""
        if (self.kind and variant.kind != self.kind) or self.variant not in variant.name:
            return False
        name = f"{frame}/{variant.kind}/{variant.name}".encode()
        return variant.name == "plain" or crc32(name) % self.share == 0


def findings(paths: list[Path], choice: Choice, jobs: int = 1) -> Iterator[Finding]:
    """Yield a finding for every page."""
    if jobs < 2:
        yield from _frames(paths, choice)
        return
    shares = [paths[n :: jobs * 4] for n in range(jobs * 4)]
    with ProcessPoolExecutor(jobs) as pool:
        for found in pool.map(partial(_listed, choice=choice), shares):
            yield from found


def _listed(paths: list[Path], choice: Choice) -> list[Finding]:
    return list(_frames(paths, choice))


def _frames(paths: Iterable[Path], choice: Choice) -> Iterator[Finding]:
    for path in paths:
        is_alone = choice.as_text and is_bare(path)
        for page in all_pages(path, choice.takes, choice.draw):
            yield _finding(page, as_text=choice.as_text, is_alone=is_alone)


def is_bare(path: Path) -> bool:
    """Say whether nothing stands above the page in a frame, nor between its header and its part."""
    return not dump(load(path).partition(MAIN)[0].replace(HEADER, "")).strip()


def _finding(page: Poured, *, as_text: bool, is_alone: bool) -> Finding:
    """Return the verdict on a page; *is_alone*: it is a text above which nothing else stands."""
    variant = page.variant
    judgement = judge_text(page.model, dump(page.html)) if as_text else judge(page.model, page.html)
    words = tell(page, judgement) if judgement.verdict != RIGHT else ""
    is_open = is_alone and (
        variant.group in _OPEN_GROUPS or _OPEN_AS_TEXT.fullmatch(f"{variant.kind} {variant.name}")
    )
    group = "open" if is_open else variant.group
    return Finding(variant.kind, variant.name, group, judgement.verdict, page.label, words)


def tell(page: Poured, judgement: Judgement) -> str:
    """Return a failure in a few lines: what was poured, what was read, the problems."""
    first = f"{judgement.verdict}: {page.label}\n    style: {page.style.said()}"
    return f"{first}\n{told(judgement)}"


def told(judgement: Judgement) -> str:
    """Return the parts that are not right, and the problems."""
    lines = []
    for part in judgement.missed:
        lines += [f"    {part.name} is {part.verdict}", *differing(part.poured, part.read)]
    lines += [
        f"    problem: {what} | {where} | {text[:_CUT]}" for what, where, text in judgement.problems
    ]
    return "\n".join(lines if judgement.problems else [*lines, "    no problem"])


def differing(poured: object, read: object) -> list[str]:
    """Return both from where they begin to differ."""
    first, second = str(poured), str(read)
    same = next(
        (n for n, (a, b) in enumerate(zip(first, second, strict=False)) if a != b),
        min(len(first), len(second)),
    )
    start = max(0, same - 40)
    lead = "…" if start else ""
    return [
        f"        poured: {lead}{first[start : start + _CUT]}",
        f"        read:   {lead}{second[start : start + _CUT]}",
    ]


def table(found: list[Finding]) -> str:
    """Return the verdicts by variant, and what is asked of them."""
    counted: Counter[tuple[str, str, str, str]] = Counter()
    for finding in found:
        counted[finding.kind, finding.group, finding.variant, finding.verdict] += 1
    seen = {(f.kind, f.group, f.variant) for f in found}
    rows = [row for v in VARIANTS if (row := (v.kind, v.group, v.name)) in seen]
    lines = [f"{'kind':10}{'group':8}{'variant':52}{'right':>7}{'refused':>9}{'wrong':>7}"]
    for row in rows:
        figures = [counted[(*row, verdict)] for verdict in (RIGHT, REFUSED, WRONG)]
        lines.append(_row(*row, figures))
    for kind in dict.fromkeys(f.kind for f in found):
        for group in ("aim", "refuse", "amid", "other", "open"):
            figures = [
                sum(n for (k, g, _, v), n in counted.items() if (k, g, v) == (kind, group, verdict))
                for verdict in (RIGHT, REFUSED, WRONG)
            ]
            if any(figures):
                share = f"  {100 * figures[0] / sum(figures):.1f} % right"
                lines.append(_row(kind, group, "ALL", figures) + share)
    return "\n".join(lines)


def _row(kind: str, group: str, variant: str, figures: list[int]) -> str:
    right, refused, wrong = figures
    return f"{kind:10}{group:8}{variant:52}{right:7}{refused:9}{wrong:7}"
