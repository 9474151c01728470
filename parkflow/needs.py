"""What would be enough: what `parkflow need` does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from parkflow.analysis.errors import ArgumentError
from parkflow.analysis.experiments.executors import local
from parkflow.analysis.experiments.factors import Factor, UnknownFactorError, factor
from parkflow.analysis.experiments.need import Dial, Need, Wanted
from parkflow.analysis.experiments.need import need as seek
from parkflow.analysis.experiments.seeking import FIRST, Aim, Watch
from parkflow.analysis.measures.registry import measure
from parkflow.park import DEFAULT_PARK, Park
from parkflow.policies import BASELINE, Site, at_least, cores, question
from parkflow.registration import measures_of

CONFIDENCE, MOST = 0.9, 512
MOST_COMBINATIONS = 20_000

_TARGET = re.compile(r"^\s*(\w+)\s*(>=|<=)\s*([-+.\deE]+)\s*(%?)\s*$")


def need(
    park: Park = DEFAULT_PARK,
    *,
    vary: Mapping[str, Any],
    target: str,
    policy: str = BASELINE,
    baseline: str = BASELINE,
    start: str | None = None,
    end: str | None = None,
    group: str | None = None,
    chance: float | None = None,
    confidence: float = CONFIDENCE,
    cap: int = MOST,
    costs: Mapping[str, float] | None = None,
    seed: int = 1,
    workers: int | None = None,
    progress: Watch = lambda done: None,
) -> Need:
    """Find the least resources with which a policy of a park reaches a target, and say so with a stated confidence.

    `vary` has levels by key, the least first: a list, or the ends of a range ``(low, high)`` whose whole numbers are
    tried; more must never do harm. `target` is a measure with its value, as ``start_rate>=0.9`` or ``days<=200``; its
    mean is meant, or, with a `chance`, the share of replications that reach it. Of several keys the cheapest
    combination is found; `costs` has the cost of one unit by key, 1 where it is not given. A combination counts as
    enough, or as too little, once its interval lies on that side of the target; at `cap` replications it stays open,
    and counts as too little. All verdicts together are right with probability `confidence` at least. `group` names the
    projects that are asked about. The other arguments are those of `compare`; `progress` is called with the
    replications run. Raises `ParkflowError` for whatever does not fit.
    """
    site = Site.of(park)
    name, aim = _target(target, chance)
    layout = site.layout(policy)
    if not vary:
        raise ArgumentError("vary", "nothing", "name a key with its levels, such as desks.planning.servers=1:8")
    if not 0.5 <= confidence < 1:
        raise ArgumentError("confidence", confidence, "give a probability from 0.5 to below 1")
    policies = tuple(dict.fromkeys((baseline, policy)))
    if measure(name).paired and len(policies) < 2:
        raise ArgumentError("policy", policy, f"{name} compares a policy with {baseline}; name another policy")
    prices = costs or {}
    for key in prices:
        if key not in vary:
            raise ArgumentError("cost", key, "it is not varied; name a key that is")
    dials = [_dial(site, policies, key, levels, prices.get(key, 1.0)) for key, levels in vary.items()]
    if (size := int(np.prod([len(dial.levels) for dial in dials]))) > MOST_COMBINATIONS:
        raise ArgumentError("vary", f"{size} combinations", f"give {MOST_COMBINATIONS} or fewer")
    wanted = Wanted(name, aim, policy, baseline, question(layout, start, end), group)
    most, executor = at_least(FIRST, cap, "cap"), local(cores(workers))
    found = seek(site.scenario, dials, wanted, confidence, most, at_least(0, seed, "seed"), executor, progress)
    if all(it.seen.count == 0 for it in found.attempts):
        raise ArgumentError("group", group, f"{name} shows nothing of it here; name another")
    return found


def _target(text: str, chance: float | None) -> tuple[str, Aim]:
    """The measure and what is to be reached."""
    if not (match := _TARGET.match(text)):
        raise ArgumentError("target", text, "write MEASURE>=VALUE or MEASURE<=VALUE, such as start_rate>=0.9")
    name, sign, number, is_percent = match.groups()
    [one] = measures_of(name)
    try:
        value = float(number) / (100.0 if is_percent else 1.0)
    except ValueError:
        raise ArgumentError("target", text, f"{number} is no number; write one, such as start_rate>=0.9") from None
    if not one.least <= value <= one.most:
        raise ArgumentError("target", text, f"{name} lies between {one.least:g} and {one.most:g}; give such a value")
    if chance is not None and not 0 < chance < 1:
        raise ArgumentError("chance", chance, "give a share of replications between 0 and 1")
    return one.name, Aim(value, sign == ">=", chance)


def _dial(site: Site, policies: Sequence[str], key: str, levels: Any, cost: float) -> Dial:
    """A key with its levels, checked, in their order."""
    if not cost > 0:
        raise ArgumentError("cost", f"{key}={cost:g}", "give the cost of one unit, above 0")
    try:
        one = factor(site.scenario, tuple(policies), key)
        values = _levels(one, levels)
        for value in {repr(it): it for it in (values[0], values[-1])}.values():
            one.check(site.scenario, policies, value)
    except (UnknownFactorError, ValueError) as error:
        raise ArgumentError("vary", key, str(error)) from None
    if one.unused:
        raise ArgumentError("vary", key, one.unused)
    return Dial(key, values, cost)


def _levels(one: Factor, given: Any) -> tuple[Any, ...]:
    """The levels of a key: those listed, or all between two ends."""
    if isinstance(given, Mapping):
        low, high, points = given["low"], given["high"], given.get("points")
        if high < low:
            raise ValueError(f"{low:g} to {high:g} falls; swap the two")
        found = np.linspace(low, high, points) if points else np.arange(low, high + 1e-9)
        return tuple(dict.fromkeys(one.whole(float(it)) for it in found))
    if isinstance(given, tuple) and len(given) == 2:
        return _levels(one, {"low": given[0], "high": given[1]})
    listed = list(given) if isinstance(given, Iterable) and not isinstance(given, str) else [given]
    if not listed:
        raise ValueError("it has no levels; list some, such as [2, 3, 4]")
    return tuple(dict.fromkeys(one.whole(it) for it in listed))
