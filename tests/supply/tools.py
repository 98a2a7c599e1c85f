"""The environment of the tools that judge what is installed."""

from pathlib import Path

import pytest

TOOLS = Path(__file__).parents[2] / ".venv-tools/bin/python"
needs_tools = pytest.mark.skipif(not TOOLS.exists(), reason="no tools here: make audit or sbom")
