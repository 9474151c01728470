"""What a sweep found, sentence by sentence: where a measure is highest and lowest, and whether that may be chance."""

from __future__ import annotations

from typing import Any

from parkflow.analysis.experiments.responses import Responses
from parkflow.analysis.formatting import interval
from parkflow.analysis.language import Words
from parkflow.analysis.measures.registry import measure
from parkflow.analysis.sentences.enough import enough
from parkflow.analysis.sentences.points import point_name
from parkflow.analysis.sentences.sureness import few
from parkflow.analysis.store.rows import greatest, least

MOST_FACTORS = 3
"""Factors that a question names; more are counted."""


def _beside(found: Responses, say: Words) -> str:
    """What the points are compared with."""
    baseline = say.the_policy(found.document["baseline"])
    is_park = found.document["against"] == "park"
    return say.pick(f"{baseline} as it is", f"现状的{baseline}") if is_park else baseline


def question(found: Responses, asked: str, say: Words) -> str:
    """What is asked of a sweep about one measure."""
    start, end = (say.activity(name) for name in found.document["question"])
    title = say.title(measure(asked))
    return say.pick(
        f"How does the measure “{title}” ({start} → {end}) respond to {_factors(found, say)}, against "
        f"{_beside(found, say)}?",
        f"与{_beside(found, say)}相比,{title}({start} → {end})如何随{_factors(found, say)}变化?",
    )


def _factors(found: Responses, say: Words) -> str:
    if len(found.factors) > MOST_FACTORS:
        return say.pick(f"{len(found.factors)} factors", f"{len(found.factors)} 个因素")
    return say.pick(" and ", "和").join(say.factor(key) for key in found.factors) or say.pick("nothing", "无")


def heading(found: Responses, say: Words) -> str:
    """Sweep, question and sample in one line."""
    start, end = (say.activity(name) for name in found.document["question"])
    points, runs, seed = (found.document[key] for key in ("points", "replications", "seed"))
    return say.pick(
        f"{found.name}: {start} → {end} ({points} points, {runs} replications in all, seed {seed})",
        f"{found.name}:{start} → {end}({points} 个点,共 {runs} 次仿真重复,随机种子 {seed})",
    )


def warning(found: Responses, asked: str, say: Words) -> list[str]:
    """The first line where a point has fewer than five replications."""
    return few(int(found.of(asked)["replications"].min()), say)


def answer(found: Responses, asked: str, say: Words) -> list[str]:
    """The answer, sentence by sentence."""
    known = found.of(asked).dropna(subset=["mean"])
    best, worst = greatest(known, "mean"), least(known, "mean")
    title = say.begin(say.title(measure(asked)))
    if len(known) == 1:
        return [say.pick(f"{title}: {_value(best, say)}.", f"{title}:{_value(best, say)}。")]
    high, low = (point_name(row, known, list(found.factors), say) for row in (best, worst))
    most, fewest = _value(best, say), _value(worst, say)
    return [
        *enough(found, asked, say),
        say.pick(f"{title} is highest, {most}, at {high}.", f"{title}最高为 {most}:{high}。"),
        say.pick(f"It is lowest, {fewest}, at {low}.", f"最低为 {fewest}:{low}。"),
        *_apart(best, worst, say),
    ]


def _value(row: Any, say: Words) -> str:
    """The mean of a point with its interval and unit."""
    unit = measure(row["measure"]).unit
    return interval(row["mean"], row["low"], row["high"], unit) + (f" {say.unit(unit)}" if unit == "days" else "")


def _apart(best: Any, worst: Any, say: Words) -> list[str]:
    """Whether the intervals of the highest and the lowest point say that the two differ."""
    if best["low"] != best["low"] or worst["high"] != worst["high"]:
        return []
    if best["low"] > worst["high"]:
        return [
            say.pick(
                "The two intervals do not overlap, so it is not chance that these points differ.",
                "两个区间不重叠,两点之差并非偶然。",
            )
        ]
    return [
        say.pick(
            "The two intervals overlap: that these points differ may be chance.", "两个区间重叠:两点之差可能出于偶然。"
        )
    ]
