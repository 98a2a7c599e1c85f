"""A test bench for reading pages whose markup nobody here has seen.

A page of the site, with texts of our own, is poured into other people's frames (``pour``), with
lines of the frame's own around and between its parts (``variants``), and what the reader makes of
it is judged part by part (``judge``). ``python -m tests.frames`` prints the table.
"""
