"""A stored run, read back: its tables as pandas frames, its measures, and the park under each policy."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from parkflow.analysis.errors import AnalysisError
from parkflow.analysis.replication.tables import Tables, stacked
from parkflow.analysis.store.arrow import table_of
from parkflow.analysis.store.files import FormerFormatError, read_json, write_text
from parkflow.sim.scenario import Scenario

KEYS = ("baseline", "measures", "record", "replications", "scenario", "seed")
"""What the document of every comparison has."""

COMPARISON, SCENARIOS, MEASURES_CSV = "comparison.json", "scenarios.json", "measures.csv"


class NotARunError(AnalysisError):
    """A folder that does not hold what it should; the message says what is missing and how to make it."""


class TableFolder:
    """A folder of Parquet files, one per table, that grows replication by replication; each row tells whose it is.

    The files appear when the block is left without an error; until then, and after one, an older run stays as it was.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._writers: dict[str, pq.ParquetWriter] = {}

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, raised: type[BaseException] | None, *_: object) -> None:
        for name, writer in self._writers.items():
            writer.close()
            part = self._part(name)
            part.unlink() if raised else part.replace(self.folder / f"{name}.parquet")

    def append(self, replication: int, kept: Mapping[str, Tables]) -> None:
        """Add one replication's tables, by policy. Columns that only some policies have are empty for the others."""
        start = next(iter(kept.values())).start
        for name in ("projects", "steps", "issues", "desks", "stocks", "months"):
            parts = {policy: getattr(tables, name) for policy, tables in kept.items()}
            self._write(name, table_of(stacked(parts, replication)), start)

    def _write(self, name: str, table: pa.Table, start: dt.date | None) -> None:
        known = {"start": start.isoformat() if start else "", "unit": "days since start"}
        table = table.replace_schema_metadata(known)
        if name not in self._writers:
            self._writers[name] = pq.ParquetWriter(self._part(name), table.schema)
        self._writers[name].write_table(table)

    def _part(self, name: str) -> Path:
        return self.folder / f"{name}.parquet.tmp"


def write_comparison(
    folder: Path, rows: pd.DataFrame, document: Mapping[str, Any], scenarios: Mapping[str, Scenario]
) -> None:
    """Add the measures, and the park as resolved under each policy, to the tables of a run folder.

    `document` is the comparison as plain values. It comes last: a folder that has it is complete.
    """
    kept = {policy: scenario.model_dump(mode="json", by_alias=True) for policy, scenario in scenarios.items()}
    write_text(folder / MEASURES_CSV, rows.to_csv(index=False))
    write_text(folder / SCENARIOS, json.dumps(kept, ensure_ascii=False))
    write_text(folder / COMPARISON, json.dumps(document, indent=2, ensure_ascii=False))


@dataclass(frozen=True)
class Run:
    """The folder of a run. Tables are read when they are asked for, and only the columns named."""

    folder: Path

    @cached_property
    def document(self) -> dict[str, Any]:
        """The comparison as it was printed: scenario, baseline, seed, replications, record and measures.

        Raises `NotARunError` where there is none, `FormerFormatError` where another version wrote it.
        """
        path = self._file(COMPARISON)
        found = read_json(path)
        if found is None or not all(key in found for key in KEYS):
            raise FormerFormatError(path)
        return found

    @cached_property
    def scenarios(self) -> dict[str, Scenario]:
        """The park under each policy; raises `FormerFormatError` where another version wrote it."""
        path = self._file(SCENARIOS)
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
            return {policy: Scenario.model_validate(table) for policy, table in kept.items()}
        except ValueError:  # pydantic's ValidationError is one
            raise self._former(path) from None

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
        """A stored table, or some of its columns, where other columns have the values named (one, or any of a list).

        Raises `FormerFormatError` where the file has no such column.
        """
        path = self._file(f"{name}.parquet")
        wanted = None
        for column, value in only.items():
            one_of = isinstance(value, Iterable) and not isinstance(value, str)
            here = pc.field(column).isin(list(value)) if one_of else pc.field(column) == value
            wanted = here if wanted is None else wanted & here
        try:
            table = ds.dataset(path).to_table(columns=list(columns) if columns else None, filter=wanted)
        except (pa.ArrowException, OSError):
            raise self._former(path) from None
        frame: pd.DataFrame = table.to_pandas()
        return frame

    def over(self) -> float:
        """The day on which the runs ended: the horizon, or the last event where there is none."""
        if self.scenario.horizon is not None:
            return self.scenario.horizon
        return float(self.table("steps", ["end"])["end"].max())

    def _former(self, path: Path) -> FormerFormatError:
        return FormerFormatError(path, str(self.document["record"].get("command", "")))

    def _file(self, name: str) -> Path:
        path = self.folder / name
        if not path.exists():
            raise NotARunError(
                f"{path}: there is no such file; make a run folder with: parkflow compare PARK --out FOLDER"
            )
        return path
