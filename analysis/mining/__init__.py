"""Parks learned from event logs: what a log shows, what it bounds, and what it cannot tell."""
