"""The kinds of chart by name, without loading what draws them."""

from __future__ import annotations

RUN_KINDS: dict[str, str] = {
    "days_saved": "Days saved by each policy: estimates with intervals, and the distribution over projects.",
    "causes": "Where the days go under each policy, and a waterfall from the baseline to one policy.",
    "winners": "Winners and losers: every project from the greatest loss to the greatest gain, and by group.",
    "gantt": "The realised schedule of one project under two policies.",
    "portfolio": "The realised schedule of all projects under two policies, one row per project, by stage.",
    "s_curves": "Cumulative starts and completions over time.",
    "start_curves": "Share of signed projects started by months since signing, beside three real programmes.",
    "issues": "How fast issues are resolved (Kaplan-Meier), with censored issues marked.",
    "desks": "Utilisation and queue of every desk over time.",
    "land": "Ready land in store over time, and who asked in vain.",
    "network": "The network of activities that a project runs through.",
}
"""Kinds drawn from one comparison: a run folder, or a park that is simulated first."""

SWEEP_KINDS: dict[str, str] = {
    "sweep": "The response of a measure to the factors of a sweep: a line, or a heat map of two factors.",
}
"""Kinds drawn from a sweep folder."""

LEVER_KINDS: dict[str, str] = {
    "levers": "What each lever is worth alone, and what is lost when it is removed from the bundle.",
}
"""Kinds drawn from a table of levers alone and removed, or from a park that is simulated with each."""

LEDGER_KINDS: dict[str, str] = {
    "ledger": "What was reported beside what the model predicts, as a multiple, with the verdict.",
}
"""Kinds drawn from a folder of `parkflow validate`, or from a park that something is reported of."""

TITLES: dict[str, tuple[str, str]] = {
    "days_saved": ("Days saved", "节省天数"),
    "causes": ("Where the days go", "时间去向"),
    "winners": ("Winners and losers", "得与失"),
    "gantt": ("Schedule of a project", "项目实际进度"),
    "portfolio": ("Schedule of all projects", "全部项目的实际进度"),
    "s_curves": ("Starts and completions over time", "开工与投产进度曲线"),
    "start_curves": ("Share started by months since signing", "签约后逐月开工率"),
    "issues": ("How fast issues are resolved", "难点堵点化解速度"),
    "desks": ("Desks over time", "各窗口的利用率与排队"),
    "land": ("Ready land in store", "储备土地库存"),
    "network": ("The network of a project", "项目流程网络"),
    "sweep": ("Response to the factors", "指标的响应"),
    "levers": ("What each lever is worth", "各项措施的作用"),
    "ledger": ("What was reported beside what the model predicts", "报道与模型预测对照"),
}
"""What a picture of each kind is called where it has nothing to show, in English and in Chinese."""

KINDS: dict[str, str] = RUN_KINDS | SWEEP_KINDS | LEVER_KINDS | LEDGER_KINDS
