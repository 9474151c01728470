"""Fitting a park's assumed numbers to what was reported, by simulated moments; and what no target can tell."""
