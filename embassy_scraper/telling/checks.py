"""Whether an alert could be sent as it is configured: known before there is anything to tell."""

from collections.abc import Iterable
from pathlib import Path

from embassy_scraper.config import Alert
from embassy_scraper.config_text import MASK
from embassy_scraper.errors import ConfigError
from pipelines.history.kinds import KINDS


def check_alerts(alerts: Iterable[Alert], config: Path) -> None:
    """Raise where an alert of *config* could never be sent.

    Raises:
        ConfigError: says which, and what is wrong with it; never an address.
    """
    for alert in alerts:
        where = f"{config}: [[alerts]] {alert.name}"
        if unknown := sorted(set(alert.kinds) - set(KINDS)):
            known = ", ".join(KINDS)
            raise ConfigError(f"{where}: {unknown[0]!r} is not a kind of change; those are {known}")
        if not alert.to:
            raise ConfigError(f"{where}: to is empty; name an address as Apprise has them")
        for number, address in enumerate(alert.to, 1):
            if "://" not in address or address.endswith(MASK):
                raise ConfigError(
                    f"{where}: address {number} of to is not whole; write it as Apprise has it,"
                    " such as mailtos://user:password@mail.example/?to=desk@news.example"
                )
