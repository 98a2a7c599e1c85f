"""Values: dates, texts, windows and keys, made of what a page prints. Pure."""
