"""A replica of the site on loopback, with a clock that can be moved.

All its texts are invented. It serves the demonstration, the tests and anyone who tries a change:
``python -m embassy_scraper.replica`` starts one.
"""

from embassy_scraper.replica.scenario import Scenario, load_scenario
from embassy_scraper.replica.server import Replica

__all__ = ["Replica", "Scenario", "load_scenario"]
