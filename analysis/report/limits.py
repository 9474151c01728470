"""What results leave out: the limits of the model as a whole, and beside them those of what a result was made with.

A lever, a park and a measure state their own limits where they are defined; here they are only collected.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from parkflow.analysis.language import Words
from parkflow.sim.levers import CATALOGUE


class Limit(NamedTuple):
    """Something that the model leaves out, under a short title, in both languages."""

    title: str
    text: str
    text_zh: str


MODEL = (
    Limit(
        "Two doubts",
        "Intervals tell how sure the simulation is of its own mean. They do not contain the doubt about the "
        "assumptions: have the interval over these shown beside them, or vary them with a sweep.",
        "置信区间只反映仿真本身的误差，不包括假设的不确定性；请同时查看假设区间，或用参数扫描检验假设。",
    ),
    Limit(
        "Most durations are assumed",
        "There is no public event log of Chinese permits to fit. Sources give orders of magnitude: statutory clocks, "
        "city promises, quotas, single reports; some numbers are fitted to ten of the reports' own, which do not tell "
        "most of them. Every number in a park says which it is. Trust signs, orders and interactions before absolute "
        "days.",
        "没有可供拟合的公开审批日志，多数工期为假设，部分参数按十项报道指标拟合，其中多数参数无法由此识别；符号、排序与相互作用比绝对天数更可信。",
    ),
    Limit(
        "The reports are publicity",
        "The parks are built from newspaper articles, which tell best cases and plans; their figures may be rounded or "
        "selected. Where a number contradicts another, `scenarios/evidence.toml` says so, and says how it is used.",
        "所依据的是新闻报道，其中数字可能经过取整、挑选或仅为计划。",
    ),
    Limit(
        "Capacity is assumed",
        "No report says how many officers a department has. Desks are sized for 70 to 85% utilisation in the serial "
        "park. A park with slack staff would gain less from everything that works on queues.",
        "各窗口的人员数量为假设（串联审批下利用率 70% 至 85%）；人手宽裕的园区从缩短排队中获益较少。",
    ),
    Limit(
        "No money",
        "Cost of acceleration, of idle land, of overtime and of early works is not in days saved.",
        "节省的天数不含提速、土地闲置、加班与提前施工的成本。",
    ),
    Limit(
        "No quality and no law",
        "A permit that comes faster is the same permit. Whether a practice is lawful is not asked; statutory clocks "
        "are kept as notices that no lever shortens.",
        "模型不评价提速后的质量与合法性；法定公示期任何措施都不缩短。",
    ),
    Limit(
        "People do not adapt",
        "Officers neither tire nor learn, nor hurry when the queue is long. Firms file when they can, and withdraw by "
        "chance where the park says so, not because they have waited. Nobody games a deadline unless a lever says so.",
        "模型中的人员不会疲劳或学习，也不随排队调整节奏；企业按给定概率退出，而非因等待而退出。",
    ),
    Limit(
        "Projects outside the list",
        "They matter only as far as the park names them. Where a report is silent on them, they are assumed, so that "
        "somebody pays for a green lane.",
        "名单外的项目仅在情景文件写明时才参与。",
    ),
    Limit(
        "Issues are one process",
        "They arise at a rate, not out of each other. One issue does not delay a neighbour's project.",
        "问题按一定频率出现，彼此不引发，也不影响相邻项目。",
    ),
    Limit(
        "One park at a time",
        "Parks do not compete for investors, land quota or contractors.",
        "园区之间不竞争投资者、用地指标或施工队伍。",
    ),
    Limit(
        "Holidays ahead are projections",
        "Make-up weekends are published a year in advance; later ones are guessed by rule.",
        "未公布年份的调休为推测。",
    ),
)
"""The limits of the model as a whole; `docs/limits.md` is made from them."""


def model_limits(say: Words) -> list[str]:
    """The limits of the model as sentences."""
    return [say.pick(f"{limit.title}. {limit.text}", limit.text_zh) for limit in MODEL]


def limits_of(thing: Any) -> tuple[str, ...]:
    """The limits that a lever, a park or a measure states of itself; nothing where it states none."""
    stated: str | Iterable[str] = getattr(thing, "limits", ())
    return tuple(filter(None, [stated] if isinstance(stated, str) else stated))


def limits_of_levers(levers: Iterable[str], say: Words) -> Iterator[str]:
    """The limits of some levers, each under the lever's title."""
    for name in dict.fromkeys(levers):
        kind = CATALOGUE.get(name)
        for limit in limits_of(kind):
            yield f"{say.first(say.lever(name))}{say.pick(': ', ':')}{say.sentence(limit)}"
