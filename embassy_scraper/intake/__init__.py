"""Intake: the one door by which captures enter the history, wherever they come from."""
