"""How bytes are changed: a little, to find other paths; or blown up, to find what is slow."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

_PIECE = re.compile(rb"<[^<>]{0,200}>|\r?\n|[^<\r\n]{1,200}|.", re.DOTALL)
_MOST_PIECES = 20_000
_DIGIT = re.compile(rb"[0-9]")


class Mutator:
    """Changes inputs of one target; *others* are what parts are taken from."""

    def __init__(self, words: Sequence[bytes], others: Sequence[bytes], rng: random.Random) -> None:
        self._words, self._others, self._rng = words, others, rng

    def change(self, data: bytes, most: int) -> bytes:
        """Return *data* with one to four small changes."""
        for _ in range(self._rng.randint(1, 4)):
            data = self._rng.choice(_CHANGES)(self, data)[:most]
        return data

    def swell(self, data: bytes, most: int) -> bytes:
        """Return *data* with a part of it so many times that it has anything up to *most* bytes."""
        head, pieces = data[:1], self._pieces(data[1:])
        at = self._rng.randrange(len(pieces) + 1)
        size = int(2 ** self._rng.uniform(10, most.bit_length() - 0.1))
        before, after = b"".join(pieces[:at]), b"".join(pieces[at:])
        if len(before) + len(after) > size // 2 or self._rng.random() < 0.3:
            before = after = b""
        unit, end = self._part(pieces), self._part(pieces) if self._rng.random() < 0.25 else b""
        times = max(1, (size - len(before) - len(after)) // max(1, len(unit) + len(end)))
        if self._rng.random() < 0.25 and (digit := _DIGIT.search(unit)):
            begin, rest = unit[: digit.start()], unit[digit.end() :]
            middle = b"".join(b"%b%d%b" % (begin, number, rest) for number in range(times))
        else:
            middle = unit * times
        return (head + before + middle + end * times + after)[:most]

    def _pieces(self, data: bytes) -> list[bytes]:
        return _PIECE.findall(data[: 1 << 20])[:_MOST_PIECES]

    def _part(self, pieces: list[bytes]) -> bytes:
        """Some pieces in a row, a word or two, or a byte."""
        kind = self._rng.random()
        if kind < 0.45 and pieces:
            at = self._rng.randrange(len(pieces))
            return b"".join(pieces[at : at + int(2 ** self._rng.uniform(0, 5))])
        if kind < 0.9:
            return b"".join(self._rng.choices(self._words, k=self._rng.choice((1, 1, 2, 3))))
        return self._rng.randbytes(1)

    def _place(self, data: bytes) -> int:
        return self._rng.randrange(len(data) + 1)

    def _span(self, data: bytes) -> tuple[int, int]:
        at = self._place(data)
        return at, at + int(2 ** self._rng.uniform(0, 10))

    def put(self, data: bytes) -> bytes:
        at = self._place(data)
        return data[:at] + self._part(self._pieces(data)) + data[at:]

    def take_out(self, data: bytes) -> bytes:
        at, end = self._span(data)
        return data[:at] + data[end:]

    def cut(self, data: bytes) -> bytes:
        return data[: self._place(data)]

    def flip(self, data: bytes) -> bytes:
        at = self._place(data)
        return (
            data[:at]
            + bytes(byte ^ 1 << self._rng.randrange(8) for byte in data[at : at + 1])
            + data[at + 1 :]
        )

    def repeat(self, data: bytes) -> bytes:
        at, end = self._span(data)
        return data[:at] + data[at:end] * self._rng.choice((2, 3, 9, 50)) + data[end:]

    def splice(self, data: bytes) -> bytes:
        other = self._rng.choice(self._others)
        at, end = self._span(other)
        place = self._place(data)
        return data[:place] + other[at:end] + data[place:]

    def move(self, data: bytes) -> bytes:
        at, end = self._span(data)
        rest, place = data[:at] + data[end:], self._place(data)
        return rest[:place] + data[at:end] + rest[place:]

    def digit(self, data: bytes) -> bytes:
        found = list(_DIGIT.finditer(data[:100_000]))
        if not found:
            return data
        at = self._rng.choice(found).start()
        new = self._rng.choice((b"0", b"9", b"-1", b"99999999999999999999", b"1e9", b""))
        return data[:at] + new + data[at + 1 :]


_CHANGES: tuple[Callable[[Mutator, bytes], bytes], ...] = (
    Mutator.put, Mutator.put, Mutator.take_out, Mutator.cut, Mutator.flip, Mutator.repeat,
    Mutator.splice, Mutator.move, Mutator.digit,
)  # fmt: skip
