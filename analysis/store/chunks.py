"""Chunks of a sweep's tables: files that name their own digest, so that each can be checked without an index.

A chunk has a file in the folder of each table that is stored, as ``controls/part-0000012-3f9ac01d55e07b42.parquet``.
That of the observations is written last, names the others, and tells in its metadata which replications the chunk
holds and of which design: what has no observations is not there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from parkflow.analysis.store.digests import CHUNKS, Digest, digest_of
from parkflow.analysis.store.files import Draft, StoreError
from parkflow.analysis.store.replication_sets import Replications

OBSERVATIONS = "observations"
CONTROLS = "controls"

DIGITS = 16
"""Digits of a file's SHA-256 in its name."""


@dataclass(frozen=True)
class Chunk:
    """One chunk: its number, the replications that it holds, and the digests of its files by their paths."""

    number: int
    held: Replications
    files: Mapping[str, Digest]

    def of(self, table: str) -> str | None:
        """The path of the file of a table; None where the chunk has none."""
        return next((name for name in self.files if name.startswith(f"{table}/")), None)

    def written(self) -> dict[str, Any]:
        """As an index holds it; digests stand with those of all files."""
        return {"replications": self.held.written(), "files": list(self.files)}


def read_chunk(number: str, written: Mapping[str, Any], digests: Mapping[str, Digest]) -> Chunk:
    """A chunk as `Chunk.written` wrote it into an index."""
    held = Replications.read(written["replications"])
    return Chunk(int(number), held, {name: digests[name] for name in written["files"]})


def write_chunk(folder: Path, number: int, tables: Mapping[str, pa.Table], held: Replications, design: str) -> Chunk:
    """Write one file per table, that of the observations last; raises `OSError` or Arrow's errors."""
    files: dict[str, Digest] = {}
    for table in sorted(tables, key=lambda each: each == OBSERVATIONS):
        known = {"replications": json.dumps(held.written()), "design": design, "beside": json.dumps(list(files))}
        name, digest = _write(folder / table, number, tables[table].replace_schema_metadata(known))
        files[name] = digest
    return Chunk(number, held, files)


def _write(folder: Path, number: int, table: pa.Table) -> tuple[str, Digest]:
    folder.mkdir(exist_ok=True)
    draft = Draft(folder / f"part-{number:07d}.parquet")
    try:
        pq.write_table(table, draft, compression="zstd")
        draft.complete()
        name = f"part-{number:07d}-{draft.digest.sha256[:DIGITS]}.parquet"
        draft.publish(name)
    finally:
        draft.discard()
    return f"{folder.name}/{name}", draft.digest


def chunk_files(folder: Path) -> Iterator[str]:
    """The paths of all files of chunks in a folder, in order."""
    for path in sorted(folder.glob(f"*/{CHUNKS}")):
        yield path.relative_to(folder).as_posix()


def chunk_itself(folder: Path, name: str, design: str) -> Chunk | None:
    """The chunk of a file of observations, by what its files say of themselves; None where one of them is damaged.

    Raises `StoreError` where it is sound and belongs to another design.
    """
    try:
        digests = {name: _checked_by_name(folder / name)}
        known = pq.read_schema(folder / name).metadata
        digests |= {other: _checked_by_name(folder / other) for other in json.loads(known[b"beside"])}
        held = Replications.read(json.loads(known[b"replications"]))
    except (OSError, ValueError, KeyError, pa.ArrowException):
        return None
    if known[b"design"].decode() != design:
        remedy = "give another folder, or the same factors, policies and seed as before"
        raise StoreError(f"{folder / name} belongs to another sweep; {remedy}")
    return Chunk(int(Path(name).name[5:12]), held, digests)


def _checked_by_name(path: Path) -> Digest:
    """The digest of a file; raises `ValueError` where it is not that in its name."""
    digest = digest_of(path)
    if not path.stem.endswith(f"-{digest.sha256[:DIGITS]}"):
        raise ValueError(path)
    return digest
