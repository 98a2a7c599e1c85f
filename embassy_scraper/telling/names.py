"""Names that a message uses: the site's, and those of its lists."""

from urllib.parse import urlsplit

from embassy_scraper.config import Config


def site_of(config: Config) -> str:
    """Return the name of the site's main host."""
    return urlsplit(config.profile.site.base_url).hostname or config.profile.site.base_url


def headings_of(config: Config) -> dict[str, str]:
    """Return the headings of the site's lists, by their names."""
    return {one.name: one.heading for one in config.profile.list}
