"""The kinds of chart by name, without loading what draws them."""

from __future__ import annotations

RUN_KINDS: dict[str, str] = {
    "days_saved": "Days saved by each policy: estimates with intervals, and the distribution over projects.",
    "causes": "Where the days go under each policy, and a waterfall from the baseline to one policy.",
    "winners": "Winners and losers: every project from the greatest loss to the greatest gain, and by group.",
    "gantt": "The realised schedule of one project under two policies.",
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

KINDS: dict[str, str] = RUN_KINDS | SWEEP_KINDS | LEVER_KINDS | LEDGER_KINDS
