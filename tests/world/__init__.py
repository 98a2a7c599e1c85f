"""A made-up embassy site, its captures, and what the contract says they show.

model (what happens) -> timeline (state at an instant) -> pages (what one capture shows)
  -> render / markup / files (bytes on disk)      -> the program under test -> its report
  -> observe -> oracle (contract, brute force)    -> expected rows
"""
