"""The one root of all errors that a user can mend, and those of a change to a scenario."""

from __future__ import annotations


class ParkflowError(Exception):
    """What a user can mend; the message says where and how."""


class ChangeError(ParkflowError):
    """A change that a scenario does not take: the dotted path of the key, what is wrong, and what would be right."""

    def __init__(self, key: str, what: str, remedy: str) -> None:
        super().__init__(key, what, remedy)
        self.key, self.what, self.remedy = key, what, remedy

    def __str__(self) -> str:
        return f"{self.key}: {self.what}; {self.remedy}"


class UnknownKeyError(ChangeError, KeyError):
    """The path of a change names a key that is not there."""


class UnfitValueError(ChangeError, ValueError):
    """The new value does not fit its key."""
