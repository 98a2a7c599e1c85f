"""Reads a CSV file as pandas and csvkit do; prints the rows as JSON, each cell a text.

A program for the Python of the peers' environment, where these two are installed: its name, the
reader, the file.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any


def by_pandas(path: str) -> list[dict[str, str]]:
    """A data frame, with every cell as it stands."""
    import pandas  # type: ignore[import-not-found,import-untyped,unused-ignore]

    frame = pandas.read_csv(path, dtype=str, keep_default_na=False)
    rows: list[dict[str, str]] = frame.to_dict("records")
    return rows


def by_csvkit(path: str) -> list[dict[str, str]]:
    """What ``csvjson`` makes of it, without guessing what a cell may mean."""
    program = str(Path(sys.executable).with_name("csvjson"))
    command = [program, "--no-inference", "--blanks", "--snifflimit", "0", path]
    done = subprocess.run(command, capture_output=True, check=True)
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return [{name: cell or "" for name, cell in row.items()} for row in found]


if __name__ == "__main__":
    print(json.dumps(globals()[f"by_{sys.argv[1]}"](sys.argv[2])))
