"""Every column of every Parquet table: its name, its unit and its meaning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from parkflow.analysis.replication.milestones import project_milestones
from parkflow.sim.scenario import Scenario


@dataclass(frozen=True)
class Column:
    """One column; a `name` in braces stands for several, which the scenario or the sweep names."""

    name: str
    unit: str
    meaning: str


DAY = "days since start"
MILESTONE, MILESTONE_AHEAD, HANDLING, FACTOR = "{milestone}", "{milestone}_ahead", "{handling}", "{factor}"

ATTRIBUTE, PRACTICE = "attribute_{attribute}", "practice_{practice}"

_WHOSE = (
    Column("replication", "number", "replication, counted from 0"),
    Column("policy", "text", "policy under which it was run"),
)
_ABOUT = (
    Column("policy", "text", "policy observed"),
    Column("measure", "text", "name of the measure"),
    Column("from", "text", "milestone from which the measure counts; empty where it has none"),
    Column("to", "text", "milestone up to which it counts; empty where it has none"),
    Column("group", "text", "group, class, desk, cause or tier; all for every project"),
)

COLUMNS: Mapping[str, tuple[Column, ...]] = {
    "projects": (
        *_WHOSE,
        Column("project", "text", "name of the project: its group and its number in it"),
        Column("group", "text", "group of the portfolio"),
        Column("class", "text", "class of the project"),
        Column("arrival", DAY, "day of first contact"),
        Column(MILESTONE, DAY, "day on which the project reached the milestone; NaN where it did not"),
        Column("withdrawn", "true or false", "whether the project withdrew or was turned away"),
        Column("censored", "true or false", "whether the project was unfinished when the run was over"),
        Column(MILESTONE_AHEAD, "true or false", "whether the project has this milestone ahead of it when it arrives"),
        Column("days", "days", "days between the milestones asked about, as the measure days counts them"),
        Column("days_censored", "true or false", "whether the project had not reached both of them"),
        Column("days_saved", "days", "days saved against the baseline, as the measure days_saved counts them"),
        Column("days_saved_censored", "true or false", "whether days were censored here or under the baseline"),
        Column("stage", "text", "stage in which the project is at the start; empty if it arrives later"),
        Column(ATTRIBUTE, "unit of the attribute", "what the project was drawn to have; NaN where its class has none"),
        Column(PRACTICE, "true or false", "whether the practice covers the project"),
    ),
    "steps": (
        *_WHOSE,
        Column("project", "text", "name of the project or parcel"),
        Column("issue", "text", "name of the issue; empty for steps of the project itself"),
        Column("process", "text", "process that the step belongs to"),
        Column("activity", "text", "activity of the scenario"),
        Column("copy", "number", "copy of the activity, counted from 1"),
        Column("attempt", "number", "attempt at the step, counted from 1"),
        Column("step", "text", "kind of step: desk, work, notice, meeting, stock or milestone"),
        Column("place", "text", "desk, meeting or stock; empty where there is none"),
        Column("ready", DAY, "day on which the attempt could begin"),
        Column("start", DAY, "day on which it began; NaN: not yet"),
        Column("end", DAY, "day on which it ended; NaN: not yet"),
        Column("cause", "text", "cause under which its own time counts"),
    ),
    "issues": (
        *_WHOSE,
        Column("issue", "text", "name of the issue: its project and its number"),
        Column("project", "text", "name of the project"),
        Column("category", "text", "category of the issue"),
        Column("host", "text", "activity in which it arises"),
        Column("raised", DAY, "day on which it arose; NaN: not yet"),
        Column("found", DAY, "day on which it was found; NaN: not yet"),
        Column("solved", DAY, "day on which it was solved; NaN: not yet"),
        Column("closed", DAY, "day on which it was closed; NaN: not yet"),
        Column("solved_at", "text", "activity that solved it; empty where none did"),
        Column(HANDLING, DAY, "day on which this activity of its handling ended; NaN where it did not take place"),
    ),
    "desks": (
        *_WHOSE,
        Column("desk", "text", "name of the desk"),
        Column("servers", "number", "officers at the desk"),
        Column("utilisation", "share", "busy of open server-days in the busiest 365 days"),
        Column("wait_mean", "days", "mean wait of an attempt; who still waits counts up to the end of the run"),
        Column("wait_p90", "days", "90% quantile of the waits"),
        Column("longest_queue", "number", "most attempts that waited at a time"),
        Column("visits", "number", "attempts at the desk"),
        Column("overdue", "number", "attempts that took longer than their limit"),
        Column("borrowed", "number", "attempts served by officers borrowed for them"),
        Column("borrowed_days", "days", "days of the desk's calendar that these officers sat over them"),
    ),
    "stocks": (
        *_WHOSE,
        Column("stock", "text", "name of the stock"),
        Column("day", DAY, "day on which the level changed, or somebody asked in vain"),
        Column("level", "units of the stock", "what is in store from then on"),
        Column("short", "true or false", "whether somebody asked in vain"),
    ),
    "months": (
        *_WHOSE,
        Column("month", DAY, "day on which the month begins: one of the calendar, or of 30 days without a start date"),
        Column("in_progress", "projects", "mean number of projects between the milestones asked about"),
        Column("started", "number", "projects that reached the first of them in the month"),
        Column("completed", "number", "projects that reached the second"),
    ),
    "observations": (
        Column("point", "number", "point of the sweep, counted from 0"),
        Column("replication", "number", "replication, counted from 0"),
        *_ABOUT,
        Column("value", "unit of the measure", "what the replication shows; for a ratio its numerator"),
        Column("weight", "unit of the measure", "denominator of a ratio, 1 otherwise"),
        Column("censored", "number", "projects or issues that were not finished"),
    ),
    "controls": (
        Column("point", "number", "point of the sweep, counted from 0"),
        Column("replication", "number", "replication, counted from 0"),
        Column("control", "text", "name of the control variate"),
        Column("value", "days per project", "its value less its expectation"),
    ),
    "points": (
        Column("point", "number", "point of the sweep, counted from 0"),
        Column(FACTOR, "unit of the key", "value of the factor at the point"),
    ),
    "summary": (
        Column("point", "number", "point of the sweep, counted from 0"),
        Column(FACTOR, "unit of the key", "value of the factor at the point"),
        *_ABOUT,
        Column("unit", "text", "unit of the measure"),
        Column("mean", "unit of the measure", "mean over replications, or ratio of sums"),
        Column("low", "unit of the measure", "lower bound of the 95% interval"),
        Column("high", "unit of the measure", "upper bound of the 95% interval"),
        Column("replications", "number", "replications that show the measure"),
        Column("censored", "number", "projects or issues that were not finished, in all replications"),
        Column("estimator", "text", "how the mean was estimated: plain, controls, blocks, or blocks with controls"),
        Column("variance_factor", "number", "how many times fewer replications it took than the plain estimator"),
        Column("variance_factor_error", "number", "standard error of this factor"),
    ),
}
"""The columns of each table by its name. Tables of replications in a sweep's folder have `point` in front as well."""


def documented(table: str, scenario: Scenario, factors: Iterable[str] = ()) -> frozenset[str]:
    """Names of the documented columns of a table, those that a scenario or the factors of a sweep name among them."""
    own = project_milestones(scenario)
    attributes = dict.fromkeys(
        (*scenario.attributes, *(name for it in scenario.classes.values() for name in it.attributes))
    )
    handling = [key for key, it in scenario.activities.items() if "issue" in it.processes and it.step != "milestone"]
    stands_for = {
        MILESTONE: own,
        MILESTONE_AHEAD: [f"{name}_ahead" for name in own],
        HANDLING: handling,
        ATTRIBUTE: [f"attribute_{name}" for name in attributes],
        PRACTICE: [f"practice_{name}" for name in scenario.practices],
        FACTOR: factors,
    }
    names = [name for column in COLUMNS[table] for name in stands_for.get(column.name, (column.name,))]
    return frozenset(names)
