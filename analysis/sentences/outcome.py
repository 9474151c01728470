"""What sentences are made of: the measures of a comparison or a run, whether it was just made or is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from parkflow.analysis.measures.measure import ALL
from parkflow.analysis.measures.summary import Row
from parkflow.analysis.replication.milestones import Pair
from parkflow.sim.scenario import Scenario

if TYPE_CHECKING:
    from parkflow.analysis.experiments.comparison import Comparison
    from parkflow.analysis.store.run_folder import Run


@dataclass(frozen=True)
class Outcome:
    """The rows of measures of some policies, of which one is the baseline, between the milestones of the question."""

    park: str
    baseline: str
    question: Pair
    seed: int
    replications: int
    measures: Sequence[Row]
    scenario: Scenario | None
    """The park under the baseline; None where nobody knows it."""
    doubts: Sequence[Mapping[str, Any]] = ()
    """Intervals over assumptions beside those over replications, as plain values."""

    @classmethod
    def of_comparison(cls, made: Comparison) -> Self:
        """What a comparison found that was just made."""
        about = made.scenarios.get(made.baseline)
        doubts = [it.row() for it in made.doubts]
        return cls(
            made.scenario, made.baseline, made.question, made.seed, made.replications, made.measures, about, doubts
        )

    @classmethod
    def of_run(cls, stored: Run) -> Self:
        """What a stored run found."""
        held = stored.document
        return cls(
            held["scenario"], stored.baseline, stored.question, held["seed"], stored.replications, held["measures"],
            stored.scenario, held.get("assumptions", ()),
        )  # fmt: skip

    @property
    def policies(self) -> tuple[str, ...]:
        """All policies, the baseline first."""
        return tuple(dict.fromkeys((self.baseline, *(row["policy"] for row in self.measures))))

    @property
    def compared(self) -> tuple[str, ...]:
        """The policies that are set beside the baseline."""
        return self.policies[1:]

    def row(self, measure: str, policy: str, group: str = ALL) -> Row | None:
        """The row of a measure under a policy, where it has a mean."""
        found = (row for row in self.rows(measure, policy) if row["group"] == group)
        return next(found, None)

    def rows(self, measure: str, policy: str) -> list[Row]:
        """The rows of a measure under a policy, group by group, where they have a mean."""
        return [
            row
            for row in self.measures
            if (row["measure"], row["policy"]) == (measure, policy) and row["mean"] is not None
        ]

    def mean(self, measure: str, policy: str) -> float | None:
        """The mean of a measure over all projects; None where it is not defined."""
        found = self.row(measure, policy)
        return None if found is None else found["mean"]
