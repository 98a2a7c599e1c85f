"""What the engine says to a person: which captures read differently, and in what."""

from collections.abc import Iterator

from embassy_scraper.intake.pasted import to_paste
from pipelines.tables.reading_differences import ReadingDifferences


def look_at(capture: str | None) -> str:
    """Return the command to look at *capture* with."""
    return to_paste(f"probe {capture}")


def difference_lines(differences: ReadingDifferences) -> Iterator[str]:
    """Yield reading differences in words: how many captures, in what, and the first ones."""
    if not differences.differing:
        yield f"captures read differently: 0 of {differences.captures}"
        return
    counts = ", ".join(f"{name} {count}" for name, count in differences.fields.most_common())
    yield (
        f"captures read differently: {differences.differing} of {differences.captures} ({counts});"
        " none of this is a change of the site"
    )
    if differences.withheld_before or differences.withheld_now:
        yield (
            f"captures of which a part is withheld: {differences.withheld_before} before,"
            f" {differences.withheld_now} now"
        )
    for capture, names in differences.first:
        yield f"  {', '.join(names)}: {look_at(capture)}"
    if differences.differing > len(differences.first):
        yield f"  and {differences.differing - len(differences.first)} more"
