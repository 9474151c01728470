"""What a report rests on: the numbers of the park with their sources, and what each policy changes in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from parkflow.analysis.formatting import plain
from parkflow.analysis.language import Words
from parkflow.analysis.report.assumptions import assumptions
from parkflow.analysis.report.page import Section, Sheet, sheet, text
from parkflow.sim.scenario import Scenario

Changes = Mapping[str, Sequence[tuple[str, Any, Any]]]
"""What each policy changes in the park: key, before, after."""


def basis(scenario: Scenario, changes: Changes, say: Words) -> Section:
    """The section: what each policy changes, and every noted number."""
    noted = assumptions(scenario)
    assumed = sum(it.assumed for it in noted)
    lead = say.pick(
        f"{len(noted)} entries of the scenario carry a note: {len(noted) - assumed} name a source, {assumed} "
        "are assumed. Identifiers such as f004-09, m12 and S41 are entries of scenarios/evidence.toml and of the "
        "process priors.",
        f"情景文件中有 {len(noted)} 项带有说明：{len(noted) - assumed} 项有来源，{assumed} 项为假设。"
        "f004-09、m12、S41 等编号见 scenarios/evidence.toml 与流程先验说明。",
    )
    sheets = [*_changed(scenario, changes, say), _noted(scenario, say)]
    return Section(say.pick("Assumptions and sources", "假设与来源"), [lead], sheets=sheets)


def _changed(scenario: Scenario, changes: Changes, say: Words) -> Iterator[Sheet]:
    for policy, lines in changes.items():
        rows = [[text(key), text(plain(before)), text(plain(after))] for key, before, after in lines]
        if rows:
            given = scenario.policies.get(policy)
            columns = say.pick(("key", "before", "after"), ("键", "之前", "之后"))
            title = say.pick(f"What {say.the_policy(policy)} changes", f"{say.policy(policy)}改变了什么")
            yield sheet(title, columns, rows, given.note or "" if given else "", folded=True)


def _noted(scenario: Scenario, say: Words) -> Sheet:
    columns = say.pick(("key", "value", "kind", "where it comes from"), ("键", "取值", "性质", "出处或理由"))
    kinds = say.pick(("source", "assumed"), ("来源", "假设"))
    rows = [[text(it.key), text(it.value), text(kinds[it.assumed]), text(it.note)] for it in assumptions(scenario)]
    return sheet(say.pick("Every noted number", "全部带说明的数值"), columns, rows, folded=True)
