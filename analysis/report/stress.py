"""The reporting sheet STRESS-DES of a study (Monks et al., Journal of Simulation 13, 2019), filled as far as we can.

A scenario and a run say most of what its 24 items ask. What only a person knows reads `MISSING` and says what to write.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from parkflow.analysis.language import Words
from parkflow.analysis.record.run_record import opened
from parkflow.analysis.report.assumptions import assumptions
from parkflow.analysis.report.page import Section, sheet, text
from parkflow.analysis.report.stress_items import ITEMS, MISSING, Study
from parkflow.analysis.store.index import RECORD
from parkflow.analysis.store.run_folder import Run

CITATION = (
    "Monks, T., Currie, C. S. M., Onggo, B. S., Robinson, S., Kunc, M., & Taylor, S. J. E. (2019). Strengthening the "
    "reporting of empirical simulation studies: Introducing the STRESS guidelines. Journal of Simulation, 13(1), 55-67."
)


class Item(NamedTuple):
    """One item of the sheet."""

    number: str
    title: str
    text: str

    @property
    def filled(self) -> bool:
        """Whether nothing is left for a person to write."""
        return MISSING not in self.text


def study_of(run: Run) -> Study:
    """What a stored run says of itself; one without a record does not say on which machine it was made."""
    made, record = run.document["record"], None
    if (run.folder / RECORD).is_file():
        record = opened(run.folder / RECORD)
    return Study(
        run.scenario,
        run.policies,
        run.question,
        run.replications,
        int(run.document["seed"]),
        str(made["command"]),
        record and record["environment"],
        record and record["cost"],
    )


def stress(study: Study, say: Words) -> list[Item]:
    """The 24 items of the sheet, in order."""
    say = say.about(study.scenario)
    return [Item(number, say.pick(*titles), write(study, say)) for number, titles, write in ITEMS]


def share_filled(items: Sequence[Item]) -> float:
    """The share of items in which nothing is missing."""
    return sum(item.filled for item in items) / len(items)


def markdown(study: Study, say: Words) -> str:
    """The sheet as a Markdown page, with every noted number behind it."""
    items, name = stress(study, say), say.title(study.scenario) or study.scenario.name
    filled = sum(item.filled for item in items)
    lead = say.pick(
        f"{filled} of {len(items)} items are filled from the scenario and the run; {MISSING} is for the authors.",
        f"{len(items)} 项中有 {filled} 项由情景与运行填写；{MISSING} 由作者补充。",
    )
    lines = [f"# STRESS-DES: {name}", "", lead, "", CITATION, ""]
    for item in items:
        lines += [f"## {item.number} {item.title}", "", item.text, ""]
    lines += [say.pick("## Annex: input parameters", "## 附录：输入参数"), "", *_parameters(study, say), ""]
    return "\n".join(lines)


def stress_section(study: Study, say: Words) -> Section:
    """The sheet as a part of a report."""
    items = stress(study, say)
    columns = say.pick(("item", "content"), ("条目", "内容"))
    rows = [[text(f"{item.number} {item.title}"), text(item.text.replace("\n", " "))] for item in items]
    title = say.pick("Reporting sheet STRESS-DES", "仿真研究报告清单 STRESS-DES")
    return Section(title, [CITATION], sheets=[sheet(title, columns, rows, folded=True)])


def _parameters(study: Study, say: Words) -> list[str]:
    head = say.pick("| key | value | kind | where it comes from |", "| 键 | 取值 | 性质 | 出处或理由 |")
    kinds = say.pick(("source", "assumed"), ("来源", "假设"))
    noted = assumptions(study.scenario)
    cells = ([one.key, one.value, kinds[one.assumed], one.note] for one in noted)
    return [head, "|---|---|---|---|", *("| " + " | ".join(map(_cell, row)) + " |" for row in cells)]


def _cell(value: str) -> str:
    return value.replace("|", "\\|").replace("\n", " ")
