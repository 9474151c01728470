"""What happened in a stored run, as an event log for process miners."""

from __future__ import annotations

from pathlib import Path

from parkflow.analysis.exchange.formats import SUFFIXES, log_of, write_log
from parkflow.analysis.store.run_folder import Run
from parkflow.comparisons import Folder


def export(
    run: Run | Folder, to: str = "xes", *, policy: str | None = None, replication: int = 0, out: Folder | None = None
) -> Path:
    """Write the event log of one replication of a stored run, and return the file's path.

    `to` is ``xes`` (IEEE 1849), ``ocel`` (OCEL 2.0, JSON), ``csv`` or ``parquet``. Told is what happened under
    `policy`, or else under the baseline. Without `out` the file lies where we are, named after park, policy and
    replication.
    Raises `ParkflowError` for whatever does not fit.
    """
    stored = run if isinstance(run, Run) else Run(Path(run))
    log = log_of(stored, policy, replication)
    named = f"{stored.document['scenario']}-{policy or stored.baseline}-{replication}.{SUFFIXES.get(to, to)}"
    target = Path(named.replace("/", "_")) if out is None else Path(out)
    write_log(log, to, target)
    return target
