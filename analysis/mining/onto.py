"""A mined park laid onto another: only the numbers of what both call by the same name."""

from __future__ import annotations

from typing import Any

from parkflow.analysis.mining.mined import Mined
from parkflow.sim.circulation import circulation_of
from parkflow.sim.scenario import Scenario
from parkflow.sim.steps import Activity

Table = dict[str, Any]
NUMBERS = ("duration", "correction", "source")
"""What an activity takes over: how long it takes and how often it comes back, with what that rests on."""


def onto(found: Mined, park: Scenario, extends: str) -> tuple[Table, tuple[str, ...]]:
    """The table of a file that extends a park, and what of the log has no place in it, in sentences.

    Taken over are durations and returns of activities that the park has with the same step and unit, and the officers
    of desks that it has, where their number is sure. Its network, its calendars and who comes to it stay.
    """
    left: list[str] = []
    activities: Table = {}
    for name, table in found.park["activities"].items():
        if why := _unfit(table, park.activities.get(name)):
            left.append(f"{name}: {why}")
        elif table["step"] != "milestone":
            home, numbers = _numbers(name, table, park)
            known = activities.get(home, {})
            notes = "; ".join(note for note in (known.get("source"), numbers["source"]) if note)
            activities[home] = {**known, **numbers, "source": notes}
    desks = {it.name: found.park["desks"][it.name] for it in found.pools if it.sure and it.name in park.desks}
    left += [f"{name}: the park has no such desk" for name in found.park["desks"] if name not in park.desks]
    head = {"extends": extends, "title": f"{park.title or park.name}, with numbers mined from {found.log.raw.name}"}
    officers = {name: {key: table[key] for key in ("servers", "source")} for name, table in desks.items()}
    return {**head, "desks": officers, "activities": activities}, tuple(left)


def _numbers(name: str, table: Table, park: Scenario) -> tuple[str, Table]:
    """Where the numbers of an activity stand in a file: those of a circulation with the step that it follows."""
    home = name.removesuffix(circulation_of(""))
    if home != name and home in park.activities and park.activities[home].step == "desk":
        return home, {"circulation": table["duration"], "source": table["source"]}
    return name, {key: table[key] for key in NUMBERS if key in table}


def _unfit(table: Table, activity: Activity | None) -> str:
    """Why a mined activity cannot lend its numbers to one of the park; empty if it can."""
    if activity is None or "project" not in activity.processes:
        return "no project of the park has such an activity"
    if activity.step != table["step"]:
        return f"it is a {activity.step} in the park and a {table['step']} in the log"
    if activity.duration is None or "duration" not in table:
        return ""
    written = table["duration"]
    unit = written["unit"] if isinstance(written, dict) else str(written).rpartition(" ")[2]
    return "" if unit == (activity.duration.unit or "cd") else f"it is counted in {unit} in the log only"
