"""What passes between the desk's last attempt and the decision: the file circulates, and no officer sits over it.

A file of a park writes both on the desk step, `duration` for the officer's hours and `circulation` for the rest. The
scenario holds two activities, so that whatever reads it (layout, levers, charts) sees a plain network::

    written    filing (duration, circulation) ──→ whatever needs filing
    held       filing (duration) ──→ filing_circulation (work) ──→ whatever needs filing
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Any

from parkflow.sim.steps import Activity, Applies, DeskStep, Work

TAG = "circulation"
"""The tag of every circulation, besides the tags of its desk step."""

USUAL_CALENDAR = "office"
"""The calendar of circulations, in parks that have one of this name."""


def circulation_of(name: str) -> str:
    """The name of the activity in which the file of a desk step circulates."""
    return f"{name}_{TAG}"


def with_circulations(
    activities: Mapping[str, Activity], calendars: Container[str], desk_calendars: Mapping[str, str | None]
) -> dict[str, Activity]:
    """The activities with a circulation behind each desk step that states one, and no desk step that does.

    `desk_calendars` has the calendar of each desk by name. A desk step whose circulation would have a name that is
    taken stays as it was, for the checks to find.
    """
    moved = {
        name: circulation_of(name)
        for name, activity in activities.items()
        if isinstance(activity, DeskStep) and activity.circulation and circulation_of(name) not in activities
    }
    if not moved:  # as of every scenario that a lever changes: they were moved when it was loaded
        return dict(activities)
    found: dict[str, Activity] = {}
    for name, activity in activities.items():
        found[name] = _waiting_for(activity, moved)
        if name in moved and isinstance(activity, DeskStep):
            usual = USUAL_CALENDAR if USUAL_CALENDAR in calendars else desk_calendars.get(activity.desk)
            found[name] = _changed(found[name], {"circulation": None, "circulation_calendar": None})
            found[moved[name]] = _circulation(name, activity, usual)
    return found


def _circulation(name: str, desk_step: DeskStep, usual: str | None) -> Work:
    """The circulation of a desk step, for the cases in which that step took place."""
    assert desk_step.circulation is not None
    shared = ("stage", "processes", "per", "times", "source", "assumed")
    return Work(
        step="work",
        title=f"{desk_step.title}: circulation" if desk_step.title else "",
        title_zh=f"{desk_step.title_zh}流转" if desk_step.title_zh else "",
        needs=(name,),
        applies=Applies(took_place=name, classes=desk_step.applies.classes),
        duration=desk_step.circulation,
        calendar=desk_step.circulation_calendar or (usual if desk_step.circulation.unit == "wd" else None),
        cause=desk_step.cause or "service",
        tags=(*desk_step.tags, *({TAG} - set(desk_step.tags))),
        **{field: getattr(desk_step, field) for field in shared},
    )


def _waiting_for(activity: Activity, moved: Mapping[str, str]) -> Activity:
    """The activity, waiting for the circulation where it waited for the desk."""
    named: dict[str, Any] = {
        "needs": tuple(moved.get(name, name) for name in activity.needs),
        "after": {moved.get(name, name): practice for name, practice in activity.after.items()},
        "previous": {moved.get(name, name): practice for name, practice in activity.previous.items()},
    }
    ahead_of = {moved.get(one, one): moved.get(other, other) for one, other in activity.applies.ahead_of.items()}
    if ahead_of != activity.applies.ahead_of:
        named["applies"] = activity.applies.model_copy(update={"ahead_of": ahead_of})
    return _changed(activity, {field: value for field, value in named.items() if value != getattr(activity, field)})


def _changed(activity: Activity, fields: Mapping[str, Any]) -> Activity:
    return activity.model_copy(update=dict(fields)) if fields else activity
