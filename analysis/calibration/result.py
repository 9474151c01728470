"""What a fit found, as plain values: levels with intervals, what stays unidentified, and targets before and after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parkflow.analysis.calibration.fit import CHECKS, Fitted
from parkflow.analysis.calibration.targets import doubt_of, middle_of
from parkflow.sim.ranges import Range

Floats = NDArray[np.float64]

INTERVAL = (0.05, 0.95)
"""Levels between these quantiles of the sample are its interval of 90%; the fitted one is always in it."""

UNIDENTIFIED = 0.7
"""An interval that takes more of the range than this tells nothing; one of a level that nothing moves takes 0.9."""

STRONG = 0.5
"""Correlation from which two parameters are told only together."""


def document(found: Fitted, record: Mapping[str, Any]) -> dict[str, Any]:
    """The whole result; `record` says how it was made."""
    problem = found.problem
    targets = list(_targets(found))
    ids = dict.fromkeys(row["id"] for row in targets)
    met = [name for name in ids if all(row["met"] for row in targets if row["id"] == name)]
    return {
        "title": problem.title,
        "record": dict(record),
        "parks": list(problem.parks),
        "seed": problem.seed, "waves": list(problem.sizes[: found.waves]), "agreed": found.agreed,
        "replications": problem.replications,
        "check": CHECKS * problem.replications,
        "targets_met": len(met), "targets_in_all": len(ids),
        "targets": targets,
        "parameters": list(_parameters(found)),
        "correlations": list(_correlations(found)),
    }  # fmt: skip


def levels(found: Fitted) -> dict[str, float]:
    """The fitted levels: in the middle of those that meet all tolerances, or miss them least."""
    return found.problem.levels(found.shares)


def _targets(found: Fitted) -> Iterator[dict[str, Any]]:
    """One row per target, with what was simulated at the parks' own levels and at the fitted ones."""
    numbers = (middle_of(found.before), middle_of(found.after), doubt_of(found.after))
    rows = zip(found.problem.targets, found.problem.park_of_target, *(it.tolist() for it in numbers), strict=True)
    for target, park, was, now, error in rows:
        yield {
            "id": target.id, "part": target.part, "title": target.title, "title_zh": target.title_zh,
            "park": park, "policy": target.policy, "source": target.source,
            "value": target.value, "low": target.low, "high": target.high,
            "before": was, "after": now, "error": error,
            "met_before": target.holds(was), "met": target.holds(now),
        }  # fmt: skip


def _parameters(found: Fitted) -> Iterator[dict[str, Any]]:
    """One row per parameter: where the parks stand, the fitted level, its interval, and whether targets tell it."""
    own, fitted = found.problem.own_levels(), levels(found)
    for (name, it), shares, at in zip(found.problem.parameters.items(), found.sample.T, found.shares, strict=True):
        low, high = (float(end) for end in np.quantile(shares, INTERVAL))
        yield {
            "name": name, "title": it.title, "title_zh": it.title_zh, "by": it.by, "keys": list(it.keys),
            "low": it.low, "high": it.high, "own": own[name], "fitted": fitted[name],
            "from": it.at(min(low, float(at))), "to": it.at(max(high, float(at))),
            "identified": high - low <= UNIDENTIFIED,
        }  # fmt: skip


def _correlations(found: Fitted) -> Iterator[dict[str, Any]]:
    """Pairs of parameters that the targets tell only together, the strongest first."""
    names, matrix = list(found.problem.parameters), np.atleast_2d(np.corrcoef(found.sample.T))
    pairs = [(abs(matrix[one, other]), one, other) for one in range(len(names)) for other in range(one)]
    for strength, one, other in sorted(pairs, reverse=True):
        if strength >= STRONG:
            yield {"first": names[other], "second": names[one], "correlation": float(matrix[one, other])}


def said_level(it: Range | Mapping[str, Any], level: float) -> str:
    """A level in words: a factor with its sign, days as such."""
    by = it.by if isinstance(it, Range) else it["by"]
    return {"factor": f"× {level:.2f}", "days": f"{level:+.0f} days"}.get(by, f"{level:.3g}")
