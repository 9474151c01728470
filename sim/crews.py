"""Earthworks: what a crew of machines moves in a day, from zones, fleet and shifts."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.roster import Roster
from parkflow.sim.scenario import Activity, Crew, Scenario

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


def daily_output(crew: Crew, attributes: Mapping[str, Floats], covered: Bools) -> Floats:
    """Units moved a day, per project; `covered` ones work in the crew's zones and shifts, the others in one of each.

    Machines at work are limited by the fleet and by the room in the zones; a night shift works at `night_factor` of a
    day shift, and zones beyond `free_zones` get in each other's way (priors: four zones reproduce the reported rate).
    """
    fleet, room = _amount(crew.machines, attributes), _amount(crew.zone_machines, attributes)
    zones = np.where(covered, crew.zones, 1)
    shifts = np.where(covered, crew.shifts, 1)
    machines = np.minimum(fleet, zones * room)
    crowding = 1 + crew.congestion * np.maximum(0, zones - crew.free_zones)
    behind = 1 + crew.imbalance * (1 - 1 / zones)
    output: Floats = machines * crew.output * (1 + crew.night_factor * (shifts - 1)) / crowding / behind
    return output


def scale_of(scenario: Scenario, activity: Activity, attributes: Mapping[str, Floats], covered: Bools) -> Floats:
    """What multiplies an activity's duration, per project: its attributes, and for a crew one over its daily output."""
    scale = np.ones(len(covered))
    for key in activity.times:
        scale = scale * attributes[key]
    if activity.crew:
        scale = scale / daily_output(scenario.crews[activity.crew], attributes, covered)
    return scale


def _amount(given: float | str, attributes: Mapping[str, Floats]) -> Floats | float:
    return attributes[given] if isinstance(given, str) else given


class Scales:
    """What multiplies durations, once for all activities that share it; row 0 is that of activities as they are.

    `row[a]` is the row of activity number a in what `on` gives.
    """

    def __init__(self, scenario: Scenario) -> None:
        """Tell apart what multiplies the durations of the scenario's activities."""
        self._scenario = scenario
        numbers: dict[tuple[object, ...], int] = {((), None): 0}
        self._kinds: list[Activity] = []
        rows = [0]
        for activity in scenario.activities.values():
            number = numbers.setdefault((activity.times, activity.crew), len(numbers))
            self._kinds += [activity] if number > len(self._kinds) else []
            rows.append(number)
        self.row: Ints = np.array(rows, dtype=np.int64)

    def on(self, roster: Roster, serial: bool = False) -> Floats:
        """The scales by row and project, under the practices in force; in the serial park there are none."""
        found = np.ones((len(self._kinds) + 1, len(roster.group)))
        for number, activity in enumerate(self._kinds, start=1):
            crew = self._scenario.crews[activity.crew] if activity.crew else None
            covered = np.full(len(roster.group), not serial)
            if crew and crew.practice and not serial:
                covered = roster.practices[crew.practice]
            found[number] = scale_of(self._scenario, activity, roster.attributes, covered)
        return found
