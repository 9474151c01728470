"""What each lever of a policy is worth: alone against the baseline, and removed from the bundle."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from parkflow.analysis.experiments.executors import Executor, here
from parkflow.analysis.experiments.pairwise import compare_each
from parkflow.analysis.experiments.question import Question
from parkflow.analysis.measures.measure import ALL
from parkflow.analysis.measures.summary import Row
from parkflow.sim.levers import SERIAL, LeverError, bundle, with_levers
from parkflow.sim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

BUNDLE = "bundle"

SAVED, NET = "days_saved", "net_days"
ASKED = (SAVED, NET)
"""The worth of levers is told in these measures; no other is observed."""

COLUMNS = ["lever", "way", "mean", "low", "high", "net", "net_low", "net_high", "replications"]


@dataclass(frozen=True)
class LeverWorth:
    """What the levers of a policy are worth in a park, to the projects of one group, in days per project.

    `saved` is what the whole bundle saves, `net` by how much earlier all projects of the park get there under it.

    A row has a lever, its `way` (alone, removed), mean, low and high of the days saved, the same of the net of the park
    (`net`, `net_low`, `net_high`), and replications.
    """

    park: str
    policy: str
    question: Question
    replications: int
    saved: float | None
    net: float | None
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
    alone = _under(scenario, {f"alone/{name}": {name: levers[name]} for name in levers})
    less = {f"removed/{name}": {other: levers[other] for other in levers if other != name} for name in levers}
    removed = _under(scenario, {name: rest for name, rest in less.items() if rest})
    whole = {SERIAL: with_levers(scenario, {}), BUNDLE: with_levers(scenario, levers)}
    rows_against = compare_each(
        {**whole, **alone, **removed}, {SERIAL: [BUNDLE, *alone], BUNDLE: list(removed)}, question, seed, replications,
        executor, lambda share: progress(round(2 * len(replications) * share)), ASKED,
    )  # fmt: skip
    gained, lost = rows_against[SERIAL], rows_against.get(BUNDLE, ())
    saved, net = _of(gained, SAVED, group), _of(gained, NET, ALL)
    rows = [_way("alone", row, net.get(name), 1.0) for name, row in saved.items() if name != BUNDLE]
    net_lost = _of(lost, NET, ALL)
    rows += [_way("removed", row, net_lost.get(name), -1.0) for name, row in _of(lost, SAVED, group).items()]
    bundled, net_bundled = (found[BUNDLE]["mean"] if BUNDLE in found else None for found in (saved, net))
    return LeverWorth(scenario.name, policy, question, len(replications), bundled, net_bundled, tuple(rows), group)


def _under(scenario: Scenario, bundles: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> dict[str, Scenario]:
    """The scenario under each bundle; one that the park cannot have is left out."""
    found = {}
    for name, levers in bundles.items():
        with suppress(LeverError):
            found[name] = with_levers(scenario, levers)
    return found


def _of(rows: Sequence[Row], measure: str, group: str) -> dict[str, Row]:
    """The rows of a measure and a group, by policy."""
    return {row["policy"]: row for row in rows if (row["measure"], row["group"]) == (measure, group)}


def _way(way: str, row: Row, net: Row | None, sign: float) -> dict[str, Any]:
    """Days saved and the net of the park, their signs turned where what is lost was measured as negative saving."""
    (mean, low, high), (net_mean, net_low, net_high) = _turned(row, sign), _turned(net, sign)
    return {
        "lever": row["policy"].split("/", 1)[1], "way": way, "mean": mean, "low": low, "high": high,
        "net": net_mean, "net_low": net_low, "net_high": net_high, "replications": row["replications"],
    }  # fmt: skip


def _turned(row: Row | None, sign: float) -> list[float | None]:
    """Mean and bounds of a row times a sign; nothing where there is no row."""
    if row is None:
        return [None, None, None]
    mean, low, high = (None if value is None else sign * value for value in (row["mean"], row["low"], row["high"]))
    return [mean, low, high] if sign > 0 else [mean, high, low]
