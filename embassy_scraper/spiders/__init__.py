"""Spiders: which pages, in which order, and with which manners."""
