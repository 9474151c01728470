"""Looking at a running sweep: how narrow the interval of each point is, and how many replications it gets.

The looks at a point follow from its replications alone, in their order. A sweep that was killed, extended or run by
others takes the same looks again when it goes on, and stops where it would have stopped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from parkflow.analysis.measures.precision import Target, first_look, next_look, precise
from parkflow.analysis.store.sweep_folder import CONTROLS, SweepFolder

Floats = NDArray[np.float64]

AT_ONCE = 64
"""Points whose replications are in memory at a time."""


class Made(Protocol):
    """How the replications of a sweep are made."""

    @property
    def baseline(self) -> str:
        """The policy that others are compared with."""

    @property
    def block(self) -> int:
        """Replications of one Latin hypercube block; 1 where they are independent."""

    @property
    def controls(self) -> bool:
        """Whether control variates are used."""


@dataclass(frozen=True)
class Look:
    """Replications that a point gets at least, whether that is enough, and its half-width over the one wanted."""

    size: int
    finished: bool
    ratio: float


def take_looks(folder: SweepFolder, made: Made, target: Target, numbers: Sequence[int]) -> dict[int, Look]:
    """Look at some points of a sweep."""
    folder.flush()
    found: dict[int, Look] = {}
    for begin in range(0, len(numbers), AT_ONCE):
        some = numbers[begin : begin + AT_ONCE]
        values, controls = _values(folder, made, target, some), read_controls(folder, some) if made.controls else {}
        for number in some:
            seen = _look_at(values.get(number, {}), controls.get(number), target, made.block)
            failed = any(point == number for point, _ in folder.failures)
            found[number] = Look(seen.size, seen.finished or failed, seen.ratio)
    return found


def _look_at(values: Mapping[str, Floats], controls: Floats | None, target: Target, block: int) -> Look:
    """Take the looks at one point in turn, as far as its replications reach; `values` by policy."""
    size, ratio = first_look(target, block), np.nan
    while values and all(len(each) >= size and not _has_gap(each[:size]) for each in values.values()):
        known = controls[:size] if controls is not None else None
        widths = [precise(each[:size], known, block, stopped=True).half_width for each in values.values()]
        widest = float(np.max(widths))
        ratio = widest / target.half_width
        following = next_look(target, size, widest, block)
        if following == size:
            return Look(size, True, ratio)
        size = following
    return Look(size, False, ratio if not np.isnan(ratio) else 0.0)


def _has_gap(values: Floats) -> bool:
    """Whether a replication is not there; one that shows nothing is NaN, and one that is not there is infinite."""
    return bool(np.isinf(values).any())


def _values(folder: SweepFolder, made: Made, target: Target, numbers: Sequence[int]) -> dict[int, dict[str, Floats]]:
    """One value a replication of the target's measure, by point and policy."""
    where = pc.field("measure") == target.measure
    where &= (pc.field("group") == target.group) & pc.field("point").isin(pa.array(numbers, pa.int32()))
    where &= pc.field("policy") != made.baseline if target.policy is None else pc.field("policy") == target.policy
    table = folder.read(columns=["point", "replication", "policy", "value"], where=where)
    found: dict[int, dict[str, Floats]] = {}
    if not table.num_columns:
        return found
    policies = table["policy"].to_pylist()
    point, replication, value = (table[name].to_numpy() for name in ("point", "replication", "value"))
    for key in sorted(set(zip(point.tolist(), policies, strict=True))):
        mine = (point == key[0]) & (np.array(policies) == key[1])
        found.setdefault(key[0], {})[key[1]] = _by_replication(replication[mine], value[mine])
    return found


def read_controls(folder: SweepFolder, numbers: Sequence[int]) -> dict[int, Floats]:
    """The control variates of some points; shape (replications, controls), infinite where one is not there."""
    where = pc.field("point").isin(pa.array(numbers, pa.int32()))
    table = folder.read(CONTROLS, ["point", "replication", "control", "value"], where)
    found: dict[int, Floats] = {}
    if not table.num_columns:
        return found
    names = np.array(table["control"].to_pylist())
    point, replication, value = (table[name].to_numpy() for name in ("point", "replication", "value"))
    for number in np.unique(point).tolist():
        mine = point == number
        own = [mine & (names == name) for name in dict.fromkeys(names[mine].tolist())]
        found[number] = np.column_stack([_by_replication(replication[one], value[one]) for one in own])
    return found


def _by_replication(replication: NDArray[np.int32], value: Floats) -> Floats:
    """Values in the order of replications; infinite where there is none."""
    ordered = np.full(int(replication.max()) + 1, np.inf)
    ordered[replication] = value
    return ordered
