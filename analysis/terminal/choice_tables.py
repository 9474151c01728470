"""Which policy was selected: a sentence, and a table of all candidates."""

from __future__ import annotations

from rich.table import Table

from parkflow.analysis.experiments.choice import Candidate, Choice
from parkflow.analysis.formatting import amount, interval, percent, rounded
from parkflow.analysis.language import Words


def choice_sentence(choice: Choice, say: Words) -> str:
    """Which policy is best, with what promise, and what that took."""
    best, unit = say.the_policy(choice.best), choice.measure.unit
    zone = say.pick(f"{amount(choice.goal.zone, unit)} {unit}", f"{amount(choice.goal.zone, unit)}{say.unit(unit)}")
    name = say.title(choice.measure)
    runs, sure = choice.candidates[0].replications, percent(choice.goal.confidence)
    if not choice.is_promised:
        return say.pick(
            f"{say.begin(best)} is ahead in {name}, but {runs} replications do not tell it "
            f"from {_rivals(choice, say)}: raise the cap, or widen the zone.",
            f"{best}的{name}领先，但{runs}次重复尚不能将其与{_rivals(choice, say)}区分："
            "请提高次数上限，或放宽无差异区间。",
        )
    return say.pick(
        f"{say.begin(best)} is best in {name}, with a probability of {sure} or more of being "
        f"right unless another lies within {zone} of it. It took {choice.used} runs; the same number for every policy "
        f"would have been {choice.equal}.",
        f"{best}的{name}最优：除非另有政策与其相差不足{zone}，判断正确的概率不低于{sure}。"
        f"共用{choice.used}次运行；若各政策次数相同，则需{choice.equal}次。",
    )


def _rivals(choice: Choice, say: Words) -> str:
    left = [say.the_policy(it.policy) for it in choice.candidates[1:] if it.dropped_by is None]
    return say.pick(" or ", "、").join(left)


def choice_table(choice: Choice, say: Words) -> Table:
    """All candidates, the best first; those on the frontier of effort are marked."""
    table = Table(header_style="bold")
    table.add_column(say.pick("policy", "政策"), overflow="fold")
    table.add_column(say.title(choice.measure), justify="right", no_wrap=True)
    table.add_column(say.title(choice.effort), justify="right", no_wrap=True)
    table.add_column(say.pick("runs", "次数"), justify="right", no_wrap=True)
    table.add_column(say.pick("what became of it", "结果"), overflow="fold")
    for it in choice.candidates:
        value, effort = it.value, it.effort
        table.add_row(
            say.policy(it.policy) + (" *" if it.on_frontier else ""),
            interval(value.mean, value.low, value.high, choice.measure.unit),
            rounded(effort.mean),
            str(it.replications),
            _fate(it, choice, say),
        )
    table.caption = say.pick(
        "* no other is as good for less effort. Intervals of policies that were dropped are of few runs.",
        "* 没有其他政策以更少投入达到同样效果。被淘汰政策的区间仅基于少量运行。",
    )
    table.caption_justify = "left"
    return table


def _fate(candidate: Candidate, choice: Choice, say: Words) -> str:
    if candidate.policy == choice.best:
        return say.pick("selected", "选定") if choice.is_promised else say.pick("ahead", "领先")
    if candidate.dropped_by is None:
        return say.pick("not told apart", "尚未区分")
    return say.pick("behind ", "落后于") + say.policy(candidate.dropped_by)
