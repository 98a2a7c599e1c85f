"""Intake: the one door by which captures enter the history, wherever they come from.

A capture has four classes on its way: ``RawCapture`` (as it was brought), ``Fetched`` (raw, and its
page read), ``Taken`` (in values, with what is to be kept), ``Stored`` (as the database has it).
"""
