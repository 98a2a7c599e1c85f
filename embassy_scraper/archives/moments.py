"""Instants as savers and archives print them, each form by a pattern of its own, strictly."""

import re
from datetime import datetime, timedelta

_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})"
_YEAR, _DAY = r"(?P<year>[0-9]{4})", r"(?P<day>[0-9]{1,2})"
_CLOCK = r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})"
_TWO = "(?P<{}>[0-9]{{2}})"
_REST = ("day", "hour", "minute", "second")
_DIGITS = _YEAR + "".join(map(_TWO.format, ("month", *_REST)))
_FORMS = [
    re.compile(form)
    for form in (
        _DIGITS + "(?:[0-9]{3})?",  # archives; with milliseconds, WebScrapBook: both in UTC
        _YEAR
        + "-"
        + _TWO.format("month")
        + "-"
        + _TWO.format("day")
        + rf"T{_CLOCK}(?:\.[0-9]{{1,9}})?Z",
        rf"[A-Z][a-z]{{2}}, {_DAY} {_MONTH} {_YEAR} {_CLOCK} GMT",  # HTTrack
        # a browser's Date; its zone's name is in the browser's language
        rf"[A-Z][a-z]{{2}} {_MONTH} {_DAY} {_YEAR} {_CLOCK} GMT(?P<zone>[+-][0-9]{{4}})(?:\s.*)?",
        rf"{_CLOCK} {_MONTH} {_DAY}, {_YEAR}",  # the Wayback Machine
    )
]


def read_moment(text: str) -> str | None:
    """Return the instant that *text* is, as UTC; ``None`` if it is not one, or never was.

    Fractions of a second are cut off. ``manifest.read_instant`` reads what people write, and so
    takes any offset and a time without seconds, and says what is wrong with another form. Here
    only the forms count that savers and archives are known to print: any other text is a page's
    own, and not a fault.

    >>> read_moment("20210305090500"), read_moment("20211340090500")
    ('2021-03-05T09:05:00Z', None)
    >>> read_moment("2021-03-05T09:05:00.5Z") == read_moment("20210305090500123")
    True
    >>> read_moment("Fri Mar 05 2021 10:05:00 GMT+0100 (Central European Standard Time)")
    '2021-03-05T09:05:00Z'
    >>> read_moment("Fri, 05 Mar 2021 09:05:00 GMT") == read_moment("9:05:00 Mar 5, 2021")
    True
    """
    text = " ".join(text.split())
    found = next((found for form in _FORMS if (found := form.fullmatch(text))), None)
    if found is None:
        return None
    parts = found.groupdict()
    month = parts["month"]
    number = _MONTHS.index(month) + 1 if month in _MONTHS else int(month)
    day, hour, minute, second = (int(parts[name]) for name in _REST)
    zone = parts.get("zone") or "+0000"
    ahead = timedelta(hours=int(zone[:3]), minutes=int(zone[0] + zone[3:]))
    try:
        moment = datetime(int(parts["year"]), number, day, hour, minute, second) - ahead
    except (ValueError, OverflowError):
        return None
    return moment.isoformat() + "Z"
