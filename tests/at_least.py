"""Numbers on the command lines of the tests' own programs."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Callable
from typing import TypeVar

N = TypeVar("N", int, float)


def at_least(kind: Callable[[str], N], least: N) -> Callable[[str], N]:
    """What reads an argument as a number of this *kind*; a smaller one than *least* is refused."""

    def number(text: str) -> N:
        value = kind(text)
        if not value >= least:
            raise ArgumentTypeError(f"must be at least {least}, not {text}")
        return value

    return number
