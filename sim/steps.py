"""The nodes of the network: one kind of activity for each kind of step, each with the fields that the step has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self, get_args

from pydantic import Field

from parkflow.sim.durations import Distribution
from parkflow.sim.values import Factor, Noted, Share, Titled, Value

Step = Literal["work", "desk", "notice", "meeting", "stock", "milestone", "end"]
Cause = Literal[
    "queueing",
    "service",
    "correction",
    "preparation",
    "notice",
    "meeting",
    "issue",
    "land",
    "works",
    "weather",
]


class Correction(Noted):
    """An attempt that comes back (补正): the applicant fixes it, and it queues again, up to a cap."""

    probability: Share = Field(description="Chance that the first attempt comes back.")
    decay: Share = Field(1.0, description="Each further round multiplies the probability by this.")
    attempts: Annotated[int, Field(ge=1, le=6)] = Field(5, description="The last of these always passes.")
    fix: Distribution | None = Field(None, description="How long the applicant takes.")
    repeat: Factor = Field(1.0, description="Later attempts take this share of a freshly drawn service.")


class Applies(Value):
    """For which projects an activity exists; all conditions must hold."""

    probability: Share = Field(1.0, description="Share of projects, drawn for each.")
    where: dict[str, float | tuple[float, ...]] = Field(default_factory=dict, description="Attribute = value(s).")
    at_least: dict[str, float] = Field(default_factory=dict, description="Attribute = least value.")
    at_most: dict[str, float] = Field(default_factory=dict, description="Attribute = greatest value.")
    classes: tuple[str, ...] = Field((), description="Only these classes.")
    category: tuple[str, ...] = Field((), description="Issues of these categories.")
    severity: tuple[str, ...] = Field((), description="Issues of these severities.")
    stops: bool | None = Field(None, description="Issues that stop the work (true), or those that do not (false).")
    practice: str | None = Field(None, description="Only while this practice is in force for the project.")
    unless: str | None = Field(None, description="Not while this practice is in force for the project.")
    taken: str | None = Field(None, description="Only if this stock activity obtained its units.")
    short: str | None = Field(None, description="Only if this stock activity went away without units.")
    took_place: str | None = Field(None, description="Only where this activity took place (same copy, if both have).")
    ahead_of: dict[str, str] = Field(
        default_factory=dict, max_length=1, description="A = B: only if activity A ended before activity B did."
    )
    unsolved: bool = Field(False, description="Only while no earlier activity has solved the issue.")
    solved: bool = Field(False, description="Only once an earlier activity has solved the issue.")
    late: bool = Field(False, description="Only if the project can no longer meet its class's deadline unhurried.")

    @property
    def open(self) -> bool:
        """Whether it is decided in the run, by what happened before, rather than by what is known beforehand."""
        return bool(self.taken or self.short or self.ahead_of or self.unsolved or self.solved or self.late)


class Activity(Titled):
    """One node of the network: a step, what it needs, how long it takes and whom it concerns.

    `needs` is technical or legal and always holds; `after` is administrative custom, each predecessor with the
    practice that waives it. Fields that only some steps have read as absent on all others. `usual_cause` is what its
    own time counts under unless its activity says otherwise.
    """

    usual_cause: ClassVar[Cause] = "preparation"

    stage: str | None = Field(
        None, description="Stage it belongs to; projects in progress beyond it have it behind them."
    )
    processes: tuple[str, ...] = Field(("project",), description="Who goes through it: `project`, `parcel`, `issue`.")
    needs: tuple[str, ...] = Field((), description="Activities that law or technique puts before it.")
    after: dict[str, str] = Field(default_factory=dict, description="Predecessor = practice that waives it.")
    per: str | None = Field(None, description="Attribute that counts the copies of this activity (buildings).")
    previous: dict[str, str] = Field(
        default_factory=dict, description="Predecessor in the previous copy = practice that waives it ('': none does)."
    )
    fronts: str | None = Field(
        None, description="Attribute: so many copies at a time; `previous` means so many copies before, not one."
    )
    applies: Applies = Field(Applies(), description="For which projects it takes place.")
    solves: Share | dict[str, Share] | None = Field(None, description="Chance to solve the issue, or by category.")
    tags: tuple[str, ...] = Field((), description="Words by which the effects of practices find it.")
    cause: Cause | None = Field(None, description="Cause that its own time counts under, if not its step's usual one.")

    if TYPE_CHECKING:
        step: Step
        desk: str | None = None
        meeting: str | None = None
        stock: str | None = None
        duration: Distribution | None = None
        calendar: str | None = None
        times: tuple[str, ...] = ()
        crew: str | None = None
        correction: Correction | None = None
        amount: float | str = 1.0
        gives: bool = False
        when_short: Literal["wait", "go on"] = "wait"
        exposure: float = 0.0
        limit: Distribution | None = None
        circulation: Distribution | None = None
        circulation_calendar: str | None = None
    else:

        def __getattr__(self, name: str) -> Any:
            """What a field of other steps reads as on this one."""
            return ABSENT[name] if name in ABSENT else super().__getattr__(name)

    @property
    def predecessors(self) -> tuple[str, ...]:
        """All that is named before it, needed or customary, in the same copy."""
        return (*self.needs, *self.after)

    @classmethod
    def made_of(cls, fields: Mapping[str, Any]) -> Self:
        """An activity with these fields; another step takes over only the fields that it has."""
        kind = KINDS.get(fields.get("step", ""), cls)
        if kind is cls:
            return super().made_of(fields)
        return kind.made_of({name: value for name, value in fields.items() if name in kind.model_fields})  # type: ignore[return-value]


class Timed(Activity):
    """An activity that takes time of its own."""

    duration: Distribution | None = Field(
        None, description="How long it takes, as `pert(2, 5, 12) wd`: wd are working days, cd calendar days."
    )
    calendar: str | None = Field(None, description="Calendar of what is given in working days.")
    times: tuple[str, ...] = Field((), description="Attributes that multiply the duration.")


CORRECTION = "How often a file comes back (补正)."
NEEDED = "How long it takes, as `pert(2, 5, 12) wd`: wd are working days, cd calendar days."


class Work(Timed):
    """Time that passes without a queue, such as drafting, building or circulation."""

    step: Literal["work"] = Field(description="`work` takes time, and queues for nobody.")
    duration: Distribution = Field(description=NEEDED)
    crew: str | None = Field(None, description="Crew whose daily output divides the duration.")
    correction: Correction | None = Field(None, description=CORRECTION)
    exposure: Factor = Field(0.0, description="Project-months during which issues arise in this activity.")


class DeskStep(Timed):
    """A file that queues for an officer and is served."""

    usual_cause = "service"

    step: Literal["desk"] = Field(description="`desk` queues for an officer.")
    desk: str = Field(description="The desk it queues at.")
    limit: Distribution | None = Field(
        None,
        description="Days within which to decide, fixed; wd are those of the calendar `statutory`, or the desk's.",
    )
    duration: Distribution = Field(description="Touch time: how long an officer sits over it, as `pert(1, 2, 6) wd`.")
    correction: Correction | None = Field(None, description=CORRECTION)
    circulation: Distribution | None = Field(
        None,
        description="What passes after the last attempt without an officer; held as NAME_circulation, a work step.",
    )
    circulation_calendar: str | None = Field(
        None, description="Calendar of the circulation in wd: `office` unless given, or the desk's if there is none."
    )


class Notice(Timed):
    """A public notice."""

    usual_cause = "notice"

    step: Literal["notice"] = Field(description="`notice` is a clock that no lever shortens.")
    duration: Distribution = Field(description=NEEDED)


class Sitting(Timed):
    """A place on the agenda of a meeting, and what follows from it."""

    usual_cause = "meeting"

    step: Literal["meeting"] = Field(description="`meeting` waits for a sitting with a free place.")
    meeting: str = Field(description="The meeting that decides.")
    correction: Correction | None = Field(None, description=CORRECTION)


class StockStep(Activity):
    """Units taken from a stock, or given to it."""

    usual_cause = "land"

    step: Literal["stock"] = Field(description="`stock` takes units, or gives them.")
    stock: str = Field(description="The stock.")
    amount: Annotated[float, Field(gt=0)] | str = Field(1.0, description="Units, or the attribute that counts them.")
    gives: bool = Field(False, description="Gives the units instead of taking them.")
    when_short: Literal["wait", "go on"] = Field(
        "wait", description="What to do when a stock holds too little: wait, or go on without."
    )


class Milestone(Activity):
    """A point in a project's life that questions, deadlines and charts name."""

    step: Literal["milestone"] = Field(description="`milestone` takes no time.")


class End(Activity):
    """Where a case leaves before its last milestone."""

    step: Literal["end"] = Field(description="`end` is where a case leaves.")


AnyActivity = Annotated[
    Work | DeskStep | Notice | Sitting | StockStep | Milestone | End,
    Field(discriminator="step"),
]

KINDS: dict[str, type[Activity]] = {
    get_args(kind.model_fields["step"].annotation)[0]: kind
    for kind in (Work, DeskStep, Notice, Sitting, StockStep, Milestone, End)
}
"""The kind of activity by its step."""

ABSENT: dict[str, Any] = {
    "desk": None,
    "meeting": None,
    "stock": None,
    "duration": None,
    "calendar": None,
    "times": (),
    "crew": None,
    "correction": None,
    "amount": 1.0,
    "gives": False,
    "when_short": "wait",
    "exposure": 0.0,
    "limit": None,
    "circulation": None,
    "circulation_calendar": None,
}
"""What a field of other steps reads as."""


def steps_with(field: str) -> list[str]:
    """The steps that have a field."""
    return [step for step, kind in KINDS.items() if field in kind.model_fields]
