"""Settings: ``embassy.toml`` in the working folder, or the file named with ``--config``."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from embassy_scraper.errors import ConfigError
from embassy_scraper.site import BASE_URL

DEFAULT_FILE = Path("embassy.toml")


@dataclass(frozen=True, slots=True)
class Config:
    """The settings in force.

    ``base_url`` (``[site]``): where the site is; a mirror's addresses are read as the site's own.
    """

    base_url: str = BASE_URL

    @property
    def mirror(self) -> str | None:
        """Return the base address of a mirror, ``None`` where the site itself is meant."""
        return None if self.base_url == BASE_URL else self.base_url


def read_config(path: Path | None) -> Config:
    """Return the settings in *path*, or in ``embassy.toml`` where it exists, else the defaults.

    Raises:
        ConfigError: the file is missing, is no TOML, or holds a value of the wrong kind.
    """
    if path is None:
        if not DEFAULT_FILE.is_file():
            return Config()
        path = DEFAULT_FILE
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: {error}; correct the file or name another") from error
    site = values.get("site", {})
    base_url = site.get("base_url", BASE_URL) if isinstance(site, dict) else None
    if not isinstance(base_url, str) or not base_url.startswith(("http://", "https://")):
        raise ConfigError(f"{path}: [site] base_url must be an http or https address")
    return Config(base_url.rstrip("/") + "/")
