"""Faults at every write: a verb is killed, or its disk, device or lock fails, and it is run again.

``python -m tests.faults`` tries all verbs and prints what came of it as a table; ``verbs.py`` says
what each of them begins with, ``mother.py`` runs them, ``judge.py`` judges.
"""
