"""``python -m tests.telling.kill_at N VERB …``: the verb, killed at its write number N.

Exit status: that of the verb where it has fewer writes.
"""

import sys

from tests.intake.kills import MOMENTS, count_writes


def main() -> None:
    """Run the verb."""
    MOMENTS.chosen = int(sys.argv[1])
    count_writes()
    from embassy_scraper.commands import main as verbs

    verbs(sys.argv[2:], prog_name="embassy-scraper")


if __name__ == "__main__":
    main()
