"""The formats in which an event log leaves the house, and the file that it is written to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from parkflow.analysis.errors import ArgumentError
from parkflow.analysis.exchange.event_log import COLUMNS, MOMENTS, EventLog, event_log
from parkflow.analysis.exchange.ocel import ocel
from parkflow.analysis.exchange.xes import xes
from parkflow.analysis.store.files import write_pieces
from parkflow.analysis.store.run_folder import Run
from parkflow.sim.names import nearest


def log_of(run: Run, policy: str | None = None, replication: int = 0) -> EventLog:
    """The event log of one replication of a stored run, under the policy named or else the baseline.

    Raises `ArgumentError` for a policy or a replication that the run does not have.
    """
    chosen = run.baseline if policy is None else policy
    if chosen not in run.scenarios:
        raise ArgumentError("policy", chosen, f"the run has no such policy; {nearest(chosen, run.policies)}")
    if not 0 <= replication < run.replications:
        raise ArgumentError("replication", replication, f"the run has 0 to {run.replications - 1}")
    tables = {name: run.table(name, policy=chosen, replication=replication) for name in ("projects", "steps", "issues")}
    title = f"{run.document['scenario']}, {chosen}, seed {run.document['seed']}, replication {replication}"
    return event_log(tables, run.scenarios[chosen], title)


def write_log(log: EventLog, to: str, path: Path) -> None:
    """Write a log whole, or not at all; raises `ArgumentError` for a format that is none, `OSError` for a bad place."""
    if to not in FORMATS:
        raise ArgumentError("to", to, f"there is no such format; {nearest(to, list(FORMATS))}")
    write_pieces(path, FORMATS[to](log))


def _csv(log: EventLog) -> Iterator[str]:
    """One line per row of the log."""
    yield log.table().to_csv(index=False, lineterminator="\n")


def _parquet(log: EventLog) -> Iterator[bytes]:
    """The same columns, with moments as timestamps."""
    stamps = {name: pa.array(log.stamps(log.rows[name]), pa.timestamp("us", "UTC")) for name in MOMENTS}
    sink = pa.BufferOutputStream()
    columns = {name: stamps.get(name, pa.array(log.rows[name])) for name in COLUMNS}
    pq.write_table(pa.table(columns), sink, compression="zstd")
    yield sink.getvalue().to_pybytes()


FORMATS: Mapping[str, Callable[[EventLog], Iterator[str] | Iterator[bytes]]] = {
    "xes": xes,
    "ocel": ocel,
    "csv": _csv,
    "parquet": _parquet,
}
"""What writes a log, piece by piece, by the name of the format."""

SUFFIXES = {"xes": "xes", "ocel": "ocel.json", "csv": "csv", "parquet": "parquet"}
"""How the name of a file ends, by format."""
