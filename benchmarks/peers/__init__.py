"""This program and two peers on the same captures: time, and which of the true changes each finds.

site (what happens, what is captured) -> truth (which of it the captures show)
  -> ours, git_history, web_changes (what each claims) -> table
"""
