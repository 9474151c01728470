"""What the records say: causes, measures with their intervals, and tables."""
