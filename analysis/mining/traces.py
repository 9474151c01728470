"""From events to attempts: what each case went through, when each attempt could begin, began and ended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from parkflow.analysis.mining.log_files import END, READY, START, RawLog, rows_of
from parkflow.analysis.mining.log_mapping import LogMapping, renamed
from parkflow.sim.network import ARRIVAL

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
NAN = float("nan")
DATES = 0.1
"""Share of times at midnight above which a log holds dates rather than times."""


OTHER = "other"
ONE_CLASS = "case"
OBLIGATORY = 0.9
"""Share of finished cases above which a milestone is one that every case has to reach."""

SLIGHT = 1 / 1440
"""Days, a minute: times that differ by less are one."""


class Attempt(NamedTuple):
    """One attempt at an activity in days since the log's day 0; what is not known or not yet is NaN."""

    case: int
    activity: int
    number: int
    officer: int
    ready: float
    start: float
    end: float


class Return(NamedTuple):
    """A file that came back: asked for on a day, answered on a day, or open until a day."""

    case: int
    activity: int
    round: int
    asked: float
    answered: float
    seen: float


@dataclass(frozen=True)
class CaseLog:
    """Cases, activities and attempts of a log. Times are days since `origin`, itself in days since 1970-01-01.

    `arrival`, `left` (NaN where a case did not leave early), `last` (its last event) and `kind` (which of `classes`)
    have one entry per case. `marks` are the milestones of the mapping, and `leads` the activity that leads to each.
    `repeated` counts cases in which an activity without starts occurs again.
    """

    raw: RawLog
    origin: float
    until: float
    activities: tuple[str, ...]
    classes: tuple[str, ...]
    marks: tuple[str, ...]
    arrival: Floats
    left: Floats
    last: Floats
    kind: Ints
    attempts: tuple[Attempt, ...]
    returns: tuple[Return, ...]
    repeated: dict[str, int]

    @property
    def has_starts(self) -> bool:
        """Whether the log tells starts from ends, so that time at an officer can be told from time in a pile."""
        return bool((self.raw.phase != END).any())

    @cached_property
    def by_date(self) -> bool:
        """Whether many times are dates without a time of day: midnight then stands for the day that begins."""
        return bool((self.raw.time % 1 == 0).mean() > DATES)

    @property
    def leads(self) -> dict[str, str]:
        """The activity that leads to each milestone that the log gives no start for, by milestone."""
        return {mark: lead(mark) for mark in self.marks if lead(mark) in self.activities}

    @property
    def has_ready(self) -> bool:
        """Whether the log tells when each activity could have begun."""
        return bool((self.raw.phase == READY).any())

    def number(self, activity: str) -> int:
        """The number of an activity."""
        return self.activities.index(activity)

    def of(self, activity: str) -> list[Attempt]:
        """The attempts at one activity, by case and number."""
        number = self.number(activity)
        return [it for it in self.attempts if it.activity == number]

    def reached(self, activity: str) -> Floats:
        """The day on which each case ended an activity for good, NaN where it did not."""
        days = np.full(len(self.arrival), np.nan)
        for it in self.of(activity):
            days[it.case] = it.end
        return days

    def closed(self, case: int) -> float:
        """The day up to which a case was followed."""
        return float(self.until if np.isnan(self.left[case]) else self.left[case])


def lead(milestone: str) -> str:
    """The activity that leads to a milestone whose log has no starts."""
    return f"to_{milestone}"


def traces(raw: RawLog, mapping: LogMapping) -> CaseLog:
    """What each case went through; raises `LogError` where the mapping names what the log does not have."""
    if not mapping.arrival and ARRIVAL in raw.codes:
        mapping = mapping.model_copy(update={"arrival": (ARRIVAL,), "ignore": (*mapping.ignore, ARRIVAL)})
    calls = renamed(mapping, raw.codes, raw.name)
    origin = float(np.floor(raw.time.min()))
    found = _Reading(raw, mapping, calls, origin)
    found.read()
    return found.log()


class _Reading:
    """One walk through the events of a log, case by case."""

    def __init__(self, raw: RawLog, mapping: LogMapping, calls: dict[str, str], origin: float) -> None:
        self.raw, self.mapping, self.calls, self.origin = raw, mapping, calls, origin
        self.until = float(np.ceil(raw.time.max()) if mapping.until is None else np.floor(raw.time.max()) + 1) - origin
        self.marks = tuple(name for name in mapping.milestones if not _is_arrival(mapping, name))
        with_starts = {raw.codes[code] for code in np.unique(raw.code[raw.phase != END])}
        self.leads = {m: lead(m) for m in self.marks if not with_starts & set(mapping.milestones[m])}
        self.names: dict[str, int] = {}
        self.attempts: list[Attempt] = []
        self.returns: list[Return] = []
        self.repeated: defaultdict[str, int] = defaultdict(int)
        count = len(raw.cases)
        self.arrival, self.left, self.last = (np.full(count, np.nan) for _ in range(3))

    def read(self) -> None:
        """Walk through all cases; the milestones that every case has to reach are known after a first look."""
        cases = list(self._cases())
        self.obligatory = self._obligatory(cases)
        for case, events in cases:
            self._case(case, events)

    def _cases(self) -> Iterator[tuple[int, list[_Event]]]:
        together: defaultdict[int, list[_Event]] = defaultdict(list)
        for case, code, officer, phase, time in rows_of(self.raw):
            together[case].append(_Event(self.raw.codes[code], officer, phase, time - self.origin))
        return iter(together.items())

    def _obligatory(self, cases: Iterable[tuple[int, list[_Event]]]) -> tuple[str, ...]:
        """The milestones that nearly all cases with the last one have."""
        if not self.marks:
            return ()
        met = [{self.calls.get(it.code) for it in events} for _, events in cases]
        over = [names for names in met if self.marks[-1] in names]
        return tuple(m for m in self.marks if over and sum(m in it for it in over) >= OBLIGATORY * len(over))

    def _case(self, case: int, events: list[_Event]) -> None:
        first = [it.time for it in events if it.code in self.mapping.arrival]
        self.arrival[case] = min(first) if first else events[0].time
        self.last[case] = max(it.time for it in events)
        ends = self._milestones(case, events)
        self.left[case] = self._left(case, events, ends)
        self._corrected(case, events, ends)
        self._activities(case, events)

    def _milestones(self, case: int, events: list[_Event]) -> dict[str, _Event]:
        """The first event of each milestone."""
        found: dict[str, _Event] = {}
        for it in events:
            name = self.calls.get(it.code)
            if name in self.marks and it.phase == END and name not in found:
                found[name] = it
                self._add(case, name, 1, it.officer, it.time, it.time, it.time)
        return found

    def _left(self, case: int, events: list[_Event], ends: dict[str, _Event]) -> float:
        """When a case left before its last milestone, NaN if it did not."""
        if not self.marks or self.marks[-1] in ends:
            return NAN
        exits = {code for codes in self.mapping.exits.values() for code in codes}
        gone = [it.time for it in events if it.code in exits]
        if gone:
            return min(gone)
        idle = self.mapping.left_after
        return float(self.last[case]) if idle and self.last[case] < self.until - idle else NAN

    def _corrected(self, case: int, events: list[_Event], ends: dict[str, _Event]) -> None:
        """The attempts of the activities that lead to milestones, parted by requests for what is missing."""
        waiting = next((m for m in self.obligatory if m not in ends), None)
        for milestone, name in self.leads.items():
            if milestone in ends:
                self._parts(case, milestone, name, events, ends[milestone])
            elif milestone == waiting:
                self._parts(case, milestone, name, events, None)

    def _parts(self, case: int, milestone: str, name: str, events: list[_Event], end: _Event | None) -> None:
        over = end.time if end else np.inf
        number, ready = 1, NAN
        for asked, answered in self._asked(milestone, events, over):
            self._add(case, name, number, asked.officer, ready, ready, asked.time)
            ready = answered.time if answered else NAN
            seen = self._seen(case) if end is None else asked.time
            self.returns.append(Return(case, self._number(name), number, asked.time, ready, max(seen, asked.time)))
            number += 1
        if end or number == 1 or not np.isnan(ready):
            self._add(case, name, number, end.officer if end else -1, ready, ready, end.time if end else NAN)

    def _asked(self, milestone: str, events: list[_Event], over: float) -> Iterator[tuple[_Event, _Event | None]]:
        """Each request before the end with its answer, if it has one."""
        rule = self.mapping.corrections.get(milestone)
        asked: _Event | None = None
        for it in events if rule else ():
            if it.phase != END or it.time > over:
                continue
            if it.code in rule.request and asked is None:  # type: ignore[union-attr]
                asked = it
            elif it.code in rule.answer and asked is not None:  # type: ignore[union-attr]
                yield asked, it
                asked = None
        if asked is not None:
            yield asked, None

    def _seen(self, case: int) -> float:
        return self.until if np.isnan(self.left[case]) else float(self.left[case])

    def _activities(self, case: int, events: list[_Event]) -> None:
        """The attempts at all other activities: scheduling, start and end of one attempt are put together."""
        together: defaultdict[str, list[_Event]] = defaultdict(list)
        for it in events:
            name = self.calls.get(it.code)
            if name is not None and name not in self.mapping.milestones:
                together[name].append(it)
        for name, mine in together.items():
            parts = list(_put_together(mine))
            if len(parts) > 1 and all(np.isnan(start) and np.isnan(ready) for _, ready, start, _ in parts):
                self.repeated[name] += 1
                parts = parts[-1:]
            for number, (officer, ready, start, end) in enumerate(parts, start=1):
                self._add(case, name, number, officer, ready, start, end)
            self._came_back(case, name, parts)

    def _came_back(self, case: int, name: str, parts: list[tuple[int, float, float, float]]) -> None:
        for number, (before, after) in enumerate(zip(parts, parts[1:], strict=False), start=1):
            again = after[1] if not np.isnan(after[1]) else after[2]
            self.returns.append(Return(case, self._number(name), number, before[3], again, self.until))

    def _add(self, case: int, name: str, number: int, officer: int, *times: float) -> None:
        self.attempts.append(Attempt(case, self._number(name), number, officer, *times))

    def _number(self, name: str) -> int:
        return self.names.setdefault(name, len(self.names))

    def log(self) -> CaseLog:
        """What was found."""
        classes, kind = _classes(self.raw.kinds, self.mapping)
        attempts = tuple(sorted(self.attempts, key=lambda it: (it.case, it.activity, it.number)))
        return CaseLog(
            self.raw, self.origin, self.until, tuple(self.names), classes, self.marks,
            self.arrival, self.left, self.last, kind, attempts, tuple(self.returns), dict(self.repeated),
        )  # fmt: skip


class _Event(NamedTuple):
    code: str
    officer: int
    phase: int
    time: float


def _is_arrival(mapping: LogMapping, milestone: str) -> bool:
    return set(mapping.milestones[milestone]) <= set(mapping.arrival)


def _put_together(events: list[_Event]) -> Iterator[tuple[int, float, float, float]]:
    """Officer, ready, start and end of each attempt, the earliest that is still open taking the next event."""
    open_attempts: list[list[float]] = []
    done: list[list[float]] = []
    for it in events:
        column = {READY: 1, START: 2, END: 3}[it.phase]
        mine = next((one for one in open_attempts if np.isnan(one[column])), None)
        if mine is None or it.phase == READY:
            mine = [-1, NAN, NAN, NAN]
            open_attempts.append(mine)
        mine[column] = it.time
        mine[0] = it.officer if it.officer >= 0 else mine[0]
        if it.phase == END:
            open_attempts.remove(mine)
            done.append(mine)
    everything = sorted([*done, *open_attempts], key=lambda one: np.nanmin(one[1:]))
    return ((int(officer), ready, start, end) for officer, ready, start, end in everything)


def _classes(kinds: tuple[str, ...], mapping: LogMapping) -> tuple[tuple[str, ...], Ints]:
    """The names of the classes, and which of them each case belongs to."""
    if mapping.classes:
        of = {value: name for name, values in mapping.classes.items() for value in values}
        called = [of.get(kind, OTHER) for kind in kinds]
    else:
        called = [kind or ONE_CLASS for kind in kinds]
    names = [name for name in (*mapping.classes, *sorted(set(called) - set(mapping.classes))) if name in called]
    return tuple(names), np.array([names.index(name) for name in called], dtype=np.int64)
