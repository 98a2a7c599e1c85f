"""What is said of pages of which a part was withheld: the same words in every verb."""

from collections.abc import Iterator

from pipelines.withheld import Share, Unclean


def _look_at(capture: str | None) -> str:
    """Return the command to look at *capture* with."""
    return f"embassy-scraper probe {capture}"


def end_of_run_line(withheld: int, captures: int, capture: str | None) -> str:
    """Return what a run says at its end."""
    return (
        f"withheld: of {withheld} of {captures} captures a part could not be proven, and was not"
        f" read; look at one with {_look_at(capture)}"
    )


def lines_until_clean(unclean: Unclean, shares: list[Share]) -> Iterator[str]:
    """Yield what is said until a run is clean: month by month, how much is withheld."""
    for share in shares:
        part = 100 * share.withheld / share.captures
        yield f"withheld in {share.month}: {share.withheld} of {share.captures} ({part:.0f} %)"
    yield (
        f"{unclean.command}, begun {unclean.started}, withheld a part of {unclean.withheld} of"
        f" {unclean.captures} captures; look at one with {_look_at(unclean.capture)}"
    )
