"""Ready land in store over time, and who asked for it in vain."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from parkflow.analysis.charts.chart import Ask, Chart, NothingToDrawError, date_axis, dates, sample
from parkflow.analysis.charts.theme import figure, policy_colours, policy_dashes
from parkflow.analysis.formatting import rounded
from parkflow.analysis.language import Words
from parkflow.analysis.sentences.calendar_dates import on
from parkflow.analysis.store.rows import least
from parkflow.analysis.store.run_folder import Run

QUARTER = 365.25 / 4
POINTS = 240
BAND = (0.1, 0.9)


def chart(run: Run, ask: Ask) -> Chart:
    """The level of a base stock under the policies that keep one, and how often somebody found too little in it."""
    stock = _stock(run)
    log = run.table("stocks", stock=stock)
    kept = [policy for policy in run.policies if (log.loc[log["policy"] == policy, "level"] > 0).any()]
    if not kept:
        raise NothingToDrawError(
            f"no policy of this run keeps any {stock.replace('_', ' ')} in store; compare one that does, as "
            "green_channel",
            f"本次仿真的各政策均未保有{ask.say.stock(stock)}；请比较保有库存的政策，如绿色通道",
        )
    log = log[log["policy"].isin(kept)]
    levels, asked = levels_of(log), shortages(log, run.replications)
    drawn = draw(run, levels, asked, run.scenario.stocks[stock].unit, ask.say)
    title = f"{ask.say.stock(stock)}: " + ask.say.pick("in store over time, and stock-outs", "库存变化与缺地次数")
    table = pd.concat([levels.assign(what="level"), asked.assign(what="short")], ignore_index=True)
    caption = _caption(log, levels, run, ask.say)
    return Chart("land", f"{title[0].upper()}{title[1:]} ({run.document['scenario']})", caption, drawn, table)


def _stock(run: Run) -> str:
    """The stock that orders replenish."""
    found = [name for name, stock in run.scenario.stocks.items() if stock.orders]
    if not found:
        raise NothingToDrawError(
            f"the park {run.document['scenario']} has no stock that orders replenish", "该园区没有按订单补充的储备"
        )
    return found[0]


def levels_of(log: pd.DataFrame) -> pd.DataFrame:
    """By policy and day: mean level over replications, and its 10% and 90% quantile."""
    days = np.linspace(0.0, float(log["day"].quantile(0.99)), POINTS)
    found = []
    for policy, part in log[~log["short"]].groupby("policy", sort=False):
        each = np.array([_level(one, days) for _, one in part.groupby("replication")])
        low, high = np.quantile(each, BAND, axis=0)
        found.append(pd.DataFrame({"policy": policy, "day": days, "mean": each.mean(axis=0), "low": low, "high": high}))
    return pd.concat(found, ignore_index=True)


def _level(log: pd.DataFrame, days: np.ndarray) -> np.ndarray:
    changes = log.sort_values("day", kind="stable")
    at = np.searchsorted(changes["day"].to_numpy(), days, side="right") - 1
    return changes["level"].to_numpy()[at]


def shortages(log: pd.DataFrame, replications: int) -> pd.DataFrame:
    """By policy and quarter: how often, in one replication, somebody asked for more than there was."""
    short = log[log["short"]]
    quarter = (short["day"] // QUARTER) * QUARTER
    counted = short.assign(day=quarter).groupby(["policy", "day"], sort=False).size() / replications
    return counted.rename("times").reset_index()


def draw(run: Run, levels: pd.DataFrame, asked: pd.DataFrame, unit: str, say: Words) -> Figure:
    """Draw levels (policy, day, mean, low, high) above how often land was asked for in vain (policy, day, times)."""
    drawn = figure(3.9)
    above, below = drawn.subplots(2, 1, sharex=True, height_ratios=[2, 1])
    policies = list(dict.fromkeys(levels["policy"]))
    colours = policy_colours([run.baseline, *policies], run.baseline)
    dashes = policy_dashes([run.baseline, *policies], run.baseline)
    for policy in policies:
        mine = levels[levels["policy"] == policy]
        at = dates(run, mine["day"])
        above.fill_between(at, mine["low"], mine["high"], color=colours[policy], alpha=0.2, linewidth=0)
        above.plot(at, mine["mean"], color=colours[policy], linestyle=dashes[policy], label=say.policy(policy))
    _short(run, below, asked, policies, colours)
    above.set_ylabel(f"{say('in store')} ({say.unit(unit)})")
    above.set_ylim(bottom=0)
    above.set_title(f"{sample(run, say)}; {say('band: middle 80% of replications')}", fontweight="normal")
    below.set_ylabel(say.pick("asked in vain,\nper quarter", "无地可供\n（次/季）"))
    for axes in (above, below):
        axes.grid(axis="y")
    above.legend(loc="best")
    date_axis(run, below, say)
    return drawn


def _short(run: Run, axes: Axes, asked: pd.DataFrame, policies: list[str], colours: dict[str, str]) -> None:
    width = QUARTER * 0.8 / len(policies)
    for number, policy in enumerate(policies):
        mine = asked[asked["policy"] == policy]
        if not len(mine):  # matplotlib cannot tell that an empty axis is one of dates
            continue
        at = dates(run, mine["day"] + QUARTER * 0.1 + (number + 0.5) * width)
        wide = np.timedelta64(int(width * 86_400), "s") if run.scenario.start else width
        hatch = ("", "///", "xxx", "...")[number % 4]
        axes.bar(at, mine["times"], width=wide, color=colours[policy], hatch=hatch, edgecolor="white", linewidth=0.3)
    axes.set_ylim(0, max(1.0, float(asked["times"].max()) * 1.1) if len(asked) else 1.0)


def _caption(log: pd.DataFrame, levels: pd.DataFrame, run: Run, say: Words) -> str:
    parts = []
    for policy, mine in levels.groupby("policy", sort=False):
        asked = log[(log["policy"] == policy) & log["short"]]
        short = rounded(len(asked) / run.replications, 1)
        parts.append(
            say.pick(
                f"{say.begin(say.under(str(policy)))} the store {_fall(mine, run, say)}, and in one run land is asked "
                f"for in vain {short} times.",
                f"{say.policy(str(policy))}下库存{_fall(mine, run, say)}，每次仿真有 {short} 次无地可供。",
            )
        )
    return say.pick(" ", "").join(parts)


def _fall(levels: pd.DataFrame, run: Run, say: Words) -> str:
    """How far the mean level (day, mean) falls, and when."""
    first, lowest = float(levels["mean"].iloc[0]), least(levels, "mean")
    if lowest["mean"] >= first:
        return say.pick(f"never falls below the {rounded(first)} of the start", f"始终不低于初始的 {rounded(first)}")
    when = on(float(lowest["day"]), run.scenario, say)
    return say.pick(
        f"falls from {rounded(first)} to {rounded(lowest['mean'])} at its lowest ({when})",
        f"由 {rounded(first)} 降至最低 {rounded(lowest['mean'])}（{when}）",
    )
