"""What the status of a statement means, in one line."""

STATUSES = {
    "listed": ("Listed", "a list of the site showed it when that list was last looked at."),
    "out_of_view": (
        "Out of view",
        "what was last looked at of the lists does not reach back to it; nothing shows that it was"
        " removed.",
    ),
    "withdrawn": (
        "Withdrawn",
        "it is missing from every list in which it was last known, or its own page is gone.",
    ),
}


def status_words(status: str) -> str:
    """Return a status in a word or two.

    >>> status_words("out_of_view")
    'Out of view'
    """
    return STATUSES[status][0]
