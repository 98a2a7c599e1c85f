"""History: what follows from facts. Pure functions, without a connection."""
