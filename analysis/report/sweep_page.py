"""The report of a sweep: what was varied, where the measure is highest and lowest, every point, and how to rerun it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from parkflow.analysis.charts.chart import Ask
from parkflow.analysis.charts.drawing import sweep_chart
from parkflow.analysis.experiments.responses import ALONGSIDE, Responses
from parkflow.analysis.formatting import rounded
from parkflow.analysis.language import Words
from parkflow.analysis.measures.registry import measure
from parkflow.analysis.report.basis import basis
from parkflow.analysis.report.limits import limits_of, model_limits
from parkflow.analysis.report.page import Cell, Page, Picture, Section, Sheet, interval, number, sheet, text
from parkflow.analysis.report.rerun import rerun
from parkflow.analysis.sentences import sweep_answers
from parkflow.analysis.sentences.points import level


def sweep_page(found: Responses, ask: Ask) -> Page:
    """The report of a sweep about one measure, with a few others beside it.

    Raises `AnalysisError` where the sweep has no such measure.
    """
    ask = replace(ask, say=ask.say.about(found.scenario))
    say, asked = ask.say, ask.measure or found.asked
    points = found.of(asked)
    sections = (
        Section(
            say.pick("Response", "响应"),
            pictures=list(_pictures(found, asked, ask)),
            sheets=[_points(found, points, asked, say)],
        ),
        Section(say.pick("What was varied", "变动的因素"), sheets=[_factors(found, say)]),
        *_failures(found, say),
        Section(
            say.pick("Limits", "局限"), points=[*_own_limits(found, say), *_stated(found, asked), *model_limits(say)]
        ),
        rerun({**found.document, "scenario": found.document["park"]}, say),
    )
    title = found.document["title"] or say.pick(f"Sweep {found.name}", f"参数扫描 {found.name}")
    question = sweep_answers.question(found, asked, say)
    answer = [*sweep_answers.warning(found, asked, say), *sweep_answers.answer(found, asked, say)]
    annex = [basis(found.scenario, {}, say)]
    return Page(title, _subtitle(found, say), question, answer, sections, say, annex=annex)


def _pictures(found: Responses, asked: str, ask: Ask) -> Iterator[Picture]:
    known = set(found.rows.dropna(subset=["mean"])["measure"])
    for name in (asked, *(other for other in ALONGSIDE if other in known and other != asked)):
        yield Picture(sweep_chart(found, name, ask))


def _subtitle(found: Responses, say: Words) -> str:
    held = found.document
    return say.pick(
        f"{held['points']} points in the park {held['park']}, {held['replications']} replications in all, seed "
        f"{held['seed']}; "
        "the same projects meet every point.",
        f"情景 {held['park']} 的 {held['points']} 个点，共 {held['replications']} 次仿真重复，"
        f"随机种子 {held['seed']}。",
    )


def _points(found: Responses, points: pd.DataFrame, asked: str, say: Words) -> Sheet:
    """Every point with its factors and the measures shown."""
    others = [name for name in ALONGSIDE if name != asked and (found.rows["measure"] == name).any()]
    names = [asked, *others]
    rows = [[*_levels(found, row), *_cells(found, row, names), _count(row)] for _, row in points.iterrows()]
    columns = [*(say.factor(key) for key in found.factors), *(say.begin(say.title(measure(name))) for name in names)]
    return sheet(say.pick("Every point", "全部点"), [*columns, say.pick("replications", "重复次数")], rows)


def _levels(found: Responses, row: pd.Series) -> list[Cell]:
    return [
        number(float(row[key]), level(row[key]))
        if isinstance(row[key], int | float) and not isinstance(row[key], bool)
        else text(level(row[key]))
        for key in found.factors
    ]


def _cells(found: Responses, row: pd.Series, names: list[str]) -> list[Cell]:
    here = found.rows[(found.rows["point"] == row["point"]) & (found.rows["policy"] == row["policy"])].set_index(
        "measure"
    )
    return [interval(here.loc[name], measure(name).unit) if name in here.index else number(None) for name in names]


def _count(row: pd.Series) -> Cell:
    return number(float(row["replications"]), rounded(row["replications"]))


def _factors(found: Responses, say: Words) -> Sheet:
    rows = []
    for key in found.factors:
        levels = list(dict.fromkeys(level(value) for value in found.rows[key].sort_values()))
        shown = ", ".join(levels) if len(levels) <= 12 else f"{levels[0]} … {levels[-1]} ({len(levels)})"
        rows.append([text(say.factor(key)), text(key), text(shown)])
    return sheet(say.pick("Factors", "因素"), say.pick(("factor", "key", "levels"), ("因素", "键", "水平")), rows)


def _failures(found: Responses, say: Words) -> Iterator[Section]:
    failures = found.document["failures"]
    if failures:
        rows = [[number(float(it["point"]), str(it["point"])), text(str(it["error"]))] for it in failures]
        columns = say.pick(("point", "error"), ("点", "错误"))
        yield Section(say.pick("What failed", "失败的点"), sheets=[sheet(say.pick("Failures", "失败"), columns, rows)])


def _stated(found: Responses, asked: str) -> list[str]:
    """What the park and the measure say of themselves."""
    return [*limits_of(found.scenario), *limits_of(measure(asked))]


def _own_limits(found: Responses, say: Words) -> list[str]:
    points = []
    if len(found.factors) > 2:
        points.append(
            say.pick(
                "Charts show some factors at a time; the table shows every point.",
                "图中只显示部分因素，表中列出全部点。",
            )
        )
    points.append(
        say.pick(
            "The best of many points looks better than it is: run it again with another seed before acting on it.",
            "众多点中的最优值往往偏高：请换随机种子重跑后再采用。",
        )
    )
    return points
