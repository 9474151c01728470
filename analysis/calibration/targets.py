"""Targets of a fit: what was reported, how sure it is, and how the same is read off a simulated park.

Validation targets may stand in the same file. They are taken out at the door (`calibration_only`), before anything else
looks at the file, so nothing that is fitted can depend on them.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from parkflow.analysis.calibration.observables import Observable
from parkflow.sim.ranges import Range
from parkflow.sim.scenario import Day
from parkflow.sim.values import Value

KEPT, DROPPED = "calibration", "validation"
"""What a target may be for; one that does not say is fitted to."""

_SURE = 1.96
"""Standard deviations in half of a tolerance: it is read as an interval of 95%."""

_LEAST_SIDE = 0.25
"""Part of the whole tolerance that its narrower side counts as at least."""


def middle_of(replications: NDArray[np.float64]) -> NDArray[np.float64]:
    """The number that is set beside a target: the median over replications, each of which is one park; one per column.

    A report tells of the one park that there was: the middle of those that could have been stands for it, and a rare
    replication in which everything got stuck does not move it. NaN where no replication shows anything.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "All-NaN slice", RuntimeWarning)
        found: NDArray[np.float64] = np.asarray(np.nanmedian(replications, axis=0))
    return found


def doubt_of(replications: NDArray[np.float64]) -> NDArray[np.float64]:
    """Standard error of `middle_of`: that of a median of normal values with the spread of the middle two thirds."""
    low, high = np.nanquantile(replications, (0.16, 0.84), axis=0)
    counted = np.maximum(1, np.count_nonzero(~np.isnan(replications), axis=0))
    found: NDArray[np.float64] = np.sqrt(np.pi / 2 / counted) * (high - low) / 2
    return found


class Target(Observable):
    """A reported value with its tolerance, and what stands for it in the model.

    A target of several parts, such as two quantiles, is several entries with one id; it is met when all of them are.
    """

    id: str = Field(description="Name of the target, as t-01.")
    part: str = Field("", description="Which part of the target this is, where it has several.")
    kind: Literal["calibration"] = Field("calibration", description="Validation targets are never fitted to.")
    park: str | None = Field(None, description="Park that it is read off; every park of the fit if left out.")
    policy: str = Field("serial", description="Policy under which it is read off.")
    value: float = Field(description="What is reported.")
    low: float = Field(description="Lower end of the tolerance.")
    high: float = Field(description="Upper end of the tolerance.")
    until: Day | None = Field(None, description="Day on which a run that only such targets look at may end.")
    discrepancy: Annotated[float, Field(ge=0)] | None = Field(
        None,
        description="By how much the model may be off by itself (standard deviation); 5% of the value if left out. "
        "Where it is stated, levels are not pressed to bring a target nearer to its tolerance than that.",
    )

    @model_validator(mode="after")
    def _value_within(self) -> Target:
        if not self.low <= self.value <= self.high or self.low == self.high:
            raise ValueError(
                f"{self.low:g} to {self.high:g} is no tolerance of {self.value:g}; give low ≤ value ≤ high"
            )
        return self

    @property
    def last_day(self) -> Day | None:
        """The day after which nothing counts any more, where there is one."""
        return self.until if self.until is not None else self.last_counted

    @property
    def name(self) -> str:
        """The id, with the part where there is one."""
        return f"{self.id} {self.part}".strip()

    def holds(self, found: float) -> bool:
        """Whether a simulated value lies within the tolerance."""
        return bool(self.low <= found <= self.high)

    @property
    def deviations(self) -> tuple[float, float]:
        """Standard deviations below and above the value: of what is reported, and of the model's discrepancy."""
        least = _LEAST_SIDE * (self.high - self.low)
        own = 0.05 * abs(self.value) if self.discrepancy is None else self.discrepancy
        sides = (max(self.value - self.low, least), max(self.high - self.value, least))
        below, above = (((side / _SURE) ** 2 + own**2) ** 0.5 for side in sides)
        return below, above


class TargetFile(Value):
    """A file of targets: which numbers may move to meet them, and the settings of the fit."""

    title: str = Field("", description="What the fit is about.")
    parks: tuple[str, ...] = Field((), description="Parks that are fitted together, with one value of each parameter.")
    parameters: tuple[str, ...] = Field(min_length=1, description="Ranges of the parks whose levels are fitted.")
    ranges: dict[str, Range] = Field(default_factory=dict, description="Ranges that the parks do not state themselves.")
    replications: Annotated[int, Field(ge=2)] = Field(6, description="Replications of every park at every point.")
    points: Annotated[int, Field(ge=2)] | None = Field(
        None, description="Points of the first wave; eight for each parameter if left out."
    )
    waves: Annotated[int, Field(ge=1, le=20)] = Field(
        3,
        description="Most waves; each looks where the ones before found hope, until a check agrees with the surfaces.",
    )
    search: dict[str, tuple[float, float]] = Field(
        default_factory=dict, description="Least and greatest level that is searched, instead of those of a range."
    )
    prior: dict[str, dict[str, Any]] = Field(
        default_factory=dict,
        description="Numbers from which the fit begins, instead of those of the parks: by park, or for `all`, by key. "
        "Factors, days and shares of a search count from them.",
    )
    seed: Annotated[int, Field(ge=0)] = Field(1, description="The same seed gives the same fit.")
    target: tuple[Target, ...] = Field(min_length=1, description="The targets.")

    @property
    def first_points(self) -> int:
        """Points of the first wave."""
        return self.points or 8 * len(self.parameters)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Points of each wave: the later ones need half as many, for they look at less."""
        return (self.first_points, *(max(2, self.first_points // 2) for _ in range(self.waves - 1)))


def calibration_only(table: Mapping[str, Any]) -> dict[str, Any]:
    """The table of a target file without its validation targets, whatever they hold."""
    targets = table.get("target")
    if not isinstance(targets, list):
        return dict(table)
    return {**table, "target": [each for each in targets if not _is_validation(each)]}


def _is_validation(target: Any) -> bool:
    return isinstance(target, Mapping) and target.get("kind") == DROPPED
