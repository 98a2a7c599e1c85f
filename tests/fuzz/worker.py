"""One process of the fuzzer: it reads changed inputs of one target until its time is over.

``guided``: Atheris chooses what to change by the paths that are taken. ``swelling``: inputs are
blown up to any size; what costs most for its size is blown up again.
"""

from __future__ import annotations

import importlib
import json
import mmap
import os
import random
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.fuzz.limits import limit_process
from tests.fuzz.mutation import Mutator

if TYPE_CHECKING:
    from tests.fuzz.judge import Verdict

_SMALL = 1 << 16  # bytes of an input whose paths are looked at
_COSTLY = 24  # inputs that are blown up again
_OF_ONE_KIND = 3  # findings


@dataclass(slots=True)
class Told:
    """What a process tells of its work, each second, in ``told.json``."""

    executions: int = 0
    times: float = 0.0
    memory: int = 0
    faults: dict[str, int] = field(default_factory=dict)


class Worker:
    """Judges inputs; each is written down before it is read, should the process die of it."""

    def __init__(self, name: str, folder: Path, seconds: float, seed: int) -> None:
        from tests.fuzz.corpus import kept
        from tests.fuzz.judge import Judge
        from tests.fuzz.seeds import found, made
        from tests.fuzz.targets import TARGETS

        self._folder, self._end = folder, time.monotonic() + seconds
        self._judge, self._told, self._told_at = Judge(TARGETS[name]), Told(), 0.0
        self.most = self._judge.target.most
        file = (folder / "now").open("w+b")
        file.truncate(self.most + 8)
        self._now = mmap.mmap(file.fileno(), self.most + 8)
        self.seeds = [*made(name), *(data for _, data in kept(name)), *found(name)]
        self.rng = random.Random(seed)
        self.mutator = Mutator(self._judge.target.words, self.seeds, self.rng)

    def one(self, data: bytes) -> Verdict:
        """Read *data*; note what is wrong. At the end of the time the process ends here."""
        self._now[:8] = len(data).to_bytes(8, "little")
        self._now[8 : 8 + len(data)] = data
        verdict = self._judge.judge(data)
        told = self._told
        told.executions += 1
        told.times, told.memory = max(told.times, verdict.times), max(told.memory, verdict.memory)
        if verdict.fault:
            self._keep(data, verdict)
        if time.monotonic() > self._told_at + 1:
            self._tell()
        return verdict

    def _keep(self, data: bytes, verdict: Verdict) -> None:
        fault = verdict.fault
        if fault in ("slow", "memory"):
            fault = f"{fault} in {self._judge.place(data)}"
        count = self._told.faults[fault] = self._told.faults.get(fault, 0) + 1
        if count <= _OF_ONE_KIND:
            name = f"finding-{len(self._told.faults)}-{count}"
            (self._folder / name).write_bytes(data)
            (self._folder / f"{name}.txt").write_text(fault, encoding="utf-8")

    def _tell(self) -> None:
        self._told_at = time.monotonic()
        told = json.dumps({name: getattr(self._told, name) for name in Told.__slots__})
        (self._folder / "told.json").write_text(told, encoding="utf-8")
        if self._told_at > self._end:
            os._exit(0)

    def swell(self) -> None:
        """Blow up the seeds, and what was costly, until the time is over."""
        costly: list[tuple[float, bytes]] = []
        for data in self.seeds:
            self.one(data[: self.most])
        while True:
            if costly and self.rng.random() < 0.5:
                data = self.rng.choice(costly)[1]
            else:
                data = self.rng.choice(self.seeds)
            if self.rng.random() < 0.3:
                data = self.mutator.change(data, self.most)
            data = self.mutator.swell(data, self.most)
            verdict = self.one(data)
            costly.append((verdict.seconds / (len(data) + 20_000), data))
            costly = sorted(costly, key=lambda one: -one[0])[:_COSTLY]

    def wander(self) -> None:
        """Change the seeds a little, where there is nothing that tells which paths are taken."""
        pool = [seed for seed in self.seeds if len(seed) <= _SMALL]
        while True:
            self.one(self.mutator.change(self.rng.choice(pool), _SMALL))

    def be_guided(self, atheris: Any) -> None:
        """Let Atheris change the seeds, with our changes among its own."""
        seeds = self._folder / "seeds"
        seeds.mkdir(exist_ok=True)
        for place, data in enumerate(self.seeds):
            if len(data) <= _SMALL:
                (seeds / str(place)).write_bytes(data)

        def change(data: bytes, most: int, seed: int) -> bytes:
            self.rng.seed(seed)
            if self.rng.random() < 0.5:
                return bytes(atheris.Mutate(data, most))
            return self.mutator.change(data, most)

        number = str(self.rng.randrange(1, 1 << 31))
        options = [
            f"-seed={number}",
            f"-max_len={_SMALL}",
            "-timeout=100000",
            "-rss_limit_mb=0",
            "-verbosity=0",
        ]
        atheris.Setup(["fuzz", *options, str(seeds)], self.one, custom_mutator=change)
        atheris.Fuzz()


def main(way: str, name: str, folder: str, seconds: str, seed: str) -> None:
    limit_process()
    if way == "swelling":
        Worker(name, Path(folder), float(seconds), int(seed)).swell()
    try:
        atheris: Any = importlib.import_module("atheris")
    except ImportError:
        Worker(name, Path(folder), float(seconds), int(seed)).wander()
    with atheris.instrument_imports(include=["embassy_scraper", "pipelines", "protego"]):
        importlib.import_module("tests.fuzz.judge")
    Worker(name, Path(folder), float(seconds), int(seed)).be_guided(atheris)


if __name__ == "__main__":
    main(*sys.argv[1:])
