"""What is found about policies, sentence by sentence: days, losers, net of the park, dates, issues, causes."""

from __future__ import annotations

from collections.abc import Iterable

from parkflow.analysis.formatting import percent, rounded
from parkflow.analysis.language import Words
from parkflow.analysis.sentences.calendar_dates import on
from parkflow.analysis.sentences.outcome import Outcome
from parkflow.analysis.sentences.sureness import few, figure, sign, verdict, within


def title(found: Outcome, say: Words) -> str:
    """What is compared with what, and where."""
    name = (found.scenario and say.title(found.scenario)) or found.park
    if not found.compared:
        return say.pick(f"{name}: {say.the_policy(found.baseline)}", f"{name}：{say.policy(found.baseline)}")
    others = say.pick(" and ", "、").join(say.the_policy(policy) for policy in found.compared)
    return say.pick(
        f"{name}: {others} against {say.the_policy(found.baseline)}",
        f"{name}：{others}与{say.policy(found.baseline)}的比较",
    )


def made(found: Outcome, say: Words) -> str:
    """How many replications the answer rests on, and that all policies meet the same projects."""
    runs = "replication" if found.replications == 1 else "replications"
    return say.pick(
        f"{found.replications} {runs}, seed {found.seed}; the same projects meet every policy.",
        f"{found.replications} 次仿真重复，随机种子 {found.seed}；各政策面对同一批项目。",
    )


def question(found: Outcome, say: Words) -> str:
    """What is asked."""
    start, end = (say.activity(name) for name in found.question)
    if not found.compared:
        return say.pick(f"How many days from {start} to {end}?", f"从{start}到{end}需要多少天？")
    others = say.pick(" and ", "和").join(say.the_policy(policy) for policy in found.compared)
    return say.pick(
        f"How many days from {start} to {end} do {others} save against {say.the_policy(found.baseline)}, with what "
        "certainty, and who pays?",
        f"与{say.policy(found.baseline)}相比，{others}从{start}到{end}能节省多少天？有多大把握？谁为此付出代价？",
    )


def heading(found: Outcome, say: Words) -> str:
    """Park, question and sample in one line."""
    start, end = (say.activity(name) for name in found.question)
    runs = "replication" if found.replications == 1 else "replications"
    return say.pick(
        f"{found.park}: {start} → {end} ({found.replications} {runs}, seed {found.seed})",
        f"{found.park}：{start} → {end}（{found.replications} 次仿真重复，随机种子 {found.seed}）",
    )


def answer(found: Outcome, say: Words) -> list[str]:
    """The answer, one paragraph for each policy; a warning belongs before it where it rests on few replications."""
    return [paragraph(found, policy, say) for policy in found.compared or (found.baseline,)]


def warned(found: Outcome, say: Words) -> list[str]:
    """The answer, and before it a warning where it rests on fewer than five replications."""
    return [*few(found.replications, say), *answer(found, say)]


def paragraph(found: Outcome, policy: str, say: Words) -> str:
    """What is to be said first of one policy: days with their interval, losers, net of the park, and dates."""
    told = (days, doubt, losers, net, dates) if policy != found.baseline else (days, dates, issues)
    return joined((tell(found, policy, say) for tell in told), say)


def more(found: Outcome, policy: str, say: Words) -> str:
    """What else is to be said of one policy: the cohort, where most days are saved, and issues."""
    subject = say.pick(f"{say.begin(say.the_policy(policy))}: ", f"{say.policy(policy)}：")
    told = joined((tell(found, policy, say) for tell in (cohort, causes, issues)), say)
    return subject + told if told else ""


def joined(sentences: Iterable[str], say: Words) -> str:
    """Sentences as one paragraph; those that have nothing to tell are left out."""
    return say.pick(" ", "").join(filter(None, sentences))


def days(found: Outcome, policy: str, say: Words) -> str:
    """How long a project takes, what the policy saves of that, and whether it may be chance."""
    start, end = (say.activity(name) for name in found.question)
    lead, saved, before = (
        found.row("days", policy), found.row("days_saved", policy), found.mean("days", found.baseline)
    )  # fmt: skip
    if lead is None:
        return _nobody(found, policy, say)
    takes = say.pick(
        f"{say.begin(say.under(policy))} a project takes {rounded(lead['mean'])} days",
        f"在{say.policy(policy)}下，项目从{start}到{end}平均 {rounded(lead['mean'])} 天",
    )
    if saved is None:
        return say.pick(
            f"{takes}{within(lead, say, True)} from {start} to {end}.", f"{takes}{within(lead, say, True)}。"
        )
    gain = figure(abs(saved["mean"] or 0.0), saved)
    verb = say.pick(*(("saves", "节省") if (saved["mean"] or 0.0) >= 0 else ("loses", "多用")))
    return say.pick(
        f"{takes} from {start} to {end} instead of {rounded(before)}, and {verb} {gain} days"
        f"{within(saved, say, True)}{verdict(saved, say)}.",
        f"{takes}，{say.policy(found.baseline)}为 {rounded(before)} 天；同一项目平均{verb} {gain} 天"
        f"{within(saved, say, True)}{verdict(saved, say)}。",
    )


def doubt(found: Outcome, policy: str, say: Words) -> str:
    """What days saved may be while assumed numbers move through their ranges, where that was asked."""
    here = (it for it in found.doubts if (it["measure"], it["policy"]) == ("days_saved", policy))
    it = next(here, None)
    if it is None:
        return ""
    low, high = it["assumptions_low"], it["assumptions_high"]
    zero = low <= 0 <= high
    ends, points = (rounded(low), rounded(high)), it["points"]
    return say.pick(
        f"While assumed numbers move through their ranges ({points} points) it saves between {ends[0]} and {ends[1]} "
        f"days, which {'contains' if zero else 'does not contain'} zero.",
        f"假设数值在各自范围内变动时（{points} 个点），"
        f"节省 {ends[0]} 至 {ends[1]} 天，{'包含' if zero else '不包含'}零。",
    )


def _nobody(found: Outcome, policy: str, say: Words) -> str:
    """That there is nothing to count."""
    start, end = (say.activity(name) for name in found.question)
    return say.pick(
        f"{say.begin(say.under(policy))} no project gets from {start} to {end}, so there are no days to count.",
        f"在{say.policy(policy)}下，没有项目从{start}到{end}，无天数可计。",
    )


def losers(found: Outcome, policy: str, say: Words) -> str:
    """Which share of the projects loses."""
    share = found.row("share_losing", policy)
    if share is None:
        return ""
    if not share["mean"]:
        most = "" if share["high"] is None else percent(share["high"], 1)
        return say.pick(
            f"No project loses more than half a day{most and f' (95% interval up to {most})'}.",
            f"没有项目受损超过半天{most and f'（95% 区间上限 {most}）'}。",
        )
    lost = figure(share["mean"], share)
    return say.pick(
        f"{lost} of the projects lose more than half a day{within(share, say)}.",
        f"{lost} 的项目受损超过半天{within(share, say)}。",
    )


def net(found: Outcome, policy: str, say: Words) -> str:
    """What the policy does to every project that has the second milestone ahead of it."""
    row, end = found.row("net_days", policy), say.activity(found.question[1])
    if row is None:
        return ""
    mean = row["mean"] or 0.0
    size, bounds = figure(abs(mean), row), within(row, say)
    if sign(row) == 0 and bounds:
        bounds += say.pick(", an interval that contains zero", "，区间包含零")
    return say.pick(
        f"Net of the park, every project counted, {end} comes {size} days {'earlier' if mean >= 0 else 'later'}"
        f"{bounds}.",
        f"计入全园所有项目，{end}平均{'提前' if mean >= 0 else '推迟'} {size} 天{bounds}。",
    )


def dates(found: Outcome, policy: str, say: Words) -> str:
    """The date by which half of the projects are there, beside that of the baseline."""
    end, half = say.activity(found.question[1]), _half(found, policy, say)
    before = _half(found, found.baseline, say) if policy != found.baseline else ""
    if not half:
        return _never(found, policy, say)
    late = say.pick(f" instead of {before}", f"（原为{before}）") if before else ""
    return say.pick(f"Half have reached {end} by {half}{late}.", f"到{half}，半数项目达到{end}{late}。")


def _half(found: Outcome, policy: str, say: Words) -> str:
    """The date by which half are there; nothing where that does not happen in every replication."""
    row = found.row("half_by", policy)
    if row is None or row["mean"] is None or row["censored"]:
        return ""
    return on(row["mean"], found.scenario, say)


def _never(found: Outcome, policy: str, say: Words) -> str:
    """That not even half are there before the end of the run, where the measure was observed."""
    if not any(row["measure"] == "half_by" and row["policy"] == policy for row in found.measures):
        return ""
    end, over = say.activity(found.question[1]), say.horizon()
    return say.pick(
        f"Half of the projects do not always reach {end} before {over}.", f"到{over}为止，并非总有半数项目达到{end}。"
    )


def issues(found: Outcome, policy: str, say: Words) -> str:
    """Which share of the issues is resolved within a month, beside that of the baseline."""
    row, before = found.row("issues_resolved_30", policy), found.mean("issues_resolved_30", found.baseline)
    if row is None:
        return ""
    share = percent(row["mean"])
    instead = before is not None and policy != found.baseline
    late = say.pick(f" instead of {percent(before)}", f"，原为 {percent(before)}") if instead else ""
    return say.pick(f"{share} of issues are resolved within 30 days{late}.", f"30 天内化解的难点堵点占 {share}{late}。")


def causes(found: Outcome, policy: str, say: Words) -> str:
    """In what most days are saved."""
    rows = found.rows("cause_days_saved", policy)
    best = max(rows, key=lambda row: row["mean"] or 0.0, default=None)
    if best is None or (best["mean"] or 0.0) <= 0:
        return ""
    return say.pick(
        f"Most is saved in {say.the_cause(best['group'])} ({figure(best['mean'], best)} days).",
        f"节省最多的是{say.cause(best['group'])}（{figure(best['mean'], best)} 天）。",
    )


def balance(found: Outcome, policy: str, say: Words) -> str:
    """Project-days gained against those lost, in one run of the park."""
    gained, lost = (found.mean(name, policy) for name in ("project_days_gained", "project_days_lost"))
    if gained is None or lost is None:
        return ""
    return say.pick(
        f"{say.begin(say.the_policy(policy))}: {rounded(gained)} project-days gained against {rounded(lost)} lost, "
        "per run.",
        f"{say.policy(policy)}：每次仿真共节省 {rounded(gained)} 项目天，损失 {rounded(lost)} 项目天。",
    )


def cohort(found: Outcome, policy: str, say: Words) -> str:
    """Which share of the cohort is there by its date, beside that of the baseline."""
    about = found.scenario.cohort if found.scenario else None
    row = next(iter(found.rows("start_rate", policy)), None)
    if found.scenario is None or about is None or row is None:
        return ""
    before = next(iter(found.rows("start_rate", found.baseline)), None)
    late = ""
    if before is not None and policy != found.baseline:
        late = say.pick(f" instead of {figure(before['mean'], before)}", f"，原为 {figure(before['mean'], before)}")
    by, there = on(found.scenario.day(about.by), found.scenario, say), say.activity(about.milestone)
    return say.pick(
        f"{figure(row['mean'], row)} of the cohort{within(row, say)} have reached {there} by {by}{late}.",
        f"到{by}，{figure(row['mean'], row)} 的考核项目达到{there}{within(row, say)}{late}。",
    )
