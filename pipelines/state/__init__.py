"""State: what a crawl or an import must remember between runs. No history."""
