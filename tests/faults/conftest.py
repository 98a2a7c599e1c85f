"""A folder in memory, if there is one: the faults are made, so no disk needs to be worn out."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.tried import MEMORY


@pytest.fixture
def memory() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="faults-", dir=MEMORY) as folder:
        yield Path(folder)
