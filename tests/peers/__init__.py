"""Real peers on loopback: pywb in an environment of its own, nginx, and a thin adapter between."""
