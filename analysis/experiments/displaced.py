"""Who pays for a policy: how many days are moved from whom to whom, and what the order of service cannot save."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from parkflow.analysis.experiments.question import Question
from parkflow.analysis.language import CLASS, SIZE, STAGE
from parkflow.analysis.measures.displacement import COVERED, OTHERS
from parkflow.analysis.measures.measure import ALL
from parkflow.analysis.measures.summary import Row

if TYPE_CHECKING:
    import pandas as pd

PARTS = {"projects": "projects_ahead", "gained": "park_days_gained", "lost": "park_days_lost", "net": "park_days_net"}
"""What is told of each kind of project, and the measure that tells it."""

TURN, ORDER = "wait_in_turn", "wait_by_order"
MEASURES = (*PARTS.values(), TURN, ORDER)
"""What is observed, and no more."""


@dataclass(frozen=True)
class Displacement:
    """What a policy moves against a baseline: one row per kind of project that has the second milestone ahead.

    A row has `kind` (all, cover, group, class, size, stage), `group`, and of `projects`, project-days `gained`, `lost`
    and `net` the mean over replications, with `_low` and `_high`. `check` has what the order of service adds to the
    wait of a unit of work (mean, low, high, in days) beside the wait in the order of arrival (`in_turn`); None where no
    desk could be compared.
    """

    park: str
    policy: str
    baseline: str
    question: Question
    seed: int
    replications: int
    rows: tuple[dict[str, Any], ...]
    check: Mapping[str, Any] | None
    record: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def of(self, kind: str) -> dict[str, dict[str, Any]]:
        """The rows of a kind, by group."""
        return {row["group"]: row for row in self.rows if row["kind"] == kind}

    def frame(self) -> pd.DataFrame:
        """The rows as a pandas DataFrame."""
        import pandas as pd

        return pd.DataFrame(self.rows)

    def document(self) -> dict[str, Any]:
        """The same as one object of plain values, as JSON holds it."""
        plain = {name: value for name, value in vars(self).items() if name not in ("question", "rows", "record")}
        return {**plain, "question": list(self.question), "rows": list(self.rows), "record": dict(self.record)}


def rows_of(measured: tuple[Row, ...]) -> tuple[dict[str, Any], ...]:
    """A row per kind of project, from the rows of a comparison."""
    found: dict[str, dict[str, Any]] = {}
    for name, measure in PARTS.items():
        for row in measured:
            if row["measure"] == measure:
                mine = found.setdefault(row["group"], {"kind": _kind(row["group"]), "group": row["group"]})
                mine |= {name: row["mean"], f"{name}_low": row["low"], f"{name}_high": row["high"]}
    return tuple(found.values())


def _kind(group: str) -> str:
    """What parts projects in this group from others."""
    if group in (COVERED, OTHERS):
        return "cover"
    begins = {CLASS: "class", SIZE: "size", STAGE: "stage"}
    return "all" if group == ALL else next((kind for mark, kind in begins.items() if group.startswith(mark)), "group")


def check_of(measured: tuple[Row, ...], policy: str) -> dict[str, Any] | None:
    """What the order of service adds to the wait of a unit of work, over all desks."""
    found = {row["measure"]: row for row in measured if (row["policy"], row["group"]) == (policy, ALL)}
    if ORDER not in found:
        return None
    order = found[ORDER]
    return {"mean": order["mean"], "low": order["low"], "high": order["high"], "in_turn": found[TURN]["mean"]}
