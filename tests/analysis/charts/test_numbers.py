"""The marks of a chart stand where the numbers of its table say. All numbers are made up."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from parkflow.analysis.charts import (
    curves,
    desk_days,
    gantt,
    land,
    levers,
    resolution,
    response,
    savings,
    start_curves,
    waterfall,
    winners,
)
from parkflow.analysis.charts.chart import NothingToDrawError
from parkflow.analysis.language import Words

SAY = Words()


def bars(axes: Axes) -> list[Rectangle]:
    """The bars of a panel."""
    return [bar for container in axes.containers for bar in container if isinstance(bar, Rectangle)]


def rows(columns: str, *values: tuple[Any, ...]) -> pd.DataFrame:
    """A table from a line of column names and its rows."""
    return pd.DataFrame(list(values), columns=columns.split())


def test_estimates_and_distribution_of_days_saved() -> None:
    """A point and whiskers at mean, low and high; a histogram whose shares sum to one."""
    estimates = rows(
        "policy group mean low high", ("quick", "all", 40.0, 30.0, 50.0), ("quick", "new", 60.0, 45.0, 75.0)
    )
    projects = pd.DataFrame({"policy": "quick", "saved": [10.0, 20.0, 30.0, 100.0]})
    drawn = savings.draw(estimates, projects, "serial", SAY)
    above, below = drawn.axes
    line = above.containers[0][0]
    assert list(line.get_xdata()) == [40.0, 60.0]
    (whiskers,) = above.containers[0][2]
    assert [segment[:, 0].tolist() for segment in whiskers.get_segments()] == [[30.0, 50.0], [45.0, 75.0]]
    assert [label.get_text() for label in above.get_yticklabels()] == ["all", "new"]
    outline = np.asarray(below.collections[0].get_paths()[0].vertices)
    assert outline[:, 1].max() == pytest.approx(0.25)
    assert above.get_shared_x_axes().joined(above, below)


def test_a_point_without_interval_has_no_whiskers() -> None:
    """One replication has a mean and no interval."""
    estimates = rows("policy group mean low high", ("quick", "all", 40.0, np.nan, np.nan))
    drawn = savings.draw(estimates, pd.DataFrame({"policy": ["quick"], "saved": [40.0]}), "serial", SAY)
    (whiskers,) = drawn.axes[0].containers[0][2]
    assert whiskers.get_segments()[0][:, 0].tolist() == [40.0, 40.0]


LEVELS = rows(
    "policy group mean low high",
    ("serial", "queueing", 30.0, 28.0, 32.0), ("serial", "notice", 50.0, 50.0, 50.0),
    ("serial", "weather", 0.1, 0.0, 0.2),
    ("quick", "queueing", 40.0, 35.0, 45.0), ("quick", "notice", 20.0, 20.0, 20.0), ("quick", "weather", 0.1, 0.0, 0.2),
)  # fmt: skip
MOVED = rows(
    "policy group mean low high",
    ("quick", "queueing", -10.0, -12.0, -8.0), ("quick", "notice", 30.0, 30.0, 30.0),
    ("quick", "weather", 0.0, 0.0, 0.0),
)  # fmt: skip


def test_causes_are_bars_and_the_waterfall_goes_from_one_total_to_the_other() -> None:
    """Causes of next to no days are left out; the last bar is the first less all that is saved."""
    above, below = waterfall.draw(LEVELS, MOVED, "serial", SAY).axes
    assert [bar.get_width() for bar in bars(above)] == [30.0, 50.0, 40.0, 20.0]
    first, queueing, notice, last = bars(below)
    assert first.get_height() == pytest.approx(80.1)
    assert (queueing.get_y(), queueing.get_height()) == pytest.approx((80.1, 10.0))
    assert (notice.get_y(), notice.get_height()) == pytest.approx((90.1, -30.0))
    assert last.get_height() == pytest.approx(60.1)
    assert [text.get_text() for text in below.texts] == ["80", "+10", "−30", "60"]


def test_causes_of_one_policy_have_no_waterfall() -> None:
    """Nothing is saved where nothing is compared."""
    assert len(waterfall.draw(LEVELS[:3], MOVED[:0], "serial", SAY).axes) == 1


def test_winners_are_in_order_and_groups_balance() -> None:
    """The curve rises from the greatest loss; a group's bars are its mean gains and losses."""
    projects = rows(
        "replication policy group project saved",
        (0, "quick", "new", "a", 20.0), (0, "quick", "new", "b", -10.0),
        (0, "quick", "old", "c", 5.0), (0, "quick", "old", "d", 5.0),
    )  # fmt: skip
    groups = winners.balance(projects)
    assert groups["group"].tolist() == ["all", "new", "old"]
    assert groups["gained"].tolist() == [7.5, 10.0, 5.0]
    assert groups["lost"].tolist() == [2.5, 5.0, 0.0]
    assert groups["share_losing"].tolist() == [0.25, 0.5, 0.0]
    above, below = winners.draw(projects, groups, "quick", "serial", SAY).axes
    assert above.lines[0].get_ydata().tolist() == [-10.0, 5.0, 5.0, 20.0]  # type: ignore[union-attr]
    assert [bar.get_width() for bar in bars(below)] == [7.5, 10.0, 5.0, -2.5, -5.0, 0.0]


def test_s_curves_count_who_is_there() -> None:
    """Mean over replications of the number that has reached the milestone; those that never do stay out."""
    projects = rows(
        "replication policy day", (0, "a", 0.0), (0, "a", 50.0), (1, "a", 0.0), (1, "a", np.nan)
    )  # fmt: skip
    table = curves.cumulative(projects, 1000.0)
    assert table["mean"].iloc[0] == 1.0
    assert table["mean"].iloc[-1] == 1.5
    assert table["all"].iloc[0] == 2.0
    assert table["day"].max() == pytest.approx(51.5)


def test_resolution_is_the_product_limit_estimate() -> None:
    """Four issues: solved on day 1, censored on day 2, solved on day 3, censored on day 9."""
    watched = pd.DataFrame({"days": [1.0, 2.0, 3.0, 9.0], "open": [False, True, False, True]})
    share = resolution.resolved(watched, np.array([0.0, 1.0, 2.0, 3.0, 9.0, 10.0]))
    expected = 1 - np.array([1.0, 3 / 4, 3 / 4, 3 / 4 / 2, 3 / 4 / 2])
    np.testing.assert_allclose(share[:5], expected)
    assert np.isnan(share[5])


def test_issues_that_are_all_open_give_a_flat_curve() -> None:
    """Nothing resolved, everything censored, a stroke for each."""
    table = pd.DataFrame({"replication": 0, "policy": "serial", "days": [3.0, 8.0], "open": True})
    curve = resolution.survival(table)
    assert curve["resolved"].fillna(0.0).eq(0.0).all()
    (axes,) = resolution.draw(curve, table, "serial", SAY).axes
    strokes = [line for line in axes.lines if line.get_marker() == "|"]
    assert [line.get_xdata().tolist() for line in strokes] == [[3.0, 8.0]]  # type: ignore[union-attr]
    assert "censored: 2" in axes.get_legend().get_texts()[0].get_text()  # type: ignore[union-attr]


def test_load_of_a_desk_falls_into_quarters() -> None:
    """The part of each stretch that lies between two edges."""
    covered = desk_days._overlap(np.array([0.0, 5.0]), np.array([10.0, 25.0]), np.array([0.0, 10.0, 20.0, 30.0]))
    assert covered.tolist() == [15.0, 10.0, 5.0]


def test_land_is_the_mean_level_and_shortages_are_counted() -> None:
    """Levels hold until the next change; those who ask in vain are counted by quarter and replication."""
    log = rows(
        "replication policy day level short",
        (0, "a", 0.0, 100.0, False), (0, "a", 50.0, 20.0, False), (0, "a", 60.0, 20.0, True),
        (1, "a", 0.0, 100.0, False), (1, "a", 200.0, 0.0, False),
    )  # fmt: skip
    levels = land.levels_of(log)
    assert levels["mean"].iloc[0] == 100.0
    assert levels["mean"].iloc[-1] == pytest.approx(60.0)
    asked = land.shortages(log, 2)
    assert asked[["day", "times"]].to_numpy().tolist() == [[0.0, 0.5]]


def test_a_schedule_tells_kinds_of_time_apart() -> None:
    """A file that queues, is served, comes back, is fixed and queues again; then a notice, a sitting and an issue."""
    steps = rows(
        "activity issue copy attempt step cause ready start end",
        ("filing", "", 1, 1, "desk", "service", 0.0, 2.0, 5.0),
        ("filing", "", 1, 2, "desk", "correction", 8.0, 9.0, 10.0),
        ("listing", "", 1, 1, "notice", "notice", 10.0, 10.0, 40.0),
        ("board", "", 1, 1, "meeting", "meeting", 40.0, 47.0, 48.0),
        ("treatment", "p/1", 1, 1, "desk", "issue", 41.0, 42.0, 45.0),
    )  # fmt: skip
    pieces = gantt._pieces(steps)
    found = {(row.activity, row.kind): (row.begin, row.end) for row in pieces.itertuples() if row.activity != "filing"}
    assert found[("listing", "notice")] == (10.0, 40.0)
    assert found[("board", "waiting")] == (40.0, 47.0)
    assert found[("board", "service")] == (47.0, 48.0)
    assert {key[1] for key in found if key[0] == "issues"} == {"issue"}
    filing = pieces[pieces["activity"] == "filing"].sort_values("begin")
    assert filing["kind"].tolist() == ["queueing", "service", "correction", "queueing", "correction"]
    assert (filing["begin"].iloc[0], filing["end"].iloc[-1]) == (0.0, 10.0)


POINTS = pd.DataFrame(
    [(n, rate, 10.0 * n + rate, 10.0 * n, 11.0 * n + 2) for n in (1, 2, 3) for rate in (0.0, 0.5, 1.0)],
    columns=["desks.planning.servers", "levers.parallel_approvals.share", "mean", "low", "high"],
)  # fmt: skip


def test_two_factors_of_three_levels_are_a_heat_map() -> None:
    """Each cell has the mean of its point, the greatest level on top, and the colour bar its unit."""
    chart = response.chart(POINTS, list(POINTS.columns[:2]), "days_saved", "days", SAY)
    cells, bar = chart.figure.axes
    assert [text.get_text() for text in cells.texts] == ["30", "30", "31", "20", "20", "21", "10", "10", "11"]
    assert (cells.get_xlabel(), cells.get_ylabel()) == ("parallel approvals: share", "planning: servers")
    assert bar.get_ylabel() == "Days saved"
    assert "highest, 31 days, at planning: servers = 3" in chart.caption


def test_one_factor_is_a_line_with_intervals() -> None:
    """One point per level."""
    chart = response.chart(POINTS, ["desks.planning.servers"], "days", "days", SAY)
    (axes,) = chart.figure.axes
    assert axes.containers[0][0].get_xdata().tolist() == [1, 2, 3]
    assert axes.containers[0][0].get_ydata().tolist() == pytest.approx([10.5, 20.5, 30.5])
    assert axes.get_ylabel() == "Lead time (days)"


def test_spread_designs_are_clouds() -> None:
    """A Latin hypercube has one panel per factor."""
    random = np.random.default_rng(1)
    points = pd.DataFrame(
        {"a": random.random(30), "b": random.random(30), "c": ["x", "y"] * 15, "mean": random.random(30)}
    )
    chart = response.chart(points.assign(low=0.0, high=1.0), ["a", "b", "c"], "share_losing", "share", SAY)
    assert [axes.get_xlabel() for axes in chart.figure.axes[:3]] == ["a", "b", "c"]
    assert len(np.asarray(chart.figure.axes[0].collections[0].get_offsets())) == 30


def test_a_sweep_without_numbers_says_so() -> None:
    """Every point without the measure."""
    with pytest.raises(NothingToDrawError, match="no point of the sweep has the measure days"):
        response.chart(POINTS.assign(mean=np.nan), ["desks.planning.servers"], "days", "days", SAY)


def test_levers_stand_in_order_of_their_worth_alone() -> None:
    """Two marks a lever, and a caption that names the sum."""
    table = rows(
        "lever way mean low high",
        ("small", "alone", 5.0, 4.0, 6.0), ("large", "alone", 50.0, 40.0, 60.0),
        ("small", "removed", 1.0, 0.0, 2.0), ("large", "removed", 30.0, 20.0, 40.0),
    )  # fmt: skip
    chart = levers.chart(table, "somewhere", "quick", SAY)
    (axes,) = chart.figure.axes
    assert [label.get_text() for label in axes.get_yticklabels()] == ["large", "small"]
    assert axes.containers[0][0].get_xdata().tolist() == [5.0, 50.0]
    assert "sum to 55 days" in chart.caption
    with pytest.raises(NothingToDrawError, match="has no levers"):
        levers.chart(table[:0], "somewhere", "quick", SAY)


def test_listed_points_are_named_by_what_is_different() -> None:
    """Some of the combinations of three factors: a row per point, the greatest on top."""
    columns = ["policies.quick.levers.a", "policies.quick.levers.b", "policies.quick.levers.c"]
    points = pd.DataFrame(
        [(True, True, True, 9.0), (False, True, True, 4.0), (True, False, True, 6.0), (True, True, False, 7.0)]
    )
    points.columns = pd.Index([*columns, "mean"])
    chart = response.chart(points.assign(low=0.0, high=10.0), columns, "days_saved", "days", SAY)
    (axes,) = chart.figure.axes
    names = [label.get_text() for label in axes.get_yticklabels()]
    assert names == ["the usual point", "c = no", "b = no", "a = no"]
    assert axes.containers[0][0].get_xdata().tolist() == [9.0, 7.0, 6.0, 4.0]


def test_start_curves_count_those_that_never_start() -> None:
    """Of four projects one starts after 5 months, one after 7, and two never do; half is where the curve ends."""
    projects = pd.DataFrame({"policy": "serial", "replication": 0, "months": [5.0, 7.0, np.nan, np.nan]})
    assert start_curves.started_by(projects["months"].to_numpy(), np.array([4.9, 5.0, 7.0])).tolist() == [0, 0.25, 0.5]
    table = start_curves.shares(projects)
    (axes,) = start_curves.draw(table, "serial", "4 projects × 1 replications", SAY).axes
    curve = axes.lines[0]
    assert np.asarray(curve.get_ydata())[-1] == 0.5
    programmes = [np.asarray(line.get_xdata()).tolist() for line in axes.lines[1:]]
    assert programmes == [[0, 5], [6, 7], [9, 21]]
    assert [np.asarray(line.get_ydata())[0] for line in axes.lines[1:]] == [0.245, 0.41, 0.913]
