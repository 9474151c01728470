"""The report of a comparison: summary, answer, charts, levers, who pays, staffing, limits; and an annex."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from parkflow.analysis.charts.chart import Ask, chosen_policy
from parkflow.analysis.charts.drawing import run_chart
from parkflow.analysis.experiments.worth import LeverWorth
from parkflow.analysis.language import Words
from parkflow.analysis.measures.days import LOSES_BELOW
from parkflow.analysis.measures.measure import ALL
from parkflow.analysis.measures.registry import measure
from parkflow.analysis.report.basis import Changes, basis
from parkflow.analysis.report.lever_part import lever_part
from parkflow.analysis.report.limits import limits_of, limits_of_levers, model_limits
from parkflow.analysis.report.page import Page, Picture, Section, Sheet, number, sheet, text
from parkflow.analysis.report.policy_tables import by_group, doubts, headline
from parkflow.analysis.report.recommendation import recommendation, rests_on
from parkflow.analysis.report.rerun import rerun
from parkflow.analysis.report.staffing import staffing
from parkflow.analysis.report.stress import stress_section, study_of
from parkflow.analysis.sentences import answers
from parkflow.analysis.sentences.outcome import Outcome
from parkflow.analysis.store.project_days import saved
from parkflow.analysis.store.rows import each
from parkflow.analysis.store.run_folder import Run
from parkflow.analysis.terminal.comparison_tables import HEADLINE
from parkflow.sim.levers import LeverError, bundle

CHARTS = ("days_saved", "s_curves", "issues", "land")
MORE_CHARTS = ("start_curves", "gantt", "portfolio", "desks")
MOST_WATERFALLS = 2
MOST_LOSERS = 10

MOST_TOLD = 3
"""With more policies than this, the answer says of each only what comes first."""

Progress = Callable[[str], None]


@dataclass
class _Gallery:
    """The charts of a run as pictures for the page; those that have nothing to show are kept as sentences."""

    run: Run
    ask: Ask
    progress: Progress
    missing: list[str] = field(default_factory=list)

    def of(self, *kinds: str, policy: str | None = None) -> list[Picture]:
        """The charts of these kinds that have something to show."""
        found = []
        for kind in kinds:
            self.progress(kind)
            drawn = run_chart(kind, self.run, replace(self.ask, policy=policy or self.ask.policy))
            if drawn.is_empty:
                self.missing.append(
                    self.ask.say.pick(f"{drawn.heading}: {drawn.caption}", f"{drawn.heading}：{drawn.caption}")
                )
            else:
                found.append(Picture(drawn))
        return found


def comparison_page(
    run: Run, ask: Ask, changes: Changes, progress: Progress = lambda what: None, worth: LeverWorth | None = None
) -> Page:
    """The report of a run; `worth` is what the levers of one policy are worth, where somebody has weighed them.

    Raises `ArgumentError` where the run has not the policy that is asked about.
    """
    ask = replace(ask, say=ask.say.about(run.scenario))
    say, found = ask.say, Outcome.of_run(run)
    policy = chosen_policy(run, ask) if found.compared else run.baseline
    gallery = _Gallery(run, ask, progress)
    sections = (
        Section(say.pick("Results", "结果"), sheets=[headline(run, say), *doubts(run, say)]),
        _charts(gallery, say),
        lever_part(run, ask, _waterfalls(gallery, policy), worth),
        *([_who_pays(gallery, found)] if found.compared else []),
        staffing(run, say),
        Section(say.pick("Limits", "局限"), points=[*_cut_off(run, say), *limits_of(run.scenario), *model_limits(say)]),
        rerun(run.document, say),
    )
    return Page(
        answers.title(found, say), _subtitle(run, found, say), answers.question(found, say),
        answer_about(found, ask.policy, say), sections, say, recommendation(run, found, say), rests_on(run, say),
        _annex(gallery, changes),
    )  # fmt: skip


def answer_about(found: Outcome, policy: str | None, say: Words) -> list[str]:
    """The answer for every policy, and more about the one that is asked about, or about each of them."""
    others = (policy,) if policy else found.compared if len(found.compared) <= MOST_TOLD else ()
    return list(filter(None, (*answers.warned(found, say), *(answers.more(found, one, say) for one in others))))


def _subtitle(run: Run, found: Outcome, say: Words) -> str:
    version, start = run.document["record"]["version"] or "", run.scenario.start
    period = say.pick(f" The park runs from {start} to {say.horizon()}.", f"园区仿真期为 {start} 至 {say.horizon()}。")
    by = say.pick(f" Simulated with parkflow {version}.", f"由 parkflow {version} 仿真。")
    return answers.made(found, say) + (period if start else "") + by


def _charts(gallery: _Gallery, say: Words) -> Section:
    shown = gallery.of(*CHARTS)
    return Section(say.pick("Charts", "图表"), list(gallery.missing), shown)


def _waterfalls(gallery: _Gallery, policy: str) -> list[Picture]:
    """Where the days go, and what is saved: under the policy that the answer is about, and another one."""
    others = [one for one in gallery.run.policies[1:] if one != policy]
    shown = [policy, *others][:MOST_WATERFALLS] if policy != gallery.run.baseline else [None]
    return [it for one in shown for it in gallery.of("causes", policy=one)]


def _who_pays(gallery: _Gallery, found: Outcome) -> Section:
    run, say = gallery.run, gallery.ask.say
    balance = [line for one in found.compared if (line := answers.balance(found, one, say))]
    return Section(
        say.pick("Who pays", "谁付出代价"), balance, gallery.of("winners"),
        [*by_group(run, say, ("net_days", "share_losing")), *_losers(run, say)],
    )  # fmt: skip


def _losers(run: Run, say: Words) -> Iterator[Sheet]:
    """The projects that lose most under each policy, over all replications."""
    projects = saved(run)
    losing = projects[projects["saved"] < LOSES_BELOW].sort_values("saved", kind="stable")
    if len(losing):
        names = ("policy", "project", "group", "replication", "days lost"), ("政策", "项目", "类别", "重复", "损失天数")
        worst = losing.groupby("policy", sort=False).head(max(3, MOST_LOSERS // len(run.policies[1:])))
        rows = [
            [
                text(say.policy(row.policy)), text(row.project), text(say.group(row.group)),
                number(row.replication, str(row.replication)), number(-row.saved),
            ]
            for policy in run.policies[1:] for row in each(worst[worst["policy"] == policy])
        ]  # fmt: skip
        yield sheet(say.pick("Projects that lose most", "损失最大的项目"), say.pick(*names), rows)


def _annex(gallery: _Gallery, changes: Changes) -> Sequence[Section]:
    """What stands behind the report: more tables, schedules, assumptions, the limits of every part, the sheet."""
    run, say = gallery.run, gallery.ask.say
    more = by_group(
        run, say, ("days_saved", "cause_days_saved", "issues_solved_at", "wait", "overdue", "borrowed", "officer_days")
    )
    return (
        Section(say.pick("More tables", "更多表格"), sheets=more),
        Section(say.pick("More charts", "更多图表"), pictures=gallery.of(*MORE_CHARTS)),
        basis(run.scenario, changes, say),
        Section(say.pick("Limits of levers and measures", "措施与指标的局限"), points=[*_stated(run, say)]),
        stress_section(study_of(run), say),
    )


def _stated(run: Run, say: Words) -> Iterator[str]:
    """What the levers of the policies and the measures of the first table say of themselves."""
    known = [policy for policy in run.policies if policy in run.scenario.policies]
    yield from limits_of_levers((lever for policy in known for lever in _levers(run, policy)), say)
    yield from dict.fromkeys(limit for name in HEADLINE for limit in limits_of(measure(name)))


def _levers(run: Run, policy: str) -> Sequence[str]:
    try:
        return list(bundle(run.scenario, policy))
    except LeverError:
        return ()


def _cut_off(run: Run, say: Words) -> list[str]:
    """What this run in particular leaves open."""
    censored = run.rows("days", ALL).set_index("policy")["censored"]
    if not censored.sum():
        return []
    counts = ", ".join(f"{say.policy(str(policy))} {count}" for policy, count in censored.items())
    return [
        say.pick(
            f"Projects cut off, over all replications: {counts}; they count up to {say.horizon()}.",
            f"期末未完成的项目：{counts}；计算至{say.horizon()}。",
        )
    ]
