"""The middle wing: from pages as read to a history. No HTML, no network.

normalise → dedupe → store → diff; their order stands in ``embassy_scraper/settings.py``.
"""
