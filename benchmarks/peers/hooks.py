"""Loaded by webchanges in its own environment: a reporter that writes each report as JSON."""

import json
import os
from pathlib import Path

from webchanges.reporters import ReporterBase  # type: ignore[import-not-found]


class Told(ReporterBase):  # type: ignore[misc]
    """What would be sent to the user, one line a page: its URL, the verb, the diff."""

    __kind__ = "stdout"  # in the place of what would be printed; no other name passes its checks

    def submit(self, **_: object) -> None:
        """Write the lines."""
        with Path(os.environ["TOLD"]).open("w", encoding="utf-8") as file:
            for state in self.report.get_filtered_job_states(self.job_states):
                diff = ""
                if state.verb == "changed":
                    diff = state.get_diff(tz=self.tz, differ_defaults=self.differ_defaults)
                line = {"url": state.job.get_location(), "verb": state.verb, "diff": diff}
                file.write(json.dumps(line) + "\n")
