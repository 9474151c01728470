"""The store of a sweep: a folder that grows chunk by chunk, survives a kill at any moment, and opens anywhere.

``manifest.json`` says what was run; ``points.parquet`` holds the factors of every point; ``observations/``,
``controls/`` and, if asked for, ``projects/`` and so on hold Parquet chunks; ``index.json`` says which replications of
which points they hold; ``failures.jsonl`` has one line a failure. A chunk is written under another name and renamed,
that of the observations last: what has no observations is not there. So nothing stored is lost, and nothing half
written is read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TextIO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from parkflow.analysis.store.arrow import column
from parkflow.analysis.store.files import (
    FormerFormatError,
    StoreError,
    StoreFullError,
    WholeFile,
    locked,
    read_json,
    write_text,
)

if TYPE_CHECKING:
    import pyarrow.dataset as ds

OBSERVATIONS = "observations"
CONTROLS = "controls"
MANIFEST = "manifest.json"
INDEX = "index.json"
FAILURES = "failures.jsonl"
POINTS = "points.parquet"
SUMMARY = "summary.parquet"
WHOLE_POINT = -1
"""Stands for all replications of a point whose scenario cannot be built."""

FORMAT = 1
"""The format of the folder, which its manifest states; what another version wrote may not be read."""

FLUSH_BYTES = 64_000_000


@dataclass(frozen=True)
class Failure:
    """A replication that failed (or `WHOLE_POINT`): the error, where it arose, and the inputs to try again with."""

    point: int
    replication: int
    error: str
    trace: str
    inputs: Mapping[str, Any]


@dataclass
class Batch:
    """What a worker found about pairs of point and replication: tables by name, what is done in them, what failed."""

    pairs: tuple[tuple[int, int], ...]
    tables: dict[str, pa.Table] = field(default_factory=dict)
    done: list[tuple[int, int]] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    seconds: float = 0.0


class Replications:
    """Which replications of which points: a set of bits a point, so that millions fit."""

    def __init__(self) -> None:
        self._bits: dict[int, int] = {}

    def add(self, point: int, replication: int) -> None:
        """Take one in."""
        self._bits[point] = self._bits.get(point, 0) | (1 << replication)

    def __contains__(self, pair: tuple[int, int]) -> bool:
        return bool(self._bits.get(pair[0], 0) >> pair[1] & 1)

    def count(self, point: int) -> int:
        """Replications of a point."""
        return self._bits.get(point, 0).bit_count()

    def last(self, point: int) -> int:
        """The last replication of a point; -1 where it has none."""
        return self._bits.get(point, 0).bit_length() - 1

    def total(self) -> int:
        """Replications of all points."""
        return sum(bits.bit_count() for bits in self._bits.values())

    def update(self, other: Replications) -> None:
        """Take in all of the other."""
        for point, bits in other._bits.items():
            self._bits[point] = self._bits.get(point, 0) | bits

    def written(self) -> dict[str, str]:
        """As ranges: ``{"3": "0-19,24"}``."""
        return {str(point): _ranges(bits) for point, bits in sorted(self._bits.items())}

    @classmethod
    def read(cls, written: Mapping[str, str]) -> Replications:
        """From ranges."""
        found = cls()
        for point, ranges in written.items():
            for part in ranges.split(","):
                first, _, last = part.partition("-")
                bits = (1 << (int(last or first) + 1)) - (1 << int(first))
                found._bits[int(point)] = found._bits.get(int(point), 0) | bits
        return found


def _ranges(bits: int) -> str:
    text, place = [], 0
    while bits:
        zeros = (bits & -bits).bit_length() - 1
        bits >>= zeros
        ones = (~bits & (bits + 1)).bit_length() - 1
        first, last = place + zeros, place + zeros + ones - 1
        text.append(f"{first}-{last}" if last > first else str(first))
        bits >>= ones
        place = last + 1
    return ",".join(text)


class SweepFolder:
    """The folder of one sweep, open for reading, or for writing by one process at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.manifest: dict[str, Any] = read_json(path / MANIFEST) or {}
        self.done = Replications()
        self.failures: dict[tuple[int, int], Failure] = {}
        self._chunks: dict[str, Replications] = {}
        self._waiting: dict[str, list[pa.Table]] = {}
        self._fresh = Replications()
        self._bytes = 0
        self._lock: TextIO | None = None

    @classmethod
    def open(cls, path: Path) -> SweepFolder:
        """Open for reading; raises `StoreError` where there is no sweep, or one that another version wrote."""
        if not (path / MANIFEST).is_file():
            raise StoreError(f"{path} holds no sweep; run one with parkflow sweep … --out {path}")
        folder = cls(path)
        if folder.manifest.get("format") != FORMAT or "measures" not in folder.manifest:
            last = (folder.manifest.get("sessions") or [{}])[-1]
            raise FormerFormatError(path / MANIFEST, str(last.get("command", "")))
        folder._take_stock()
        return folder

    @classmethod
    def begin(cls, path: Path, manifest: Mapping[str, Any], points: Sequence[Mapping[str, Any]]) -> SweepFolder:
        """Begin a sweep, or go on with it if the folder has it; `manifest["design_hash"]` tells one from another.

        Raises `StoreError` when the folder holds another sweep or another process writes to it.
        """
        folder = cls(path)
        if folder.manifest and folder.manifest.get("design_hash") != manifest["design_hash"]:
            remedy = "give another folder, or the same factors, policies and seed as before"
            raise StoreError(f"{path} holds another sweep ({folder.manifest.get('name')}); {remedy}")
        if not folder.manifest and _holds_something_else(path):
            raise StoreError(f"{path} is not empty and holds no sweep; give another folder")
        path.mkdir(parents=True, exist_ok=True)
        folder._lock = locked(path)
        if not folder.manifest:
            folder._write_parquet(path / POINTS, points_table(points))
            folder.write_manifest({**manifest, "sessions": []})
        folder._take_stock()
        folder._sweep_up()
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
            if self._lock is not None:
                self._lock.close()

    # Writing

    def write_manifest(self, manifest: Mapping[str, Any]) -> None:
        """Replace the manifest."""
        self.manifest = dict(manifest)
        self._write_text(self.path / MANIFEST, json.dumps(self.manifest, indent=1, ensure_ascii=False, default=str))

    def write_points(self, points: Sequence[Mapping[str, Any]]) -> None:
        """Replace the points: with more of them, for what is stored keeps its number."""
        self._write_parquet(self.path / POINTS, points_table(points))

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
        name = f"part-{self._next_number():07d}.parquet"
        for table_name in sorted(self._waiting, key=lambda each: each == OBSERVATIONS):  # the observations come last
            table = pa.concat_tables(self._waiting[table_name], promote_options="default")
            (self.path / table_name).mkdir(exist_ok=True)
            self._write_parquet(self.path / table_name / name, table, self._fresh)
        self._chunks[name] = self._fresh
        self.done.update(self._fresh)
        self._fresh, self._waiting, self._bytes = Replications(), {}, 0
        self.write_index()

    def write_index(self) -> None:
        """Replace the index."""
        chunks = {name: held.written() for name, held in sorted(self._chunks.items())}
        self._write_text(self.path / INDEX, json.dumps({"replications": self.done.total(), "chunks": chunks}))

    def write_summary(self, table: pa.Table) -> None:
        """Replace the summary."""
        self._write_parquet(self.path / SUMMARY, table)

    def forget_failures(self) -> None:
        """Let everything that failed be tried again."""
        self.failures.clear()
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
        files = [str(self.path / table / name) for name in sorted(self._chunks)]
        files = [file for file in files if Path(file).is_file()]
        if not files:
            return pa.table({})
        import pyarrow.dataset as ds  # loads pandas

        return ds.dataset(files, format="parquet").to_table(columns=columns, filter=where)

    def points(self) -> list[dict[str, Any]]:
        """The value of every factor at every point."""
        rows = json.loads(pq.read_schema(self.path / POINTS).metadata[b"points"])
        return list(rows)

    def size(self) -> int:
        """Bytes on disk."""
        return sum(file.stat().st_size for file in self.path.rglob("*") if file.is_file())

    @property
    def chunks(self) -> int:
        """Chunks stored."""
        return len(self._chunks)

    # Inside

    def _take_stock(self) -> None:
        """Find out what is stored; chunks that the index does not know tell it themselves."""
        index = read_json(self.path / INDEX) or {}
        known = index.get("chunks", {})
        for file in sorted((self.path / OBSERVATIONS).glob("part-*.parquet")):
            held = known.get(file.name) or json.loads(pq.read_schema(file).metadata[b"replications"])
            self._chunks[file.name] = Replications.read(held)
            self.done.update(self._chunks[file.name])
        for failure in _read_failures(self.path / FAILURES):
            if failure.replication == WHOLE_POINT or (failure.point, failure.replication) not in self.done:
                self.failures[failure.point, failure.replication] = failure

    def _sweep_up(self) -> None:
        """Remove what an earlier process left half written."""
        for leftover in self.path.rglob("*.tmp"):
            leftover.unlink(missing_ok=True)
        for file in self.path.glob("*/part-*.parquet"):
            if file.name not in self._chunks:
                file.unlink(missing_ok=True)

    def _next_number(self) -> int:
        return max((int(name[5:12]) for name in self._chunks), default=-1) + 1

    def _append_failures(self, failures: Iterable[Failure]) -> None:
        new = [failure for failure in failures if (failure.point, failure.replication) not in self.failures]
        try:
            with (self.path / FAILURES).open("a", encoding="utf-8") as file:
                file.writelines(json.dumps(vars(failure), ensure_ascii=False, default=str) + "\n" for failure in new)
        except OSError as error:
            raise self._full(error) from None
        self.failures |= {(failure.point, failure.replication): failure for failure in new}

    def _write_parquet(self, path: Path, table: pa.Table, held: Replications | None = None) -> None:
        if held is not None:
            metadata = {**(table.schema.metadata or {}), b"replications": json.dumps(held.written()).encode()}
            table = table.replace_schema_metadata(metadata)
        try:
            with WholeFile(path) as file:
                pq.write_table(table, file, compression="zstd")
        except (OSError, pa.ArrowException) as error:
            raise self._full(error) from None

    def _write_text(self, path: Path, text: str) -> None:
        try:
            write_text(path, text)
        except OSError as error:
            raise self._full(error) from None

    def _full(self, error: Exception) -> StoreFullError:
        reason = getattr(error, "strerror", None) or str(error)
        stored = f"{self.done.total()} replications are stored there and safe"
        return StoreFullError(
            f"{self.path} cannot be written ({reason}); {stored}. Make room and give the command again"
        )


def _holds_something_else(path: Path) -> bool:
    """Whether a folder has files that no sweep left there before its manifest."""
    if not path.is_dir():
        return False
    return any(entry.name not in (".lock", POINTS) and entry.suffix != ".tmp" for entry in path.iterdir())


def points_table(points: Sequence[Mapping[str, Any]]) -> pa.Table:
    """The factors of every point as columns, beside its number; all of them also as JSON in the metadata."""
    columns: dict[str, Any] = {"point": pa.array(np.arange(len(points)), pa.int32())}
    for key in dict.fromkeys(key for point in points for key in point):
        columns[key] = column([point.get(key) for point in points])
    return pa.table(columns).replace_schema_metadata({"points": json.dumps([dict(p) for p in points], default=str)})


def _read_failures(path: Path) -> Iterator[Failure]:
    """The failures that a file holds; a last line that was cut off is left out."""
    if path.is_file():
        for line in path.read_text(encoding="utf-8").splitlines():
            with suppress(ValueError, TypeError):
                yield Failure(**json.loads(line))
