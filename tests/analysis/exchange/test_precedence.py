"""The network of the park, found again in its event log alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pytest

from parkflow.analysis.store.run_folder import Run
from parkflow.sim.network import ARRIVAL, network
from parkflow.sim.scenario import Scenario

Link = tuple[str, str]


class Moment(NamedTuple):
    """Where in the trace something stands, and when it was."""

    place: float
    time: str


NEVER = Moment(float("inf"), "never")


class Case(NamedTuple):
    """When each copy of each activity could begin, and when it was over."""

    begin: Mapping[str, Mapping[str, Moment]]
    end: Mapping[str, Mapping[str, Moment]]


def cases(xes: Path, scenario: Scenario) -> Iterator[Case]:
    """The projects of a log that were not at work at the start; milestones take no time, and are left out."""
    for trace in ElementTree.parse(xes).getroot().iter("trace"):
        of = {one.attrib["key"]: one.attrib["value"] for one in trace if "key" in one.attrib}
        group = scenario.portfolio[of["group"]]
        if group.in_progress is None and of["process"] == "project":
            yield _case(trace)


def _case(trace: ElementTree.Element) -> Case:
    begin: dict[str, dict[str, Moment]] = defaultdict(dict)
    end: dict[str, dict[str, Moment]] = defaultdict(dict)
    for place, event in enumerate(trace.iter("event")):
        of = {one.attrib["key"]: one.attrib["value"] for one in event}
        activity, moment = of["concept:name"], Moment(place, of["time:timestamp"])
        if "issue" in of or (of["step"] == "milestone" and activity != ARRIVAL):
            continue
        if of["lifecycle:transition"] in ("schedule", "complete") and of["copy"] not in begin[activity]:
            begin[activity][of["copy"]] = moment
        if of["lifecycle:transition"] == "complete":
            end[activity][of["copy"]] = moment
    return Case(begin, end)


def pairs(case: Case, first: str, then: str) -> Iterator[tuple[Moment, Moment]]:
    """The end of one activity and the begin of another: copy by copy if both have several, else after all copies."""
    ends, begins = case.end[first], case.begin[then]
    whole = len(case.begin[first]) == len(ends)
    for copy, begin in begins.items():
        several = len(begins) > 1 and len(case.begin[first]) > 1
        if not several:
            yield (max(ends.values()) if whole else NEVER), begin
        elif copy in case.begin[first]:
            yield ends.get(copy, NEVER), begin


def observed(found: Iterable[Case]) -> tuple[set[Link], set[Link]]:
    """Links that some case violates, and links that released the second activity at least once."""
    violated, released = set(), set()
    for case in found:
        for then in case.begin:
            for first in case.begin:
                for end, begin in pairs(case, first, then) if first != then else ():
                    if end.place > begin.place:
                        violated.add((first, then))
                    elif end.time == begin.time:
                        released.add((first, then))
    return violated, released


def reduced(links: set[Link]) -> set[Link]:
    """The links that no chain of others implies."""
    after: dict[str, set[str]] = defaultdict(set)
    for first, then in links:
        after[first].add(then)
    return {(first, then) for first, then in links if then not in _reached(after, first, then)}


def _reached(after: Mapping[str, set[str]], first: str, without: str) -> set[str]:
    """All that comes after an activity, but not by the direct link to another."""
    seen: set[str] = set()
    waiting = [name for name in after.get(first, ()) if name != without]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += after.get(name, ())
    return seen


def true_links(found: Iterable[Case], scenario: Scenario) -> set[Link]:
    """The links of the scenario's network, in each case without the activities that it does not have."""
    links: set[Link] = set()
    for case in found:
        absent = [name for name, it in scenario.activities.items() if name not in case.begin or it.step == "milestone"]
        ways = network(scenario, "project", without=absent)
        links |= {
            (ways.nodes[before][0], ways.nodes[node][0])
            for node, named in enumerate(ways.predecessors)
            for before in named
        }
    return links


@pytest.mark.slow
def test_the_log_gives_the_network_back(xes: Path, yantai: Run) -> None:
    """Of all links that ever released anything, those found are those of the scenario, and none else.

    A link that never decides when something begins leaves no trace but that nobody violates it: these are few.
    """
    projects = list(cases(xes, yantai.scenario))
    violated, released = observed(projects)
    truth = true_links(projects, yantai.scenario)
    assert not truth & violated
    assert reduced(released - violated) == reduced(truth & released)
    assert reduced(released - violated) <= reduced(truth)
    assert len(reduced(released - violated)) > 0.85 * len(reduced(truth))
