"""What each lever of a policy is worth: alone against the baseline, and removed from the bundle."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from parkflow.analysis.experiments.comparison import compare
from parkflow.analysis.experiments.executors import Executor, here
from parkflow.analysis.experiments.question import Question
from parkflow.analysis.measures.measure import ALL
from parkflow.analysis.measures.summary import Row
from parkflow.analysis.replication.replication import LaidOut, laid_out
from parkflow.sim.levers import SERIAL, LeverError, bundle, with_levers
from parkflow.sim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

BUNDLE = "bundle"

ASKED = ("days_saved",)
"""The worth of levers is told in this measure; no other is observed."""

COLUMNS = ["lever", "way", "mean", "low", "high", "replications"]


@dataclass(frozen=True)
class LeverWorth:
    """What the levers of a policy are worth in a park, to the projects of one group, in days per project.

    `saved` is what the whole bundle saves.

    A row has a lever, its `way` (alone, removed), mean, low, high and replications.
    """

    park: str
    policy: str
    question: Question
    replications: int
    saved: float | None
    rows: tuple[dict[str, Any], ...]
    group: str = ALL

    def frame(self) -> pd.DataFrame:
        """The rows as a pandas DataFrame."""
        import pandas as pd

        return pd.DataFrame(self.rows, columns=COLUMNS)


def lever_worth(
    scenario: Scenario,
    policy: str,
    question: Question,
    seed: int,
    replications: Sequence[int],
    executor: Executor = here,
    progress: Callable[[int], None] = lambda done: None,
    group: str = ALL,
) -> LeverWorth:
    """Days saved by each lever alone against serial, and days lost when the bundle lacks it, by projects of a group."""
    levers = bundle(scenario, policy)
    alone = _layouts(scenario, {f"alone/{name}": {name: levers[name]} for name in levers})
    less = {f"removed/{name}": {other: levers[other] for other in levers if other != name} for name in levers}
    removed = _layouts(scenario, {name: rest for name, rest in less.items() if rest})
    whole = {SERIAL: laid_out(with_levers(scenario, {})), BUNDLE: laid_out(with_levers(scenario, levers))}
    saved = _saved(
        compare({**whole, **alone}, SERIAL, question, seed, replications, executor, progress, measures=ASKED), group
    )
    lost = _saved(
        compare(
            {BUNDLE: whole[BUNDLE], **removed}, BUNDLE, question, seed, replications, executor, progress, measures=ASKED
        ),
        group,
    )
    rows = [_way("alone", row, 1.0) for row in saved if row["policy"] != BUNDLE]
    rows += [_way("removed", row, -1.0) for row in lost]
    whole_bundle = next((row["mean"] for row in saved if row["policy"] == BUNDLE), None)
    return LeverWorth(scenario.name, policy, question, len(replications), whole_bundle, tuple(rows), group)


def _layouts(scenario: Scenario, bundles: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> dict[str, LaidOut]:
    """The layouts of bundles; one that the park cannot have is left out."""
    found = {}
    for name, levers in bundles.items():
        try:
            found[name] = laid_out(with_levers(scenario, levers))
        except LeverError:
            continue
    return found


def _saved(rows: Sequence[Row], group: str) -> list[Row]:
    return [row for row in rows if row["group"] == group]


def _way(way: str, row: Row, sign: float) -> dict[str, Any]:
    """A row with the sign turned where what is lost was measured as negative saving."""
    bounds = [None if bound is None else sign * bound for bound in (row["low"], row["high"])]
    low, high = bounds if sign > 0 else bounds[::-1]
    mean = None if row["mean"] is None else sign * row["mean"]
    lever = row["policy"].split("/", 1)[1]
    return {"lever": lever, "way": way, "mean": mean, "low": low, "high": high, "replications": row["replications"]}
