"""How fast the engine is: the workload `approvals-275` against SimPy as usually written, in one run.

(a) SimPy as usually written, from given draws; (b) our engine from the same draws, laid out as a plan beforehand, and
with the laying out as well; (c) our whole replication: draws, plan, engine and records. Runs are interleaved, and the
ratios are of medians. Then the seconds to ±1% of days saved: (a) with independent runs of the two variants, ours with
common random numbers.

Run it with ``python benchmarks/approvals_275.py [--seeds N]``.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np

from benchmarks import ours, usual_simpy
from benchmarks.workload import Inputs, Variant, model_events, sample
from parkflow.sim.assembly import make_plan
from parkflow.sim.engines.history import History
from parkflow.sim.engines.simpy import Engine
from parkflow.sim.layout import Layout
from parkflow.sim.plan import Plan
from parkflow.sim.records import execute, simulate

VARIANTS: tuple[Variant, ...] = ("SERIAL", "PARALLEL")
GOALS = {("SERIAL", "b"): 3.5, ("PARALLEL", "b"): 6.0}
HALF_WIDTH = 0.01
"""Wanted half-width of days saved, as a share of its mean."""


def seconds(function: Callable[[], Any]) -> tuple[float, Any]:
    """Time one call."""
    begin = time.perf_counter()
    result = function()
    return time.perf_counter() - begin, result


def executed(plan: Plan) -> History:
    """What the engine makes of a plan."""
    return Engine(plan).run()


def laid_out_and_executed(layout: Layout, inputs: Inputs) -> History:
    """The same with the laying out of the plan."""
    return executed(ours.given_plan(layout, inputs))


def timed(layouts: dict[Variant, Layout], seeds: int) -> dict[tuple[Variant, str], list[float]]:
    """Seconds of (a), (b), (c) and the parts of (c), by variant, interleaved seed by seed."""
    times: dict[tuple[Variant, str], list[float]] = {}
    for seed in range(1000, 1000 + seeds):
        inputs = sample(275, seed)
        for variant, layout in layouts.items():
            given, plan = ours.given_plan(layout, inputs), make_plan(layout, seed, 0)
            runs: dict[str, Callable[[], Any]] = {
                "a": partial(usual_simpy.run, inputs, variant),
                "b": partial(executed, given),
                "b with its plan": partial(laid_out_and_executed, layout, inputs),
                "c": partial(simulate, layout, seed, 0),
                "draws and plan": partial(make_plan, layout, seed, 0),
                "engine and records": partial(execute, plan),
            }
            for name, run in runs.items():
                times.setdefault((variant, name), []).append(seconds(run)[0])
    return times


def days_saved(layouts: dict[Variant, Layout], replications: int) -> tuple[np.ndarray, np.ndarray]:
    """Days saved by replication, with common random numbers and with independent runs of the two variants."""
    leads = {
        variant: np.array([ours.outcome(simulate(y, 1, r)).lead_times.mean() for r in range(replications)])
        for variant, y in layouts.items()
    }
    paired = leads["SERIAL"] - leads["PARALLEL"]
    return paired, leads["SERIAL"] - np.roll(leads["PARALLEL"], 1)


def replications_needed(values: np.ndarray) -> float:
    """Replications until the 95% half-width is the wanted share of the mean."""
    return float((1.96 * values.std(ddof=1) / (HALF_WIDTH * values.mean())) ** 2)


def main() -> None:
    """Time everything and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seeds", type=int, default=30, help="draws to time")
    parser.add_argument("--replications", type=int, default=400, help="replications for the variance of days saved")
    options = parser.parse_args()
    layouts = {variant: ours.layout(variant) for variant in VARIANTS}
    timed(layouts, 2)
    times = {key: median(values) for key, values in timed(layouts, options.seeds).items()}
    print(f"model events of seed 1000: {model_events(sample(275, 1000))}; medians over {options.seeds} seeds, ms")
    for (variant, name), value in times.items():
        ratio = times[variant, "a"] / value
        goal = f" (goal {GOALS[variant, name]})" if (variant, name) in GOALS else ""
        print(f"{variant:9} {name:20} {1e3 * value:8.2f} ms   {ratio:5.2f} × (a){goal}")
    both = {name: sum(times[variant, name] for variant in VARIANTS) for name in ("a", "b", "c")}
    print(f"both      (b) {both['a'] / both['b']:.2f} × (a), (c) {both['a'] / both['c']:.2f} × (a) (goal 3.0)")
    paired, independent = days_saved(layouts, options.replications)
    needed = {"a": replications_needed(independent), "c": replications_needed(paired)}
    spread = f"variance paired {paired.var(ddof=1):.2f}, independent {independent.var(ddof=1):.1f}"
    print(f"days saved {paired.mean():.3f}; {spread}")
    for name, words in (("a", "SimPy as usually written, independent runs"), ("c", "ours, common random numbers")):
        print(f"±1% of days saved: {needed[name]:6.0f} replications, {needed[name] * both[name]:7.2f} s: {words}")
    print(f"ratio {needed['a'] * both['a'] / (needed['c'] * both['c']):.1f}")


if __name__ == "__main__":
    main()
