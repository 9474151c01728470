"""The error that whoever gives a file meets."""

from __future__ import annotations

from parkflow.sim.errors import ParkflowError


class InputError(ParkflowError):
    """Something the user gave cannot be used; the message says which file, which key, and what would be right."""
