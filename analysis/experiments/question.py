"""The question of a comparison or a sweep: between which two milestones days are counted."""

from __future__ import annotations

from parkflow.analysis.replication.milestones import Pair, project_milestones
from parkflow.scenarios.load import InputError
from parkflow.sim.checks import nearest
from parkflow.sim.scenario import Scenario

Question = Pair


class UnknownMilestoneError(InputError):
    """A question names a milestone that the park does not have; `key` says which of the two, ``from`` or ``to``."""

    def __init__(self, key: str, name: str, remedy: str) -> None:
        super().__init__(f"{key} {name}: {remedy}")
        self.key, self.name, self.remedy = key, name, remedy


def milestones(scenario: Scenario) -> tuple[str, ...]:
    """The milestones that a question may name, the arrival of a project first."""
    return ("arrival", *project_milestones(scenario))


def resolved(scenario: Scenario, start: str | None = None, end: str | None = None) -> Question:
    """The pair of milestones asked about: those given, else the scenario's own, else from arrival to the last.

    Raises `UnknownMilestoneError`.
    """
    asked, known = scenario.question, milestones(scenario)
    pair = (start or (asked.start if asked else known[0]), end or (asked.end if asked else known[-1]))
    for key, name in zip(("from", "to"), pair, strict=True):
        if name not in known:
            remedy = f"{scenario.name} has no such milestone; {nearest(name, known)}"
            raise UnknownMilestoneError(key, name, remedy)
    return pair
