"""The workload as a loop in C++, compiled on the spot where there is a compiler: how near an engine can come."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.workload import ACTIVITIES, CAPACITIES, PREDECESSORS, Inputs, Outcome, Variant

SOURCE = Path(__file__).with_name("loop.cpp")

Loop = Callable[[Inputs, Variant, int], tuple[Outcome, float]]
"""Runs a replication so many times: what came of it, and the processor seconds of all."""


def compiled() -> Loop | None:
    """The loop, or None where there is no C++ compiler."""
    compiler = shutil.which("g++") or shutil.which("clang++") or shutil.which("c++")
    if compiler is None:
        return None
    with TemporaryDirectory() as folder:
        library = Path(folder) / "loop.so"
        subprocess.run([compiler, "-O3", "-march=native", "-shared", "-fPIC", SOURCE, "-o", library], check=True)
        function = ctypes.CDLL(str(library)).run
    function.restype = ctypes.c_double

    def run(inputs: Inputs, variant: Variant, rounds: int) -> tuple[Outcome, float]:
        return _run(function, inputs, variant, rounds)

    return run


def _run(function: Any, inputs: Inputs, variant: Variant, rounds: int) -> tuple[Outcome, float]:
    before = PREDECESSORS[variant]
    after = [[b for b, needed in enumerate(before) if a in needed] for a in range(len(ACTIVITIES))]
    begin = np.concatenate(([0], np.cumsum([len(those) for those in after])))
    departments = [-1 if activity.department is None else activity.department for activity in ACTIVITIES]
    lead_times, last_day = np.zeros(len(inputs.inter)), ctypes.c_double()
    arrays = [
        np.cumsum(inputs.inter), inputs.attempts, inputs.durations, _small(departments), _small(CAPACITIES),
        _small(begin), _small([b for those in after for b in those]), _small([len(needed) for needed in before]),
        lead_times,
    ]  # fmt: skip
    pointers = [np.ascontiguousarray(array).ctypes.data_as(ctypes.c_void_p) for array in arrays]
    counts = (ctypes.c_int64(len(inputs.inter)), ctypes.c_int64(rounds))
    spent = function(*counts, *pointers[:5], ctypes.c_int64(len(CAPACITIES)), *pointers[5:], ctypes.byref(last_day))
    return Outcome(lead_times, last_day.value, 0), spent / rounds


def _small(values: Any) -> NDArray[np.int32]:
    return np.array(values, dtype=np.int32)
