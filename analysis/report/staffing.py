"""Staffing under each policy: who sits at the desks, how busy they are, and what a policy asks of them."""

from __future__ import annotations

from parkflow.analysis.formatting import percent
from parkflow.analysis.language import Words
from parkflow.analysis.report.page import Cell, Section, Sheet, number, sheet, text
from parkflow.analysis.report.policy_tables import totals
from parkflow.analysis.store.run_folder import Run

EFFORT = ("officer_days", "borrowed_days")
BUSY = 0.85
"""A desk that is busier than this has queues that grow fast with every file more."""


def staffing(run: Run, say: Words) -> Section:
    """The section: officers and their busiest year by desk, and the effort of a run."""
    desks = _desks(run, say)
    effort = totals(run, say, EFFORT, say.pick("Effort of one run", "一次仿真的投入"))
    title = say.pick("Staffing under each policy", "各政策下的人员配置")
    if not desks.rows:
        return Section(title, [say.pick("The park has no desk that anybody came to.", "园区没有办理事项的窗口。")])
    return Section(title, [_busiest(run, say)], sheets=[desks, *effort])


def _desks(run: Run, say: Words) -> Sheet:
    busy = _busy(run)
    rows = [
        [
            text(say.desk(desk)),
            _officers(run, desk, say),
            *(_share(busy.get((desk, policy))) for policy in run.policies),
        ]
        for desk in run.scenario.desks
        if any((desk, policy) in busy for policy in run.policies)
    ]
    columns = [say.pick("desk", "窗口"), say.pick("officers", "人员"), *(say.policy(policy) for policy in run.policies)]
    title = say.pick("Officers, and how busy they are in their busiest year", "窗口人员与最忙一年的利用率")
    return sheet(title, columns, rows)


def _busy(run: Run) -> dict[tuple[str, str], float]:
    """Utilisation by desk and policy."""
    rows = run.rows("utilisation").dropna(subset=["mean"])
    return {(str(row["group"]), str(row["policy"])): float(row["mean"]) for _, row in rows.iterrows()}


def _officers(run: Run, desk: str, say: Words) -> Cell:
    """The officers of a desk, and those of the policies that have more or fewer."""
    own = run.scenario.desks[desk].servers
    others = {policy: run.scenarios[policy].desks[desk].servers for policy in run.policies}
    changed = [f"{say.policy(policy)} {there}" for policy, there in others.items() if there != own]
    return text("; ".join((str(own), *changed)))


def _share(value: float | None) -> Cell:
    return number(value, None if value is None else percent(value))


def _busiest(run: Run, say: Words) -> str:
    """Which desks are busier than is good, under which policy."""
    found = [
        f"{say.desk(desk)} ({say.policy(policy)}, {percent(share)})"
        for (desk, policy), share in sorted(_busy(run).items(), key=lambda it: -it[1])
        if share > BUSY
    ]
    if not found:
        return say.pick(
            f"No desk is busier than {percent(BUSY)} in its busiest year under any policy.",
            f"各政策下没有窗口在最忙一年的利用率超过 {percent(BUSY)}。",
        )
    named = say.pick("; ", "；").join(found[:4])
    more = say.pick(f" and {len(found) - 4} more", f"等 {len(found)} 处") if len(found) > 4 else ""
    return say.pick(
        f"Busier than {percent(BUSY)} in their busiest year, so that queues grow fast with every file more: "
        f"{named}{more}.",
        f"最忙一年的利用率超过 {percent(BUSY)}、排队随件数迅速增长的窗口：{named}{more}。",
    )
