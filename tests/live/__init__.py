"""Live crawls of the replica: many in one process, for a reactor cannot be started twice."""
