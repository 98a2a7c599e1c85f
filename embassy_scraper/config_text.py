"""The settings as the text of an ``embassy.toml``, without what is secret in them."""

from dataclasses import fields, replace
from typing import Any

from embassy_scraper.config import SECTIONS, Config
from embassy_scraper.sites import Layout
from embassy_scraper.sites.tables import write_table
from embassy_scraper.visible import hidden_in

MASK = "://***"


def show_config(config: Config) -> str:
    """Return *config* as the text of an ``embassy.toml``, with a comment to every key."""
    parts = [_show(f"[{name}]", getattr(config, name)) for name in SECTIONS]
    parts += [_show_layout(layout) for layout in config.profile.own_layout]
    parts += [_show("[[jobs]]", job) for job in config.jobs]
    parts += [_show("[[alerts]]", replace(one, to=masked(one.to))) for one in config.alerts]
    return "\n\n".join(parts) + "\n"


def masked(addresses: list[str]) -> list[str]:
    """Return *addresses* of alerts without what may be secret in them: all but their kind.

    >>> masked(["mailtos://me:secret@mail.example/?to=you@news.example"])
    ['mailtos://***']
    """
    return [f"{one.partition('://')[0]}{MASK}" if "://" in one else MASK for one in addresses]


def _show_layout(layout: Layout) -> str:
    table = write_table(layout)
    return "\n".join(["[[layout]]", *(f"{key} = {_toml(value)}" for key, value in table.items())])


def _show(head: str, section: Any) -> str:
    lines = [head]
    for key in fields(section):
        lines.append(f"# {key.metadata['about']}")
        lines.append(f"{key.name} = {_toml(getattr(section, key.name))}")
    return "\n".join(lines)


def _escaped(character: str) -> str:
    r"""Return a *character* as it stands in a text of a TOML file, in one line that hides nothing.

    >>> print(*map(_escaped, 'a"\n'), sep="")
    a\"\u000a
    """
    if hidden_in(character):
        code = ord(character)
        return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
    return f"\\{character}" if character in '\\"' else character


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, str):
        return f'"{"".join(map(_escaped, value))}"'
    return repr(value)
