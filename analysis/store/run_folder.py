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

from parkflow.analysis.replication.tables import Tables, stacked
from parkflow.analysis.store.arrow import table_of
from parkflow.analysis.store.claims import claim
from parkflow.analysis.store.files import Draft, FormerFormatError, StoreError, bytes_of, read_json
from parkflow.analysis.store.index import INDEX, RUN, Index, check_file, check_kind, forget_record, kind_of, read_index
from parkflow.analysis.store.replication_log import ASSUMPTIONS
from parkflow.sim.scenario import Scenario

COMPARISON, SCENARIOS, MEASURES_CSV = "comparison.json", "scenarios.json", "measures.csv"
TABLES = ("projects", "steps", "issues", "desks", "stocks", "months")

OWN = (COMPARISON, SCENARIOS, MEASURES_CSV, *(f"{name}.parquet" for name in TABLES))
BEGUN = (ASSUMPTIONS,)
"""What a run that was stopped leaves behind, for the next try."""


AGAIN = "make the folder again, with all its replications"
"""What mends a run folder: each table holds all replications."""


class NotARunError(StoreError):
    """A folder that does not hold what it should; the message says what is missing and how to make it."""


class RunFolder:
    """The folder of a run that is being made: its tables grow replication by replication, each row tells whose it is.

    Nothing appears under its own name before `finish`; where the block is left without it, a folder stays as it was.
    """

    def __init__(self, folder: Path, force: bool = False) -> None:
        self.folder, self._force = folder, force
        self._drafts: dict[str, Draft] = {}
        self._writers: dict[str, pq.ParquetWriter] = {}

    def __enter__(self) -> Self:
        """Claim the folder; raises `StoreError` where that cannot be, or it has a run and nobody said `force`."""
        check_kind(self.folder, RUN)
        if kind_of(self.folder) == RUN and not self._force:
            there = f"{self.folder} holds a run already; give another folder"
            raise StoreError(there, "force", "write over it")
        self._claim = claim(self.folder, RUN, BEGUN, OWN)
        return self

    def __exit__(self, *_: object) -> None:
        for draft in self._drafts.values():
            draft.discard()
        for (
            writer
        ) in self._writers.values():  # into nothing: a writer that is not closed complains when it is collected
            writer.close()
        self._writers.clear()
        self._claim.release(remove=True)

    def append(self, replication: int, kept: Mapping[str, Tables]) -> None:
        """Add one replication's tables, by policy. Columns that only some policies have are empty for the others."""
        start = next(iter(kept.values())).start
        for name in TABLES:
            parts = {policy: getattr(tables, name) for policy, tables in kept.items()}
            self._write(name, table_of(stacked(parts, replication)), start)

    def finish(self, rows: pd.DataFrame, document: Mapping[str, Any], scenarios: Mapping[str, Scenario]) -> None:
        """Add the measures, and the park as resolved under each policy; then everything appears, the index last.

        `document` is the comparison as plain values. Raises `OSError` where there is no room; an older run then stays
        as it was.
        """
        kept = {policy: scenario.model_dump(mode="json", by_alias=True) for policy, scenario in scenarios.items()}
        self._draft(MEASURES_CSV).write(rows.to_csv(index=False).encode())
        self._draft(SCENARIOS).write(json.dumps(kept, ensure_ascii=False).encode())
        self._draft(COMPARISON).write(json.dumps(document, indent=2, ensure_ascii=False).encode())
        for writer in self._writers.values():
            writer.close()
        command = str(document.get("record", {}).get("command", ""))
        files = {name: draft.digest for name, draft in self._drafts.items()}
        self._draft(INDEX).write(Index(RUN, command, files).text().encode())
        self._publish()

    def _publish(self) -> None:
        """Bring everything to the disk, then rename it; between the old index and the new there is no run."""
        for draft in self._drafts.values():
            draft.complete()
        forget_record(self.folder)
        (self.folder / INDEX).unlink(missing_ok=True)
        for draft in self._drafts.values():  # the index is the last of them
            draft.publish()

    def _draft(self, name: str) -> Draft:
        self._drafts[name] = Draft(self.folder / name)
        return self._drafts[name]

    def _write(self, name: str, table: pa.Table, start: dt.date | None) -> None:
        known = {"start": start.isoformat() if start else "", "unit": "days since start"}
        table = table.replace_schema_metadata(known)
        if name not in self._writers:
            self._writers[name] = pq.ParquetWriter(self._draft(f"{name}.parquet"), table.schema)
        self._writers[name].write_table(table)


@dataclass(frozen=True)
class Run:
    """The folder of a run. Tables are read when they are asked for, and only the columns named."""

    folder: Path

    @cached_property
    def index(self) -> Index:
        """What the folder holds.

        Raises `NotARunError` where it has no run, `WrongKindError` where it has another kind of result, `DamagedError`
        where the index is damaged, and `FormerFormatError` where another version wrote it.
        """
        check_kind(self.folder, RUN)
        found = read_index(self.folder, AGAIN)
        if found is None and (self.folder / COMPARISON).is_file():
            document = read_json(self.folder / COMPARISON) or {}
            raise FormerFormatError(self.folder / COMPARISON, _command(document))
        if found is None:
            raise NotARunError(f"{self.folder} holds no run; make one with: parkflow compare PARK --out FOLDER")
        return found

    @cached_property
    def document(self) -> dict[str, Any]:
        """The comparison as it was printed: scenario, baseline, seed, replications, record and measures."""
        return dict(json.loads(bytes_of(self._checked(COMPARISON))))

    @cached_property
    def scenarios(self) -> dict[str, Scenario]:
        """The park under each policy; raises `FormerFormatError` where another version wrote it."""
        kept = json.loads(bytes_of(self._checked(SCENARIOS)))
        try:
            return {policy: Scenario.model_validate(table) for policy, table in kept.items()}
        except ValueError:  # pydantic's ValidationError is one
            raise self._former(self.folder / SCENARIOS) from None

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
        path = self._checked(f"{name}.parquet")
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
        return FormerFormatError(path, self.index.command)

    @cached_property
    def _sound(self) -> set[str]:
        """The files that were checked."""
        return set()

    def _checked(self, name: str) -> Path:
        """The path of a file, which is as it was written; raises `DamagedError` where it is not."""
        path = self.folder / name
        if name not in self.index.files:
            raise NotARunError(f"{path}: there is no such file; {self._again}")
        if name not in self._sound:
            check_file(path, self.index.files[name], self._again)
            self._sound.add(name)
        return path

    @property
    def _again(self) -> str:
        command = self.index.command
        return f"{AGAIN}: {command}" if command else AGAIN


def _command(document: Mapping[str, Any]) -> str:
    """The command that made a comparison of an earlier format."""
    made = document.get("record")
    return str(made.get("command", "")) if isinstance(made, dict) else ""
