"""How far an assumed number may be off: a range for one key of a scenario, or for several that move together."""

from __future__ import annotations

from math import exp, log
from typing import Literal

from pydantic import Field, model_validator

from parkflow.sim.values import Titled


class Range(Titled):
    """What an assumed number could be as well; several keys that stand for one assumption move together.

    A level is what stands for all of its keys: the value that they get, the factor on what the file says, the share
    that the first has of the sum of all, or the days by which dates are moved.
    """

    keys: tuple[str, ...] = Field(
        min_length=1,
        description="Dotted keys of the park, or levers.NAME.PARAMETER; * stands for any name. One that a park does "
        "not have is passed over.",
    )
    low: float = Field(description="Least level.")
    high: float = Field(description="Greatest level.")
    by: Literal["value", "factor", "share", "days"] = Field(
        "value",
        description="What a level is: the value itself; a factor on the numbers of the file; the share of the first "
        "number in the sum of all, which stays; or the days by which dates are moved.",
    )

    @model_validator(mode="after")
    def _possible(self) -> Range:
        if self.low >= self.high:
            raise ValueError(f"{self.low:g} to {self.high:g} is no range; low must be below high")
        if self.by == "factor" and self.low <= 0:
            raise ValueError("a factor must be above zero")
        if self.by == "share" and not 0 <= self.low < self.high <= 1:
            raise ValueError("a share lies between 0 and 1")
        return self

    def at(self, share: float) -> float:
        """The level at a share of the way from low to high; of a factor, on a logarithmic scale."""
        if self.by == "factor":
            return exp(log(self.low) + share * (log(self.high) - log(self.low)))
        return self.low + share * (self.high - self.low)

    def share_of(self, level: float) -> float:
        """How much of the way from low to high a level lies; below 0 or above 1 if it is outside."""
        if self.by == "factor":
            return (log(level) - log(self.low)) / (log(self.high) - log(self.low))
        return (level - self.low) / (self.high - self.low)
