"""What verification and repetition found, in sentences of both languages."""

from __future__ import annotations

from collections.abc import Iterator

from parkflow.analysis.formatting import duration, rounded
from parkflow.analysis.language import Words
from parkflow.analysis.record.repetition import Changed, Moved, Repetition
from parkflow.analysis.record.verification import Verification

MOST = 20
"""Numbers that are listed one by one."""


def of_verification(found: Verification, say: Words) -> Iterator[str]:
    """One line per damaged file, one for files that nobody knows, and one for the rest."""
    for damage in found.damaged:
        remedy = say.pick(
            "restore it from a copy, or make the folder again with the command in run-record.json",
            "请用备份恢复，或按 run-record.json 中的命令重做",
        )
        what = {"missing": say.pick("is missing", "缺失"), "changed": say.pick("has been changed", "已被改动")}
        yield say.pick(f"{damage.file} {what[damage.what]}; {remedy}", f"{damage.file} {what[damage.what]}；{remedy}")
    if found.unknown:
        names = say.pick(", ", "、").join(found.unknown)
        yield say.pick(f"not in the record, and so not checked: {names}", f"记录中没有、未核对的文件：{names}")
    count = len(found.whole)
    yield say.pick(
        f"{count} of {count + len(found.damaged)} files are as they were written",
        f"{count + len(found.damaged)} 个文件中有 {count} 个与写入时一致",
    )


def of_repetition(found: Repetition, say: Words) -> Iterator[str]:
    """Whether it is identical; else which numbers moved, by how much, and what it was made with then and now."""
    yield _verdict(found, say)
    for version in found.versions:
        then, now = version.then or "–", version.now or "–"
        yield say.pick(f"{version.what}: {then} then, {now} now", f"{version.what}：当时 {then}，现在 {now}")
    if not found.versions and not found.identical:
        yield say.pick("everything that the record names has the same version", "记录中的版本全部相同")
    yield from (_of_number(moved, say) for moved in found.moved[:MOST])
    if len(found.moved) > MOST:
        rest = len(found.moved) - MOST
        yield say.pick(f"and {rest} numbers more", f"另有 {rest} 个数字")
    yield from (_of_column(changed, say) for changed in found.changed[:MOST])


def _verdict(found: Repetition, say: Words) -> str:
    took = duration(found.seconds_now), duration(found.seconds_then)
    if found.identical:
        return say.pick(
            f"identical to the last bit: {found.measures} rows of measures and {rounded(found.values)} stored values, "
            f"in {took[0]} (then {took[1]})",
            f"逐位一致：{found.measures} 行指标、{rounded(found.values)} 个存储数值，用时 {took[0]}（当时 {took[1]}）",
        )
    rows = len({moved.whose for moved in found.moved})
    tables = len({changed.table for changed in found.changed})
    most = f"{max((moved.share for moved in found.moved), default=0.0):.1g}".replace("inf", "∞")
    return say.pick(
        f"numbers moved: {rows} of {found.measures} rows of measures, by at most {most} of their value, and values in "
        f"{tables} tables",
        f"数字有变动：{found.measures} 行指标中有 {rows} 行（最多变动其值的 {most}），{tables} 张表中有数值变动",
    )


def _of_number(moved: Moved, say: Words) -> str:
    then, now = (say.pick("none", "无") if value is None else f"{value:.10g}" for value in (moved.then, moved.now))
    by = "" if moved.then is None or moved.now is None else f" ({moved.now - moved.then:+.3g})"
    return say.pick(
        f"{moved.whose}: {moved.number} {then} then, {now} now{by}",
        f"{moved.whose}：{moved.number} 当时 {then}，现在 {now}{by}",
    )


def _of_column(changed: Changed, say: Words) -> str:
    most = (
        ""
        if changed.greatest != changed.greatest
        else say.pick(f", by at most {changed.greatest:.3g}", f"，最多相差 {changed.greatest:.3g}")
    )
    return say.pick(
        f"{changed.table}.parquet, {changed.column}: {changed.values} of {changed.of} values{most}",
        f"{changed.table}.parquet，{changed.column}：{changed.of} 个数值中有 {changed.values} 个{most}",
    )
