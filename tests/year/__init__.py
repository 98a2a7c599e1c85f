"""A year unattended: the verb ``schedule`` itself, on a replica, with a clock that leaps.

``python -m tests.year`` runs it. The clock of all processes but the judge's is moved (clock.c);
what the site truly showed is written down by the replica, and judged by the oracle of tests/world.
"""
