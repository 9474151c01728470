"""Names of the kinds of thing that every park has: causes, verdicts, steps, units; in both languages."""

from __future__ import annotations

SEVERITIES = {"routine": "一般问题", "material": "较大问题", "key": "重大问题"}
"""Severities of issues, in Chinese."""

CAUSES = {
    "queueing": ("queues", "排队"),
    "service": ("service", "办理"),
    "correction": ("corrections", "补正"),
    "preparation": ("preparing files", "材料准备"),
    "notice": ("statutory notices", "法定公示"),
    "meeting": ("waiting for meetings", "等待上会"),
    "issue": ("issues", "难点堵点"),
    "land": ("work on the land", "征地整备"),
    "works": ("site works", "施工"),
    "weather": ("weather", "天气"),
}
"""Causes of days: in an English sentence, and in Chinese."""

VERDICTS = {
    "reproduced": ("reproduced", "可复现"),
    "best_case": ("best case", "仅属最好情形"),
    "not_reproduced": ("not reproduced", "未复现"),
    "contradicts": ("contradiction", "自相矛盾或违法"),
    "not_expressible": ("not expressible", "无法表达"),
}
"""Verdicts on what was reported, in a table in English and in Chinese."""

AREAS = {
    "approvals": "审批",
    "land": "用地",
    "coordination": "协调",
    "construction": "施工",
    "steering": "统筹",
    "own": "自定义",
}
"""Areas of levers, in Chinese."""

STRETCHES = {
    "queueing": "排队",
    "waiting": "等待",
    "service": "办理",
    "correction": "补正",
    "preparation": "材料准备",
    "notice": "法定公示",
    "issue": "难点堵点",
    "land work": "征地整备",
    "works": "施工",
}
"""Kinds of time in a schedule, in Chinese."""

STEPS = {
    "work": "作业",
    "desk": "窗口办理",
    "notice": "法定公示",
    "meeting": "会议",
    "stock": "取用储备",
    "milestone": "节点",
    "end": "退出",
}
"""Kinds of step, in Chinese."""

UNITS = {
    "days": "天",
    "day": "第几天",
    "unit-days": "储备·天",
    "share": "占比",
    "count": "个",
    "mu": "亩",
    "projects": "项目数",
}
"""Units, in Chinese."""

PHRASES = {
    "covered": "政策覆盖的项目",
    "others": "其他项目",
    "small projects": "小型项目",
    "middle projects": "中型项目",
    "large projects": "大型项目",
    "all": "全部项目",
    "issues": "难点堵点",
    "days saved per project": "每个项目节省天数",
    "days per project": "每个项目天数",
    "share of projects": "项目占比",
    "projects": "项目数",
    "share of issues resolved": "已化解问题占比",
    "days since the issue was found": "问题发现后天数",
    "censored": "删失",
    "date": "日期",
    "day": "第几天",
    "utilisation": "利用率",
    "projects waiting": "排队件数",
    "in store": "库存",
    "starts": "开工",
    "completions": "投产",
    "days gained": "节省天数",
    "days lost": "损失天数",
    "projects, from the greatest loss to the greatest gain": "项目（按节省天数排序）",
    "estimate and 95% interval of the mean": "均值与95%置信区间",
    "distribution over projects": "项目分布",
    "where the days go": "时间去向",
    "measure": "指标",
    "days since the project's arrival": "项目进入后天数",
    "band: middle 80% of replications": "色带：80%的仿真重复",
    "band: 95% interval over replications": "色带：95%置信区间",
    "needed by law or technique": "法律或技术要求",
    "custom that a practice waives": "可并联的惯例顺序",
}
"""Phrases on axes and in titles, in Chinese."""
