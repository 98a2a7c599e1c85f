"""The pages of serve."""
