"""What a comparison recommends, what that rests on, and at what price."""

from __future__ import annotations

from parkflow.analysis.formatting import percent, rounded
from parkflow.analysis.language import Words
from parkflow.analysis.measures.intervals import Estimate, of_mean
from parkflow.analysis.measures.summary import Row
from parkflow.analysis.report.assumptions import assumptions
from parkflow.analysis.sentences.outcome import Outcome
from parkflow.analysis.sentences.sureness import FEW, SMALL, figure, sign, within
from parkflow.analysis.store.project_days import saved
from parkflow.analysis.store.run_folder import Run

MANY_LOSE = 0.1
"""With more losers than this a recommendation says so in its own sentence."""


def recommendation(run: Run, found: Outcome, say: Words) -> list[str]:
    """The policy that brings the whole park furthest, where that is not chance; otherwise why none is recommended.

    No sentence where no policy is compared with another.
    """
    if not found.compared:
        return []
    ranked = sorted(
        (policy for policy in found.compared if _benefit(found, policy)), key=lambda one: -_mean(found, one)
    )
    if not ranked:
        none = ("No policy can be recommended: there are no days saved to count.", "无法推荐政策：没有可计的节省天数。")
        return [say.pick(*none)]
    if found.replications < FEW:
        return [_too_few(say)]
    best = ranked[0]
    if sign(_row(found, best)) <= 0:
        return [_none_is_sure(best, say)]
    further = filter(None, (_ahead(run, ranked, say), _price(found, best, say)))
    return [_recommended(found, best, say), *([say.pick(" ", "").join(more)] if (more := list(further)) else [])]


def _too_few(say: Words) -> str:
    return say.pick(
        f"No policy is recommended yet: that takes {FEW} replications or more, and 20 tell much more.",
        f"暂不推荐：至少需要 {FEW} 次仿真重复，20 次更为可靠。",
    )


def _none_is_sure(best: str, say: Words) -> str:
    return say.pick(
        f"No policy can be recommended: of none it is sure that the park gains, not even of {say.the_policy(best)}.",
        f"无法推荐政策：包括{say.policy(best)}在内，均不能确定全园受益。",
    )


def _benefit(found: Outcome, policy: str) -> Row | None:
    """By how much earlier all projects get there; days saved where that is not known."""
    return found.row("net_days", policy) or found.row("days_saved", policy)


def _row(found: Outcome, policy: str) -> Row:
    row = _benefit(found, policy)
    assert row is not None
    return row


def _mean(found: Outcome, policy: str) -> float:
    return _row(found, policy)["mean"] or 0.0


def _recommended(found: Outcome, best: str, say: Words) -> str:
    row, end = _row(found, best), say.activity(found.question[1])
    size = f"{figure(row['mean'], row)}"
    return say.pick(
        f"Recommended is {say.the_policy(best)}: every project counted, {end} comes {size} days earlier"
        f"{within(row, say, True)}.",
        f"推荐{say.policy(best)}：计入所有项目，{end}平均提前 {size} 天{within(row, say, True)}。",
    )


def _ahead(run: Run, ranked: list[str], say: Words) -> str:
    """How far the best is ahead of the next, on the same projects."""
    if len(ranked) < 2:
        return ""
    best, second = ranked[:2]
    ahead = lead(run, best, second)
    if ahead.low != ahead.low:
        return ""
    bounds = f"{_days(ahead.low)} {say.pick('to', '至')} {_days(ahead.high)}"
    if ahead.low <= 0:
        return say.pick(
            f"It cannot be told apart from {say.the_policy(second)} by the days that a project saves (difference "
            f"{bounds}): of the two, take the one that is easier to do.",
            f"按单个项目节省天数，与{say.policy(second)}无法区分（相差 {bounds} 天）：两者中可选更易实施者。",
        )
    return say.pick(
        f"A project saves {_days(ahead.mean)} days more than under {say.the_policy(second)}, which comes second "
        f"({bounds}).",
        f"单个项目比位居第二的{say.policy(second)}多节省 {_days(ahead.mean)} 天（{bounds}）。",
    )


def _days(value: float) -> str:
    return rounded(value, 1 if abs(value) < SMALL else 0)


def lead(run: Run, best: str, second: str) -> Estimate:
    """By how many days one policy saves a project more than another, paired by replication."""
    means = saved(run).groupby(["replication", "policy"])["saved"].mean().unstack()
    if best not in means or second not in means:
        return of_mean([])
    return of_mean((means[best] - means[second]).to_numpy())


def _price(found: Outcome, best: str, say: Words) -> str:
    """Who loses, and what officers it takes."""
    parts, share = [], found.mean("share_losing", best)
    if share is not None and share > MANY_LOSE:
        parts.append(
            say.pick(
                f"{percent(share)} of the projects lose by it: see who pays.",
                f"{percent(share)} 的项目因此受损，详见“谁付出代价”。",
            )
        )
    days, before = found.mean("officer_days", best), found.mean("officer_days", found.baseline)
    if days is not None and before:
        change = days / before - 1
        more = say.pick(*(("more", "增加") if change >= 0 else ("less", "减少")))
        parts.append(
            say.pick(
                f"It takes {percent(abs(change))} {more} of the officers' time than {say.the_policy(found.baseline)}.",
                f"窗口人工时间比{say.policy(found.baseline)}{more} {percent(abs(change))}。",
            )
        )
    return say.pick(" ", "").join(parts)


def rests_on(run: Run, say: Words) -> str:
    """What the recommendation rests on: replications, projects, and numbers that are assumed."""
    noted = assumptions(run.scenario)
    assumed = sum(it.assumed for it in noted)
    projects = len(run.table("projects", ["project"], policy=run.baseline, replication=[0]))
    is_known = bool(run.document.get("assumptions"))
    runs = "replication" if run.replications == 1 else "replications"
    return say.pick(
        f"This rests on {run.replications} {runs} of a portfolio of {projects} projects, and on {assumed} numbers of "
        f"the park that are assumed ({len(noted) - assumed} have a source). "
        + ("The interval over these stands beside that over replications." if is_known else _unknown(say)),
        f"依据：{projects} 个项目、{run.replications} 次仿真重复；园区数据中 {assumed} 项为假设，"
        f"{len(noted) - assumed} 项有来源。" + ("假设区间与抽样区间并列给出。" if is_known else _unknown(say)),
    )


def _unknown(say: Words) -> str:
    return say.pick("The intervals do not contain the doubt about these.", "上述区间不包含假设的不确定性。")
