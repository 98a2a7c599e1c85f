"""The demonstration's history, made once, and its pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from .history import Site, demo


@pytest.fixture(scope="session")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of the demonstration, to be read; who writes takes a copy."""
    return demo(tmp_path_factory.mktemp("demonstration") / "embassy.db")


@pytest.fixture(scope="session")
def site(shown: Path) -> Iterator[Site]:
    """Its pages."""
    found = Site(shown)
    yield found
    found.close()
