"""From events to attempts: what each case went through, when each attempt could begin, began and ended."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from parkflow.analysis.mining.log_files import END, READY, RESUME, SUSPEND, RawLog, rows_of
from parkflow.analysis.mining.log_mapping import LogMapping, as_key, renamed
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
    """One attempt at an activity in days since the log's day 0; what is not known or not yet is NaN.

    `pauses` are when it was held up, each from when to when.
    """

    case: int
    activity: int
    number: int
    officer: int
    ready: float
    start: float
    end: float
    pauses: tuple[tuple[float, float], ...] = ()


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

    def is_timed(self, activity: str) -> bool:
        """Whether the log tells when an activity starts, or could."""
        return any(not np.isnan(it.start) or not np.isnan(it.ready) for it in self.of(activity))

    def number(self, activity: str) -> int:
        """The number of an activity."""
        return self.activities.index(activity)

    @cached_property
    def _by_activity(self) -> tuple[tuple[Attempt, ...], ...]:
        found: list[list[Attempt]] = [[] for _ in self.activities]
        for it in self.attempts:
            found[it.activity].append(it)
        return tuple(map(tuple, found))

    @cached_property
    def _ends(self) -> Floats:
        """The last end of each activity in each case, of shape (activities, cases)."""
        ends = np.full((len(self.activities), len(self.arrival)), np.nan)
        for it in self.attempts:
            ends[it.activity, it.case] = it.end
        return ends

    def of(self, activity: str) -> tuple[Attempt, ...]:
        """The attempts at one activity, by case and number."""
        return self._by_activity[self.number(activity)]

    def reached(self, activity: str) -> Floats:
        """The day on which each case ended an activity for good, NaN where it did not."""
        ends: Floats = self._ends[self.number(activity)]
        return ends

    def closed(self, case: int) -> float:
        """The day up to which a case was followed."""
        return float(self.until if np.isnan(self.left[case]) else self.left[case])


def lead(milestone: str) -> str:
    """The activity that leads to a milestone whose log has no starts."""
    return f"to_{milestone}"


def traces(raw: RawLog, mapping: LogMapping) -> CaseLog:
    """What each case went through; raises `LogError` where the mapping names what the log does not have."""
    if ARRIVAL in raw.codes:  # every process has this milestone
        known = {"arrival": mapping.arrival or (ARRIVAL,), "ignore": (*mapping.ignore, ARRIVAL)}
        mapping = mapping.model_copy(update=known)
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
            if len(parts) > 1 and all(np.isnan(it.start) and np.isnan(it.ready) for it in parts):
                self.repeated[name] += 1
                parts = parts[-1:]
            for number, one in enumerate(parts, start=1):
                self.attempts.append(one._replace(case=case, activity=self._number(name), number=number))
            self._came_back(case, name, parts)

    def _came_back(self, case: int, name: str, parts: list[Attempt]) -> None:
        for number, (before, after) in enumerate(itertools.pairwise(parts), start=1):
            again = after.start if np.isnan(after.ready) else after.ready
            self.returns.append(Return(case, self._number(name), number, before.end, again, self.until))

    def _add(self, case: int, name: str, number: int, officer: int, ready: float, start: float, end: float) -> None:
        self.attempts.append(Attempt(case, self._number(name), number, officer, ready, start, end))

    def _number(self, name: str) -> int:
        return self.names.setdefault(name, len(self.names))

    def _with_instants(self) -> list[Attempt]:
        """The attempts, those of milestones with a start: what has none beside others that do, and ends as they end."""
        if (self.raw.phase == END).all():
            return self.attempts
        timed = {it.activity for it in self.attempts if not np.isnan(it.start) or not np.isnan(it.ready)}
        over = [it for it in self.attempts if it.activity in timed and not np.isnan(it.end)]
        moments = {(it.case, round(it.end / SLIGHT)) for it in over}
        ends: defaultdict[int, list[bool]] = defaultdict(list)
        for it in self.attempts:
            if it.activity not in timed and not np.isnan(it.end):
                ends[it.activity].append((it.case, round(it.end / SLIGHT)) in moments)
        instants = {activity for activity, met in ends.items() if sum(met) >= OBLIGATORY * len(met)}
        return [it._replace(ready=it.end, start=it.end) if it.activity in instants else it for it in self.attempts]

    def log(self) -> CaseLog:
        """What was found."""
        classes, kind = _classes(self.raw.kinds, self.mapping)
        attempts = tuple(sorted(self._with_instants(), key=lambda it: (it.case, it.activity, it.number)))
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


def _put_together(events: list[_Event]) -> Iterator[Attempt]:
    """The attempts of one case at one activity: the earliest that is still open takes the next event."""
    under_way: list[_Parts] = []
    done: list[_Parts] = []
    for it in events:
        mine = next((one for one in under_way if np.isnan(one.days[it.phase])), None) if it.phase != READY else None
        if mine is None:
            mine = _Parts([NAN] * 5)
            under_way.append(mine)
        mine.take(it)
        if it.phase == END:
            under_way.remove(mine)
            done.append(mine)
    known = [one for one in (*done, *under_way) if not np.isnan(one.days[: END + 1]).all()]
    return (one.attempt() for one in sorted(known, key=lambda one: np.nanmin(one.days[: END + 1])))


@dataclass
class _Parts:
    """An attempt while it is put together: the days of its phases, that of a suspension until it is over."""

    days: list[float]
    officer: int = -1
    pauses: list[tuple[float, float]] = field(default_factory=list)

    def take(self, event: _Event) -> None:
        """Take the next event."""
        if event.phase == RESUME:
            self.pauses += [(self.days[SUSPEND], event.time)] if not np.isnan(self.days[SUSPEND]) else []
            self.days[SUSPEND] = NAN
        else:
            self.days[event.phase] = event.time
        self.officer = event.officer if event.officer >= 0 else self.officer

    def attempt(self) -> Attempt:
        """The attempt, of a case and an activity that the caller knows."""
        ready, start, end = self.days[: END + 1]
        return Attempt(-1, -1, 0, self.officer, ready, start, end, tuple(self.pauses))


def _classes(kinds: tuple[str, ...], mapping: LogMapping) -> tuple[tuple[str, ...], Ints]:
    """The names of the classes, and which of them each case belongs to."""
    if mapping.classes:
        of = {value: name for name, values in mapping.classes.items() for value in values}
        called = [of.get(kind, OTHER) for kind in kinds]
    else:
        called = [as_key(kind) if kind else ONE_CLASS for kind in kinds]
    names = [name for name in (*mapping.classes, *sorted(set(called) - set(mapping.classes))) if name in called]
    return tuple(names), np.array([names.index(name) for name in called], dtype=np.int64)
