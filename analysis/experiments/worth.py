"""What each lever of a policy is worth: alone against the serial park, and removed from the bundle.

Both are read off the value function of sets of levers (`analysis.experiments.coalitions`), on the same projects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from parkflow.analysis.experiments.coalitions import Coalition, Coalitions, Game, coalitions
from parkflow.analysis.experiments.executors import Executor, here
from parkflow.analysis.experiments.question import Question
from parkflow.analysis.experiments.sweeper import Progress, State
from parkflow.analysis.measures.intervals import Estimate
from parkflow.analysis.measures.measure import ALL
from parkflow.analysis.measures.registry import chosen
from parkflow.analysis.measures.simultaneous import of_means
from parkflow.sim.levers import bundle
from parkflow.sim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]

ASKED = ("days_saved", "net_days")
"""The worth of levers is told in these measures; no other is observed."""

WAYS = ("alone", "removed")

COLUMNS = ["lever", "way", "mean", "low", "high", "net", "net_low", "net_high", "replications"]


@dataclass(frozen=True)
class LeverWorth:
    """What the levers of a policy are worth in a park, to the projects of one group, in days per project.

    `saved` is what the whole bundle saves, `net` by how much earlier all projects of the park get there under it.

    A row has a lever, its `way` (alone, removed), mean, low and high of the days saved, the same of the net of the park
    (`net`, `net_low`, `net_high`), and replications. All intervals hold together with 95%.
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
    """Days saved by each lever alone against serial, and days lost when the bundle lacks it, by projects of a group.

    A lever that the park cannot have without another has no row alone.
    """
    game = Game(scenario, policy, bundle(scenario, policy), question, seed, chosen(ASKED))
    with coalitions(game, None, executor, _in_replications(progress, 2 * len(replications))) as known:
        known.run(dict.fromkeys([coalition for pair in _pairs(game) for coalition in pair], replications))
        rows = tuple(_rows(known, group)) if game.names else ()
        whole = [float(np.nanmean(one)) if len(one) else None for one in _together(known, group)]
    return LeverWorth(scenario.name, policy, question, len(replications), whole[0], whole[1], rows, group)


def _pairs(game: Game) -> list[tuple[Coalition, Coalition]]:
    """What is compared, by lever and way: the coalition with it and that without."""
    everybody = frozenset(game.names)
    alone = [(frozenset({name}), Coalition()) for name in game.names]
    return alone + [(everybody, everybody - {name}) for name in game.names]


def _together(known: Coalitions, group: str) -> list[Floats]:
    """What the whole bundle changes, by replication: days saved by the group, and net of the park."""
    if not known.game.names:
        return [np.zeros(0)] * len(ASKED)
    return [known.values(one, of)(frozenset(known.game.names)) for one, of in _measures(known, group)]


def _measures(known: Coalitions, group: str) -> Iterator[tuple[Any, str]]:
    """The measures asked for, each with the group that it is about: the net of the park is that of all."""
    return zip(known.game.measures, (group, ALL), strict=True)


def _rows(known: Coalitions, group: str) -> Iterator[dict[str, Any]]:
    """A row per lever and way; the intervals of all of them hold together."""
    pairs = _pairs(known.game)
    values = [known.values(*asked) for asked in _measures(known, group)]
    estimates = of_means(np.array([value(there) - value(without) for value in values for there, without in pairs]))
    of_saved, of_net = estimates[: len(pairs)], estimates[len(pairs) :]
    labels = [(way, name) for way in WAYS for name in known.game.names]
    for (way, lever), (there, _), saved, net in zip(labels, pairs, of_saved, of_net, strict=True):
        if known.game.possible(there):
            yield _row(way, lever, saved, net)


def _row(way: str, lever: str, saved: Estimate, net: Estimate) -> dict[str, Any]:
    """Days saved and the net of the park."""
    (mean, low, high), (net_mean, net_low, net_high) = _plain(saved), _plain(net)
    return {
        "lever": lever, "way": way, "mean": mean, "low": low, "high": high,
        "net": net_mean, "net_low": net_low, "net_high": net_high, "replications": saved.count,
    }  # fmt: skip


def _plain(found: Estimate) -> list[float | None]:
    """Mean and bounds; None for what is not known."""
    return [None if np.isnan(value) else float(value) for value in (found.mean, found.low, found.high)]


def _in_replications(progress: Callable[[int], None], total: int) -> Progress:
    """Tells of so many replications what share of all runs is done."""

    def tell(state: State) -> None:
        progress(round(total * state.done / max(state.expected, 1)))

    return tell
