"""Taking stock of a sweep's folder: what is stored there and sound; what is not is told or, with repair, dropped."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from parkflow.analysis.store.chunks import OBSERVATIONS, Chunk, chunk_files, chunk_itself, read_chunk
from parkflow.analysis.store.digests import Digest
from parkflow.analysis.store.failure_log import FAILURES, WHOLE_POINT, Failure, read_failures
from parkflow.analysis.store.files import DamagedError
from parkflow.analysis.store.index import INDEX, SWEEP, Index, damage_of, read_index
from parkflow.analysis.store.line_log import rewrite_lines
from parkflow.analysis.store.replication_sets import Replications

SUMMARY = "summary.parquet"
FROM_A_COPY = "restore it from a copy"


@dataclass
class Stock:
    """What a folder holds: chunks by number, failures by point and replication, and the digests of all other files.

    `lines` is how many failures were ever written, for a file that lost some.
    """

    kind: str = SWEEP
    command: str = ""
    design: str = ""
    files: dict[str, Digest] = field(default_factory=dict)
    chunks: dict[int, Chunk] = field(default_factory=dict)
    failures: dict[tuple[int, int], Failure] = field(default_factory=dict)
    lines: int = 0
    done: Replications = field(default_factory=Replications)

    def add(self, chunk: Chunk) -> None:
        """Take in a chunk."""
        self.chunks[chunk.number] = chunk
        self.done.update(chunk.held)

    def index(self) -> Index:
        """What the index of the folder says."""
        files = dict(self.files)
        for chunk in self.chunks.values():
            files |= chunk.files
        chunks = {str(number): chunk.written() for number, chunk in sorted(self.chunks.items())}
        more = {"design": self.design, "replications": self.done.total(), "failures": self.lines, "chunks": chunks}
        return Index(self.kind, self.command, files, more)


def take_stock(folder: Path, design: str | None, writing: bool = False, repair: bool = False) -> Stock:
    """Find out what a folder holds, of the design named; who writes checks every byte, who reads lengths for now.

    With `repair` what is damaged is left out. Raises `DamagedError` otherwise. Chunks that the index does not know yet,
    since their writer was killed, tell it themselves. Who writes also clears away what does not belong to any chunk.
    """
    index = _index(folder, repair)
    stock = Stock() if index is None else _known(index)
    if index is not None and design not in (None, stock.design):
        if not repair:
            raise DamagedError(folder / INDEX, "is that of another sweep", FROM_A_COPY, "repair", "take stock anew")
        stock = Stock()
    stock.design = design or stock.design
    _check_chunks(folder, stock, index, lengths_only=not writing, repair=repair)
    _add_unknown(folder, stock, repair)
    _add_failures(folder, stock, writing, repair)
    if writing:
        _check_others(folder, stock, repair)
        _clear_away(folder, stock)
    return stock


def _index(folder: Path, repair: bool) -> Index | None:
    """The index; None for a folder that is new, and for one whose index is to be made anew."""
    try:
        index = read_index(folder)
    except DamagedError:
        index, what = None, "is damaged (it is not as it was written)"
    else:
        what = "is missing"
    lost = index is None and ((folder / INDEX).is_file() or next(chunk_files(folder), None) is not None)
    if lost and not repair:
        raise DamagedError(folder / INDEX, what, FROM_A_COPY, "repair", "take stock anew")
    return index


def _known(index: Index) -> Stock:
    """What an index says."""
    more = index.more
    chunks = [read_chunk(number, written, index.files) for number, written in more["chunks"].items()]
    of_chunks = {name for chunk in chunks for name in chunk.files}
    others = {name: it for name, it in index.files.items() if name not in of_chunks}
    stock = Stock(index.kind, index.command, more["design"], others, lines=more["failures"])
    for chunk in chunks:
        stock.add(chunk)
    return stock


def _check_chunks(folder: Path, stock: Stock, index: Index | None, lengths_only: bool, repair: bool) -> None:
    sound = list(stock.chunks.values())
    for chunk in list(sound):
        try:
            for name in chunk.files:
                check_chunk_file(folder, chunk, name, lengths_only)
        except DamagedError:
            if not repair:
                raise
            sound.remove(chunk)
    stock.chunks, stock.done = {}, Replications()
    for chunk in sound:
        stock.add(chunk)


def check_chunk_file(folder: Path, chunk: Chunk, name: str, lengths_only: bool = False) -> None:
    """Raise `DamagedError` where a file of a chunk is not as it was written, with the replications that it holds."""
    what = damage_of(folder / name, chunk.files[name], lengths_only)
    if what is not None:
        what = f"{what}; it holds {chunk.held.in_words()}"
        raise DamagedError(folder / name, what, FROM_A_COPY, "repair", "run them again")


def _add_unknown(folder: Path, stock: Stock, repair: bool) -> None:
    """Take in the chunks that the index does not know."""
    known = {name for chunk in stock.chunks.values() for name in chunk.files}
    for name in chunk_files(folder):
        if name in known or not name.startswith(f"{OBSERVATIONS}/"):
            continue
        chunk = chunk_itself(folder, name, stock.design)
        if chunk is not None and chunk.number not in stock.chunks:
            stock.add(chunk)
        elif not repair:
            what = "is damaged (the index does not know it, and its name does not fit it)"
            raise DamagedError(folder / name, what, FROM_A_COPY, "repair", "drop it")


def _check_others(folder: Path, stock: Stock, repair: bool) -> None:
    """Check what is no chunk; the summary is made anew with every command."""
    stock.files.pop(SUMMARY, None)
    for name, written in list(stock.files.items()):
        what = damage_of(folder / name, written)
        if what is not None and not repair:
            raise DamagedError(folder / name, what, FROM_A_COPY, "repair", "write it anew")
        if what is not None:
            del stock.files[name]


def _add_failures(folder: Path, stock: Stock, writing: bool, repair: bool) -> None:
    found, lines = read_failures(folder)
    lost = max(stock.lines - len(found), 0)
    if (lines.damaged or lost) and not repair:
        what = f"has {len(lines.damaged)} damaged lines" if lines.damaged else f"lacks {lost} of its lines"
        raise DamagedError(folder / FAILURES, what, FROM_A_COPY, "repair", "try again what failed")
    if writing and (lines.damaged or lines.torn):
        rewrite_lines(folder / FAILURES, lines.sound)
    stock.lines = len(found)
    for failure in found:
        if failure.replication == WHOLE_POINT or (failure.point, failure.replication) not in stock.done:
            stock.failures[failure.point, failure.replication] = failure


def _clear_away(folder: Path, stock: Stock) -> None:
    """Remove files of chunks that belong to none: half of what a killed process wrote, or dropped."""
    known = {name for chunk in stock.chunks.values() for name in chunk.files}
    for name in chunk_files(folder):
        if name not in known:
            (folder / name).unlink(missing_ok=True)
