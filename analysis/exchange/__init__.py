"""What happened in a run, in the formats of others: event logs for process miners."""
