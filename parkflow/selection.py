"""Which of several policies is best: what `parkflow choose` does."""

from __future__ import annotations

from parkflow.analysis.errors import ArgumentError
from parkflow.analysis.experiments.choice import EFFORT, Asked, Choice
from parkflow.analysis.experiments.choice import choose as choose_among
from parkflow.analysis.experiments.executors import local
from parkflow.analysis.experiments.selection import FIRST, Goal, Watch
from parkflow.analysis.measures.measure import ALL
from parkflow.catalogue import Levers
from parkflow.park import DEFAULT_PARK, Names, Park
from parkflow.policies import BASELINE, Change, Site, at_least, cores, question
from parkflow.registration import measures_of
from parkflow.sim.levers import policy_names

ZONE, CONFIDENCE, MOST = 5.0, 0.95, 2000


def choose(
    park: Park = DEFAULT_PARK,
    policies: Names = (),
    *,
    baseline: str = BASELINE,
    levers: Levers = (),
    without: Names = (),
    start: str | None = None,
    end: str | None = None,
    measure: str = "days_saved",
    lowest: bool = False,
    effort: str = EFFORT,
    group: str = ALL,
    zone: float = ZONE,
    confidence: float = CONFIDENCE,
    cap: int = MOST,
    seed: int = 1,
    workers: int | None = None,
    progress: Watch = lambda done, left: None,
) -> Choice:
    """Select the best of several policies by a measure, with a stated probability of being right.

    Named are the policies to choose among; none means all of the park but the baseline. The one with the highest mean
    of `measure`, or the lowest, is selected with probability `confidence` at least, if no other lies within `zone` of
    it (in the unit of the measure); where some do, one of them is selected. Policies that are worse than others beyond
    doubt get no more replications. At `cap` replications it stops, and promises nothing. `effort` names the measure
    that says what a policy costs; policies which no other beats in both are on the frontier. The other arguments are
    those of `compare`. `progress` is called with the replications done and the number of policies left.
    Raises `ParkflowError` for whatever does not fit.
    """
    site, change = Site.of(park), Change.of(levers, without)
    named = policies or tuple(name for name in policy_names(site.scenario) if name != baseline)
    layouts = {baseline: site.layout(baseline)}
    layouts |= {change.name(one): site.layout(one, change) for one in site.chosen(named, baseline)}
    if len(layouts) < 3:
        raise ArgumentError(
            "policy", ", ".join(list(layouts)[1:]) or "none", "name two policies or more to choose from"
        )
    if not zone > 0:
        raise ArgumentError("zone", zone, "give the least difference that matters, above 0")
    if not 0.5 <= confidence < 1:
        raise ArgumentError("confidence", confidence, "give a probability from 0.5 to below 1")
    measures_of((measure, effort))
    asked = Asked(question(layouts[baseline], start, end), measure, effort, group, lowest)
    goal = Goal(zone, confidence, most=at_least(FIRST, cap, "cap"))
    found = choose_among(layouts, baseline, asked, goal, at_least(0, seed, "seed"), local(cores(workers)), progress)
    if all(it.value.count == 0 for it in found.candidates):
        raise ArgumentError("measure", measure, f"it shows nothing of the group {group} here; name another")
    return found
