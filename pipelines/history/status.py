"""Where a statement stands now: listed, out of view, or withdrawn."""

from collections.abc import Iterable, Mapping

Place = tuple[str, str, int, bool]  # list, instant last seen in it, offset, missing since
LastWindows = Mapping[tuple[str, int], str]  # list and offset → instant of its last window


def status_of(is_gone: bool, places: Iterable[Place], last_windows: LastWindows) -> str:
    """Return the status of a statement seen last at *places*.

    Withdrawn: its page is gone, or it is missing from every list in which it was last known, that
    is, which showed it at its last sighting. Listed: in the last window of some list at that
    offset. Else it is out of view.
    """
    places = list(places)
    last = max((instant for _, instant, _, _ in places), default="")
    last_known = [missing for _, instant, _, missing in places if instant == last]
    if is_gone or (last_known and all(last_known)):
        return "withdrawn"
    for name, instant, start, missing in places:
        if not missing and last_windows.get((name, start)) == instant:
            return "listed"
    return "out_of_view"
