"""Who pays for a policy, from Python: what `parkflow displacement` does."""

from __future__ import annotations

from parkflow.analysis.errors import ArgumentError
from parkflow.analysis.experiments.displaced import MEASURES, Displacement, check_of, rows_of
from parkflow.catalogue import Levers
from parkflow.comparisons import DEFAULT_REPLICATIONS, Progress, compare, quiet
from parkflow.park import DEFAULT_PARK, Names, Park
from parkflow.policies import BASELINE, Change


def displacement(
    park: Park = DEFAULT_PARK,
    policy: str = "reported",
    *,
    baseline: str = BASELINE,
    levers: Levers = (),
    without: Names = (),
    start: str | None = None,
    end: str | None = None,
    replications: int = DEFAULT_REPLICATIONS,
    seed: int = 1,
    workers: int | None = None,
    progress: Progress = quiet,
) -> Displacement:
    """Who pays for a policy: project-days gained and lost by every kind of project that has the second milestone ahead.

    Kinds are the projects that the policy covers and the others (where its practices pick some out), groups, classes,
    thirds by size, and stages at the start; each way of parting them sums to the park. The check beside them says what
    the order of service adds to the waits of the same files at the same officers: nothing, whatever the order. The
    arguments are those of `compare`. Raises `ParkflowError` for whatever does not fit.
    """
    if policy == baseline and not Change.of(levers, without):
        raise ArgumentError("policy", policy, "it is the baseline, which moves nobody; name another policy")
    found = compare(
        park, policy, baseline=baseline, levers=levers, without=without, start=start, end=end, measures=MEASURES,
        replications=replications, seed=seed, workers=workers, progress=progress,
    )  # fmt: skip
    compared = next(name for name in found.scenarios if name != baseline)
    return Displacement(
        found.scenario, compared, baseline, found.question, seed, found.replications, rows_of(found.measures),
        check_of(found.measures, compared), found.record,
    )  # fmt: skip
