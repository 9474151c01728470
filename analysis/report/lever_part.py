"""Which lever did it: the levers of every policy, where its days are saved, and what each lever is worth."""

from __future__ import annotations

from collections.abc import Sequence

from parkflow.analysis.charts.chart import Ask
from parkflow.analysis.charts.drawing import lever_chart
from parkflow.analysis.experiments.worth import LeverWorth
from parkflow.analysis.language import Words
from parkflow.analysis.report.page import Picture, Section
from parkflow.analysis.report.policy_tables import by_group
from parkflow.analysis.store.run_folder import Run
from parkflow.sim.levers import LeverError, bundle


def lever_part(run: Run, ask: Ask, pictures: Sequence[Picture], worth: LeverWorth | None) -> Section:
    """The section; `worth` is what each lever of one policy is worth, where somebody has weighed them."""
    say = ask.say
    shown = [*pictures, *([Picture(lever_chart(worth, ask))] if worth is not None else [])]
    title = say.pick("Which lever did it", "哪项措施起作用")
    tables = by_group(run, say, ("cause_days",))
    return Section(title, [_unweighed(say)] if worth is None else [], shown, tables, [*_levers(run, say)])


def _levers(run: Run, say: Words) -> list[str]:
    """The levers of every policy that the park knows."""
    found = []
    for policy in run.policies[1:]:
        try:
            names = bundle(run.scenario, policy)
        except LeverError:  # a policy that was changed on the command line
            continue
        if names:
            listed = say.pick(", ", "、").join(say.lever(name) for name in names)
            found.append(
                say.pick(f"{say.begin(say.the_policy(policy))}: {listed}.", f"{say.policy(policy)}:{listed}。")
            )
    return found


def _unweighed(say: Words) -> str:
    return say.pick(
        "The causes tell in what the days are saved. What each lever is worth alone, and what is lost without it, has "
        "to be weighed by runs of its own: ask for the worth of levers.",
        "时间去向说明节省在哪些环节。各措施单独的作用及去掉后的损失需另行仿真：请要求计算各措施的作用。",
    )
