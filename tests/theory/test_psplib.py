"""The published critical paths of PSPLIB (Kolisch and Sprecher 1996): every instance as a park of one project.

Without resources, the project takes its `MPM-Time`. The instances are no part of parkflow: they are looked for in the
folder that `PARKFLOW_PSPLIB` names, or in `shared/psplib` beside the checkout.
"""

from __future__ import annotations

import os
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from parkflow.sim.layout import Layout
from parkflow.sim.records import simulate
from parkflow.sim.scenario import Scenario

FOLDER = Path(os.environ.get("PARKFLOW_PSPLIB", Path(__file__).parents[3] / "shared" / "psplib"))
ARCHIVES = ("j30.sm.tgz", "j60.sm.tgz")
INSTANCES = 480


class Instance(NamedTuple):
    """The jobs that follow each job, the days of each, and the published length of the longest path."""

    name: str
    followers: dict[int, list[int]]
    days: dict[int, int]
    longest: int


def instances(archive: Path) -> Iterator[Instance]:
    """The instances of an archive."""
    with tarfile.open(archive) as packed:
        for member in packed:
            if member.name.endswith(".sm") and (file := packed.extractfile(member)):
                yield read(member.name, file.read().decode("ascii").splitlines())


def read(name: str, lines: list[str]) -> Instance:
    """One instance from its file."""
    table = {head: [line.split() for line in lines[at:]] for at, head in enumerate(lines) if head.endswith(":")}
    followers = {}
    for job, _, _, *named in numbers(table["PRECEDENCE RELATIONS:"][2:]):
        followers[job] = named
    days = {job: duration for job, _, duration, *_ in numbers(table["REQUESTS/DURATIONS:"][3:])}
    longest = next(iter(numbers(table["PROJECT INFORMATION:"][2:])))[-1]
    return Instance(name, followers, days, longest)


def numbers(rows: list[list[str]]) -> Iterator[list[int]]:
    """The rows up to the end of their part of the file."""
    for row in rows:
        if row[0].startswith("*"):
            return
        yield list(map(int, row))


def scenario(instance: Instance) -> Scenario:
    """The instance as a park: jobs are work, those that take no time are milestones."""
    needs: dict[int, list[str]] = {job: [] for job in instance.days}
    for job, named in instance.followers.items():
        for follower in named:
            needs[follower].append(f"job{job}")
    activities = {f"job{job}": activity(days, needs[job]) for job, days in instance.days.items()}
    portfolio = {"projects": {"of": "any", "count": 1, "arrivals": {"on": [0.0]}}}
    return Scenario.model_validate(
        {
            "name": "psplib",
            "assumed": "a benchmark",
            "classes": {"any": {}},
            "portfolio": portfolio,
            "activities": activities,
        }
    )


def activity(days: int, needs: list[str]) -> dict[str, Any]:
    """A job as an activity."""
    return {"step": "work", "duration": f"{days} cd", "needs": needs} if days else {"step": "milestone", "needs": needs}


def length(instance: Instance) -> float:
    """Days that the engine takes for the project, from its arrival to its last job."""
    records = simulate(Layout(scenario(instance)), seed=1, replication=0)
    return float(records.milestone(f"job{max(instance.days)}")[0])


@pytest.mark.slow
@pytest.mark.parametrize("archive", ARCHIVES)
def test_the_longest_path_is_the_published_one(archive: str) -> None:
    """For every instance, to the day."""
    if not (FOLDER / archive).is_file():
        pytest.skip(f"{archive} is not in {FOLDER}; set PARKFLOW_PSPLIB to the folder that has it")
    found = list(instances(FOLDER / archive))
    assert len(found) == INSTANCES
    assert {one.name: length(one) for one in found} == {one.name: one.longest for one in found}


def test_an_instance_is_read_and_run() -> None:
    """A small instance of our own: two ways from the source to the sink, the longer of which counts."""
    text = """PROJECT INFORMATION:
pronr.  #jobs rel.date duedate tardcost  MPM-Time
    1      2      0        9        1        9
***
PRECEDENCE RELATIONS:
jobnr.    #modes  #successors   successors
   1        1          2           2   3
   2        1          1           4
   3        1          1           4
   4        1          0
***
REQUESTS/DURATIONS:
jobnr. mode duration  R 1
-----
  1      1     0       0
  2      1     4       1
  3      1     9       1
  4      1     0       0
***"""
    instance = read("ours", text.splitlines())
    assert instance.days == {1: 0, 2: 4, 3: 9, 4: 0}
    assert length(instance) == instance.longest == 9
