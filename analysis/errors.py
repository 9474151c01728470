"""Errors of the analysis that a user can mend."""

from __future__ import annotations

from typing import Any

from parkflow.sim.errors import ParkflowError


class AnalysisError(ParkflowError):
    """Something asked for cannot be given; the message says why, and what would be right."""


class ArgumentError(AnalysisError):
    """An argument that does not fit: its name, the value given, and what would be right.

    The message reads ``replications=0: give 1 or more``; the command line writes its option instead of the name.
    """

    def __init__(self, field: str, value: Any, remedy: str) -> None:
        super().__init__(f"{field}={value}: {remedy}")
        self.field, self.value, self.remedy = field, value, remedy
