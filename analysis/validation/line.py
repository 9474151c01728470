"""One line of the ledger: a definition, what the model predicts for it, and the verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from parkflow.analysis.language import Words
from parkflow.analysis.validation.arithmetic import CHECKS
from parkflow.analysis.validation.definition import Definition
from parkflow.analysis.validation.verdict import Predicted, Verdict, judged, met, quantile_of
from parkflow.scenarios.evidence import evidence, facts


@dataclass(frozen=True)
class Line:
    """One line of the ledger.

    `predicted`, `low` and `high` are the median and the central 95% of what the reported value is set beside;
    `quantiles` those of the least and the greatest value that the report's words allow. NaN where nothing is simulated.
    """

    definition: Definition
    verdict: Verdict
    predicted: float = np.nan
    low: float = np.nan
    high: float = np.nan
    quantiles: tuple[float, float] = (np.nan, np.nan)
    met: bool | None = None
    replications: int = 0
    projects: int = 0

    def why(self, say: Words) -> str:
        """The arithmetic that contradicts it, or why it cannot be expressed, or what is compared."""
        one = self.definition
        if one.refuted_by is not None:
            return CHECKS[one.refuted_by]().told(say)
        if self.verdict == "not_expressible" and not one.reason:
            return say.pick("no project of the simulated park comes to it", "模拟园区中没有项目符合该定义")
        return say.pick(one.reason or one.basis, one.reason_zh or one.basis_zh)

    def row(self) -> dict[str, Any]:
        """The line as plain values; what is not defined is None."""
        one, (of, least_met, most_met) = self.definition, self.definition.bounds
        least, most = one.reported
        return {
            "line": one.line,
            "facts": list(one.facts),
            "use": use_of(one),
            "strength": "".join(dict.fromkeys(facts()[name]["strength"] for name in one.facts)),
            "park": one.park,
            "policy": one.run,
            "title": one.title,
            "about": one.about,
            "unit": one.unit,
            "reported": one.value,
            "reported_low": _plain(least),
            "reported_high": _plain(most),
            "predicted": _plain(self.predicted),
            "low": _plain(self.low),
            "high": _plain(self.high),
            "quantile_low": _plain(self.quantiles[0]),
            "quantile_high": _plain(self.quantiles[1]),
            "verdict": self.verdict,
            "tolerance_of": of,
            "tolerance_low": least_met,
            "tolerance_high": most_met,
            "within_tolerance": self.met,
            "why": self.why(Words()),
            "replications": self.replications,
            "projects": self.projects,
        }


def use_of(definition: Definition) -> str:
    """Whether a line is a calibration or a validation target, or else the use of its first fact."""
    targets = {target["id"]: target["kind"] for target in evidence()["target"]}
    first = facts()[definition.facts[0]]["use"] if definition.facts else "external"
    return str(targets.get(definition.line, first))


def judge(definition: Definition, seen: Sequence[Sequence[float]]) -> Line:
    """The line of one definition, from what each replication showed."""
    if definition.refuted_by is not None:
        refuted = CHECKS[definition.refuted_by]().contradicts
        return Line(definition, "contradicts" if refuted else "not_expressible")
    if not definition.is_simulated:
        return Line(definition, "not_expressible")
    predicted = Predicted.of(definition, seen)
    median, low, high = predicted.interval(definition.about)
    values = predicted.of_kind(definition.about)
    least, most = definition.reported
    quantiles = (quantile_of(values, least), quantile_of(values, most)) if len(values) else (np.nan, np.nan)
    return Line(
        definition, judged(definition, predicted), median, low, high, quantiles, met(definition, predicted),
        len(seen), len(predicted.single),
    )  # fmt: skip


def _plain(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
