"""The store of a sweep: a folder that grows chunk by chunk, survives a kill at any moment, and opens anywhere.

``manifest.json`` says what was run; ``points.parquet`` holds the factors of every point; ``observations/``,
``controls/`` and, if asked for, ``projects/`` and so on hold Parquet chunks; ``index.json`` says which replications of
which points they hold, and the digest of every file; ``failures.jsonl`` has one line per failure. A chunk is written
under another name and renamed, that of the observations last: what has no observations is not there. So nothing stored
is lost, nothing half written is read, and what is damaged is told or, with `repair`, dropped and run again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from parkflow.analysis.store.arrow import column
from parkflow.analysis.store.chunks import CONTROLS, OBSERVATIONS, Chunk, write_chunk
from parkflow.analysis.store.claims import Claim, claim
from parkflow.analysis.store.failure_log import FAILURES, WHOLE_POINT, Failure, append_failures
from parkflow.analysis.store.files import DamagedError, StoreError, StoreFullError, whole_file, write_text
from parkflow.analysis.store.index import (
    FORMAT,
    INDEX,
    NATION,
    SWEEP,
    check_file,
    check_kind,
    forget_record,
    read_sealed,
)
from parkflow.analysis.store.replication_sets import Replications
from parkflow.analysis.store.sealing import sealed
from parkflow.analysis.store.stock_taking import FROM_A_COPY, SUMMARY, Stock, check_chunk_file, take_stock

if TYPE_CHECKING:
    import pyarrow.dataset as ds

__all__ = ["CONTROLS", "FORMAT", "OBSERVATIONS", "WHOLE_POINT", "Batch", "Failure", "SweepFolder"]

MANIFEST = "manifest.json"
POINTS = "points.parquet"

FLUSH_BYTES = 64_000_000


@dataclass
class Batch:
    """What a worker found about pairs of point and replication: tables by name, what is done in them, what failed."""

    pairs: tuple[tuple[int, int], ...]
    tables: dict[str, pa.Table] = field(default_factory=dict)
    done: list[tuple[int, int]] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    seconds: float = 0.0


class SweepFolder:
    """The folder of one sweep or nation, open for reading, or for writing by one process at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.manifest: dict[str, Any] = read_sealed(path / MANIFEST, "sessions") or {}
        self._stock = Stock()
        self._waiting: dict[str, list[pa.Table]] = {}
        self._fresh = Replications()
        self._bytes = 0
        self._checked: set[str] = set()
        self._claim: Claim | None = None

    @classmethod
    def open(cls, path: Path, *kinds: str) -> SweepFolder:
        """Open a sweep, or a folder of one of the `kinds` named, for reading.

        Raises `StoreError` where there is none, `FormerFormatError` where another version wrote it,
        and `DamagedError` where a file is missing or not as it was written.
        """
        check_kind(path, *(kinds or (SWEEP,)))
        if not (path / MANIFEST).is_file() and not (path / INDEX).is_file():
            kind = kinds[0] if kinds else SWEEP
            raise StoreError(f"{path} holds no {kind}; make one with parkflow {kind}")
        folder = cls(path)
        folder._stock = take_stock(path, folder.manifest.get("design_hash"))
        if not folder.manifest:
            raise folder._damaged(MANIFEST, "is damaged (it is not as it was written)")
        return folder

    @classmethod
    def begin(
        cls, path: Path, manifest: Mapping[str, Any], points: Sequence[Mapping[str, Any]], repair: bool = False
    ) -> SweepFolder:
        """Begin a sweep, or go on with it if the folder has it; `manifest["design_hash"]` tells one from another.

        With `repair` what is damaged is dropped, so that it is run again. Raises `StoreError` when the folder holds
        another sweep or another process writes to it, and `DamagedError` where something is damaged.
        """
        kind = NATION if "nation" in manifest else SWEEP
        held = claim(path, kind, (POINTS, FAILURES))
        forget_record(path)
        try:
            return cls._begun(held, manifest, points, repair, kind)
        except BaseException:
            held.release(remove=True)
            raise

    @classmethod
    def _begun(
        cls,
        held: Claim,
        manifest: Mapping[str, Any],
        points: Sequence[Mapping[str, Any]],
        repair: bool,
        kind: str,
    ) -> SweepFolder:
        """The folder that is claimed, ready for more."""
        folder = cls(held.folder)
        folder._claim, design = held, manifest["design_hash"]
        if folder.manifest.get("design_hash", design) != design:
            if not repair:
                remedy = "give another folder, or the same factors, policies and seed as before"
                raise StoreError(f"{held.folder} holds another {kind} ({folder.manifest.get('name')}); {remedy}")
            folder.manifest = {}  # chunks that do not belong to this sweep say so themselves
        stock = take_stock(held.folder, design, writing=True, repair=repair)
        if not folder.manifest and stock.chunks and not repair:
            raise folder._damaged(MANIFEST, "is missing or damaged")
        stock.kind = kind
        folder._stock = stock
        if not folder.manifest or POINTS not in stock.files:
            folder._write_parquet(POINTS, points_table(points))
        folder.write_index()
        if not folder.manifest:
            folder.write_manifest({**manifest, "sessions": []})
        return folder

    def __enter__(self) -> Self:
        return self

    def __exit__(self, raised: type[BaseException] | None, *_: object) -> None:
        try:
            self.flush()
        except StoreError:
            if raised is None:
                raise
        finally:
            if self._claim is not None:
                self._claim.release()

    @property
    def done(self) -> Replications:
        """The replications that are stored."""
        return self._stock.done

    @property
    def failures(self) -> dict[tuple[int, int], Failure]:
        """What failed, by point and replication."""
        return self._stock.failures

    # Writing

    def write_manifest(self, manifest: Mapping[str, Any]) -> None:
        """Replace the manifest."""
        self.manifest = dict(manifest)
        self._write_text(MANIFEST, sealed(self.manifest))

    def write_points(self, points: Sequence[Mapping[str, Any]]) -> None:
        """Replace the points: by more of them, for what is stored keeps the numbers of its points."""
        self._write_parquet(POINTS, points_table(points))
        self.write_index()

    def add(self, batch: Batch) -> None:
        """Take in what a worker found, to be stored with the next flush; failures are stored at once."""
        for name, table in batch.tables.items():
            self._waiting.setdefault(name, []).append(table)
            self._bytes += table.nbytes
        for pair in batch.done:
            self._fresh.add(*pair)
        if batch.failures:
            self._append_failures(batch.failures)
        if self._bytes > FLUSH_BYTES:
            self.flush()

    def flush(self) -> None:
        """Store what was taken in, as one chunk of each table.

        Raises `StoreError` when it cannot be written; what is stored already stays as it is, and what was taken in is
        kept for another try.
        """
        if not self._fresh.total():
            return
        tables = {name: pa.concat_tables(parts, promote_options="default") for name, parts in self._waiting.items()}
        number, design = max(self._stock.chunks, default=-1) + 1, self.manifest["design_hash"]
        try:
            chunk = write_chunk(self.path, number, tables, self._fresh, design)
        except (OSError, pa.ArrowException) as error:
            raise self._full(error) from None
        self._stock.add(chunk)
        self._fresh, self._waiting, self._bytes = Replications(), {}, 0
        self.write_index()

    def write_index(self) -> None:
        """Replace the index."""
        self._write_text(INDEX, self._stock.index().text())

    def write_summary(self, table: pa.Table) -> None:
        """Replace the summary."""
        self._write_parquet(SUMMARY, table)
        self.write_index()

    def forget_failures(self) -> None:
        """Let everything that failed be tried again."""
        self.failures.clear()
        self._stock.lines = 0
        self.write_index()
        (self.path / FAILURES).unlink(missing_ok=True)

    def is_settled(self, point: int, replication: int) -> bool:
        """Whether a replication is stored, waits to be, or failed."""
        pair = (point, replication)
        failed = pair in self.failures or (point, WHOLE_POINT) in self.failures
        return pair in self.done or pair in self._fresh or failed

    def has_failed(self, point: int) -> bool:
        """Whether anything of a point failed."""
        return any(of == point for of, _ in self.failures)

    # Reading

    def read(
        self, table: str = OBSERVATIONS, columns: Sequence[str] | None = None, where: ds.Expression | None = None
    ) -> pa.Table:
        """The rows of a table that meet a condition, over all chunks; a table without columns if there are none."""
        files = [self._sound(chunk, name) for chunk in self._in_order() if (name := chunk.of(table))]
        if not files:
            return pa.table({})
        import pyarrow.dataset as ds  # loads pandas

        return ds.dataset(files, format="parquet").to_table(columns=columns, filter=where)

    def points(self) -> list[dict[str, Any]]:
        """The value of every factor at every point."""
        check_file(self.path / POINTS, self._stock.files[POINTS], FROM_A_COPY)
        return list(json.loads(pq.read_schema(self.path / POINTS).metadata[b"points"]))

    def size(self) -> int:
        """Bytes on disk."""
        return sum(file.stat().st_size for file in self.path.rglob("*") if file.is_file())

    @property
    def chunks(self) -> int:
        """Chunks stored."""
        return len(self._stock.chunks)

    # Inside

    def _in_order(self) -> list[Chunk]:
        return [chunk for _, chunk in sorted(self._stock.chunks.items())]

    def _sound(self, chunk: Chunk, name: str) -> str:
        """The path of a file of a chunk, which is as it was written."""
        if name not in self._checked:
            check_chunk_file(self.path, chunk, name)
            self._checked.add(name)
        return str(self.path / name)

    def _append_failures(self, failures: Iterable[Failure]) -> None:
        new = [failure for failure in failures if (failure.point, failure.replication) not in self.failures]
        try:
            append_failures(self.path, new)
        except OSError as error:
            raise self._full(error) from None
        self._stock.lines += len(new)
        self._stock.failures |= {(failure.point, failure.replication): failure for failure in new}

    def _write_parquet(self, name: str, table: pa.Table) -> None:
        try:
            with whole_file(self.path / name) as file:
                pq.write_table(table, file, compression="zstd")
        except (OSError, pa.ArrowException) as error:
            raise self._full(error) from None
        self._stock.files[name] = file.digest

    def _write_text(self, name: str, text: str) -> None:
        try:
            write_text(self.path / name, text)
        except OSError as error:
            raise self._full(error) from None

    def _full(self, error: Exception) -> StoreFullError:
        reason, file = getattr(error, "strerror", None) or str(error), getattr(error, "filename", None) or self.path
        stored = f"{self.done.total()} replications are stored there and safe"
        return StoreFullError(f"{file} cannot be written ({reason}); {stored}. Make room and give the command again")

    def _damaged(self, name: str, what: str) -> DamagedError:
        return DamagedError(self.path / name, what, FROM_A_COPY, "repair", "write it anew")


def points_table(points: Sequence[Mapping[str, Any]]) -> pa.Table:
    """The factors of every point as columns, beside its number; all of them also as JSON in the metadata."""
    columns: dict[str, Any] = {"point": pa.array(np.arange(len(points)), pa.int32())}
    for key in dict.fromkeys(key for point in points for key in point):
        columns[key] = column([point.get(key) for point in points])
    return pa.table(columns).replace_schema_metadata({"points": json.dumps([dict(p) for p in points], default=str)})
