"""Judge a list of parts by the schema of CycloneDX; exit status 1 where it does not fit."""

import sys
from pathlib import Path


def main(path: str) -> int:
    """Judge the file at *path*; return the exit status."""
    from cyclonedx.schema import SchemaVersion  # of .venv-tools: the tests import this module
    from cyclonedx.validation.json import JsonStrictValidator

    text = Path(path).read_text(encoding="utf-8")
    fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if fault is not None:
        print(f"{path} does not fit CycloneDX 1.6: {' '.join(str(fault).split())[:300]}")
    return 1 if fault is not None else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
