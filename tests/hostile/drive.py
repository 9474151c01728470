"""What a mutated file is put through: load, check, layout, a short run under several policies, all measures."""

from __future__ import annotations

import os
import random
import warnings
from contextlib import chdir
from functools import cache
from math import isnan
from pathlib import Path
from typing import Any

import numpy as np
from typer.testing import CliRunner

from parkflow.analysis.calibration.problem import problem_of
from parkflow.analysis.calibration.target_file import load_targets
from parkflow.analysis.experiments.batches import Work, carry_out
from parkflow.analysis.experiments.question import resolved
from parkflow.analysis.experiments.sweep import planned
from parkflow.analysis.experiments.sweep_file import load_sweep
from parkflow.analysis.measures.registry import measure, observe
from parkflow.analysis.replication.replication import replicate, tables_of
from parkflow.commands import app
from parkflow.commands.lever_options import levers_written
from parkflow.commands.streams import told_shortly
from parkflow.policies import Change, Site
from parkflow.scenarios.load import SHIPPED, available, load, raw
from parkflow.scenarios.reading import read_keys
from parkflow.sim.checks import ScenarioError
from parkflow.sim.errors import ParkflowError
from parkflow.sim.levers import CATALOGUE, LeverError
from parkflow.sim.scenario import Scenario
from tests.hostile.mutations import LAWS, NUMBERS, TEXTS, changed, toml
from tests.scenarios.test_mutations import SMALL

FORBIDDEN = ("traceback", "hang", "memory", "nonsense", "crash")


class Nonsense(AssertionError):  # noqa: N818  (what it is, not what went wrong)
    """A run that tells what cannot be."""


@cache
def parks() -> list[dict[str, Any]]:
    """The keys of all shipped parks, each by itself and merged with what it extends, and of a small one."""
    import tomllib

    return [tomllib.loads(SMALL), *(raw(park) for park in available()), *(_own(park) for park in available())]


def _own(park: str) -> dict[str, Any]:
    path = SHIPPED / f"{park}.toml"
    return read_keys(path, park) if path.is_file() else raw(park)


@cache
def sweeps() -> list[dict[str, Any]]:
    """The keys of the shipped sweeps."""
    return [read_keys(path, path.name) for path in sorted((SHIPPED / "sweeps").glob("*.toml"))]


@cache
def targets() -> dict[str, Any]:
    """The keys of the shipped targets."""
    return read_keys(SHIPPED / "calibration" / "targets.toml", "targets")


@cache
def shipped(park: str) -> Scenario:
    """A shipped park with a few projects."""
    return few(load(park))


def few(scenario: Scenario) -> Scenario:
    """The scenario with at most two projects in each group, where it has no list of them."""
    counts = {f"portfolio.{name}.count": min(group.count, 2) for name, group in scenario.portfolio.items()}
    return scenario.with_changes(counts)


# Files


def file_case(number: int, place: Path) -> str:
    """Mutate a scenario, a sweep, a target file, or what options hold, and drive it as far as it goes."""
    chance = random.Random(number)
    kinds = (scenario_case, sweep_case, vary_case, lever_case, target_case)
    case = chance.choices(kinds, weights=[70, 12, 8, 8, 2])[0]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            case(chance, place)
    except (ParkflowError, ScenarioError, LeverError) as error:
        if len(told_shortly(str(error))) > 8_000:
            raise Nonsense(f"a message of {len(str(error))} letters") from None
        return "refused"
    return "sound"


def scenario_case(chance: random.Random, place: Path) -> None:
    """A mutated park under its baseline and one of its policies."""
    path = place / "mutated.toml"
    path.write_text(toml(changed(chance, chance.choice(parks()), parks())), "utf-8", "surrogatepass")
    run(few(load(path)), chance)


def sweep_case(chance: random.Random, place: Path) -> None:
    """A mutated sweep: its plan, and one replication of a point of a small park."""
    path = place / "mutated-sweep.toml"
    path.write_text(toml(changed(chance, chance.choice(sweeps()), sweeps())), "utf-8", "surrogatepass")
    plan = planned(load_sweep(path))
    plan.manifest()


def vary_case(chance: random.Random, place: Path) -> None:
    """A factor as the command line gives it."""
    park = chance.choice(available())
    keys = (
        "desks.planning.servers",
        "levers.parallel_approvals.share",
        "policy",
        "horizon",
        "issues.rate",
        "portfolio",
    )
    key = chance.choice([*keys, *(f"desks.{name}.servers" for name in shipped(park).desks), *TEXTS])
    levels = ",".join(str(chance.choice([*NUMBERS, *TEXTS, *LAWS, 1, 2, 3])) for _ in range(chance.randint(1, 4)))
    ranged = ":".join(str(chance.choice(NUMBERS)) for _ in range(chance.randint(2, 3)))
    written = f"{key}{chance.choice(['=', '=', '=', '==', ''])}{chance.choice([levels, ranged])}"
    plan = planned(load_sweep(shipped(park), (written,), {"replications": 1}))
    point = chance.randrange(len(plan.sweep.points))
    batch = carry_out(plan.experiment, Work(((point, 0),), {point: plan.sweep.points[point]}))
    for failure in batch.failures:
        raise Nonsense(f"{written}: {failure.error}")


def lever_case(chance: random.Random, place: Path) -> None:
    """A lever as the command line gives it, in a run of a park."""
    lever = chance.choice(list(CATALOGUE))
    fields = list(CATALOGUE[lever].model_fields)
    pairs = [f"{chance.choice([*fields, *TEXTS[:4]])}={chance.choice([*NUMBERS, *TEXTS, True])}" for _ in fields[:2]]
    written = f"{chance.choice([lever] * 9 + list(TEXTS))}{chance.choice(':::=,')}{','.join(pairs)}"
    site = Site("mutated", shipped(chance.choice(available())), ())
    layout = site.layout("serial", Change.of(levers_written([written]), ()))
    run(layout.scenario, chance)


def target_case(chance: random.Random, place: Path) -> None:
    """A mutated file of targets, as far as the problem that it states."""
    path = place / "mutated-targets.toml"
    path.write_text(toml(changed(chance, targets(), [targets()])), "utf-8", "surrogatepass")
    name, file = load_targets(path)
    problem_of(name, file, [shipped(park) for park in ("zhifu", "guian")], chosen=True)


def run(scenario: Scenario, chance: random.Random) -> None:
    """A replication under the scenario as it is and under one of its policies, tables and measures looked at."""
    site = Site("mutated", scenario, ())
    policies = ["serial", *sorted(scenario.policies)]
    other = chance.choice(policies)
    layouts = {name: site.layout(name) for name in dict.fromkeys(("serial", other))}
    asked = resolved(layouts["serial"].scenario)
    runs = replicate(layouts, 1, 0)
    for replication in runs.values():
        look_at_times(replication.records)
    for seen in observe(runs, "serial", asked):
        look_at(seen)
    tables_of(runs, "serial", asked)


def look_at_times(records: Any) -> None:
    """Attempts begin after they are ready and end after they begin; no time is negative or without bounds."""
    ready, start, end = records.attempt_ready, records.attempt_start, records.attempt_end
    if (start < ready - 1e-6).any() or (end < start - 1e-6).any():
        raise Nonsense("an attempt ends before it begins, or begins before it is ready")
    if np.isinf(records.end).any() or np.isinf(end).any():
        raise Nonsense("a step ends on a day without bounds")
    if isnan(records.over) or records.over == np.inf:
        raise Nonsense(f"the run is over on day {records.over}")


def look_at(seen: Any) -> None:
    """What a measure shows is a number, and a share lies between 0 and 1."""
    one = measure(seen.measure)
    if seen.value == np.inf or seen.value == -np.inf or isnan(seen.weight):
        raise Nonsense(f"{seen.measure} of {seen.group} is {seen.value}, weight {seen.weight}")
    if one.unit == "share" and seen.weight and not -1e-9 <= seen.value / seen.weight <= 1 + 1e-9:
        raise Nonsense(f"{seen.measure} of {seen.group} is {seen.value} of {seen.weight}")


# Command lines

WORDS = (
    ("compare", "zhifu", "-n", "2", "-w", "1"),
    ("run", "guian", "--policy", "reported", "-n", "1", "-w", "1", "--format", "csv"),
    ("compare", "zhifu", "--lever", "land_bank:target=300", "-n", "1", "-w", "1", "--format", "json"),
    ("check", "mutated.toml"),
    ("show", "zhifu", "--policy", "full"),
    ("levers", "parallel_approvals"),
    ("scenarios",),
    ("sweep", "zhifu", "--vary", "desks.planning.servers=1,2", "-n", "1", "-w", "1", "--dry-run"),
    ("results", "sweeps/none"),
    ("status", "sweeps/none"),
    ("diary", "zhifu", "--project", "new-1"),
    ("verify", "nowhere"),
    ("rerun", "nowhere"),
    ("schema",),
    ("export", "nowhere", "--to", "xes"),
    ("calibrate", "--dry-run", "--points", "4", "--waves", "1", "zhifu"),
    ("nation", "--zones", "1", "--dry-run"),
    ("validate", "guian", "-n", "0"),
    ("mine", "mutated.toml"),
    ("stress", "zhifu"),
    ("report", "nowhere"),
    ("chart", "network", "nowhere"),
)  # fmt: skip

SIMULATING = ("compare", "run", "report", "chart", "worth", "sweep")
"""Commands that simulate a park for a long time where nobody says how often; the last word on that counts."""


def line_case(number: int, place: Path) -> str:
    """Mutate the words of a command, and call it; a status other than 0 comes with one message."""
    chance = random.Random(f"line {number}")
    words = list(chance.choice(WORDS))
    (place / "mutated.toml").write_text(SMALL, "utf-8")
    for _ in range(chance.choice([1, 1, 1, 2, 3])):
        mutate_words(chance, words)
    if words == ["report"]:
        words.append("nowhere")  # alone it draws all charts of a park, for half a minute
    if words[0] in SIMULATING:
        words += ["-n", "1", "-w", "1"]
    os.environ["COLUMNS"] = "80"
    with chdir(place), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        done = CliRunner().invoke(app, words)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    if "Traceback" in done.output:
        raise Nonsense(f"{words}: a traceback is printed")
    return "sound" if done.exit_code == 0 else "refused"


def mutate_words(chance: random.Random, words: list[str]) -> None:
    """Change, drop, repeat or add one word; the command itself seldom."""
    place = chance.randrange(1, len(words)) if len(words) > 1 and chance.random() < 0.95 else 0
    options = (
        "--policy",
        "--lever",
        "--from",
        "--to",
        "--seed",
        "-n",
        "--format",
        "--lang",
        "--measure",
        "--without",
        "-w",
    )
    some = [
        *map(str, NUMBERS),
        *TEXTS,
        *LAWS[:6],
        *options,
        *available(),
        "serial",
        "full",
        "production",
        "-",
        "--",
        "-x",
    ]
    word = chance.choice(some).replace("\0", "")[:5000]
    match chance.randrange(5):
        case 0 | 1:
            words[place] = word
        case 2:
            words.insert(place + 1, word)
        case 3:
            del words[place]
            words[:] = words or ["scenarios"]
        case 4:
            words[place] = words[place] + word[:3]
