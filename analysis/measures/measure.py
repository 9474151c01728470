"""What a measure is: its meaning and the function that observes it in one replication, kept together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from math import inf
from typing import Literal, NamedTuple, SupportsFloat, SupportsInt

import numpy as np
from numpy.typing import NDArray

from parkflow.analysis.language import COMING
from parkflow.analysis.replication.critical_path import Ways
from parkflow.analysis.replication.milestones import Pair, Span
from parkflow.analysis.replication.replication import Replication

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

ALL = "all"
"""The group of all projects."""

Interval = Literal["mean", "share", "quantile"]
"""What replications show of a measure: a mean, the two counts of a share, or a quantile over projects."""


ENOUGH = 20
"""Replications from which the interval of a quantile over projects is as good as that of a mean."""


class Observation(NamedTuple):
    """What one replication shows of a measure: a value, or for a ratio its numerator with the denominator as weight.

    `start` and `end` are milestones, empty where the measure has none. NaN where there was nothing to measure.
    `censored` counts the projects or issues that were not finished.
    """

    policy: str
    measure: str
    start: str
    end: str
    group: str
    value: float
    weight: float = 1.0
    censored: int = 0


class Seen(NamedTuple):
    """What an observer finds: a value, or a numerator and its denominator as `weight`, of one group.

    `end` names a milestone that the measure itself does not know beforehand, such as that of a cohort.
    """

    value: SupportsFloat
    group: str = ALL
    weight: SupportsFloat = 1.0
    censored: SupportsInt = 0
    end: str = ""


@dataclass(frozen=True)
class View:
    """What an observer sees: one policy's replication, the pair of milestones asked about, and the baseline's view.

    `baseline` is None for the baseline itself. What several measures need is made once, when the first asks for it.
    """

    policy: str
    run: Replication
    pair: Pair
    baseline: View | None = None

    @cached_property
    def days(self) -> Span:
        """Days of each project between the pair."""
        return self.run.span(self.pair)

    @cached_property
    def saved(self) -> Span:
        """Days that each project saves against the baseline; nothing for the baseline itself."""
        if self.baseline is None:
            nothing = np.zeros(len(self.run.groups), dtype=bool)
            return Span(np.full(len(nothing), np.nan), nothing)
        return self.run.saved(self.baseline.run, self.pair)

    @cached_property
    def ways(self) -> Ways:
        """Where the days between the pair went; they sum to `days`."""
        return self.run.ways(self.pair)

    def ways_counting(self, days: Floats) -> Ways:
        """The ways of the same projects where other days are counted; they sum to them."""
        return self.run.recounted(self.pair, self.ways, self.days.days, days)

    @cached_property
    def groups(self) -> dict[str, Bools]:
        """Which projects are in which group; classes only where they are not the groups under other names."""
        scenario, group = self.run.scenario, self.run.groups
        present = set(group.tolist())
        names = [name for name in scenario.portfolio if name in present]
        classes = list(dict.fromkeys(scenario.portfolio[name].of for name in names))
        found: dict[str, Bools] = {ALL: np.ones(len(group), dtype=bool)}
        if len(names) > 1:
            found |= {name: group == name for name in names}
        if 1 < len(classes) < len(names):
            of = np.array([scenario.portfolio[name].of for name in group.tolist()])
            found |= {f"class:{name}": of == name for name in classes}
        return found

    @cached_property
    def stages(self) -> dict[str, Bools]:
        """Which projects are in which stage at the start, and which are still to come; nothing where all are alike."""
        stage = self.run.stages
        present = [name for name in ("", *self.run.scenario.stages) if (stage == name).any()]
        return {f"stage:{name or COMING}": stage == name for name in present} if len(present) > 1 else {}

    def groups_of(self, concerned: Bools) -> Iterator[tuple[str, Bools]]:
        """The group of all, and every other that holds a project concerned, with its projects."""
        return ((name, mine) for name, mine in self.groups.items() if name == ALL or (mine & concerned).any())


Observer = Callable[[View], Iterable[Seen]]


@dataclass(frozen=True)
class Measure:
    """What a measure means, its formula in one replication, and the function that observes it there.

    `interval` says how its interval over replications is made; its bounds are cut to the range from `least` to `most`.
    `paired` measures compare a policy with the baseline, project by project, and are not observed for the baseline
    itself. `limits` say what it does not tell. `between` is a pair of milestones of its own; None stands for the pair
    that the question names. `headline` measures stand in the first table of a comparison, those with `in_sweeps` in the
    summary of a sweep; `of_cohort` ones have no group of all projects, only their own. `elapsed` ones count days from
    one milestone of the pair to the other, and are not negative where these have an order.
    """

    name: str
    title: str
    title_zh: str
    formula: str
    unit: str
    observe: Observer
    interval: Interval = "mean"
    paired: bool = False
    limits: tuple[str, ...] = ()
    between: Pair | None = None
    headline: bool = False
    in_sweeps: bool = False
    of_cohort: bool = False
    elapsed: bool = False
    least: float = -inf
    most: float = inf

    def between_ordered(self) -> Measure:
        """The same where the second milestone never comes before the first."""
        return replace(self, least=max(self.least, 0.0)) if self.elapsed else self

    def rough(self, replications: int) -> bool:
        """Whether the interval from so many replications is a rough one."""
        return self.interval == "quantile" and replications < ENOUGH

    def seen_in(self, view: View) -> Iterator[Observation]:
        """What one replication shows under one policy."""
        start, end = view.pair if self.between is None else self.between
        for seen in self.observe(view):
            yield Observation(
                view.policy, self.name, start, seen.end or end, seen.group,
                float(seen.value), float(seen.weight), int(seen.censored),
            )  # fmt: skip


NO_PAIR: Pair = ("", "")


def mean(values: Floats) -> float:
    """Mean of what is there; NaN if nothing is."""
    kept = values[~np.isnan(values)]
    return float(kept.mean()) if len(kept) else np.nan
