"""What attributes say of an element: that it is not seen, is a block, or hides an address."""

import re
from collections.abc import Mapping
from functools import lru_cache

_REMEMBERED = 500  # characters; longer styles do not come again
_UNSEEN_STYLE = re.compile(
    r"(?<![\w-])(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)"
    r"|content-visibility\s*:\s*hidden)",
    re.I,
)
_BLOCK_STYLE = re.compile(r"(?<![\w-])display\s*:\s*(?:block|flex|grid|table|list-item)", re.I)
_LINE_STYLE = re.compile(r"(?<![\w-])white-space\s*:\s*(?:pre|break-spaces)", re.I)


def is_hidden(attributes: Mapping[str, str]) -> bool:
    """Say whether an element is not shown: the ``hidden`` attribute, or its style.

    >>> is_hidden({"style": "DISPLAY : none"}), is_hidden({"hidden": ""})
    (True, True)
    >>> is_hidden({"style": "backface-visibility: hidden"})
    False
    """
    if "hidden" in attributes:
        return True
    style = attributes.get("style")
    return style is not None and _says(_UNSEEN_STYLE, style)


def is_block(attributes: Mapping[str, str]) -> bool:
    """Say whether the style makes a block of an element whose name does not."""
    style = attributes.get("style")
    return style is not None and _says(_BLOCK_STYLE, style)


def keeps_lines(attributes: Mapping[str, str]) -> bool:
    """Say whether line ends in the element's text are shown as such."""
    style = attributes.get("style")
    return style is not None and _says(_LINE_STYLE, style)


def _says(pattern: re.Pattern[str], style: str) -> bool:
    if len(style) > _REMEMBERED:
        return pattern.search(style) is not None
    return _remembered(pattern, style)


@lru_cache(maxsize=4096)  # a page has few styles, and many elements with each
def _remembered(pattern: re.Pattern[str], style: str) -> bool:
    return pattern.search(style) is not None


def decode_email(hidden: str) -> str | None:
    """Return the address in a ``data-cfemail`` attribute; ``None`` where it hides no address.

    Cloudflare writes it in hex: a key, then every byte XOR the key.

    >>> decode_email("422b2c242d023027316c2d3025")
    'info@res.org'
    """
    try:
        key, *rest = bytes.fromhex(hidden)
        email = bytes(byte ^ key for byte in rest).decode("utf-8")
    except ValueError:
        return None
    return email if re.fullmatch(r"[^\s@]+@[^\s@]+", email) else None
