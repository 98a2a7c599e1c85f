"""From tables of a TOML file to frozen dataclasses; a key that is not known is refused.

The dataclass says it all: its fields are the keys, their types what a value may be, their
defaults which keys may be missing.
"""

import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from embassy_scraper.config_checks import quoted
from embassy_scraper.errors import ConfigError

T = TypeVar("T")
_WORDS: dict[Any, str] = {str: "a text", int: "a whole number", bool: "true or false"}


def read_table(kind: type[T], given: object, where: str) -> T:
    """Return *given*, a table of a TOML file found at *where*, as an object of *kind*.

    Raises:
        ConfigError: a key is unknown or missing, or a value is not of its kind; says where.
    """
    if not isinstance(given, Mapping):
        raise ConfigError(f"{where} must be a table of keys")
    hints = _hints(kind)  # type: ignore[arg-type]  # classes are hashable, type[T] is not to mypy
    keys = {_key(name): name for name in hints}
    for key in given:
        if key not in keys:
            known = ", ".join(sorted(_key(one.name) for one in fields(kind) if _is_told(one)))  # type: ignore[arg-type]
            raise ConfigError(f"{where} {key} is not a known key; the keys are {known}")
    values = {}
    for one in fields(kind):  # type: ignore[arg-type]  # a dataclass, or a slip in our own code
        key = _key(one.name)
        if key in given:
            values[one.name] = _value(hints[one.name], given[key], f"{where} {key}".strip())
        elif one.default is MISSING and one.default_factory is MISSING:
            raise ConfigError(f"{where} {key} is missing; add it".strip())
    return kind(**values)


def read_tables(kind: type[T], given: object, where: str) -> tuple[T, ...]:
    """Return *given*, the tables ``[[where]]`` of a TOML file, as objects of *kind*.

    Raises:
        ConfigError: as ``read_table``.
    """
    return _values(kind, given, where)


def write_table(value: object) -> Any:
    """Return *value* as what ``read_table`` reads: dataclasses as tables, tuples as lists.

    What is ``None`` is left out, as a file would.
    """
    if is_dataclass(value):
        values = {_key(one.name): getattr(value, one.name) for one in fields(value)}
        return {key: write_table(one) for key, one in values.items() if one is not None}
    return [write_table(one) for one in value] if isinstance(value, tuple) else value


@cache
def _hints(kind: type[Any]) -> dict[str, Any]:
    return {one.name: get_type_hints(kind)[one.name] for one in fields(kind)}


def _is_told(one: Field[Any]) -> bool:
    """Say whether a file has the key, and not this program alone."""
    return not one.metadata.get("internal", False)


def _key(name: str) -> str:
    """Return the key of a field; ``from_`` is written ``from``."""
    return name.rstrip("_")


def _value(kind: Any, given: object, where: str) -> Any:
    if get_origin(kind) in (types.UnionType,):
        kind = next(one for one in get_args(kind) if one is not type(None))
    if is_dataclass(kind):
        return read_table(kind, given, f"[{where}]")  # type: ignore[arg-type]
    if get_origin(kind) is tuple:
        return _values(get_args(kind)[0], given, where)
    if not isinstance(given, kind) or (isinstance(given, bool) and kind is not bool):
        raise ConfigError(f"{where} must be {_WORDS.get(kind, kind.__name__)}, not {quoted(given)}")
    return given


def _values(kind: Any, given: object, where: str) -> tuple[Any, ...]:
    if not isinstance(given, list):
        mend = f"; write [{quoted(given)}]" if isinstance(given, str) else ""
        if isinstance(given, Mapping) and is_dataclass(kind):
            mend = f"; write [[{where}]] in two brackets"
        raise ConfigError(f"{where} must be a list, not {quoted(given)}{mend}")
    if is_dataclass(kind):
        name = where.strip("[]")
        return tuple(read_table(kind, one, f"[[{name}]] {n}:") for n, one in enumerate(given, 1))  # type: ignore[arg-type]
    return tuple(_value(kind, one, f"{where}, number {n},") for n, one in enumerate(given, 1))
