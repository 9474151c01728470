"""Predictive distributions, the quantile of what is reported in them, and the verdict, by rules fixed beforehand.

A number told of one project is set beside single projects; a number told of a park beside replications, each of which
is one park; a range in which most projects are said to lie beside the share of projects inside. The rules:

* contradicts: the reports' own numbers or the clocks of the law exclude it, whatever is simulated;
* not expressible: the model has no event or no project for it;
* reproduced: one project: the reported value lies between the 10% and the 90% quantile of single projects; a park: it
  lies in the central 95% of replications; a range: two thirds of the projects or more lie inside;
* plausible as a best case: it lies outside on the side that flatters, and one single project in a hundred or more does
  as well: a report that picks the best of many may tell it;
* not reproduced: anything else.

A reported value with bounds (rounding, "more than") is given the benefit of them: any value within may fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from parkflow.analysis.calibration.observables import told
from parkflow.analysis.calibration.targets import middle_of
from parkflow.analysis.validation.definition import About, Definition, Tolerance

Floats = NDArray[np.float64]
Verdict = Literal["reproduced", "best_case", "not_reproduced", "contradicts", "not_expressible"]

USUAL = (0.10, 0.90)
"""Quantiles of single projects between which a case is an ordinary one."""

CENTRAL = (0.025, 0.975)
"""Quantiles of replications between which a park's number is an ordinary one."""

BEST = 0.01
"""A best case is no rarer than one project in a hundred."""

MOST = 2 / 3
"""Least share of projects that lies in a range which most are said to lie in."""


@dataclass(frozen=True)
class Predicted:
    """What the model predicts for one definition: a value per replication, and single projects where it has them."""

    by_replication: Floats
    single: Floats
    parts: tuple[float, ...] = ()
    """The number of each simulated part of a calibration target, as the fit has it."""

    @classmethod
    def of(cls, definition: Definition, seen: Sequence[Sequence[float]]) -> Predicted:
        """From what each replication showed."""
        there = [np.array(one, dtype=np.float64) for one in seen if len(one)]
        each = [np.array([told(one, it.statistic) for one in there]) for it in definition.simulated] if there else []
        means = np.array([one.mean() for one in there], dtype=np.float64)
        single = np.concatenate(there) if definition.of_projects and there else np.array([])
        return cls(each[0] if each else means, single, tuple(float(middle_of(one)) for one in each))

    def of_kind(self, about: About) -> Floats:
        """The distribution that a reported number of this kind is set beside."""
        return self.by_replication if about == "typical" else self.single

    def interval(self, about: About) -> tuple[float, float, float]:
        """Median and central 95% of the distribution that a reported number of this kind is set beside."""
        values = self.of_kind(about)
        if not len(values):
            return np.nan, np.nan, np.nan
        low, median, high = np.quantile(values, (CENTRAL[0], 0.5, CENTRAL[1]))
        return float(median), float(low), float(high)


def quantile_of(values: Floats, value: float) -> float:
    """The quantile at which a value lies among others: the share below it and half the share equal to it."""
    return float(np.mean(values < value) + np.mean(values == value) / 2)


def judged(definition: Definition, predicted: Predicted) -> Verdict:
    """The verdict on what is observed of a definition."""
    if not len(predicted.of_kind(definition.about)):
        return "not_expressible"
    low, high = definition.reported
    if definition.about == "range":
        inside = float(np.mean((predicted.single >= low) & (predicted.single <= high)))
        return "reproduced" if inside >= MOST else "not_reproduced"
    quantiles = USUAL if definition.about == "case" else CENTRAL
    least, most = np.quantile(predicted.of_kind(definition.about), quantiles)
    if high >= least and low <= most:
        return "reproduced"
    return "best_case" if _flatters(definition, predicted, float(least), float(most)) else "not_reproduced"


def _flatters(definition: Definition, predicted: Predicted, least: float, most: float) -> bool:
    """Whether a value outside flatters, and single projects reach it."""
    low, high = definition.reported
    if not len(predicted.single):
        return False
    if definition.better == "less":
        return high < least and quantile_of(predicted.single, high) >= BEST
    return low > most and quantile_of(predicted.single, low) <= 1 - BEST


def met(definition: Definition, predicted: Predicted) -> bool | None:
    """Whether a target's tolerance is met; None where it has none, or nothing was seen.

    A calibration target is met when each of its parts is, by the number that the fit looks at; what a part puts in
    is not simulated.
    """
    if predicted.parts:
        return all(part.holds(found) for part, found in zip(definition.simulated, predicted.parts, strict=True))
    tolerance = definition.tolerance
    if tolerance is None or not len(predicted.of_kind(definition.about)):
        return None
    return tolerance.low <= _told(definition, tolerance, predicted) <= tolerance.high


def _told(definition: Definition, tolerance: Tolerance, predicted: Predicted) -> float:
    """What must lie within a tolerance."""
    if tolerance.of == "mean":
        return float(predicted.by_replication.mean())
    assert definition.value is not None
    return quantile_of(predicted.of_kind(definition.about), definition.value)
