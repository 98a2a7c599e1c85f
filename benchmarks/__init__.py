"""Measurements against a floor, as ratios in one run."""
