"""What the reports' own numbers come to: contradictions with themselves and with the law, computed, not quoted.

Each check reads reported numbers by the id of their fact and gives what follows from them, and whether that contradicts
what is claimed. The clocks of the law are read from the notices of a park.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from parkflow.analysis.formatting import percent, rounded
from parkflow.analysis.language import Words
from parkflow.scenarios.evidence import facts
from parkflow.scenarios.load import load
from parkflow.sim.durations import Constant
from parkflow.sim.scenario import Scenario

MONTH, YEAR = 30.4, 365.0
"""Days of a month and of a year in the file of facts."""

WORKING_WEEK = 5
Numbers = Mapping[str, float]


@dataclass(frozen=True)
class Sum:
    """What a calculation gives: its numbers by name, whether it contradicts the claim, and the same in words."""

    numbers: Numbers
    contradicts: bool
    text: str
    text_zh: str

    def told(self, say: Words) -> str:
        """The calculation in a sentence."""
        return say.pick(self.text, self.text_zh)


def speedup(usual: float, fast_low: float, fast_high: float) -> tuple[float, float]:
    """How many times faster: the least and the most, from days in the usual way and days in a hurry."""
    return usual / fast_high, usual / fast_low


def rates(volume: float, days_low: float, days_high: float) -> tuple[float, float]:
    """The least and the greatest mean output per day that moves a volume in so many days."""
    return volume / days_high, volume / days_low


def days_between(first: dt.date, last: dt.date) -> int:
    """Days of a stretch of dates, both of its ends among them."""
    return (last - first).days + 1


def least_days(working_days: float) -> int:
    """The fewest calendar days in which so many working days pass: whole weeks have seven, the rest no weekend."""
    weeks, rest = divmod(int(working_days), WORKING_WEEK)
    return 7 * weeks + rest


def intensity(issues: float, projects: float, months: float) -> float:
    """Issues per project and month."""
    return issues / projects / months


def legal_clocks(park: Scenario, activities: tuple[str, ...]) -> int:
    """Calendar days that the fixed notices among some activities take at least, one after the other."""
    given = (park.activities[name] for name in activities)
    notices = [it.duration for it in given if it.step == "notice" and isinstance(it.duration, Constant)]
    return sum(least_days(it.value) if it.unit == "wd" else int(it.value) for it in notices)


RAW_LAND = ("expropriation_notice", "compensation_notice", "listing_notice", "listing")
"""Notices that land needs from the first step of its expropriation to its contract."""

READY_LAND = ("listing_notice", "listing")
"""Those that are left where land is ready."""

REPORT = ("eia_report_receipt", "eia_report_notice")
"""Those of an environmental report."""


def _thirty_times() -> Sum:
    usual, fast, fastest = _fact("f000-18"), _fact("f000-29"), _fact("f000-29", "quantity_low")
    low, high = speedup(usual, fastest, fast)
    claimed = _fact("f000-21")
    return Sum(
        {"low": low, "high": high, "days at the claim": usual / claimed},
        claimed > high,
        f"half a year in 40 to 45 days is {rounded(low, 1)} to {rounded(high, 1)} times; {claimed:g} times would be "
        f"{rounded(usual / claimed, 1)} days",
        f"半年工期压到40至45天是{rounded(low, 1)}至{rounded(high, 1)}倍；"
        f"{claimed:g}倍意味着{rounded(usual / claimed, 1)}天",
    )


def _fill_per_day() -> Sum:
    volume, claimed = _fact("f000-16"), _fact("f000-20")
    shortest, longest = _fact("f000-29", "quantity_low"), _fact("f000-29", "quantity_high")
    low, high = rates(volume, shortest, longest)
    return Sum(
        {"low": low, "high": high, "days at the claim": volume / claimed},
        volume / claimed < shortest,
        f"{rounded(volume)} m3 in 40 to 49 days is {rounded(low)} to {rounded(high)} m3 a day; at {rounded(claimed)} "
        f"it is done in {rounded(volume / claimed, 1)} days, so that is a peak or a target",
        f"{rounded(volume)}方在40至49天内完成，日均{rounded(low)}至{rounded(high)}方；按{rounded(claimed)}方只需"
        f"{rounded(volume / claimed, 1)}天，故为峰值或目标",
    )


def _machines() -> Sum:
    machines, workers, shifts = _fact("f000-12"), _fact("f000-13"), 2
    return Sum(
        {"workers per machine": workers / machines, "operators needed": machines * shifts},
        workers < machines * shifts,
        f"{rounded(workers)} workers for {rounded(machines)} machines are {rounded(workers / machines, 2)} a machine; "
        f"around the clock, {shifts} shifts need {rounded(machines * shifts)} operators",
        f"{rounded(workers)}人对{rounded(machines)}台机械，每台{rounded(workers / machines, 2)}人；24小时作业"
        f"{shifts}班需{rounded(machines * shifts)}名操作人员",
    )


def _over_a_month() -> Sum:
    months = _fact("f000-05") / MONTH
    return Sum(
        {"months": months},
        round(months) != 1,
        f"52 days are {rounded(months, 2)} months, nearer to two than to one",
        f"52天为{rounded(months, 2)}个月，更接近两个月",
    )


def _borrowed_fill() -> Sum:
    fill, cut = _fact("f000-16"), _fact("f000-17")
    share = (fill - cut) / fill
    return Sum(
        {"m3": fill - cut, "share": share},
        False,
        f"{rounded(fill - cut)} m3, {percent(share)} of the fill, must come from outside; the report names no source",
        f"{rounded(fill - cut)}方（占填方{percent(share)}）须外运，报道未提来源",
    )


def _lower_bound() -> Sum:
    saved, least, most = _fact("f004-15") * MONTH, _fact("f004-14", "quantity_low"), _fact("f004-14", "quantity_high")
    return Sum(
        {"days saved": saved, "share of the most": saved / most},
        False,
        f"three months are {rounded(saved)} days, the least of the {rounded(least)} to {rounded(most)} that "
        "approvals take",
        f"三个月为{rounded(saved)}天，恰为审批{rounded(least)}至{rounded(most)}天的下限",
    )


def _library() -> Sum:
    new, listed = _fact("f004-08"), _fact("f004-36")
    return Sum(
        {"missing": new - listed, "share": listed / new},
        new != listed,
        f"{rounded(new - listed)} of {rounded(new)} new projects are not in the library: {percent(listed / new)} are",
        f"{rounded(new)}个新建项目中{rounded(new - listed)}个未入库，入库率{percent(listed / new)}",
    )


def _hundred_days() -> Sum:
    days, claimed = days_between(dt.date(2019, 7, 1), dt.date(2019, 9, 30)), _fact("f004-31")
    return Sum(
        {"days": days},
        days < claimed,
        f"July to September have {days} days, not {rounded(claimed)}",
        f"7月至9月共{days}天，而非{rounded(claimed)}天",
    )


def _two_days() -> Sum:
    claimed, clocks = _fact("f004-23"), legal_clocks(_park(), REPORT)
    listing = legal_clocks(_park(), READY_LAND)
    return Sum(
        {"days of an environmental report": clocks, "days of a listing": listing},
        claimed < min(clocks, listing),
        f"the notices of an environmental report take at least {clocks} days, those of a listing {listing}: two "
        "working days are the clock of a window, not of an approval",
        f"环评报告书公示至少{clocks}天，挂牌公告至少{listing}天：2个工作日是窗口时限，并非审批全程",
    )


def _helped() -> Sum:
    per_issue = _fact("f002-13") / _fact("f002-12")
    return Sum(
        {"projects per issue": per_issue},
        False,
        f"{rounded(per_issue, 1)} projects advanced for each issue solved: some would have advanced anyway",
        f"每解决一个问题对应{rounded(per_issue, 1)}个项目推进：部分项目本会推进",
    )


def _ready_land() -> Sum:
    ready, standard = (_fact(done) / _fact(of) for done, of in (("f002-17", "f002-14"), ("f002-18", "f002-15")))
    passed = days_between(dt.date(2023, 1, 1), dt.date(2023, 9, 5)) / YEAR
    return Sum(
        {"ready": ready, "standard": standard, "of the year": passed, "pro rata": ready / passed},
        ready < passed,
        f"{percent(ready, 1)} of the year's ready land and {percent(standard, 1)} of its standard land at "
        f"{percent(passed)} of the year: {percent(ready / passed)} and {percent(standard / passed)} of the pace",
        f"全年过去{percent(passed)}，熟地完成{percent(ready, 1)}、标准地{percent(standard, 1)}：为应有进度的"
        f"{percent(ready / passed)}与{percent(standard / passed)}",
    )


def _intensities() -> Sum:
    found = intensity(_fact("f002-11"), _fact("f002-01"), _fact("f002-03") / MONTH)
    district = intensity(_fact("f003-37"), _fact("f003-09"), 3)
    officers = intensity(_fact("f004-21"), _fact("f004-20"), 12 * _fact("f004-19"))
    ratio = max(found, district, officers) / min(found, district, officers)
    return Sum(
        {"city": found, "district": district, "officers": officers, "ratio": ratio},
        False,
        f"{rounded(found, 3)}, {rounded(district, 3)} and {rounded(officers, 3)} issues per project and month, a "
        f"factor of {rounded(ratio, 1)}: three reports count above three thresholds",
        f"每项目每月{rounded(found, 3)}、{rounded(district, 3)}、{rounded(officers, 3)}个问题，"
        f"相差{rounded(ratio, 1)}倍：三篇报道统计口径不同",
    )


def _raw_land() -> Sum:
    claimed, raw, ready = _fact("f002-05"), legal_clocks(_park(), RAW_LAND), legal_clocks(_park(), READY_LAND)
    return Sum(
        {"raw": raw, "ready": ready},
        claimed < raw,
        f"the notices of raw land take at least {raw} days, those of ready land {ready}: a month is ready land, "
        "waited for beforehand",
        f"生地法定公告期至少{raw}天，熟地{ready}天：一个月只能是事先整备的熟地",
    )


CHECKS: dict[str, Callable[[], Sum]] = {
    "c-01": _thirty_times,
    "c-02": _fill_per_day,
    "c-03": _machines,
    "c-04": _over_a_month,
    "c-05": _borrowed_fill,
    "c-06": _lower_bound,
    "c-07": _library,
    "c-09": _hundred_days,
    "c-10": _two_days,
    "c-11": _helped,
    "c-12": _ready_land,
    "c-13": _intensities,
    "law-raw-land": _raw_land,
}
"""The calculations by the contradiction of the file of facts that they are about."""


def _fact(name: str, field: str = "quantity") -> float:
    """A reported number."""
    value: Any = facts()[name][field]
    return float(value)


def _park() -> Scenario:
    """The park whose notices are those of the law; the others extend it."""
    return load("baseline")
