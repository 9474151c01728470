"""One replication as columns; the only room that reads the engine's arrays."""
