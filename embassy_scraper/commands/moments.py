"""Moments on a command line."""

import click

from embassy_scraper.reports.moments import read_moment


class When(click.ParamType[str]):
    """An instant (UTC), or a day, a month or a year, of which one end is meant."""

    name = "when"

    def __init__(self, *, is_end: bool = False) -> None:
        """Take which end of a day, month or year is meant: its first second, or its last."""
        self._is_end = is_end

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return *value* as an instant."""
        try:
            return read_moment(value, is_end=self._is_end)
        except ValueError as error:
            self.fail(str(error))
