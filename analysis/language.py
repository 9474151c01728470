"""What charts and reports say, in English and in Chinese; names of measures and levers come from their registries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from parkflow.analysis.measures.registry import MEASURES
from parkflow.sim.levers import CATALOGUE

T = TypeVar("T")

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")

CHINESE = {
    # policies
    "serial": "串联审批",
    "reported": "报道做法",
    "green_channel": "绿色通道",
    "full": "全部措施",
    # causes
    "queueing": "排队",
    "service": "办理",
    "correction": "补正",
    "preparation": "材料准备",
    "notice": "法定公示",
    "closed office": "非工作日",
    "meeting": "等会议",
    "issue": "难点堵点",
    "land": "等土地",
    "works": "施工",
    "weather": "天气",
    "waiting": "等待",
    "land work": "征地整备",
    # groups and classes
    "all": "全部项目",
    "all projects": "全部项目",
    "new": "新建",
    "new_key": "新建重点",
    "continuing": "续建",
    "continuing_key": "续建重点",
    "ordinary": "一般项目",
    "priority": "重点项目",
    "mega": "特大项目",
    "others": "其他项目",
    # milestones
    "arrival": "到达",
    "first_contact": "首次接洽",
    "agreement": "签约",
    "land_contract": "土地合同",
    "land_certificate": "土地证",
    "construction_permit": "施工许可",
    "groundbreaking_nominal": "名义开工",
    "ready_to_start": "具备开工条件",
    "groundbreaking": "开工",
    "topping_out": "封顶",
    "acceptance": "竣工验收",
    "production": "投产",
    # desks
    "investment_promotion": "招商",
    "survey": "测绘",
    "county": "征收办",
    "land_office": "国土窗口",
    "province": "省级审批",
    "registry": "不动产登记",
    "development_reform": "发改",
    "ecology": "生态环境",
    "water": "水务",
    "forestry": "林业",
    "planning": "规划",
    "drawing_review": "图审",
    "housing": "住建",
    "utilities": "水电气",
    "fire": "消防",
    "land_bank": "熟地储备",
    # axes and titles
    "days": "天",
    "days saved per project": "每个项目节省天数",
    "days per project": "每个项目天数",
    "days saved": "节省天数",
    "share of projects": "项目占比",
    "projects": "项目数",
    "project": "项目",
    "policy": "政策",
    "share of issues resolved": "已化解问题占比",
    "days since the issue was found": "问题发现后天数",
    "censored": "删失",
    "date": "日期",
    "day": "第几天",
    "utilisation": "利用率",
    "projects waiting": "排队件数",
    "in store": "库存",
    "asked in vain": "无地可供(次/季)",
    "starts": "开工",
    "completions": "投产",
    "alone": "单独采用",
    "removed": "从组合中去掉",
    "lose": "受损",
    "gain": "受益",
    "days gained": "节省天数",
    "days lost": "损失天数",
    "projects, from the greatest loss to the greatest gain": "项目(按节省天数排序)",
    "estimate and 95% interval of the mean": "均值与95%置信区间",
    "distribution over projects": "项目分布",
    "where the days go": "时间去向",
    "from one policy to the other": "从一种政策到另一种政策",
    "no change": "无变化",
    "total": "合计",
    "baseline": "基准",
    "mu": "亩",
    "measure": "指标",
    "share": "占比",
    "count": "个",
    "days since the project's arrival": "项目到达后天数",
    "band: middle 80% of replications": "色带:80%的仿真重复",
    "band: 95% interval over replications": "色带:95%置信区间",
    "stock-outs": "缺地",
    "winners and losers by group": "各类项目得失",
    "needed by law or technique": "法律或技术要求",
    "custom that a practice waives": "可并联的惯例顺序",
    "working days": "工作日",
    "per quarter": "每季度",
}


POLICIES = {
    "serial": "the serial park",
    "reported": "the reported policy",
    "green_channel": "the green channel",
    "full": "all levers together",
    "bundle": "the policy",
}
"""Policies in English sentences."""

CAUSES = {
    "queueing": "queues",
    "service": "service",
    "correction": "corrections",
    "preparation": "preparing files",
    "notice": "statutory notices",
    "closed office": "closed offices",
    "meeting": "waiting for meetings",
    "issue": "issues",
    "land": "work on the land",
    "works": "site works",
    "weather": "weather",
}
"""Causes of days in English sentences."""


@dataclass(frozen=True)
class Words:
    """Speaks one language; what it has no word for stays as it is, with spaces for underscores."""

    language: Language = "en"
    _known: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __call__(self, text: str) -> str:
        """The word or phrase in this language."""
        return self._known.get(text, text.replace("_", " "))

    def policy(self, name: str) -> str:
        """A policy as it stands in a sentence."""
        return self(name) if self.language == "zh" else POLICIES.get(name, f"the policy {self(name)}")

    def under(self, name: str) -> str:
        """In what a policy puts a project, as a sentence begins with it."""
        return (
            f"{self(name)}下"
            if self.language == "zh"
            else "in the serial park"
            if name == "serial"
            else f"under {self.policy(name)}"
        )

    def cause(self, name: str) -> str:
        """A cause of days as it stands in a sentence."""
        return self(name) if self.language == "zh" else CAUSES.get(name, self(name))

    def first(self, text: str) -> str:
        """The word or phrase with a capital, as it begins a title."""
        return self.begin(self(text))

    def begin(self, sentence: str) -> str:
        """The sentence with a capital."""
        return sentence[:1].upper() + sentence[1:]

    def pick(self, english: T, chinese: T) -> T:
        """What is written in both languages on the spot: a sentence, or several."""
        return chinese if self.language == "zh" else english


def words(language: Language) -> Words:
    """The words of a language: `en` or `zh`."""
    if language != "zh":
        return Words()
    levers = {name: lever.title_zh for name, lever in CATALOGUE.items()}
    measures = {measure.title: measure.title_zh for measure in MEASURES}
    return Words("zh", CHINESE | measures | levers)
