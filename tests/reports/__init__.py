"""Reports: entries, sentences, marks, and every format."""
