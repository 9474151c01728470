"""Utilisation and queue of every desk over time, under the baseline and one policy."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from parkflow.analysis.charts.chart import Ask, Chart, chosen_policy, sample, some
from parkflow.analysis.charts.theme import HEAT, PAGE, figure
from parkflow.analysis.formatting import percent, rounded
from parkflow.analysis.language import Words
from parkflow.analysis.store.rows import greatest
from parkflow.analysis.store.run_folder import Run
from parkflow.sim.calendars import work_curve
from parkflow.sim.scenario import Scenario

Floats = NDArray[np.float64]

QUARTER = 365.25 / 4
PANELS = {"utilisation": "utilisation", "queue": "projects waiting"}


def chart(run: Run, ask: Ask) -> Chart:
    """Load of the desks by quarter, under the baseline and one other policy where there is one."""
    policies = [run.baseline]
    if len(run.policies) > 1:
        policies.append(chosen_policy(run, ask))
    visits = run.table(
        "steps", ["replication", "policy", "place", "ready", "start", "end"], step="desk", policy=policies
    )
    some(visits, "no desk was visited in this run", "本次仿真中没有办理任何窗口事项")
    loads = [quarters(part, run.scenarios[str(policy)], run) for policy, part in visits.groupby("policy", sort=False)]
    table = pd.concat(loads, ignore_index=True)
    drawn = draw(table, policies, ask.say, sample(run, ask.say))
    title = ask.say.pick("Desks over time: utilisation and queue", "各窗口的利用率与排队")
    return Chart("desks", f"{title} ({run.document['scenario']})", _caption(table, ask.say), drawn, table)


def quarters(visits: pd.DataFrame, scenario: Scenario, run: Run) -> pd.DataFrame:
    """One row per desk and quarter: utilisation in opening hours, and the mean number that waits."""
    over, policy = run.over(), str(visits["policy"].iloc[0])
    edges = np.arange(0.0, _last_needed(visits, over) + QUARTER, QUARTER)
    found = []
    for desk, mine in visits.groupby("place"):
        given = scenario.desks[str(desk)]
        clock = _opening_clock(scenario, given.calendar)
        start, end = mine["start"].fillna(over).to_numpy(), mine["end"].fillna(over).to_numpy()
        busy = _overlap(clock(start), clock(end), clock(edges)) / run.replications
        waiting = _overlap(mine["ready"].to_numpy(), start, edges) / run.replications
        there = given.servers * np.diff(clock(edges))
        utilisation = np.divide(busy, there, out=np.zeros_like(busy), where=there > 0)
        found.append(
            pd.DataFrame(
                {
                    "policy": policy,
                    "desk": desk,
                    "day": edges[:-1],
                    "utilisation": utilisation,
                    "queue": waiting / QUARTER,
                }
            )
        )
    order = {name: place for place, name in enumerate(scenario.desks)}
    table = pd.concat(found, ignore_index=True)
    return table.sort_values(["desk", "day"], key=lambda column: column.map(order) if column.name == "desk" else column)


def _last_needed(visits: pd.DataFrame, over: float) -> float:
    """The day by which all but the last hundredth of the visits are over: the tail of a park is empty."""
    return min(over, float(visits["end"].quantile(0.99)))


def _opening_clock(scenario: Scenario, calendar: str | None):  # type: ignore[no-untyped-def]
    """A clock that stands still while a desk is closed."""
    if calendar is None:
        return lambda days: np.asarray(days)
    curve = work_curve(scenario, calendar)
    last = float(curve.days)

    def clock(days: Floats) -> Floats:
        until = np.minimum(np.asarray(days, dtype=np.float64), last)
        closed, weather = curve.lost(np.zeros(len(until)), until)
        return until - closed - weather

    return clock


def _overlap(begin: Floats, end: Floats, edges: Floats) -> Floats:
    """Total length of the stretches from `begin` to `end` that lies between each pair of edges."""
    covered = [float(np.minimum(end, edge).clip(begin).sum() - begin.sum()) for edge in edges]
    return np.diff(np.array(covered))


def draw(
    table: pd.DataFrame, policies: list[str], say: Words, size: str = "", start: pd.Timestamp | None = None
) -> Figure:
    """Draw the loads (policy, desk, day, utilisation, queue): a row of panels a policy, dark for much."""
    desks = list(dict.fromkeys(table["desk"]))
    drawn = figure(0.7 + len(policies) * (0.75 + 0.16 * len(desks)), PAGE)
    panels = drawn.subplots(len(policies), 2, sharey=True, sharex=True, squeeze=False)
    longest = scale_end(table)
    for row, policy in zip(panels, policies, strict=True):
        mine = table[table["policy"] == policy]
        for axes, (value, name) in zip(row, PANELS.items(), strict=True):
            _heat(axes, mine, desks, value, 1.0 if value == "utilisation" else longest, say)
            axes.set_title(
                f"{say.policy(policy)}: {say(name)}" + (f" ({size})" if axes is panels[0, 0] else ""),
                fontweight="normal",
            )
    for axes in panels[-1]:
        _years(axes, table, say)
    return drawn


def scale_end(table: pd.DataFrame) -> float:
    """The number waiting at which the scale of the queue ends; one crowded quarter leaves the others visible."""
    return max(1.0, float(np.ceil(10 * table["queue"].quantile(0.995)) / 10))


def _heat(axes: Axes, table: pd.DataFrame, desks: list[str], value: str, most: float, say: Words) -> None:
    cells = table.pivot_table(index="desk", columns="day", values=value, sort=False).reindex(desks)
    beyond = bool((cells > most).any(axis=None))
    scale = {"shrink": 0.8, "pad": 0.02, "extend": "max" if beyond else "neither"}
    sns.heatmap(cells, ax=axes, cmap=HEAT, vmin=0, vmax=most, cbar_kws=scale, rasterized=True)
    axes.set_yticks(np.arange(len(desks)) + 0.5, [say.desk(desk) for desk in desks], rotation=0)
    axes.set_xlabel("")
    axes.set_ylabel("")
    axes.tick_params(length=2)
    bar = axes.collections[0].colorbar
    assert bar is not None
    show = percent if value == "utilisation" else partial(rounded, digits=1)
    ticks = np.linspace(0, most, 5)
    bar.set_ticks(list(ticks), labels=[*map(show, ticks[:-1]), ("≥ " if beyond else "") + show(most)])


def _years(axes: Axes, table: pd.DataFrame, say: Words) -> None:
    number = table["day"].nunique()
    ticks = np.arange(0, number + 1, 4)
    axes.set_xticks(ticks, [rounded(tick / 4) for tick in ticks], rotation=0)
    axes.set_xlabel(say.pick("years since the start (a cell is a quarter)", "开始后年数（一格为一季度）"))


def _caption(table: pd.DataFrame, say: Words) -> str:
    parts = []
    for policy, mine in table.groupby("policy", sort=False):
        busiest, longest = greatest(mine, "utilisation"), greatest(mine, "queue")
        parts.append(
            say.pick(
                f"{say.begin(say.under(str(policy)))} the busiest quarter is that of {say.desk(busiest['desk'])} "
                f"({percent(busiest['utilisation'])}), and most wait at {say.desk(longest['desk'])} "
                f"({rounded(longest['queue'], 1)} on average over a quarter).",
                f"{say.policy(str(policy))}下最忙的是{say.desk(busiest['desk'])}（{percent(busiest['utilisation'])}），排队最长的是{say.desk(longest['desk'])}"
                f"（季度平均 {rounded(longest['queue'], 1)} 件）。",
            )
        )
    end, most = scale_end(table), float(table["queue"].max())
    if most > end:
        parts.append(
            say.pick(
                f"The scale of the queue ends at {rounded(end, 1)}: darker than that is nothing.",
                f"排队的色标止于 {rounded(end, 1)} 件，超过者颜色相同。",
            )
        )
    return say.pick(" ", "").join(parts)
