"""Reports: one report is one ``.sql`` file, one format is one function."""
