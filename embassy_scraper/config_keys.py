"""Keys of the settings: each with its default, what it is about, and what values make sense."""

from dataclasses import Field, field, fields
from typing import Any

from embassy_scraper.config_checks import check_number, check_text, quoted
from embassy_scraper.errors import ConfigError


def key(
    default: Any,
    about: str,
    *,
    least: float | None = None,
    most: float = 1_000_000,
    of: tuple[str, ...] = (),
    is_secret: bool = False,
) -> Any:
    """Return a key with its default, what it is about, and what values make sense."""
    metadata = {"about": about, "least": least, "most": most, "of": of, "is_secret": is_secret}
    if isinstance(default, list):
        return field(default_factory=lambda: list(default), metadata=metadata)
    return field(default=default, metadata=metadata)


def read_section(kind: Any, values: Any, where: str) -> Any:
    """Return the keys of a table of the settings as a *kind*; *where* is its name.

    Raises:
        ConfigError: a key is not known, or its value makes no sense.
    """
    if not isinstance(values, dict):
        raise ConfigError(f"{where} must be a table of keys")
    known = {one.name: one for one in fields(kind)}
    for name, value in values.items():
        if name not in known:
            raise ConfigError(f"{where} {name} is not a known key; the keys are {', '.join(known)}")
        _check(known[name], value, f"{where} {name}")
    return kind(**values)


def _form(default: Any) -> str:
    """Return in words how a value is written of which *default* is one.

    >>> _form(""), _form([]), _form(True), _form(500)
    ('text in quotes', 'a list of texts: ["one", "two"]', 'true or false', 'a number such as 500')
    """
    if isinstance(default, str):
        return "text in quotes"
    if isinstance(default, list):
        return 'a list of texts: ["one", "two"]'
    return "true or false" if isinstance(default, bool) else f"a number such as {default}"


def _check(key: Field[Any], value: Any, where: str) -> None:
    default = key.default if not callable(key.default_factory) else key.default_factory()
    wanted: Any = (int, float) if isinstance(default, float) else type(default)
    if not isinstance(value, wanted) or isinstance(value, bool) is not isinstance(default, bool):
        instead = "" if key.metadata["is_secret"] else f", not {quoted(value)}"
        raise ConfigError(f"{where} must be {_form(default)}{instead}")
    if isinstance(value, list) and not all(isinstance(item, str) for item in value):
        raise ConfigError(f"{where} must be {_form(default)}")
    for text in value if isinstance(value, list) else [value] if isinstance(value, str) else ():
        check_text(text, where)
    if isinstance(value, int | float) and not isinstance(value, bool):
        check_number(value, where, key.metadata["least"], key.metadata["most"])
    if (of := key.metadata["of"]) and value not in of:
        raise ConfigError(f"{where} must be one of {', '.join(of)}, not {quoted(value)}")
