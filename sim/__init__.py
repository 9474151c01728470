"""The model: what a park is, what its projects will need, and who waits for whom."""
