"""Sweeps: which scenarios to run, how often, and what to measure, from a file or from the command line.

A factor is a dotted key of the scenario (``desks.planning.servers``), a parameter of a lever in every policy that uses
it (``levers.parallel_approvals.rate``), of one policy only (``policies.reported.levers.land_bank.target``), membership
of a lever in a policy (``policies.reported.levers.land_bank`` = true or false), or ``policy``, the policy compared.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, model_validator

from parkflow.analysis.errors import ArgumentError
from parkflow.analysis.experiments.design import Levels, Range, points
from parkflow.analysis.experiments.factors import Factor, UnknownFactorError, factor, varied
from parkflow.scenarios.load import SHIPPED, InputError, load
from parkflow.scenarios.reading import read_keys, referred_to
from parkflow.scenarios.translate import short, shown
from parkflow.sim.checks import nearest
from parkflow.sim.errors import UnfitValueError
from parkflow.sim.levers import SERIAL, Lever, own_levers, policy_names, register_lever
from parkflow.sim.scenario import Scenario
from parkflow.sim.values import Value

SWEEPS = SHIPPED / "sweeps"
GREEN_CHANNEL = "green_channel"
DEFAULT_REPLICATIONS = 20

MOST_TRIED = 20
"""Levels of a factor that are tried before a sweep begins; what is wrong with others is told at their points."""

Count = Annotated[int, Field(ge=1, le=10_000_000)]
Detail = Literal["summary", "projects", "events"]
Against = Literal["point", "park"]

DECIDED = ("desks", "meetings", "stocks", "crews")
"""Tables of what a park decides about. How many are enough is asked of the park as it is: beside a baseline that loses
its officers as well, a policy seems to save the more, the fewer there are."""

POLICY = ("levers", "policies", "policy")
"""Factors that leave the baseline as it is."""


class Precision(Value):
    """When a point has enough replications: the half-width of a measure's 95% interval is reached, or the cap is."""

    measure: str = Field("days_saved", description="A measure of one value a replication, such as days_saved.")
    half_width: Annotated[float, Field(gt=0)] = Field(description="In the measure's unit.")
    policy: str | None = Field(None, description="Whose measure; none: of every policy compared.")
    group: str = "all"
    minimum: Annotated[int, Field(ge=10)] = Field(32, description="Replications before the first look.")
    maximum: Count = Field(1024, description="Replications at which a point is given up.")

    @model_validator(mode="after")
    def _in_order(self) -> Precision:
        if self.maximum < self.minimum:
            raise ValueError(f"the cap of {self.maximum} replications is below the minimum of {self.minimum}; raise it")
        return self


class SweepFile(Value):
    """What a sweep file may say."""

    name: str = ""
    title: str = ""
    park: str = Field(description="A shipped park, or the path of a scenario file.")
    baseline: str = Field(SERIAL, description="Policy that the others are compared with.")
    against: Against | None = Field(
        None,
        description="Compare with the baseline of the same point, or with that of the park as it is; none: with the "
        "park where a factor changes its desks, meetings, stocks or crews.",
    )
    policies: tuple[str, ...] = Field((), description="Policies compared at every point.")
    start: str | None = Field(None, alias="from", description="Milestone at which the days start to count.")
    end: str | None = Field(None, alias="to", description="Milestone at which they end.")
    seed: Annotated[int, Field(ge=0)] = 1
    replications: Count | None = Field(None, description="Replications of every point.")
    precision: Precision | None = Field(None, description="Replicate until this is reached.")
    controls: bool = Field(True, description="Use control variates where they narrow an interval.")
    latin_hypercube: bool | None = Field(
        None, description="Draw replications in Latin hypercube blocks; none: where there may be enough of them."
    )
    detail: Detail = Field("summary", description="What is stored of every replication besides the measures.")
    design: Literal["grid", "list", "random", "lhs", "sobol"] = "grid"
    size: Count | None = Field(None, description="Points of a random, lhs or sobol design.")
    factors: dict[str, Levels] = Field(default_factory=dict)
    points: tuple[dict[str, Any], ...] = Field((), description="Points of a list design: the value of each factor.")


@dataclass(frozen=True)
class Sweep:
    """A checked sweep: its file, the park it starts from, and the value of every factor at every point."""

    file: SweepFile
    scenario: Scenario
    policies: tuple[str, ...]
    points: tuple[Mapping[str, Any], ...]

    @cached_property
    def variation(self) -> Variation:
        """What makes scenarios of points."""
        file = self.file
        return Variation(self.scenario, file.baseline, self.policies, file.against == "park", self.levers)

    @property
    def levers(self) -> tuple[type[Lever], ...]:
        """The levers that do not come with parkflow and that a policy or a factor of this sweep names."""
        named = {name for policy in self.scenario.policies.values() for name in policy.levers}
        named |= {part for point in self.points[:1] for key in point for part in key.split(".")}
        return tuple(lever for lever in own_levers() if lever.name in named)


@dataclass(frozen=True)
class Variation:
    """Makes the scenarios of a point: the baseline and the policies compared with it."""

    scenario: Scenario
    baseline: str
    policies: tuple[str, ...]
    against_park: bool = False
    levers: tuple[type[Lever], ...] = ()
    """Levers that do not come with parkflow, which a worker process learns of here."""

    def __call__(self, values: Mapping[str, Any]) -> dict[str, Scenario]:
        """The scenario under each policy; raises what `analysis.experiments.factors.varied` raises."""
        for lever in self.levers:
            register_lever(lever)
        given = {key: value for key, value in values.items() if key != "policy"}
        named = (str(values["policy"]),) if "policy" in values else self.policies
        wanted = tuple(dict.fromkeys((self.baseline, *named)))
        if not self.against_park:
            return varied(self.scenario, wanted, given)
        others = varied(self.scenario, tuple(name for name in wanted if name != self.baseline), given)
        return {**varied(self.scenario, (self.baseline,), {}), **others}


def available_sweeps() -> tuple[str, ...]:
    """Names of the shipped sweeps."""
    return tuple(sorted(path.stem for path in SWEEPS.glob("*.toml")))


def load_sweep(
    file_or_park: str | os.PathLike[str] | Scenario,
    vary: Sequence[str] = (),
    settings: Mapping[str, Any] | None = None,
) -> Sweep:
    """The checked sweep of a shipped sweep, of a sweep file, or of a park, file or scenario with factors to `vary`.

    Each entry of `vary` is written ``key=2,3,4`` or ``key=low:high:points``; `settings` overrule the file's own keys.
    Raises `InputError` with what is wrong and what would be right.
    """
    name, table, scenario = _found(file_or_park)
    table = {**table, **(settings or {})}
    table["factors"] = {**dotted(table.get("factors", {})), **dict(factor_written(name, text) for text in vary)}
    table["points"] = [dotted(point) for point in table["points"]] if _is_list(table.get("points")) else ()
    if "replications" in (settings or {}):
        table.pop("precision", None)
    try:
        file = SweepFile.model_validate(table)
    except ValidationError as error:
        raise InputError("\n".join(_problems(name, error))) from None
    return _checked(name, file, scenario or load(file.park))


# Files


def _found(file_or_park: str | os.PathLike[str] | Scenario) -> tuple[str, dict[str, Any], Scenario | None]:
    """What to call the sweep in messages, its keys, and its park if it is read; a park is a sweep without factors."""
    if isinstance(file_or_park, Scenario):
        return file_or_park.name, {"name": file_or_park.name, "park": file_or_park.name}, file_or_park
    given = os.fspath(file_or_park)
    if given in available_sweeps():
        return f"{given}.toml", {"name": given, **read_keys(SWEEPS / f"{given}.toml", given)}, None
    if not given.endswith(".toml"):
        try:
            return given, {"name": given, "park": given}, load(given)
        except InputError as error:
            raise InputError(f"{error}; shipped sweeps: {', '.join(available_sweeps())}") from None
    path = Path(given)
    table = read_keys(path, given, f"shipped sweeps: {', '.join(available_sweeps())}")
    if "park" not in table and not {"factors", "points", "design"} & set(table):
        return short(given), {"name": path.stem, "park": given}, None
    park = table.get("park")
    if isinstance(park, str) and park.endswith(".toml"):
        table["park"] = referred_to(path, park, given, "park")
    return short(given), {"name": path.stem, **table}, None


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, dict) for each in value)


def dotted(table: Any, prefix: str = "") -> dict[str, Any]:
    """Nested tables as dotted keys, so that ``desks.planning.servers`` needs no quotes; ranges and laws stay whole."""
    if not isinstance(table, dict):
        return {prefix.rstrip("."): table}
    found: dict[str, Any] = {}
    for key, value in table.items():
        whole = not isinstance(value, dict) or not value or {"low", "high", "dist"} & set(value)
        found |= {f"{prefix}{key}": value} if whole else dotted(value, f"{prefix}{key}.")
    return found


# The command line's factors


_RANGE = re.compile(r"^\s*([-+.\deE]+)\s*:\s*([-+.\deE]+)\s*(?::\s*(\d+)\s*)?$")


def factor_written(name: str, text: str) -> tuple[str, Any]:
    """A factor as the command line gives it: ``key=2,3,4``, ``key=low:high:points`` or ``key=low:high``."""
    key, equals, levels = text.partition("=")
    if not equals or not key.strip() or not levels.strip():
        raise ArgumentError("vary", short(text), "write key=2,3,4 or key=low:high:points")
    if match := _RANGE.match(levels):
        low, high, number = match.groups()
        try:
            ends = {"low": float(low), "high": float(high)}
        except ValueError:
            raise ArgumentError("vary", short(text), f"{low}:{high} is no range of numbers; write 0:1:5") from None
        return key.strip(), ends | ({"points": int(number)} if number else {})
    return key.strip(), [_value(each) for each in re.split(r",(?![^(\[{]*[)\]}])", levels)]


def _value(text: str) -> Any:
    """One level: a number, true or false, or text."""
    try:
        return tomllib.loads(f"value = {text.strip()}")["value"]
    except tomllib.TOMLDecodeError:
        return text.strip()


# Checks


def _problems(name: str, error: ValidationError) -> Iterator[str]:
    """Pydantic's errors in the words of the file."""
    for each in error.errors(include_url=False):
        keys = [str(key) for key in each["loc"] if not str(key).startswith(("Range", "tuple"))]
        key, given = ".".join(keys), shown(each["input"])
        model = Precision if keys[0] == "precision" and len(keys) > 1 else SweepFile
        known = [field.alias or field_name for field_name, field in model.model_fields.items()]
        if each["type"] == "extra_forbidden":
            yield f"{name}: {key}: unknown key; {nearest(keys[-1], known)}"
        elif each["type"] == "missing":
            yield f"{name}: {key}: is missing; add it"
        else:
            message = each["msg"].removeprefix("Value error, ")
            yield f"{name}: {key}: {given} does not fit; {message[0].lower()}{message[1:]}"


def _checked(name: str, file: SweepFile, scenario: Scenario) -> Sweep:
    """The sweep of a park, with its factors looked up and its points laid out."""
    if file.replications and file.precision:
        raise InputError(f"{name}: replications and precision contradict each other; give one of them")
    named = _policies(name, file, scenario)
    keys = dict.fromkeys([*file.factors, *(key for point in file.points for key in point)])
    factors = {key: _factor(name, scenario, named, key) for key in keys}
    levels = {key: _levels(name, file, key) for key in keys}
    for key, values in levels.items():
        _try(name, scenario, named, factors[key], values)
    for key, values in levels.items():
        _is_used(name, scenario, named, factors[key], values, levels)
    file = file.model_copy(update={"against": _against(file, list(keys))})
    laid_out = points(name, file, {key: found.whole for key, found in factors.items()})
    if file.precision and file.precision.policy not in (None, *named):
        remedy = nearest(str(file.precision.policy), named)
        raise InputError(f"{name}: precision.policy: {file.precision.policy} is not compared; {remedy}")
    return Sweep(file, scenario, _compared(file, scenario), laid_out)


def _against(file: SweepFile, keys: Sequence[str]) -> Against:
    """What the points are compared with, where the file does not say so.

    A factor that changes what projects are like would be counted as if the policy had done it: with such a one, points
    are compared with their own baseline.
    """
    tables = {key.split(".")[0] for key in keys}
    is_asked_of_the_park = bool(tables & set(DECIDED)) and tables <= {*DECIDED, *POLICY}
    return file.against or ("park" if is_asked_of_the_park else "point")


def _compared(file: SweepFile, scenario: Scenario) -> tuple[str, ...]:
    """The policies compared where the point itself names none."""
    if file.policies or "policy" in file.factors:
        return file.policies
    others = tuple(policy for policy in policy_names(scenario) if policy != file.baseline)
    return (GREEN_CHANNEL,) if GREEN_CHANNEL in others else others


def _policies(name: str, file: SweepFile, scenario: Scenario) -> tuple[str, ...]:
    """The baseline and all policies that any point compares with it."""
    listed = file.factors.get("policy", ())
    varied_over = listed if not isinstance(listed, Range) else ()
    in_points = [point["policy"] for point in file.points if "policy" in point]
    wanted = tuple(dict.fromkeys((file.baseline, *_compared(file, scenario), *map(str, (*varied_over, *in_points)))))
    for policy in wanted:
        if policy not in policy_names(scenario):
            remedy = nearest(policy, policy_names(scenario))
            raise InputError(f"{name}: {scenario.name} has no policy {shown(policy)}; {remedy}")
    if len(wanted) < 2:
        raise InputError(f"{name}: there is nothing to compare with {file.baseline}; name other policies")
    return wanted


def _factor(name: str, scenario: Scenario, policies: tuple[str, ...], key: str) -> Factor:
    try:
        return factor(scenario, policies, key)
    except UnknownFactorError as error:
        raise InputError(f"{name}: factors.{short(key)}: {error}") from None


def _levels(name: str, file: SweepFile, key: str) -> list[Any]:
    """The levels of a factor that can be checked beforehand: all of a list, the two ends of a range."""
    if key not in file.factors:
        return [point[key] for point in file.points if key in point]
    levels = file.factors[key]
    if isinstance(levels, Range):
        if levels.high < levels.low:
            raise InputError(f"{name}: factors.{key}: {levels.low:g} to {levels.high:g} falls; swap low and high")
        return [levels.low, levels.high]
    if not levels:
        raise InputError(f"{name}: factors.{key}: has no levels, so the grid is empty; list some, such as [2, 3, 4]")
    return list(levels)


def _tried(values: Sequence[Any]) -> list[Any]:
    """The levels that are tried beforehand: each once, or of many the least, the greatest and some between."""
    distinct = list({repr(value): value for value in values}.values())
    if len(distinct) <= MOST_TRIED:
        return distinct
    numbers = sorted(value for value in distinct if isinstance(value, int | float))
    others = [value for value in distinct if not isinstance(value, int | float)]
    return [some[at] for some in (numbers, others) if some for at in _spread(len(some), MOST_TRIED)]


def _spread(length: int, number: int) -> Iterator[int]:
    """So many places of a sequence, both ends among them, or all where it is shorter."""
    return iter(dict.fromkeys(round(at * (length - 1) / (number - 1)) for at in range(number)))


def _try(name: str, scenario: Scenario, policies: tuple[str, ...], one: Factor, values: Sequence[Any]) -> None:
    """Refuse levels that do not fit the key by themselves."""
    for value in _tried(values):
        try:
            one.check(scenario, policies, value)
        except ValueError as error:
            what = error.what if isinstance(error, UnfitValueError) else str(error)
            raise InputError(f"{name}: factors.{one.key}: {shown(value)} does not fit; {short(what)}") from None


def _is_used(
    name: str,
    scenario: Scenario,
    policies: tuple[str, ...],
    one: Factor,
    values: Sequence[Any],
    levels: Mapping[str, Sequence[Any]],
) -> None:
    """Refuse a factor whose levels leave every policy that is compared as it was."""
    switched_on = {
        key: True for key, known in levels.items() if True in known and all(v in (True, False) for v in known)
    }
    distinct = _tried(values)
    if one.key == "policy" or len(distinct) < 2:
        if one.unused:
            raise InputError(f"{name}: factors.{one.key}: {one.unused}")
        return
    seen = (varied(scenario, policies, {**switched_on, one.key: one.whole(value)}) for value in distinct)
    first = next(seen)
    if all(other == first for other in seen):  # as a rule the second is another
        remedy = "vary another key, or compare a policy that uses it"
        raise InputError(f"{name}: factors.{one.key}: no policy compared uses it; {one.unused or remedy}")
