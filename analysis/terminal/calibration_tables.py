"""A fit as tables for a terminal: fitted levels with intervals, targets before and after, and what no target tells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.table import Table

from parkflow.analysis.calibration.result import said_level
from parkflow.analysis.formatting import amount, rounded
from parkflow.analysis.language import Words

Row = Mapping[str, Any]


def calibration_tables(fit: Row, say: Words) -> list[Table]:
    """The targets, and the fitted levels."""
    met, all_ = fit["targets_met"], fit["targets_in_all"]
    targets = _table(
        say.pick(f"{met} of {all_} targets are met", f"{all_}个目标中满足{met}个"),
        say.pick(
            ("target", "park, policy", "reported", "tolerance", "before", "fitted", "met"),
            ("目标", "园区、政策", "报道值", "容许范围", "拟合前", "拟合后", "满足"),
        ),
        [_target(row, say) for row in fit["targets"]],
    )
    levels = _table(
        say.pick("Fitted levels", "拟合参数"),
        say.pick(
            ("parameter", "in the file", "fitted", "90% interval", "range", ""),
            ("参数", "文件值", "拟合值", "90%区间", "取值范围", ""),
        ),
        [_level(row, say) for row in fit["parameters"]],
    )
    return [targets, levels]


def told_together(fit: Row, say: Words) -> Iterator[str]:
    """A sentence for each pair of parameters that the targets tell only together."""
    titles = {row["name"]: _title(row, say) for row in fit["parameters"]}
    for pair in fit["correlations"]:
        first, second, value = titles[pair["first"]], titles[pair["second"]], rounded(pair["correlation"], 2)
        yield say.pick(
            f"only together: {first}; {second} (correlation {value})",
            f"只能共同识别：{first}、{second}（相关系数{value}）",
        )


def _table(title: str, columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", header_style="bold")
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number == 0 else "right")
    for row in rows:
        table.add_row(*row)
    return table


def _title(row: Row, say: Words) -> str:
    return str(say.pick(row["title"], row["title_zh"] or row["title"]) or row.get("name", ""))


def _target(row: Row, say: Words) -> tuple[str, ...]:
    digits = 0 if row["high"] - row["low"] > 20 else 2
    low, high, value, before, after, error = (
        amount(row[key], "", digits) for key in ("low", "high", "value", "before", "after", "error")
    )
    name = " ".join(filter(None, (row["id"], row["part"])))
    where = f"{row['park']}, {row['policy']}"
    met = say.pick("yes", "是") if row["met"] else say.pick("no", "否")
    return (
        ": ".join(filter(None, (name, _title(row, say)))),
        where,
        value,
        f"{low} – {high}",
        before,
        f"{after} ± {error}",
        met,
    )


def _level(row: Row, say: Words) -> tuple[str, ...]:
    own, fitted, low, high, least, most = (
        said_level(row, row[key]) for key in ("own", "fitted", "from", "to", "low", "high")
    )
    note = "" if row["identified"] else say.pick("not identified", "无法识别")
    return _title(row, say), own, fitted, f"{low} – {high}", f"{least} – {most}", note
