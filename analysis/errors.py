"""What an analysis cannot give."""

from __future__ import annotations

from parkflow.sim.errors import ParkflowError


class AnalysisError(ParkflowError):
    """Something asked for cannot be given; the message says why, and what would be right."""
