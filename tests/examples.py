"""How much is tried of what could be: by ``--hypothesis-profile``, which make chooses.

``make test-fast`` takes the first share, ``make test`` the second, ``make test-all`` all.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings

T = TypeVar("T")
WHOLE = 100
# in percent; "deep" draws other examples every time
SHARES = {"fast": 5, "usual": 20, "all": WHOLE, "deep": 20 * WHOLE}

for _name, _share in SHARES.items():
    settings.register_profile(
        _name,
        max_examples=_share,
        deadline=None,
        database=None,
        derandomize=_name != "deep",
        print_blob=False,
        suppress_health_check=list(HealthCheck),
    )
settings.load_profile("usual")


def examples(count: int, **more: Any) -> settings:
    """Return settings for a property that is tried *count* times when all is run."""
    return settings(max_examples=max(1, count * _share_now() // WHOLE), **more)


def thinned(step: int) -> int:
    """Return the step for a series of which every *step*-th is tried when all is run."""
    return max(1, step * WHOLE // _share_now())


def quickly(items: Iterable[T]) -> list[T]:
    """Return *items*, but every fifth alone where all has to be done in a minute."""
    return list(items)[:: 5 if _share_now() < SHARES["usual"] else 1]


def _share_now() -> int:
    return settings.default.max_examples if settings.default else WHOLE
