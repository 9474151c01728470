"""A stored run, read back: its tables as pandas frames, its measures, and the park under each policy."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.compute as pc
import pyarrow.dataset as ds

from parkflow.analysis.errors import AnalysisError
from parkflow.sim.scenario import Scenario

COMPARISON, SCENARIOS = "comparison.json", "scenarios.json"


class NotARunError(AnalysisError):
    """A folder that does not hold what it should; the message says what is missing and how to make it."""


def write_scenarios(folder: Path, scenarios: Mapping[str, Scenario]) -> None:
    """Keep the park as resolved under each policy beside the tables of a run."""
    kept = {policy: scenario.model_dump(mode="json", by_alias=True) for policy, scenario in scenarios.items()}
    (folder / SCENARIOS).write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")


@dataclass(frozen=True)
class Run:
    """The folder of a run. Tables are read when they are asked for, and only the columns named."""

    folder: Path

    @cached_property
    def document(self) -> dict[str, Any]:
        """The comparison as it was printed: scenario, baseline, seed, replications, record and measures."""
        found: dict[str, Any] = json.loads(self._file(COMPARISON).read_text(encoding="utf-8"))
        return found

    @cached_property
    def scenarios(self) -> dict[str, Scenario]:
        """The park under each policy."""
        kept = json.loads(self._file(SCENARIOS).read_text(encoding="utf-8"))
        return {policy: Scenario.model_validate(table) for policy, table in kept.items()}

    @property
    def scenario(self) -> Scenario:
        """The park under the baseline."""
        return self.scenarios[self.baseline]

    @property
    def baseline(self) -> str:
        """The policy that the others are compared with."""
        return str(self.document["baseline"])

    @property
    def policies(self) -> list[str]:
        """All policies, the baseline first."""
        named = dict.fromkeys(row["policy"] for row in self.document["measures"])
        return [self.baseline, *(name for name in named if name != self.baseline)]

    @property
    def replications(self) -> int:
        """How many replications were run."""
        return int(self.document["replications"])

    @property
    def question(self) -> tuple[str, str]:
        """The milestones between which the days are counted."""
        row = next(row for row in self.document["measures"] if row["measure"] == "days")
        return row["from"], row["to"]

    @cached_property
    def measures(self) -> pd.DataFrame:
        """The rows of the measures; what is not defined is NaN."""
        return pd.DataFrame(self.document["measures"]).astype({"mean": float, "low": float, "high": float})

    def rows(self, measure: str, group: str | None = None) -> pd.DataFrame:
        """The rows of one measure, of one group if named."""
        found = self.measures[self.measures["measure"] == measure]
        return found if group is None else found[found["group"] == group]

    def table(self, name: str, columns: Sequence[str] | None = None, **only: Any) -> pd.DataFrame:
        """A stored table, or some of its columns, where other columns have the values named (one, or any of a list)."""
        parts = ds.dataset(self._file(f"{name}.parquet"))
        wanted = None
        for column, value in only.items():
            one_of = isinstance(value, Iterable) and not isinstance(value, str)
            here = pc.field(column).isin(list(value)) if one_of else pc.field(column) == value
            wanted = here if wanted is None else wanted & here
        frame: pd.DataFrame = parts.to_table(columns=list(columns) if columns else None, filter=wanted).to_pandas()
        return frame

    def over(self) -> float:
        """The day on which the runs ended: the horizon, or the last event where there is none."""
        if self.scenario.horizon is not None:
            return self.scenario.horizon
        return float(self.table("steps", ["end"])["end"].max())

    def _file(self, name: str) -> Path:
        path = self.folder / name
        if not path.exists():
            raise NotARunError(
                f"{path}: there is no such file; make a run folder with: parkflow compare PARK --out FOLDER"
            )
        return path
