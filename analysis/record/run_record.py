"""The run record, ``run-record.json``: what was run, with what, at which cost, and the digest of every file beside it.

It is sealed by a digest of its own and always written in the same form, so that one changed byte is found anywhere.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from parkflow.analysis.provenance import record, versions
from parkflow.analysis.record.crate import crate
from parkflow.analysis.record.stopwatch import Cost
from parkflow.analysis.store.digests import digest_of, files_in
from parkflow.analysis.store.files import StoreError, bytes_of, write_pieces
from parkflow.analysis.store.index import CRATE, RECORD, digests_of
from parkflow.analysis.store.sealing import sealed
from parkflow.analysis.store.sealing import unsealed as whole_or_none
from parkflow.scenarios.evidence import FILE as EVIDENCE
from parkflow.sim.scenario import Named, Scenario

FORMAT = 1

ABOUT = "parkflow verify FOLDER checks the files beside this one; parkflow rerun FOLDER repeats the run and compares."

Record = Mapping[str, Any]


class RecordError(StoreError):
    """There is no record, or it is not as it was written; the message says what to do."""

    def __init__(self, path: Path, what: str, remedy: str) -> None:
        super().__init__(f"{path}: {what}; {remedy}")


def keep_record(folder: Path, call: Mapping[str, Any], scenario: Scenario, command: str, cost: Cost) -> None:
    """Write the record of what a folder holds, and its description as an RO-Crate; both come last of all files.

    `call` is what `analysis.record.repetition` needs to run it again. Raises `OSError` where they cannot be written.
    """
    content = content_of(call, scenario, command, cost)
    beside = digests_of(folder, [name for name in files_in(folder) if name not in (RECORD, CRATE)])
    written = write_pieces(folder / CRATE, [crate(content, beside)])
    files = {name: digest._asdict() for name, digest in {**beside, CRATE: written}.items()}
    write_pieces(folder / RECORD, [sealed({**content, "files": files})])


def content_of(call: Mapping[str, Any], scenario: Scenario, command: str, cost: Cost) -> dict[str, Any]:
    """All of a record but its files."""
    made = record(scenario, command)
    return {
        "format": FORMAT,
        "about": ABOUT,
        "command": command,
        "call": dict(call),
        "scenario": {"name": scenario.name, "title": scenario.title, "sha256": made["scenario_hash"]},
        **_lists(scenario),
        "evidence": {"file": EVIDENCE.name, "sha256": digest_of(EVIDENCE).sha256},
        "environment": {
            "parkflow": made["version"],
            "commit": made["commit"],
            "python": made["python"],
            "implementation": platform.python_implementation(),
            "packages": versions(),
            "engine": made["engine"],
            "platform": platform.platform(),
            "machine": platform.machine(),
        },
        "cost": cost._asdict(),
    }


def _lists(scenario: Scenario) -> dict[str, Any]:
    """The project lists that the scenario was read from, with their digests; nothing where there is none."""
    named = (group.arrivals for group in scenario.portfolio.values() if isinstance(group.arrivals, Named))
    files = {each.file: each.sha256 for each in named if each.file}
    return {"lists": [{"file": file, "sha256": sha256} for file, sha256 in files.items()]} if files else {}


def opened(path: Path) -> dict[str, Any]:
    """The record in a file, as it was written; raises `RecordError` where it is missing or has been changed."""
    try:
        return unsealed(bytes_of(path), path)
    except (FileNotFoundError, NotADirectoryError):
        remedy = "only complete folders have one, and none that an older version made: give the command again"
        raise RecordError(path, "there is no such file", remedy) from None


def unsealed(content: bytes, path: Path) -> dict[str, Any]:
    """The record in the bytes of a file; raises `RecordError` where they are not those that were written."""
    found = whole_or_none(content)
    if found is None:
        raise RecordError(path, "is not as it was written", "restore it from a copy, or make the folder again")
    if found["format"] != FORMAT:
        raise RecordError(path, f"has format {found['format']}, not {FORMAT}", "use the version that wrote it")
    return found
