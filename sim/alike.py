"""Which parks draw alike: where practices only change who waits for whom, policies share the draws of a replication."""

from __future__ import annotations

import hashlib

from parkflow.sim.layout import Layout
from parkflow.sim.progress import SerialPark
from parkflow.sim.recipe import Recipe


def drawn_alike(layout: Layout) -> str | None:
    """A name of all that the draws of its steps depend on, which layouts that draw alike have in common.

    None where practices have a say in it: whether a step takes place, how long it takes, how often it comes back.
    """
    recipe, scenario = layout.kept(Recipe), layout.scenario
    activities = scenario.activities.items()
    influenced = recipe.influences.count > 1 or (recipe.chances.row >= 0).any()
    conditional = any(it.applies.practice or it.applies.unless for _, it in activities)
    if influenced or conditional or any(crew.practice for crew in scenario.crews.values()):
        return None
    laws = [
        (name, it.duration, it.correction, it.applies, it.solves, it.times, it.crew, it.per) for name, it in activities
    ]
    parts = SerialPark(scenario).key, sorted(layout.idle), scenario.crews, laws
    return hashlib.blake2b(repr(parts).encode()).hexdigest()
