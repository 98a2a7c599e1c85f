"""How many examples a property is tried on: by ``--hypothesis-profile``, which make chooses."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, settings

WHOLE = 100
# the share of each property's examples, in percent; "deep" draws others every time
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
    share = settings.default.max_examples if settings.default else WHOLE
    return settings(max_examples=max(1, count * share // WHOLE), **more)
