"""Being told: what is new to whom, messages, and how they are sent.

One ledger (``pipelines/state/told.py``) serves ``report --new NAME`` and ``[[alerts]]`` of the same
name. A message is written down together with what it tells, then sent, and sent again with the
same key until it has arrived (``courier.py``).
"""
