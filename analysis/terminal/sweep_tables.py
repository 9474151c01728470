"""What a sweep found and how far it is, as text tables for a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table

from parkflow.analysis.experiments.results import Found
from parkflow.analysis.experiments.sweep import Forecast, Standing, capped
from parkflow.analysis.formatting import duration, interval, plain, rounded, storage
from parkflow.analysis.language import Words
from parkflow.analysis.measures.registry import measure
from parkflow.analysis.store.sweep_folder import SweepFolder

MOST_FACTORS = 4
"""More factors than this share one column."""


def results_tables(folder: SweepFolder, rows: Sequence[Found], say: Words) -> list[Table]:
    """One table per measure: a row for each point and policy, with its factors."""
    return [_results_table(folder, name, rows, say) for name in dict.fromkeys(row["measure"] for row in rows)]


def _results_table(folder: SweepFolder, name: str, rows: Sequence[Found], say: Words) -> Table:
    mine = [row for row in rows if row["measure"] == name]
    points = folder.points()
    several = len({row["group"] for row in mine}) > 1
    begin, end = (say.activity(one) for one in folder.manifest["question"])
    about = f"{folder.manifest['name']}: {say.title(measure(name))}, {begin} → {end}"
    table = Table(title=about, title_justify="left", title_style="bold", header_style="bold")
    point, policy, group = say.pick(("point", "policy", "group"), ("点", "政策", "类别"))
    for column in (point, *_factor_columns(points, say), policy, *((group,) if several else ())):
        table.add_column(column, overflow="fold")
    unit = say.unit(measure(name).unit)
    for column in say.pick(
        (f"mean [95% interval], {unit}", "replications", "variance ÷", "estimator"),
        (f"均值[95% 区间],{unit}", "重复次数", "方差 ÷", "估计方法"),
    ):
        table.add_column(column, justify="right", no_wrap=True)
    for row in mine:
        given = [str(row["point"]), *_factor_cells(points, row["point"]), say.policy(row["policy"])]
        fewer = f"{rounded(row['variance_factor'] or 1.0, 1)} ± {rounded(row['variance_factor_error'] or 0.0, 1)}"
        table.add_row(
            *given,
            *((say.row(name, row["group"]),) if several else ()),
            interval(row["mean"], row["low"], row["high"], row["unit"]),
            str(row["replications"]),
            fewer if row["estimator"] != "plain" else "",
            row["estimator"],
        )
    return table


def _factor_columns(points: Sequence[Mapping[str, Any]], say: Words) -> list[str]:
    """The factors, or one column for many of them."""
    if len(points[0]) <= MOST_FACTORS:
        return [say.factor(key) for key in points[0]]
    return [say.pick("factors, where they differ from point 0", "与第 0 点不同的因素")]


def _factor_cells(points: Sequence[Mapping[str, Any]], number: int) -> list[str]:
    point, first = points[number], points[0]
    if len(first) <= MOST_FACTORS:
        return [plain(value) for value in point.values()]
    changed = {key.split(".levers.")[-1]: value for key, value in point.items() if value != first[key]}
    return [", ".join(f"{key} = {plain(value)}" for key, value in changed.items())]


def notes(folder: SweepFolder, rows: Sequence[Found]) -> list[str]:
    """What the tables do not say: points that failed, and points that did not reach the precision."""
    found = []
    if over := capped(folder, list(rows)):
        widest = max(row["high"] - row["low"] for row in over) / 2 if all(row["low"] is not None for row in over) else 0
        most = folder.manifest["setting"]["precision"]["maximum"]
        found.append(
            f"{len(over)} intervals were not narrow enough at the cap of {most} (widest: ±{plain(float(widest), 2)})"
        )
    if folder.failures:
        points = sorted({point for point, _ in folder.failures})
        first = next(iter(folder.failures.values()))
        found.append(
            f"{len(points)} of {folder.manifest['points']} points failed, first point {first.point}: {first.error}; "
            f"see {folder.path / 'failures.jsonl'}, and try again: parkflow sweep … --out {folder.path} --retry-failed"
        )
    return found


def forecast_text(name: str, found: Forecast, workers: int) -> str:
    """What a sweep will take, in words."""
    sizes = rounded(found.least) if found.least == found.most else f"{rounded(found.least)} to {rounded(found.most)}"
    times = [duration(size * found.seconds / workers) for size in dict.fromkeys((found.least, found.most))]
    room = [storage(size * found.bytes) for size in dict.fromkeys((found.least, found.most))]
    return (
        f"{name}: {rounded(found.points)} points, {sizes} replications; about {' to '.join(times)} on {workers} "
        f"workers ({plain(found.seconds, 2)} s each on one) and {' to '.join(room)} of disk"
    )


def standing_text(out: str, found: Standing, say: Words) -> str:
    """How far a sweep is, in words."""
    if say.language == "zh":
        return "\n".join(_standing_in_chinese(out, found))
    state = "complete" if found.complete else "not complete: give its command again to go on"
    lines = [
        f"{found.name}: {state}",
        f"points        {found.begun} of {found.points} begun, {found.failed} with failures",
        f"replications  {found.replications}",
        f"store         {out}, {found.chunks} chunks, {storage(found.bytes)}",
        f"sessions      {found.sessions}, last: {found.command}",
    ]
    return "\n".join(lines)


def _standing_in_chinese(out: str, found: Standing) -> list[str]:
    state = "已完成" if found.complete else "未完成:重复原命令即可继续"
    return [
        f"{found.name}:{state}",
        f"点    已开始 {found.begun} / {found.points},失败 {found.failed}",
        f"重复  {found.replications}",
        f"存储  {out},{found.chunks} 块,{storage(found.bytes)}",
        f"会话  {found.sessions},最近一次:{found.command}",
    ]
