"""The report of several parks: what each of them gains side by side, then each park in short, the rest in the annex."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import pandas as pd

from parkflow.analysis.language import Words
from parkflow.analysis.measures.measure import ALL
from parkflow.analysis.measures.registry import measure
from parkflow.analysis.report.page import Cell, Page, Section, Sheet, interval, number, sheet, text
from parkflow.analysis.report.policy_tables import labelled
from parkflow.analysis.store.run_folder import Run

SHOWN = ("days", "days_saved", "net_days", "share_losing")
"""Measures that stand side by side."""

IN_SHORT = 4
"""Sections of a park's own page that stand in the report: results, charts, levers, who pays."""


class ParkPage(NamedTuple):
    """A park, its stored run and the page of its own."""

    run: Run
    page: Page


def parks_page(parks: Sequence[ParkPage], say: Words) -> Page:
    """One page of several; each keeps the language and the titles of its own park."""
    names = [say.about(it.run.scenario).title(it.run.scenario) or it.run.document["scenario"] for it in parks]
    title = say.pick("; ", "；").join(names)
    question = say.pick(
        "What does each park gain under its policies, and who pays?", "各园区在各政策下受益多少，谁为此付出代价？"
    )
    subtitle = say.pick(
        "Parks differ in their projects, so that days saved are compared within a park, not between parks.",
        "各园区项目不同，节省天数只宜在园区内比较，不宜跨园区比较。",
    )
    colon = say.pick(": ", "：")
    answer = [f"{name}{colon}{line}" for name, it in zip(names, parks, strict=True) for line in _first(it.page)]
    sections = [Section(say.pick("Side by side", "并列比较"), sheets=[_side_by_side(names, parks, say)])]
    for name, it in zip(names, parks, strict=True):
        sections += [replace(one, title=_joined(name, one.title, say)) for one in it.page.sections[:IN_SHORT]]
    return Page(title, subtitle, question, answer, sections, say, annex=list(_annex(names, parks, say)))


def _first(page: Page) -> Sequence[str]:
    """What is said first of a park: the recommendation, or the answer where there is none."""
    return page.recommendation[:1] or page.answer[:1]


def _joined(name: str, title: str, say: Words) -> str:
    return f"{name}{say.pick(': ', ':')}{say.pick(title[:1].lower() + title[1:], title)}"


def _annex(names: Sequence[str], parks: Sequence[ParkPage], say: Words) -> Iterator[Section]:
    for name, it in zip(names, parks, strict=True):
        for one in (*it.page.sections[IN_SHORT:], *it.page.annex):
            yield replace(one, title=_joined(name, one.title, say))


def _side_by_side(names: Sequence[str], parks: Sequence[ParkPage], say: Words) -> Sheet:
    """One row per park and policy."""
    rows = [
        [text(name), text(say.about(it.run.scenario).policy(policy)), *_cells(it.run, policy)]
        for name, it in zip(names, parks, strict=True)
        for policy in it.run.policies
    ]
    columns = [say.pick("park", "园区"), say.pick("policy", "政策"), *(labelled(name, say) for name in SHOWN)]
    return sheet(say.pick("Parks and policies", "园区与政策"), columns, rows)


def _cells(run: Run, policy: str) -> Iterator[Cell]:
    for name in SHOWN:
        found: pd.DataFrame = run.rows(name, ALL)
        mine = found[found["policy"] == policy].dropna(subset=["mean"])
        yield interval(mine.iloc[0], measure(name).unit) if len(mine) else number(None)
