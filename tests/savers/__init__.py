"""One replica of the site at one moment, saved by the tools that people have."""
