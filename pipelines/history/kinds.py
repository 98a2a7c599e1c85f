"""The closed list of kinds of change."""

KINDS = (
    "contact_changed",
    "counter_anomaly",
    "counter_appeared",
    "counter_discovered",
    "counter_progressed",
    "counter_reworded",
    "counter_vanished",
    "page_back",
    "page_gone",
    "statement_added",
    "statement_discovered",
    "statement_edited",
    "statement_restored",
    "statement_withdrawn",
)
