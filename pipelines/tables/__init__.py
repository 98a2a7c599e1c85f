"""Tables: the schema and everything that writes to it or reads it."""
