"""A fit as tables for a terminal: fitted levels with intervals, targets before and after, and what no target tells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.table import Table

from parkflow.analysis.calibration.result import said_level
from parkflow.analysis.formatting import amount, rounded

Row = Mapping[str, Any]

_WORDS = {
    "targets": ("{met} of {all} targets are met", "{all}个目标中满足{met}个"),
    "target": ("target", "目标"),
    "of": ("park, policy", "园区、政策"),
    "reported": ("reported", "报道值"),
    "tolerance": ("tolerance", "容许范围"),
    "before": ("before", "拟合前"),
    "after": ("fitted", "拟合后"),
    "met": ("met", "满足"),
    "yes": ("yes", "是"),
    "no": ("no", "否"),
    "levels": ("Fitted levels", "拟合参数"),
    "level": ("parameter", "参数"),
    "own": ("in the file", "文件值"),
    "fitted": ("fitted", "拟合值"),
    "interval": ("90% interval", "90%区间"),
    "range": ("range", "取值范围"),
    "open": ("not identified", "无法识别"),
    "pair": (
        "{first} and {second} are told only together (correlation {value})",
        "{first}与{second}只能共同识别(相关系数{value})",
    ),
}


def words(key: str, language: str, **filled: Any) -> str:
    """A text of the tables in a language."""
    return _WORDS[key][language == "zh"].format(**filled)


def calibration_tables(fit: Row, language: str = "en") -> list[Table]:
    """The targets, and the fitted levels."""
    title = words("targets", language, met=fit["targets_met"], all=fit["targets_in_all"])
    columns = ("target", "of", "reported", "tolerance", "before", "after", "met")
    targets = _table(
        title, [words(key, language) for key in columns], [_target(row, language) for row in fit["targets"]]
    )
    heads = [words(key, language) for key in ("level", "own", "fitted", "interval", "range")]
    levels = _table(words("levels", language), [*heads, ""], [_level(row, language) for row in fit["parameters"]])
    return [targets, levels]


def told_together(fit: Row, language: str = "en") -> Iterator[str]:
    """A sentence for each pair of parameters that the targets tell only together."""
    titles = {row["name"]: _title(row, language) for row in fit["parameters"]}
    for pair in fit["correlations"]:
        first, second = (titles[pair[key]] for key in ("first", "second"))
        yield words("pair", language, first=first, second=second, value=rounded(pair["correlation"], 2))


def _table(title: str, columns: list[str], rows: list[tuple[str, ...]]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", header_style="bold")
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number == 0 else "right")
    for row in rows:
        table.add_row(*row)
    return table


def _title(row: Row, language: str) -> str:
    return str((language == "zh" and row["title_zh"]) or row["title"] or row.get("name") or row["id"])


def _target(row: Row, language: str) -> tuple[str, ...]:
    digits = 0 if row["high"] - row["low"] > 20 else 2
    low, high, value, before, after, error = (
        amount(row[key], "", digits) for key in ("low", "high", "value", "before", "after", "error")
    )
    name = " ".join(filter(None, (row["id"], row["part"])))
    where = f"{row['park']}, {row['policy']}"
    met = words("yes" if row["met"] else "no", language)
    return f"{name}: {_title(row, language)}", where, value, f"{low} – {high}", before, f"{after} ± {error}", met


def _level(row: Row, language: str) -> tuple[str, ...]:
    own, fitted, low, high, least, most = (
        said_level(row, row[key]) for key in ("own", "fitted", "from", "to", "low", "high")
    )
    note = "" if row["identified"] else words("open", language)
    return _title(row, language), own, fitted, f"{low} – {high}", f"{least} – {most}", note
