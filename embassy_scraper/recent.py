"""What was made of recent texts, so that it is not made again: most pages repeat the one before.

Large ones are not kept, so that what is kept stays small whatever a server sends.
"""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, Generic, TypeVar, cast

Made = TypeVar("Made")
Function = TypeVar("Function", bound=Callable[..., Any])
LARGEST = 50_000  # bytes or characters; a page has about thirty thousand


class Recent(Generic[Made]):
    """Keeps what was made of each markup; when it is full it begins again with nothing."""

    def __init__(self, most: int) -> None:
        """Keep at most *most* of them."""
        self._most = most
        self._made: dict[tuple[str, str | None], Made] = {}

    def get(self, markup: str, base: str | None, make: Callable[[], Made]) -> Made:
        """Return what was made of *markup*, in which links are relative to *base*, or *make* it."""
        if len(markup) > LARGEST:
            return make()
        key = (markup, base)
        if key not in self._made:
            if len(self._made) >= self._most:
                self._made.clear()
            self._made[key] = make()
        return self._made[key]


def remembered(most: int, size: Callable[[Any], int]) -> Callable[[Function], Function]:
    """Return a decorator that keeps the last *most* answers to a first argument of small *size*."""

    def decorate(function: Function) -> Function:
        kept = lru_cache(maxsize=most)(function)

        @wraps(function)
        def answer(first: Any, *args: Any, **kwargs: Any) -> Any:
            return (kept if size(first) <= LARGEST else function)(first, *args, **kwargs)

        return cast(Function, answer)

    return decorate
