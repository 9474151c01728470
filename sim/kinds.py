"""Numbers that stand for kinds of step and of line in the arrays of a plan."""

from __future__ import annotations

from parkflow.sim.scenario import Rule
from parkflow.sim.steps import Step

WORK, DESK, MEETING, STOCK, MILESTONE, SKIPPED, END = range(7)
"""What an engine does with a step (`Steps.kind`); a notice is work that no lever shortens."""

KINDS: dict[Step, int] = {
    "work": WORK,
    "notice": WORK,
    "desk": DESK,
    "meeting": MEETING,
    "stock": STOCK,
    "milestone": MILESTONE,
    "end": END,
}
"""The kind of each step of the scenario language."""

FIFO, RANKED = range(2)
"""How a line is served: first come first served, or lowest rank first and among equals first come."""

RULES: dict[Rule, int] = {"fifo": FIFO, "class": RANKED, "slack": RANKED}
"""The line of each queue rule of the scenario language; rules differ in the ranks that steps have."""

CALENDAR_DAYS = -1
"""Number of the calendar that is always open."""

NOBODY = -1
"""Number of the pool of a step that no officer serves."""

BORROWED = -2
"""Number of the pool of officers who are borrowed for one file."""
