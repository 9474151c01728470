"""The one root of all errors that a user can mend."""

from __future__ import annotations


class ParkflowError(Exception):
    """What a user can mend; the message says where and how."""
