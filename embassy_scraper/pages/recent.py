"""What was made of recent markup, so that it is not made again."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Made = TypeVar("Made")
LARGEST = 50_000  # bytes; larger markup is read each time


class Recent(Generic[Made]):
    """Keeps what was made under each key; when it is full it begins again with nothing."""

    def __init__(self, most: int) -> None:
        """Keep at most *most* of them."""
        self._most = most
        self._made: dict[Hashable, Made] = {}

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what was made under *key*, else what *make* makes now."""
        try:
            return self._made[key]
        except KeyError:
            if len(self._made) >= self._most:
                self._made.clear()
            made = self._made[key] = make()
            return made
