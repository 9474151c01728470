"""What an answer hangs on: sentences, and a table of the assumed numbers that move it most."""

from __future__ import annotations

from rich.table import Table

from parkflow.analysis.experiments.sensitivity import DRAWS, Influence, Sensitivity
from parkflow.analysis.formatting import NONE, amount, interval, percent, plain, rounded
from parkflow.analysis.language import Words

TOLD = 3
"""Assumed numbers named in the first sentence."""


def sensitivity_sentences(found: Sensitivity, say: Words) -> list[str]:
    """What matters most, what chance does, and what would overturn the choice."""
    policy = found.best
    most = [it for it in found.of(policy) if it.effect][:TOLD]
    chance = next(it for it in found.of(policy) if it.name == DRAWS).index
    name, comma = say.title(found.measure), say.pick("; ", ";")
    moved = comma.join(_moves(it, found, say) for it in most)
    under = say.under(policy)
    told = [
        say.pick(f"{say.begin(under)}, {name} hangs most on: {moved}.", f"{under},{name}主要取决于:{moved}。"),
    ]
    if chance is not None and chance.first == chance.first:
        share = interval(chance.first, max(0.0, chance.first_low), min(1.0, chance.first_high), "share", 0)
        told.append(
            say.pick(
                f"Of the variance between single replications at all these assumptions, chance alone makes {share}.",
                f"在上述假设范围内,单次重复之间的方差中,仅由随机性造成的占{share}。",
            )
        )
    return [*told, _choice(found, say)]


def _moves(it: Influence, found: Sensitivity, say: Words) -> str:
    title, effect = _title(found, it.name, say), it.effect
    assert effect is not None
    ends, by = f"{plain(it.low, 3)} – {plain(it.high, 3)}", amount(effect.mean, found.measure.unit)
    if found.measure.unit != "share":
        by = rounded(effect.mean, 1, sign=True)
    return say.pick(f"{title} ({ends} moves it by {by})", f"{title}({ends},变动{by})")


def _title(found: Sensitivity, name: str, say: Words) -> str:
    return say.pick("chance", "随机性") if name == DRAWS else say.title(found.park.ranges[name])


def _choice(found: Sensitivity, say: Words) -> str:
    """What would overturn the conclusion, and what can be regretted."""
    best, several = say.the_policy(found.best), len(found.policies) > 1
    if found.losing is None:
        what = say.pick(
            f"{best} stays the best at every point tried" if several else f"{best} gains at every point tried",
            f"在所试各点,{best}{'始终最优' if several else '始终有益'}",
        )
        return say.pick(f"The conclusion holds: {what}.", f"结论成立:{what}。")
    box, regret = found.losing, found.regret.get(found.best, 0.0)
    levels = say.pick(" and ", "且").join(
        f"{_title(found, name, say)} {plain(low, 3)} – {plain(high, 3)}"
        for name, (low, high) in found.losing_levels().items()
    )
    where = levels or say.pick("no corner in particular", "无特定范围")
    told = say.pick(
        f"The conclusion that {best} {'is the best' if several else 'gains'} holds unless: {where}. There it fails in "
        f"{percent(box.density)} of points, which are {percent(box.coverage)} of all at which it fails.",
        f"“{best}{'最优' if several else '有益'}”的结论成立,除非:{where}。在该范围内有{percent(box.density)}的点不成立,"
        f"占全部不成立点的{percent(box.coverage)}。",
    )
    if not several:
        return told
    least = min(found.regret, key=lambda it: found.regret[it])
    unit = found.measure.unit
    return told + say.pick(
        f" It is the best at {percent(found.wins[found.best])} of points; the least to regret is "
        f"{say.the_policy(least)}, {amount(found.regret[least], unit)} {unit} at worst.",
        f"其在{percent(found.wins[found.best])}的点上最优;最大遗憾最小的是{say.policy(least)},"
        f"至多{amount(found.regret[least], unit)}{say.unit(unit)}(最优政策为{amount(regret, unit)})。",
    )


def sensitivity_table(found: Sensitivity, policy: str, say: Words, rows: int | None = 12) -> Table:
    """The assumed numbers that move the measure most under a policy, and chance."""
    table = Table(title=say.policy(policy), title_justify="left", header_style="bold")
    table.add_column(say.pick("assumed number", "假设参数"), overflow="fold")
    table.add_column(say.pick("range", "范围"), justify="right", no_wrap=True)
    table.add_column(say.pick("effect of the whole range", "全范围影响"), justify="right", overflow="fold")
    for heading in say.pick(("alone", "in all"), ("单独占比", "总占比")):
        table.add_column(heading, justify="right", no_wrap=True)
    influences = found.of(policy)
    for it in [*influences[:-1][:rows], influences[-1]]:
        table.add_row(_title(found, it.name, say), *_cells(it, found))
    return table


def _cells(it: Influence, found: Sensitivity) -> tuple[str, str, str, str]:
    """The range, the effect, and both indices."""
    effect, index = it.effect, it.index
    ends = NONE if it.low != it.low else f"{plain(it.low, 3)} – {plain(it.high, 3)}"
    moved = NONE if effect is None else f"{rounded(effect.mean, 1, sign=True)} ± {rounded(effect.spread, 1)}"
    if effect is not None and found.measure.unit == "share":
        moved = f"{percent(effect.mean, 1)} ± {percent(effect.spread, 1)}"
    shares = (NONE, NONE) if index is None else (percent(index.first), percent(index.total))
    return ends, moved, *shares
