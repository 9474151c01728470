"""A stored sweep as a table for drawing: one row per point and policy, with its factors and one measure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from parkflow.analysis.errors import AnalysisError, ArgumentError
from parkflow.analysis.experiments.results import Found
from parkflow.analysis.experiments.sweep import document, results
from parkflow.analysis.measures.registry import measure
from parkflow.analysis.store.sweep_folder import MANIFEST, SweepFolder
from parkflow.sim.scenario import Scenario

DEFAULT_MEASURE = "days_saved"
ALONGSIDE = ("share_losing", "issues_resolved_30", "start_rate")
"""Measures that a report shows beside the one asked about."""


@dataclass(frozen=True)
class Responses:
    """What a sweep found.

    `rows` has one row per point, policy and measure: its factors, mean, low, high, replications.
    """

    document: Mapping[str, Any]
    scenario: Scenario
    factors: tuple[str, ...]
    rows: pd.DataFrame

    @property
    def name(self) -> str:
        """The name of the sweep."""
        return str(self.document["name"] or self.document["park"])

    @property
    def asked(self) -> str:
        """The measure that the sweep is about: that of its precision, or days saved."""
        precision = self.document["setting"]["precision"]
        return str(precision["measure"]) if precision else DEFAULT_MEASURE

    def of(self, name: str) -> pd.DataFrame:
        """The rows of one measure, without those of the baseline.

        Raises `ArgumentError` where the sweep has none.
        """
        found: pd.DataFrame = self.rows[
            (self.rows["measure"] == name) & (self.rows["policy"] != self.document["baseline"])
        ]
        if not len(found.dropna(subset=["mean"])):
            known = ", ".join(dict.fromkeys(self.rows["measure"]))
            remedy = f"the sweep {self.name} has no such measure (measures: {known})"
            raise ArgumentError("measure", name, remedy)
        return found

    def unit(self, name: str) -> str:
        """The unit of a measure."""
        return measure(name).unit


def is_sweep(folder: Path) -> bool:
    """Whether a folder holds a sweep."""
    return (folder / MANIFEST).is_file()


def responses(folder: Path) -> Responses:
    """Read a sweep's folder.

    Raises `AnalysisError` where nothing is stored yet, `StoreError` where there is no sweep.
    """
    stored, found = results(folder)
    return responses_of(stored, found)


def responses_of(stored: SweepFolder, found: Sequence[Found]) -> Responses:
    """What a sweep found, from its rows of some measures; raises `AnalysisError` where there are none yet."""
    if not found:
        raise AnalysisError(f"{stored.path}: the sweep has stored no replication yet; go on with its command")
    rows = pd.DataFrame(found).astype({"mean": float, "low": float, "high": float})
    varied = [
        key
        for key in dict.fromkeys(key for point in stored.points() for key in point)
        if rows[key].nunique(dropna=False) > 1
    ]
    several = rows.loc[rows["policy"] != stored.manifest["baseline"], "policy"].nunique() > 1
    factors = [*varied, *(["policy"] if several and "policy" not in varied else [])]
    return Responses(
        document(stored, list(found)), Scenario.model_validate(stored.manifest["scenario"]), tuple(factors), rows
    )
