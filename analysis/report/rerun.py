"""How to make a report's numbers again, and what every result of the model leaves out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from parkflow.analysis.language import Words
from parkflow.analysis.report.page import Section


def rerun(document: Mapping[str, Any], say: Words) -> Section:
    """Command, versions, seed and hash of the scenario."""
    record = document["record"]
    versions = ", ".join(f"{name} {version}" for name, version in record["packages"].items())
    lines = [
        f"$ {record['command']}",
        "",
        f"parkflow {record['version'] or '(not installed)'}"
        + (f" ({record['commit'][:12]})" if record.get("commit") else ""),
        f"Python {record['python']}; {versions}",
    ]
    lines += [f"seed {document['seed']}"] if "seed" in document else []
    lines += [f"scenario {document.get('scenario', '')} {record['scenario_hash']}"] if "scenario_hash" in record else []
    lead = say.pick(
        "The same command, versions and seed give the same numbers on any machine and any number of workers.",
        "同样的命令、版本与种子在任何机器上给出同样的数字。",
    )
    return Section(say.pick("How to rerun it", "如何重做"), [lead], code="\n".join(lines))


def limits(say: Words) -> list[str]:
    """What the model leaves out, in short; docs/limits.md says more."""
    return list(say.pick(_LIMITS, _LIMITS_ZH))


_LIMITS = (
    "Intervals tell how sure the simulation is of its own mean. They do not contain the doubt about the "
    "assumptions: vary those with a sweep.",
    "The reports behind the parks are publicity: figures in them may be rounded, selected or planned.",
    "Quality, legality and cost of going faster are not in days saved; effort is reported beside it where it is "
    "measured.",
    "Staff neither tire nor learn, and do not adapt their pace to the queue.",
    "Projects outside the park's list take part only as far as the scenario says so.",
)

_LIMITS_ZH = (
    "置信区间只反映仿真本身的误差,不包括假设的不确定性;请用参数扫描检验假设。",
    "所依据的是新闻报道,其中数字可能经过取整、挑选或仅为计划。",
    "节省的天数不含提速的质量、合法性与成本。",
    "模型中的人员不会疲劳或学习。",
    "名单外的项目仅在情景文件写明时才参与。",
)
