"""The cases of a replication: projects, issues and parcels, by number and by name."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from parkflow.analysis.replication.once import once
from parkflow.sim.records import Records
from parkflow.sim.scenario import Scenario

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@once
def project_cases(records: Records) -> Ints:
    """Numbers of the cases that are projects: neither issues nor parcels."""
    groups = records.layout.scenario.portfolio.values()
    is_project = np.array([group.process == "project" for group in groups])
    cases = records.plan.cases
    return np.flatnonzero((cases.category < 0) & is_project[cases.group])


def case_names(records: Records) -> NDArray[Any]:
    """A name for every case: ``new-17`` is the 17th project of the group new, ``new-17/2`` its second possible issue.

    Projects of a list have the names that they have there. Names are the same under every policy: an issue that does
    not arise leaves its number unused.
    """
    cases = records.plan.cases
    group = np.array(records.layout.groups)[cases.group]
    number = np.char.add("-", (cases.row + 1).astype(str))
    names = np.char.add(group, number)
    for key, listed in _listed(records.layout.scenario).items():
        mine = np.flatnonzero(group == key)
        names = names.astype(np.result_type(names, listed))
        names[mine] = listed[cases.row[mine]]
    return np.char.add(names, _issue_suffix(cases.place))


def _listed(scenario: Scenario) -> dict[str, NDArray[np.str_]]:
    """The names of the projects of lists, by group."""
    return {
        key: np.array([project.name for project in group.named])
        for key, group in scenario.portfolio.items()
        if group.named
    }


def unfinished(records: Records) -> NDArray[np.bool_]:
    """Cases that have not withdrawn and have a last step (one that nothing waits for) that is not over."""
    steps = records.plan.steps
    last = np.flatnonzero((steps.edges_begin == steps.edges_end) & np.isnan(records.end))
    unfinished = np.bincount(steps.case[last], minlength=len(records.plan.cases.first)) > 0
    return unfinished & ~records.withdrawn


def turn(keys: Ints) -> Ints:
    """How many equal keys stand directly before each one."""
    if not len(keys):
        return np.zeros(0, dtype=np.int64)
    new = np.append(True, keys[1:] != keys[:-1])
    begin = np.flatnonzero(new)
    turn: Ints = np.arange(len(keys)) - begin[np.cumsum(new) - 1]
    return turn


def _issue_suffix(place: Ints) -> NDArray[Any]:
    """``/2`` for the second issue that a project may meet, nothing for cases that are no issues."""
    return np.where(place >= 0, np.char.add("/", (place + 1).astype(str)), "")


@once
def project_groups(records: Records) -> NDArray[np.str_]:
    """Name of the group of each project."""
    names: NDArray[np.str_] = np.array(records.layout.groups)
    return names[records.plan.cases.group[project_cases(records)]]


@once
def stages_at_the_start(records: Records) -> NDArray[np.str_]:
    """Stage in which each project is at the start; empty for those that are still to arrive."""
    cases = records.plan.cases
    stages = [np.array(group.stages) for group in records.layout.scenario.portfolio.values()]
    begin = np.cumsum([len(each) for each in stages]) - [len(each) for each in stages]
    of = project_cases(records)
    found: NDArray[np.str_] = np.concatenate(stages)[begin[cases.group[of]] + cases.row[of]]
    return found
