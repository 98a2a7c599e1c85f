"""The fuzzer: bytes that nobody made on purpose, for all that reads what strangers send.

``python -m tests.fuzz`` runs it, ``make fuzz`` for ten minutes. (``tests.world.fuzz`` is another
thing: it invents histories of the site and compares what the program says of them with the truth.)

For each target two processes work side by side. One looks for new paths with Atheris, where that
is installed; the other swells: it repeats, nests and counts up parts of what is there until an
input is as large as the target takes, and goes on with whatever costs most for its size. What
raises an error that nobody declared, takes a hundred times what the median page takes, or more than
300 MB, is a finding: it is made small, read once more in a process of its own, and kept in
``corpus/``, which ``test_fuzz.py`` reads in every run of the tests.
"""
