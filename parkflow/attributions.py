"""Which lever of a policy did it, from Python: what `parkflow attribute` does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from parkflow.analysis.errors import ArgumentError
from parkflow.analysis.experiments.attribution import Asked, Attribution, Method, method_of, order_of
from parkflow.analysis.experiments.attribution import attribute as share_out
from parkflow.analysis.experiments.coalitions import Game, coalitions
from parkflow.analysis.experiments.executors import local
from parkflow.analysis.experiments.sweeper import State
from parkflow.analysis.experiments.worth import LeverWorth, lever_worth
from parkflow.analysis.measures.measure import ALL
from parkflow.analysis.provenance import record
from parkflow.asked import as_asked
from parkflow.catalogue import Levers
from parkflow.comparisons import DEFAULT_REPLICATIONS, Folder, Progress, quiet
from parkflow.park import DEFAULT_PARK, Names, Park, several
from parkflow.policies import Change, Site, at_least, cores, question
from parkflow.registration import Measures, measures_of
from parkflow.sim.checks import nearest
from parkflow.sweeps import executor

DEFAULT_POLICY = "reported"
HEADLINE = ("days_saved", "net_days")
"""What is shared out where nothing else is asked for: the days saved, and the net of the park."""


def attribute(
    park: Park = DEFAULT_PARK,
    policy: str = DEFAULT_POLICY,
    *,
    levers: Levers = (),
    without: Names = (),
    start: str | None = None,
    end: str | None = None,
    measures: Measures = HEADLINE,
    group: str = ALL,
    order: Names = (),
    method: Method | None = None,
    pairs: bool | None = None,
    replications: int = DEFAULT_REPLICATIONS,
    seed: int = 1,
    workers: int | None = None,
    cluster: str | None = None,
    out: Folder | None = None,
    progress: Callable[[State], None] = lambda state: None,
) -> Attribution:
    """Share out the effect of a policy among its levers by Shapley's value, on the same projects.

    Every coalition of up to ten levers is simulated; of more, levers join in random orders and their reverses, new
    ones in each replication (`method` says which: exact or sampled). In each replication the shares sum to what the
    policy changes. Beside them stand what each lever changes first, last, and in its turn where the levers join in an
    `order` (those not named come after), and for `pairs` of levers what both change beyond each; these are given by
    themselves where every coalition is simulated. All intervals of one measure hold together.

    `levers` are added to the policy and those in `without` left out; `measures` are any, by object or by name, of one
    `group` of projects. With `out` all that is run is kept in this folder, and the same call goes on where it stopped.
    `cluster` is the address of a Dask scheduler that does the work instead of `workers` processes. Raises
    `ParkflowError` for whatever does not fit.
    """
    site, change = Site.of(park), Change.of(levers, without)
    milestones = question(site.layout(policy, change), start, end)
    bundle = site.levers(policy, change)
    if not bundle:
        raise ArgumentError("policy", policy, "it has no levers to share its effect among; name another policy")
    chosen, number = measures_of(measures), at_least(0, seed, "seed")
    game = Game(site.scenario, change.name(policy), bundle, milestones, number, chosen)
    how = method_of(len(bundle), method)
    turns = order_of(game.names, _checked(several(order), game.names))
    with_pairs = how == "exact" if pairs is None else pairs
    asked = Asked(at_least(1, replications, "replications"), how, turns, with_pairs, group)
    command = as_asked("attribute")
    with (
        executor(workers, cluster) as work,
        coalitions(game, Path(out) if out is not None else None, work, progress, command) as known,
    ):
        return share_out(known, asked, record(site.scenario, command))


def _checked(order: tuple[str, ...], names: tuple[str, ...]) -> tuple[str, ...]:
    """An order of levers that the policy has, each once; raises `ArgumentError`."""
    for place, name in enumerate(order):
        if name not in names:
            raise ArgumentError("order", name, f"the policy has no such lever; {nearest(name, names)}")
        if name in order[:place]:
            raise ArgumentError("order", name, "name each lever once")
    return order


def worth(
    park: Park = DEFAULT_PARK,
    policy: str = "full",
    *,
    start: str | None = None,
    end: str | None = None,
    replications: int = DEFAULT_REPLICATIONS,
    seed: int = 1,
    workers: int | None = None,
    progress: Progress = quiet,
) -> LeverWorth:
    """Weigh each lever of a policy: alone against the serial park, and by what its removal from the policy costs.

    Raises `ParkflowError` for whatever does not fit.
    """
    site = Site.of(park)
    asked = question(site.layout(policy), start, end)
    numbers = range(at_least(1, replications, "replications"))
    executor = local(cores(workers))
    return lever_worth(site.scenario, policy, asked, at_least(0, seed, "seed"), numbers, executor, progress)
