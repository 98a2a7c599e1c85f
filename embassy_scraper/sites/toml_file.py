"""TOML files of people: read whole, or refused in a sentence, whatever stands in them."""

import re
import tomllib
from pathlib import Path
from typing import Any

from embassy_scraper.disk import why_no_file
from embassy_scraper.errors import ConfigError
from embassy_scraper.limits import MAX_TOML_BYTES, MAX_TOML_DEPTH

_PART = r"""(?:[\w-]++|"[^"\n]*"|'[^'\n]*')"""
_DOTTED = re.compile(
    rf"(?<![\w-]){_PART}(?:[ \t]*+\.[ \t]*{_PART}){{{MAX_TOML_DEPTH}}}"
)  # tomllib is slow there


def read_toml(path: Path) -> dict[str, Any]:
    """Return what the TOML file *path* says.

    Raises:
        ConfigError: it cannot be read, has no end, or is no TOML; without the name of the file.
    """
    try:
        if (what := why_no_file(path)) is not None:
            raise ConfigError(f"{what}; name a file")
        with path.open("rb") as file:
            data = file.read(MAX_TOML_BYTES + 1)
    except OSError as error:
        raise ConfigError(f"{error.strerror or error}; correct the file or name another") from error
    if len(data) > MAX_TOML_BYTES:
        raise ConfigError(f"over {MAX_TOML_BYTES} bytes; no settings are that long")
    try:
        return parse_toml(data.decode("utf-8-sig"))  # Notepad begins files with its mark
    except UnicodeDecodeError as error:
        raise ConfigError(f"{error}; save it as UTF-8") from error


def parse_toml(text: str) -> dict[str, Any]:
    """Return what *text* says as TOML.

    Raises:
        ConfigError: it is no TOML, or its tables and lists lie too deep in each other.
    """
    too_deep = (
        f"tables or lists lie over {MAX_TOML_DEPTH} deep in each other; no setting needs that"
    )
    if _DOTTED.search(text):
        raise ConfigError(too_deep)
    try:
        content = tomllib.loads(text)
    except RecursionError as error:
        raise ConfigError(too_deep) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{error}; correct the file or name another") from error
    except ValueError as error:
        raise ConfigError("a number in it has thousands of digits; correct it") from error
    level: list[Any] = [content]
    for _ in range(MAX_TOML_DEPTH):
        level = [inner for one in level for inner in _inside(one)]
    if level:
        raise ConfigError(too_deep)
    return content


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
