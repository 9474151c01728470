"""How fast issues are resolved: Kaplan-Meier curves, which treat issues still open at the end as censored."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy import stats

from parkflow.analysis.charts.chart import Ask, Chart, sample, some
from parkflow.analysis.charts.theme import figure, policy_colours, policy_dashes, policy_markers
from parkflow.analysis.formatting import percent, rounded
from parkflow.analysis.language import Words
from parkflow.analysis.measures.intervals import of_mean
from parkflow.analysis.store.run_folder import Run

MOST_DAYS = 180.0
MOST_MARKS = 60
STEP = 1.0
NONE_FOUND = ("no issue was found in this run", "本次仿真中没有发现问题")


def chart(run: Run, ask: Ask) -> Chart:
    """The share of issues resolved by days since they were found, under every policy of a run."""
    issues = some(durations(run), *NONE_FOUND)
    table = some(survival(issues), *NONE_FOUND)
    drawn = draw(table, issues, run.baseline, ask.say, sample(run, ask.say))
    title = ask.say.pick("How fast issues are resolved", "难点堵点化解速度")
    return Chart("issues", f"{title} ({run.document['scenario']})", _caption(table, issues, ask.say), drawn, table)


def durations(run: Run) -> pd.DataFrame:
    """One row per issue found: days from finding to solution, or to the end of the run where it is still `open`."""
    issues = run.table("issues", ["replication", "policy", "found", "solved"])
    issues = issues[issues["found"].notna()]
    days = issues["solved"].fillna(run.over()) - issues["found"]
    return issues[["replication", "policy"]].assign(days=days, open=issues["solved"].isna())


def survival(issues: pd.DataFrame) -> pd.DataFrame:
    """By policy and day: the share resolved (product-limit estimate over all issues) and its 95% interval.

    A replication is one observation of the interval; with a single one there is none.
    """
    days = np.arange(0.0, min(MOST_DAYS, max(float(issues["days"].max()), STEP)) + STEP, STEP)
    found = []
    for policy, part in issues.groupby("policy", sort=False):
        each = [resolved(one, days) for _, one in part.groupby("replication")]
        bounds = [of_mean(values).within(0.0, 1.0) for values in np.array(each).T]
        low, high = ([getattr(bound, side) for bound in bounds] for side in ("low", "high"))
        found.append(
            pd.DataFrame({"policy": policy, "day": days, "resolved": resolved(part, days), "low": low, "high": high})
        )
    return pd.concat(found, ignore_index=True)


def resolved(issues: pd.DataFrame, days: np.ndarray) -> np.ndarray:
    """Share of issues (days, open) resolved within each number of days: one minus the Kaplan-Meier estimate.

    Undefined (NaN) beyond the longest time that any issue was watched.
    """
    is_open = issues["open"].to_numpy(dtype=bool)
    watched = issues["days"].to_numpy(dtype=np.float64)
    curve = stats.ecdf(stats.CensoredData.right_censored(watched, is_open))
    share = np.asarray(curve.cdf.evaluate(days), dtype=np.float64)
    beyond = (days > watched.max()) & is_open[watched.argmax()]
    return np.where(beyond, np.nan, share)


def draw(table: pd.DataFrame, issues: pd.DataFrame, baseline: str, say: Words, size: str = "") -> Figure:
    """Draw the curves (policy, day, resolved, low, high) and a mark for each censored issue (policy, days, open)."""
    drawn = figure(3.1)
    axes = drawn.subplots()
    policies = list(dict.fromkeys(table["policy"]))
    colours, dashes = policy_colours(policies, baseline), policy_dashes(policies, baseline)
    for policy in policies:
        mine, theirs = table[table["policy"] == policy], issues[issues["policy"] == policy]
        label = f"{say.policy(policy)} (n = {rounded(len(theirs))}, {say('censored')}: {int(theirs['open'].sum())})"
        axes.fill_between(mine["day"], mine["low"], mine["high"], color=colours[policy], alpha=0.2, linewidth=0)
        axes.plot(mine["day"], mine["resolved"], color=colours[policy], linestyle=dashes[policy], label=label)
    _marks(axes, table, issues, policies, baseline)
    axes.set_ylim(0, 1.02)
    axes.set_xlim(0, float(table["day"].max()))
    axes.yaxis.set_major_formatter(lambda value, _: percent(value))
    axes.set_xlabel(say("days since the issue was found"))
    axes.set_ylabel(say("share of issues resolved"))
    axes.set_title(
        "; ".join(part for part in (size, say("band: 95% interval over replications")) if part), fontweight="normal"
    )
    axes.grid(axis="y")
    axes.legend(loc="lower right")
    return drawn


def _marks(axes: Axes, table: pd.DataFrame, issues: pd.DataFrame, policies: list[str], baseline: str) -> None:
    """A plus on the curve where an issue was last seen open (some of them, if there are very many)."""
    colours, markers = policy_colours(policies, baseline), policy_markers(policies, baseline)
    for policy in policies:
        curve = table[table["policy"] == policy]
        last = issues.loc[(issues["policy"] == policy) & issues["open"], "days"]
        last = last[last <= curve["day"].max()].sort_values()
        last = last.iloc[:: max(1, len(last) // MOST_MARKS)]
        if len(last):
            height = np.interp(last, curve["day"], curve["resolved"])
            axes.plot(
                last,
                height,
                "|",
                color=colours[policy],
                markersize=9,
                markeredgewidth=1.2,
                gid=f"censored-{markers[policy]}",
            )


def _caption(table: pd.DataFrame, issues: pd.DataFrame, say: Words) -> str:
    parts = []
    for policy, curve in table.groupby("policy", sort=False):
        month = curve.loc[curve["day"] <= 30, "resolved"].iloc[-1]
        half = curve.loc[curve["resolved"] >= 0.5, "day"]
        median = rounded(half.iloc[0]) if len(half) else "–"
        parts.append(
            say.pick(
                f"{say.the_policy(str(policy))} resolves half within {median} days and {percent(month)} within 30",
                f"{say.policy(str(policy))}：{median} 天内化解一半，30 天内化解 {percent(month)}",
            )
        )
    still = int(issues["open"].sum())
    return say.pick(
        f"{say.begin('; '.join(parts))}. {still} of {rounded(len(issues))} issues were still open at the end: they are "
        "censored (upright "
        "strokes), neither dropped nor counted as resolved.",
        f"{'；'.join(parts)}。{rounded(len(issues))} 个问题中有 {still} 个期末仍未化解，按删失处理（竖线标出）。",
    )
