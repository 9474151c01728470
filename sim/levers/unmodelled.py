"""Mechanisms of the reports that no lever carries, and why."""

UNMODELLED: dict[str, str] = {}
"""Reason by mechanism id."""
