"""One replication of a park under one policy, project by project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from parkflow.analysis.errors import ArgumentError
from parkflow.analysis.replication.replication import replicate, tables_of
from parkflow.analysis.replication.tables import Table
from parkflow.catalogue import Levers
from parkflow.park import DEFAULT_PARK, Names, Park
from parkflow.policies import BASELINE, Change, Site, at_least, question
from parkflow.sim.names import nearest
from parkflow.sim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Replication:
    """What happened in one replication: tables of columns by name, and the park under the policy that was run."""

    scenario: Scenario
    policy: str
    seed: int
    number: int
    tables: Mapping[str, Table]

    def frame(self, name: str = "projects") -> pd.DataFrame:
        """One table as a pandas DataFrame: ``projects``, ``steps``, ``issues``, ``desks`` or ``stocks``.

        Days are counted from the start of the park. Raises `ParkflowError` for any other name.
        """
        if name not in self.tables:
            raise ArgumentError("name", name, f"there is no such table; {nearest(name, tuple(self.tables))}")
        import pandas as pd

        return pd.DataFrame(self.tables[name])


def simulate(
    park: Park = DEFAULT_PARK,
    policy: str = BASELINE,
    *,
    levers: Levers = (),
    without: Names = (),
    seed: int = 1,
    replication: int = 0,
) -> Replication:
    """Simulate one replication of a park under a policy, with levers added or left out, and tell all that happened.

    Replication 0 of seed 1 meets the same projects as the first replication of `compare` with this seed. Raises
    `ParkflowError` for whatever does not fit.
    """
    site, change = Site.of(park), Change.of(levers, without)
    layout, name = site.layout(policy, change), change.name(policy)
    seed, number = at_least(0, seed, "seed"), at_least(0, replication, "replication")
    kept = tables_of(replicate({name: layout}, seed, number), name, question(layout, None, None))[name]
    return Replication(layout.scenario, name, seed, number, dict(kept.items()))
