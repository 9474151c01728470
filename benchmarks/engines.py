"""How fast the engines are from given draws: `approvals-275`, one core, processor time, medians of interleaved runs.

Compared are SimPy as usually written, our engine on SimPy, our compiled engine (with what makes its arrays and its
history, and the kernel alone), and a loop in C++ that knows this workload only and keeps nothing, where there is a
compiler. Run ``python benchmarks/engines.py [--seeds N] [--store]``; `--store` keeps the ratios of this release in
`benchmarks/engines.json`. ``--costs`` tells what the compiled engine takes besides: seconds to import, load and compile
it, memory, and room on the disk.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from importlib.metadata import files, version
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import cpp_loop, ours, usual_simpy
from benchmarks.workload import Variant, sample
from parkflow.sim.engines import compiled
from parkflow.sim.engines.kernels.room import Room
from parkflow.sim.engines.kernels.state import given
from parkflow.sim.engines.simpy import Engine
from parkflow.sim.plan import Plan

STORE = Path(__file__).with_name("engines.json")
VARIANTS: tuple[Variant, ...] = ("SERIAL", "PARALLEL")
USUAL = "SimPy as usual"
ROUNDS = 20
"""Runs of the C++ loop at a time: one is too short for the clock."""

MEASURED = """
import pathlib, resource, time
def spent():
    pages = int(pathlib.Path("/proc/self/statm").read_text().split()[1])
    return time.process_time(), pages * resource.getpagesize() / 1e6
from parkflow.sim.records import execute
steps = [spent()]
import numba
steps.append(spent())
from parkflow.sim.engines import compiled
compiled.prepare()
steps.append(spent())
print([later[at] - earlier[at] for earlier, later in zip(steps, steps[1:]) for at in (0, 1)])
"""


def main() -> None:
    """Measure, print, and store if asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seeds", type=int, default=30, help="draws to time")
    parser.add_argument("--store", action="store_true", help="keep the ratios of this release")
    parser.add_argument("--costs", action="store_true", help="what the compiled engine takes besides")
    options = parser.parse_args()
    if options.costs:
        costs()
        return
    found = ratios(measured(options.seeds))
    for variant, row in found.items():
        for name, ratio in row.items():
            print(f"{variant:9} {name:28} {ratio:6.1f} × {USUAL}")
    if options.store:
        known = json.loads(STORE.read_text(encoding="utf-8")) if STORE.exists() else {}
        known[version("parkflow")] = {"seeds": options.seeds, "numba": version("numba"), "faster than": found}
        STORE.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")


def measured(seeds: int) -> dict[tuple[Variant, str], list[float]]:
    """Processor seconds by variant and engine, interleaved seed by seed; the first two seeds warm up."""
    layouts, loop = {variant: ours.layout(variant) for variant in VARIANTS}, cpp_loop.compiled()
    times: dict[tuple[Variant, str], list[float]] = {}
    for seed in range(998, 1000 + seeds):
        inputs = sample(275, seed)
        for variant, layout in layouts.items():
            plan = ours.given_plan(layout, inputs)
            took = {name: seconds(make(plan)) for name, make in ENGINES.items()}
            took[USUAL] = seconds(partial(usual_simpy.run, inputs, variant))
            if loop:
                took["C++ loop"] = loop(inputs, variant, ROUNDS)[1]
            for name, value in took.items():
                if seed >= 1000:
                    times.setdefault((variant, name), []).append(value)
    return times


def _kernel(plan: Plan) -> Callable[[], Any]:
    read = given(plan)
    return partial(compiled.kernel, read, Room().fresh(read))


ENGINES: dict[str, Callable[[Plan], Callable[[], Any]]] = {
    "ours on SimPy": lambda plan: lambda: Engine(plan).run(),
    "ours compiled": lambda plan: partial(compiled.run, plan),
    "ours compiled, kernel alone": _kernel,
}
"""For every engine of ours, what makes ready the call that is timed."""


def seconds(function: Callable[[], Any]) -> float:
    """Processor time of one call."""
    begin = time.process_time()
    function()
    return time.process_time() - begin


def ratios(times: dict[tuple[Variant, str], list[float]]) -> dict[Variant, dict[str, float]]:
    """How many times faster than SimPy as usually written each engine is, by variant."""
    usual = {variant: median(times[variant, USUAL]) for variant in VARIANTS}
    names = dict.fromkeys(name for _, name in times if name != USUAL)
    return {
        variant: {name: round(usual[variant] / median(times[variant, name]), 1) for name in names}
        for variant in VARIANTS
    }


def costs() -> None:
    """Seconds and memory of a process of its own, with nothing compiled yet and after that; room of the packages."""
    with TemporaryDirectory() as cache:
        for when in ("cold", "warm"):
            environment = {**os.environ, "NUMBA_CACHE_DIR": cache, "PYTHONPATH": str(Path(__file__).parents[1])}
            answer = subprocess.run(
                [sys.executable, "-c", MEASURED], env=environment, capture_output=True, text=True, check=True
            )
            importing, room, loading, more = json.loads(answer.stdout)
            print(f"{when}: import {importing:.2f} s, {room:.0f} MB; kernel {loading:.2f} s, {more:.0f} MB more")
        kept = sum(path.stat().st_size for path in Path(cache).rglob("*") if path.is_file())
    sizes = {name: sum(Path(str(each.locate())).stat().st_size for each in files(name) or ()) for name in PACKAGES}
    print("on disk:", ", ".join(f"{name} {size / 1e6:.0f} MB" for name, size in sizes.items()))
    print(f"kept of what was compiled: {kept / 1e6:.1f} MB")


PACKAGES = ("numba", "llvmlite")

if __name__ == "__main__":
    main()
