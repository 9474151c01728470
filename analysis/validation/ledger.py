"""The ledger: for every reported number its definition, what the model predicts, and the verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from parkflow.analysis.validation.arithmetic import CHECKS
from parkflow.analysis.validation.line import Line, use_of
from parkflow.analysis.validation.robustness import Robustness
from parkflow.analysis.validation.verdict import Verdict
from parkflow.scenarios.evidence import facts

if TYPE_CHECKING:
    import pandas as pd

USABLE = ("calibration", "validation", "validation-range", "input-upper-bound")
"""Uses of facts that the ledger counts; what is a mere input, context or publicity is not judged."""

_KINDS = ("calibration", "validation")


@dataclass(frozen=True)
class Ledger:
    """All lines, and the record of how they were made."""

    lines: tuple[Line, ...]
    seed: int
    replications: int
    robustness: tuple[Robustness, ...] = ()
    """Verdicts on the headline claims over the ranges of assumed numbers, where they were asked for."""
    record: Mapping[str, Any] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """The ledger as one object of plain values, as JSON holds it."""
        return {
            "seed": self.seed,
            "replications": self.replications,
            "record": dict(self.record),
            "counts": self.counts(),
            "arithmetic": [
                {"check": name, "contradicts": it.contradicts, "text": it.text, **it.numbers}
                for name, it in ((name, check()) for name, check in CHECKS.items())
            ],
            "robustness": [it.row() for it in self.robustness],
            "lines": [line.row() for line in self.lines],
        }

    def frame(self) -> pd.DataFrame:
        """The lines as a pandas DataFrame."""
        import pandas as pd

        rows = [line.row() for line in self.lines]
        return pd.DataFrame([{**row, "facts": " ".join(row["facts"])} for row in rows])

    def of_park(self, park: str) -> tuple[Line, ...]:
        """The lines of one park."""
        return tuple(line for line in self.lines if line.definition.park == park)

    @property
    def parks(self) -> tuple[str, ...]:
        """The parks that have lines, in their order."""
        return tuple(dict.fromkeys(line.definition.park for line in self.lines))

    def counts(self) -> dict[str, Any]:
        """How many usable facts have which verdict, and how many targets of each kind are within tolerance."""
        verdicts = Counter(verdict for verdict in self.of_facts().values())
        targets = {line.definition.line: line for line in self.lines if line.definition.is_target}
        kinds = {kind: [line for line in targets.values() if use_of(line.definition) == kind] for kind in _KINDS}
        return {
            "facts": dict(verdicts),
            "targets": {
                kind: {"of": len(of), "within": sum(it.met is True for it in of)} for kind, of in kinds.items()
            },
        }

    def of_facts(self) -> dict[str, Verdict]:
        """The verdict on each usable fact: that of its first line."""
        found: dict[str, Verdict] = {}
        for line in self.lines:
            for name in line.definition.facts:
                if facts()[name]["use"] in USABLE:
                    found.setdefault(name, line.verdict)
        return found
