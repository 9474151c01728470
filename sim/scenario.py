"""What a park is: a frozen, validated value that names calendars, projects, desks, meetings, stocks and activities.

Everything the engine will do follows from a `Scenario`. A lever maps one Scenario to another; nothing else knows of
levers. Cross-references are checked in `sim.checks`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator, model_validator

from parkflow.sim.circulation import with_circulations
from parkflow.sim.durations import Distribution
from parkflow.sim.ranges import Range as Range
from parkflow.sim.steps import Activity as Activity
from parkflow.sim.steps import AnyActivity
from parkflow.sim.steps import Applies as Applies
from parkflow.sim.steps import Cause as Cause
from parkflow.sim.steps import Correction as Correction
from parkflow.sim.steps import Step as Step
from parkflow.sim.values import Factor, Noted, Share, Titled, Value

Rule = Literal["fifo", "class", "slack"]


def _day(written: Any) -> Any:
    """Read ``"2023-07-31"`` as a date, and leave numbers (days since the start) alone."""
    return dt.date.fromisoformat(written) if isinstance(written, str) else written


Day = Annotated[dt.date | float, BeforeValidator(_day, json_schema_input_type=dt.date | float | str)]
"""A calendar date, or a number of days since the scenario's start."""


class Window(Noted):
    """A stretch of dates in which a calendar runs at `factor` times its usual rate."""

    begin: Day = Field(description="First day.")
    end: Day = Field(description="Day after the last.")
    factor: Factor = Field(description="Rate against the usual one.")


class Calendar(Titled):
    """How much work a day brings, as a share of one working day.

    The shares of weekday, holiday, month, season, weather and windows are multiplied.
    """

    week: tuple[Factor, ...] = Field((1.0,) * 7, min_length=7, max_length=7, description="Monday first.")
    holidays: Literal["CN"] | None = Field(None, description="Closed on these holidays, open on make-up weekends.")
    months: tuple[Share, ...] = Field((1.0,) * 12, min_length=12, max_length=12, description="Winter, rain season.")
    spring_festival: tuple[tuple[float, Share], ...] = Field(
        (), description="Labour curve: (days from lunar New Year, share of the workforce at work)."
    )
    lost: Share = Field(0.0, description="Share of days lost to weather, drawn day by day.")
    testing: tuple[Day, ...] = Field((), description="Days of mass testing (核酸检测).")
    testing_loss: Share = Field(0.0, description="Share of such a day that is lost.")
    windows: tuple[Window, ...] = Field((), description="Stretches of dates with another rate.")


class Desk(Titled):
    """A department's pool of identical servers with one calendar and one queue rule."""

    servers: Annotated[int, Field(ge=1)] = Field(description="Officers.")
    calendar: str | None = Field(None, description="Name of a calendar; none means always open.")
    rule: Rule = Field(
        "fifo", description="Who goes next: first come, class by priority, or least slack to the deadline."
    )
    dedicated: dict[str, Annotated[int, Field(ge=1)]] = Field(
        default_factory=dict,
        description="Servers set apart, by class of projects; taken off the shared pool, and lent while they are idle.",
    )
    limit: Distribution | None = Field(
        None, description="Days within which its files should be decided, unless their step says otherwise: fixed."
    )
    surge: Annotated[int, Field(ge=0)] = Field(
        0, description="Officers that can be borrowed at a time, each for one file that would else miss its limit."
    )
    background: Annotated[float, Field(ge=0, lt=0.95)] = Field(
        0.0, description="Share of its time that applicants outside the portfolio take."
    )
    background_servers: Annotated[int, Field(ge=1)] | None = Field(
        None, description="Officers of whose time that is a share; those of the desk in its file, if not given."
    )
    background_spread: Factor = Field(0.3, description="Coefficient of variation of that share from week to week.")

    @model_validator(mode="before")
    @classmethod
    def _background_stays(cls, given: Any) -> Any:
        """Remember of how many officers the background takes its share: more of them do not bring more applicants."""
        if isinstance(given, dict) and given.get("background") and given.get("background_servers") is None:
            return given | {"background_servers": given.get("servers")}
        return given

    @property
    def outside(self) -> float:
        """Share of the time of all its officers that applicants outside the portfolio take, were each week alike."""
        return self.background * (self.background_servers or self.servers) / self.servers


class Meeting(Titled):
    """A body that decides in sittings, each with so many places on its agenda."""

    every: Annotated[float, Field(gt=0)] | None = Field(None, description="Days between sittings.")
    first: Day = Field(0.0, description="Day of the first sitting.")
    dates: tuple[Day, ...] = Field((), description="Sittings on given dates.")
    on_demand: Annotated[float, Field(ge=0)] | None = Field(None, description="Days to gather a quorum, on request.")
    places: Annotated[int, Field(ge=1)] = Field(1_000_000, description="Items on one agenda.")
    calendar: str | None = Field(None, description="Sittings move to the next open day of this calendar.")
    rule: Rule = Field("fifo", description="Who is heard first.")

    @model_validator(mode="after")
    def _one_way_to_sit(self) -> Meeting:
        ways = [self.every is not None, bool(self.dates), self.on_demand is not None]
        if sum(ways) != 1:
            raise ValueError("a meeting sits in exactly one way: give every, dates or on_demand")
        return self


class Tranche(Value):
    """Units that arrive in a stock on a date."""

    on: Day = Field(description="Day.")
    amount: Annotated[float, Field(gt=0)] = Field(description="Units.")


Initial = Annotated[
    Annotated[float, Field(ge=0)] | tuple[Annotated[float, Field(gt=0)], ...] | Distribution,
    Field(union_mode="left_to_right"),
]


class Stock(Titled):
    """Units in store: ready land, quota, funds, officers' places.

    With a `target`, parcels of the group `orders` are prepared whenever level plus orders under way falls below it.
    """

    unit: str = Field("count", description="What it is counted in.")
    initial: Initial = Field(
        0.0, description="Level on day 0, in equal parcels; or their sizes; or what the size of each is drawn from."
    )
    parcels: Annotated[int, Field(ge=1)] = Field(1, description="Parcels in store on day 0.")
    whole: bool = Field(
        False, description="Units come in parcels: who takes some has the smallest that is big enough, all of it."
    )
    lapses: tuple[Day, ...] = Field((), description="Days on which what is in store is gone, such as a year's quota.")
    tranches: tuple[Tranche, ...] = Field((), description="Units that arrive on dates.")
    target: Annotated[float, Field(ge=0)] = Field(
        0.0, description="Level, with orders under way, below which more is ordered."
    )
    orders: str | None = Field(None, description="Group of parcels that replenish the stock (base stock).")
    rule: Rule = Field("fifo", description="Who is served first.")


class Crew(Titled):
    """Machines on a site; their output divides a volume into days.

    Output in units a day = machines at work × output × (1 + night_factor × (shifts - 1)) / (1 + congestion × zones
    above free_zones) / (1 + imbalance × (1 - 1/zones)), and machines at work = min(machines, zones × zone_machines).
    The last term is the time in which the zone that is behind works on alone.
    """

    machines: Annotated[float, Field(gt=0)] | str = Field(description="Fleet: a number, or an attribute's name.")
    zone_machines: Annotated[float, Field(gt=0)] | str = Field(description="Most machines one zone can employ.")
    output: Annotated[float, Field(gt=0)] = Field(description="Units moved by one machine in one day shift.")
    zones: Annotated[int, Field(ge=1)] = Field(1, description="Zones at work at a time.")
    shifts: Annotated[int, Field(ge=1, le=3)] = Field(1, description="Shifts a day.")
    night_factor: Share = Field(0.8, description="Output of a night shift against a day shift.")
    free_zones: Annotated[int, Field(ge=1)] = Field(4, description="Zones that do not crowd each other.")
    congestion: Share = Field(0.0, description="Loss by each further zone.")
    imbalance: Factor = Field(0.0, description="How much longer the slowest of very many zones takes.")
    practice: str | None = Field(None, description="Projects without this practice work in one zone and one shift.")


class Drawn(Titled):
    """An attribute drawn for each project, whose values may have names."""

    labels: dict[str, tuple[str, ...]] = Field(
        default_factory=dict, description='What lists may write for a value: "1" = ["light industry", "轻工"].'
    )


class Sampled(Drawn):
    """An attribute drawn for each project."""

    sampled: Distribution = Field(description="What it is drawn from, once for each project.")


class Product(Titled):
    """An attribute computed as factor × product of attributes ÷ product of others."""

    product: tuple[str, ...] = Field((), description="Attributes that are multiplied.")
    over: tuple[str, ...] = Field((), description="Attributes that the product is divided by.")
    factor: float = Field(1.0, description="A constant that multiplies it.")


class Lookup(Titled):
    """An attribute read off a line through points of another attribute."""

    of: str = Field(description="The attribute that it is read off.")
    at: tuple[float, ...] = Field(min_length=2, description="Values of that attribute, rising.")
    value: tuple[float, ...] = Field(min_length=2, description="Values of this attribute there.")

    @model_validator(mode="after")
    def _matching(self) -> Lookup:
        if len(self.at) != len(self.value):
            raise ValueError(f"{len(self.at)} points but {len(self.value)} values; give one value a point")
        if list(self.at) != sorted(set(self.at)):
            raise ValueError("the points of a lookup must rise")
        return self


class ByCase(Drawn):
    """An attribute drawn from a distribution that depends on another attribute, such as the type of the project.

    One project has one uniform, whichever case it is.
    """

    of: str = Field(description="The attribute that says which case a project is: a few whole numbers.")
    cases: dict[str, Distribution] = Field(min_length=1, description="Value of that attribute = what it is drawn from.")

    @field_validator("cases")
    @classmethod
    def _numbered(cls, cases: dict[str, Distribution]) -> dict[str, Distribution]:
        """Refuse cases that are no numbers, such as the name of a type."""
        for case in cases:
            try:
                float(case)
            except ValueError:
                raise ValueError(f'{case!r} is no value of an attribute; write a number in quotes, as "1"') from None
        return cases


def _attribute(written: Any) -> Any:
    """A bare distribution is a sampled attribute; a note beside it belongs to the attribute."""
    if isinstance(written, int | float | str):
        return {"sampled": written}
    if isinstance(written, dict) and "dist" in written:
        notes = {key: written[key] for key in Drawn.model_fields if key in written}
        return {"sampled": {key: value for key, value in written.items() if key not in notes}, **notes}
    return written


Attribute = Annotated[
    Sampled | Product | Lookup | ByCase,
    Field(union_mode="left_to_right"),
    BeforeValidator(_attribute, json_schema_input_type=Distribution | Sampled | Product | Lookup | ByCase),
]


class Deadline(Noted):
    """A date by which a project should reach a milestone, in calendar days after its arrival."""

    milestone: str = Field(description="What should be reached.")
    days: Annotated[float, Field(gt=0)] = Field(description="Days after arrival.")


class ProjectClass(Titled):
    """Projects that are treated alike: their rank in a `class` queue and what differs in their attributes."""

    key: bool = Field(False, description="Key projects (重点项目), which green lanes and sponsors are for.")
    priority: int = Field(1, description="Lower goes first at desks whose rule is 'class'.")
    attributes: dict[str, Attribute] = Field(
        default_factory=dict, description="Attributes that differ from the park's."
    )
    deadline: Deadline | None = Field(None, description="When its projects should be where.")
    second_deadline: Deadline | None = Field(None, description="A further due date (双节点); the tighter one counts.")

    @property
    def deadlines(self) -> tuple[Deadline, ...]:
        """The due dates that the class has."""
        return tuple(due for due in (self.deadline, self.second_deadline) if due)


class Renewal(Noted):
    """Arrivals one after another; exponential gaps make a Poisson process."""

    every: Distribution = Field(description="Time between two arrivals.")


class Cohort(Noted):
    """Arrivals spread evenly at random over a window, a share of them in batches on given dates."""

    between: tuple[Day, Day] = Field(description="First and last day of arrivals.")
    batches: tuple[Day, ...] = Field((), description="Days of signing rounds.")
    batch_share: Share = Field(0.0, description="Share that arrives in a round.")


class Dated(Noted):
    """Arrivals on given dates, taken in turn."""

    on: tuple[Day, ...] = Field(min_length=1, description="Days of arrival, taken in turn.")


class Ordered(Noted):
    """Parcels that wait until the stock orders them."""

    by: str = Field(description="Name of the stock.")


class NamedProject(Value):
    """A project of a list: what is known of it. The rest is drawn, by its name, whatever else the list holds.

    One that is at work when the scenario starts says which stage it has reached. One that comes later comes on its day,
    with all behind it that leads to its milestone, if it names one.
    """

    name: str = Field(min_length=1, description="What tables, diaries and charts call it.")
    on: Day | None = Field(
        None, description="Day on which it reached `milestone`; left out, it was begun as its stage lets expect."
    )
    milestone: str | None = Field(None, description="What it reached that day; left out, it arrived.")
    stage: str | None = Field(None, description="The stage it is in when the scenario starts.")
    since: Day | None = Field(None, description="Day on which it came into that stage; left out, its place is drawn.")
    attributes: dict[str, float] = Field(default_factory=dict, description="What is known; the others are drawn.")


class Named(Noted):
    """Projects of a list, each known by its name."""

    projects: tuple[NamedProject, ...] = Field(min_length=1, description="One entry per project.")
    file: str = Field("", description="The list that they were read from.")
    sha256: str = Field("", description="Its SHA-256.")


Arrivals = Annotated[Renewal | Cohort | Dated | Ordered | Named, Field(union_mode="left_to_right")]


class Stage(Titled):
    """A part of a project's life, by which tables group activities and projects at work are placed."""


def _stages(written: Any) -> Any:
    """A bare list of names is as good as a table of stages without titles."""
    return {name: {} for name in written} if isinstance(written, list | tuple) else written


class InProgress(Noted):
    """Projects already at work when the scenario starts: earlier stages are over, this one partly."""

    stage: str = Field(description="The stage they are in.")
    done: Distribution = Field(description="Share of the stage that is behind them, between 0 and 1.")


class Group(Titled):
    """So many projects of one class that arrive in one way."""

    of: str = Field(description="Name of the class.")
    count: Annotated[int, Field(ge=1, le=100_000)] = Field(description="Number of projects.")
    arrivals: Arrivals = Field(description="When they come.")
    process: str = Field("project", description="`project`, or `parcel` for land that is prepared for a stock.")
    in_progress: InProgress | None = Field(None, description="Set for projects already at work on day 0.")

    @model_validator(mode="before")
    @classmethod
    def _counted(cls, written: Any) -> Any:
        """Count the projects of a list where nobody has."""
        arrivals = written.get("arrivals") if isinstance(written, dict) else None
        named = (
            arrivals.projects
            if isinstance(arrivals, Named)
            else arrivals.get("projects")
            if isinstance(arrivals, dict)
            else None
        )
        return {"count": len(named), **written} if isinstance(named, list | tuple) else written

    @property
    def named(self) -> tuple[NamedProject, ...]:
        """The projects of a list; none where the group is not one."""
        return self.arrivals.projects if isinstance(self.arrivals, Named) else ()

    @property
    def stages(self) -> tuple[str, ...]:
        """The stage in which each project is at the start; empty for those that are still to come."""
        if self.named:
            return tuple(project.stage or "" for project in self.named)
        return (self.in_progress.stage if self.in_progress else "",) * self.count


class Effect(Noted):
    """What a practice in force does to the activities that carry one of the tags."""

    tags: tuple[str, ...] = Field(min_length=1, description="Activities that it works on: those with one of these.")
    spares: tuple[str, ...] = Field((), description="It leaves out activities that carry one of these.")
    duration: Factor = Field(1.0, description="Factor on their durations.")
    spread: Share = Field(1.0, description="Durations keep this share of their distance from the mean.")
    most: Factor | None = Field(None, description="No attempt takes longer than this, in the activity's unit.")
    looks: Factor = Field(
        0.0, description="Successful looks per day by somebody who may end the activity sooner; rates add."
    )
    correction: Factor = Field(1.0, description="Factor on the probability of correction.")
    chance: Factor = Field(1.0, description="Factor on the probability that they are part of a project at all.")
    issues: Factor = Field(1.0, description="Factor on the expected number of issues.")
    categories: tuple[str, ...] = Field((), description="Issues of these categories only; empty means all.")

    def reaches(self, tags: Collection[str]) -> bool:
        """Whether it works on an activity with these tags."""
        return not set(self.tags).isdisjoint(tags) and set(self.spares).isdisjoint(tags)


class Practice(Titled):
    """A way of working, in force for a share of projects, a list of classes or groups, a window of arrival dates.

    With `holds`, it is in force only for projects that obtained a unit at that stock activity. What it waives, and the
    chance that an activity takes place, do not depend on `holds` and `during`; its other effects and its lead do.
    """

    share: Share = Field(0.0, description="Share of projects that it covers.")
    first: Literal["random", "key", "late"] = Field(
        "random", description="Whom a share below 1 covers: anyone, key projects first, or those with least slack."
    )
    classes: tuple[str, ...] = Field((), description="Only these classes; empty means all.")
    groups: tuple[str, ...] = Field((), description="Only these groups; empty means all.")
    window: tuple[Day, Day] | None = Field(None, description="Only projects that arrive in this window.")
    holds: str | None = Field(None, description="A stock activity whose unit the project must hold.")
    during: tuple[Day, Day] | None = Field(None, description="Only steps that start in this window.")
    lead: int = Field(
        0, description="Ranks by which it puts projects ahead: at rule 'class' whole classes, at 'slack' 60 days each."
    )
    at: tuple[str, ...] = Field((), description="It leads at these desks, meetings and stocks only; empty means all.")
    effects: tuple[Effect, ...] = Field((), description="What it changes.")

    @property
    def covers_all(self) -> bool:
        """Whether it is in force for every project, whatever happens."""
        return self.share == 1 and not (self.classes or self.groups or self.window or self.holds)


class Category(Titled):
    """A kind of issue: how frequent, in which stages, and how often it stops the work rather than block completion."""

    weight: Factor = Field(description="How frequent it is against the others.")
    stages: tuple[str, ...] = Field((), description="Stages it arises in; empty means all.")
    stops: Share = Field(
        0.5, description="Share of these issues that stop the work; the others only block its completion."
    )


class Severity(Titled):
    """How grave an issue is."""

    weight: Factor = Field(description="How frequent it is against the others.")


class Issues(Noted):
    """How issues arise: a rate per project-month of exposure, by stage, their categories and severities."""

    rate: Factor = Field(0.0, description="Issues per project-month of exposure.")
    stage_factors: dict[str, Factor] = Field(default_factory=dict, description="Stage = factor on the rate.")
    categories: dict[str, Category] = Field(default_factory=dict, description="Kinds of issue.")
    severities: dict[str, Severity] = Field(default_factory=dict, description="How grave they are, mildest first.")


class Policy(Titled):
    """A named bundle of levers with parameters; it may take over other policies' levers first, and leave some out."""

    description: str = Field("", description="What the policy comes to, in a sentence.")
    includes: tuple[str, ...] = Field((), description="Policies whose levers it takes over, later ones prevailing.")
    without: tuple[str, ...] = Field((), description="Levers of these that it leaves out.")
    levers: dict[str, dict[str, Any]] = Field(
        default_factory=dict, description="Lever = table of parameters; an empty table takes the defaults."
    )

    @field_validator("levers", mode="before")
    @classmethod
    def _written(cls, levers: Any) -> Any:
        """Dates as text, as JSON writes them: one policy has one way to be written."""
        return _dates_as_text(levers)


def _dates_as_text(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _dates_as_text(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_dates_as_text(inner) for inner in value]
    return value.isoformat() if isinstance(value, dt.date) else value


class Question(Value):
    """The pair of milestones that a comparison is about, if the command line names none."""

    start: str = Field("arrival", alias="from", description="Milestone at which days begin to count.")
    end: str = Field(alias="to", description="Milestone at which they end.")
    groups: tuple[str, ...] = Field((), description="Groups of projects that days are counted of; all if left out.")


class StartTarget(Noted):
    """A cohort that should have reached a milestone by a date."""

    groups: tuple[str, ...] = Field(min_length=1, description="Groups that belong to the cohort.")
    milestone: str = Field(description="What they should have reached.")
    by: Day = Field(description="The date.")


def _circulating(activities: dict[str, Activity], info: ValidationInfo) -> dict[str, Activity]:
    """The activities with each desk step's circulation as one of its own; calendars and desks are known by then."""
    desks: Mapping[str, Desk] = info.data.get("desks", {})
    return with_circulations(
        activities, info.data.get("calendars", {}), {name: desk.calendar for name, desk in desks.items()}
    )


class Scenario(Titled):
    """A park: all that the plan and the engine need to know."""

    name: str = Field(description="Name of the park; that of the file if left out.")
    start: dt.date | None = Field(None, description="Day 0; needed by calendars and dates.")
    horizon: Annotated[float, Field(gt=0, le=36525)] | None = Field(
        None, description="Days; what is open then is censored."
    )
    stages: Annotated[
        dict[str, Stage], BeforeValidator(_stages, json_schema_input_type=dict[str, Stage] | list[str])
    ] = Field(default_factory=dict, description="Stages in the order in which a project goes through them.")
    calendars: dict[str, Calendar] = Field(default_factory=dict, description="Which days are worked, by name.")
    attributes: dict[str, Attribute] = Field(
        default_factory=dict,
        description="What every project is drawn to have: land, area, buildings, flags.",
    )
    classes: dict[str, ProjectClass] = Field(
        default_factory=dict, description="Kinds of project that are treated alike."
    )
    portfolio: dict[str, Group] = Field(description="Who comes: groups of projects of one class.")
    desks: dict[str, Desk] = Field(default_factory=dict, description="Departments with officers and a queue.")
    meetings: dict[str, Meeting] = Field(default_factory=dict, description="Bodies that decide in sittings.")
    stocks: dict[str, Stock] = Field(
        default_factory=dict, description="Land, quota, places in a caseload: units that are taken and given."
    )
    crews: dict[str, Crew] = Field(
        default_factory=dict, description="Machines whose output divides a volume into days."
    )
    practices: dict[str, Practice] = Field(
        default_factory=dict,
        description="Ways of working that waive custom or change durations; levers put them in force.",
    )
    activities: Annotated[dict[str, AnyActivity], AfterValidator(_circulating)] = Field(
        description="The network: every step of a project, a parcel or an issue."
    )
    issues: Issues = Field(Issues(), description="How issues arise.")
    policies: dict[str, Policy] = Field(default_factory=dict, description="Named bundles of levers.")
    ranges: dict[str, Range] = Field(
        default_factory=dict, description="How far assumed numbers may be off; no run depends on it."
    )
    limits: tuple[str, ...] = Field(
        (), description="What the park leaves out, in sentences; those of a file come after those it inherits."
    )
    limits_zh: tuple[str, ...] = Field((), description="The same in Chinese.")
    question: Question | None = Field(None, description="The two milestones that a comparison is about.")
    cohort: StartTarget | None = Field(None, description="Projects that should have reached a milestone by a date.")

    def day(self, when: Day) -> float:
        """Days from the start to a date; a number passes through."""
        if not isinstance(when, dt.date):
            return float(when)
        if self.start is None:
            raise ValueError(f"the date {when} needs a start date: give start = {when.replace(day=1)}")
        return float((when - self.start).days)

    def stage_index(self, stage: str | None) -> int:
        """Position of a stage, or the number of stages for what belongs to none (it is never behind a project)."""
        return len(self.stages) if stage is None else list(self.stages).index(stage)


def rule_of(scenario: Scenario, activity: Activity) -> Rule:
    """Who goes first where an activity waits: at its desk, its meeting or its stock."""
    if activity.desk:
        return scenario.desks[activity.desk].rule
    if activity.meeting:
        return scenario.meetings[activity.meeting].rule
    return scenario.stocks[activity.stock].rule if activity.stock else "fifo"


def process_activities(scenario: Scenario, process: str) -> dict[str, Activity]:
    """The activities of one process, in the file's order."""
    return {name: activity for name, activity in scenario.activities.items() if process in activity.processes}
