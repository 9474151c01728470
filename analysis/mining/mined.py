"""The park that a log shows: every number with what it rests on, and what the log cannot tell in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from parkflow.analysis.mining.families import Fitted, fit
from parkflow.analysis.mining.log_files import RawLog, date_of
from parkflow.analysis.mining.log_mapping import LogError, LogMapping
from parkflow.analysis.mining.monthly import arrivals_words
from parkflow.analysis.mining.office_days import OfficeDays, office_days
from parkflow.analysis.mining.park_text import dated, written
from parkflow.analysis.mining.pools import Pool, pools
from parkflow.analysis.mining.precedence import Order, order_of
from parkflow.analysis.mining.resubmission import FEWEST, Returned, returned, share_between, unit_of
from parkflow.analysis.mining.spells import Spells, again, spells, touch
from parkflow.analysis.mining.splitting import Variant, first_fit, variants
from parkflow.analysis.mining.traces import CaseLog, traces
from parkflow.scenarios.toml_text import toml_text
from parkflow.sim.checks import check
from parkflow.sim.scenario import Scenario

Table = dict[str, Any]
Bools = NDArray[np.bool_]
PRACTICE = "parallel_approvals"
LEAVES, LEAVING, LEFT, HANDLING = "leaves", "leaving", "left", "handling"
OFFICE = "office"
LONGEST = 1825.0
"""Days that the last arrivals have to come to their end."""

MOST_UNTOLD = 12
"""Orders that a log cannot tell which are named one by one."""


class Estimate(NamedTuple):
    """A number of a mined park: the key that it belongs to, its 95% interval, and on how many cases it rests."""

    key: str
    value: float
    low: float
    high: float
    cases: int


@dataclass(frozen=True)
class Mined:
    """A park mined from a log: its table as a scenario file has it, what was found, and what could not be told."""

    log: CaseLog
    mapping: LogMapping
    order: Order
    days: OfficeDays
    pools: tuple[Pool, ...]
    park: Table
    findings: tuple[str, ...]
    untold: tuple[str, ...]
    estimates: tuple[Estimate, ...]
    file: Table | None = None

    @cached_property
    def scenario(self) -> Scenario:
        """The park as a checked scenario."""
        scenario = Scenario.model_validate(self.park)
        check(scenario)
        return scenario

    @property
    def text(self) -> str:
        """The scenario file: the park, or what it changes in one that it extends."""
        return toml_text(self.file or self.park)

    @property
    def goal(self) -> str:
        """The activity whose end is the end of a case."""
        return str(self.park["question"]["to"])


def mined(raw: RawLog, mapping: LogMapping) -> Mined:
    """The park that events show; raises `LogError` where the mapping does not fit the log."""
    log = traces(raw, mapping)
    study = _Study(log, mapping)
    return Mined(
        log, mapping, study.order, study.days, study.pools, study.park(),
        tuple(study.findings), tuple(study.untold), tuple(study.estimates),
    )  # fmt: skip


@dataclass
class _Study:
    """One log while its park is put together."""

    log: CaseLog
    mapping: LogMapping
    findings: list[str] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)
    attributes: Table = field(default_factory=dict)
    few: list[str] = field(default_factory=list)
    rare: list[str] = field(default_factory=list)
    estimates: list[Estimate] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Look at the log as a whole: its order, its working days, its officers."""
        self.order = order_of(self.log, self.mapping)
        self.days = office_days(self.log)
        self.pools = pools(self.log)
        self.source = f"mined from {self.log.raw.name}"
        self.stays = np.isnan(self.log.left)
        self.goal = self._goal()
        self.finished = ~np.isnan(self.log.reached(self.goal)) & self.stays
        if not self.finished.any():
            raise LogError(f"{self.log.raw.name}: no case reaches {self.goal!r}; name a milestone that some reach")
        self.called: dict[str, list[str]] = {}

    def _goal(self) -> str:
        """The last milestone of the mapping, or the last activity of those that at least half of the cases have."""
        if self.mapping.question:
            return self.mapping.question[1]
        if self.log.marks:
            return self.log.marks[-1]
        cases = {name: self._many(name) for name in self.log.activities}
        usual = [name for name, many in cases.items() if 2 * many >= len(self.log.arrival)]
        before = {link.before for name in usual for link in self.order.links[name]}
        ends = [name for name in usual if name not in before]
        return max(ends or cases, key=lambda name: cases[name])

    def park(self) -> Table:
        """The park as a table."""
        log, (low, high) = self.log, (self.log.origin, self.log.origin + self.log.until)
        activities = self._activities()
        self._say()
        title = self.mapping.title or f"Park mined from {log.raw.name}"
        about = (
            f"{self.source}: {len(log.arrival)} cases, {len(log.raw.time)} events, {date_of(low)} to {date_of(high)}"
        )
        park: Table = {
            "name": "mined",
            "title": title,
            "start": date_of(low),
            "horizon": float(np.ceil(log.until)) + LONGEST,
        }
        park["source"] = about
        park |= {
            "limits": [f"The log cannot tell {text}." for text in self.untold],
            "question": {"from": self._start(), "to": self.goal},
        }
        park |= {"calendars": {OFFICE: self._calendar()}, "classes": self._classes()}
        park |= {"portfolio": self._portfolio(), "desks": self._desks()}
        if self._leaving_share(np.ones(len(log.arrival), dtype=bool))[1]:
            self.attributes[LEAVES] = {"sampled": "bernoulli(0) flag", "assumed": "the classes say how many"}
        if self.attributes:
            park["attributes"] = self.attributes
        if any("after" in it for it in activities.values()):
            park |= self._custom()
        return park | {"activities": activities}

    def _start(self) -> str:
        return self.mapping.question[0] if self.mapping.question else "arrival"

    # Who comes

    def _classes(self) -> Table:
        return {name: self._class(number) for number, name in enumerate(self.log.classes)}

    def _class(self, number: int) -> Table:
        mine = self.log.kind == number
        table: Table = {"source": f"{self.source}: {int(mine.sum())} cases"}
        left, known = self._leaving_share(mine)
        if self._leaving_share(np.ones_like(mine))[1] and left:
            low, high = share_between(left, known)
            note = f"{self.source}: {left} of {known} cases left (95% {low:.3g} to {high:.3g})"
            table["attributes"] = {LEAVES: {"sampled": f"bernoulli({left / known:.4g}) flag", "source": note}}
        return table

    def _leaving_share(self, cases: Bools) -> tuple[int, int]:
        """How many of some cases left early, and of how many it is known; nothing where nobody leaves."""
        left = int((~self.stays & cases).sum())
        known = left + int((self.finished & cases).sum())
        return left, known if (~self.stays).any() else 0

    def _portfolio(self) -> Table:
        groups: Table = {}
        for number, name in enumerate(self.log.classes):
            days = np.sort(self.log.arrival[self.log.kind == number])
            note = f"{self.source}: {arrivals_words(days, self.log.origin, self.log.until)}"
            arrivals = {"on": dated(days, self.log.origin), "source": note}
            groups[name] = {
                "of": name,
                "count": len(days),
                "arrivals": arrivals,
                "source": f"{self.source}: {len(days)} cases",
            }
        return groups

    # Where they go

    def _calendar(self) -> Table:
        found = self.days.calendar
        table: Table = {"week": list(found.week)}
        if found.holidays:
            table["holidays"] = found.holidays
        if found.windows:
            table["windows"] = [
                {"begin": date_of(self.log.origin + float(it.begin)), "end": date_of(self.log.origin + float(it.end)),  # type: ignore[arg-type]
                 "factor": 0.0} for it in found.windows
            ]  # fmt: skip
        return table | {"source": f"{self.source}: {self.days.events} events, {'; '.join(self.days.findings)}"}

    def _desks(self) -> Table:
        """The desks of the pools, and the one of the officers who handle files in a log without starts."""
        if not self.log.has_starts:
            return {it.name: self._desk(it, True) for it in self._handlers() if HANDLING in self.called}
        return {pool.name: self._desk(pool, self._unit(pool) == "wd") for pool in self.pools}

    def _desk(self, pool: Pool, office: bool) -> Table:
        table: Table = {"servers": pool.servers, "source": f"{self.source}: {pool.words}"}
        return {**table, "calendar": OFFICE} if office else table

    def _unit(self, pool: Pool) -> str:
        """The unit of a pool's time: all that it does is measured alike."""
        mine = [it for name in pool.activities for it in self.log.of(name) if not np.isnan(it.start + it.end)]
        return unit_of(np.array([it.end for it in mine]), np.array([it.start for it in mine]), self.days)

    def _handlers(self) -> tuple[Pool, ...]:
        """All officers of a log without starts as one pool; none where nobody is named or no time of day is known."""
        if self.log.has_starts or not self.log.marks or not self.pools or not touch(self.log).any():
            return ()
        whole = max(self.pools, key=lambda pool: pool.events)
        return (replace(whole, name="officers"),)

    def _custom(self) -> Table:
        note = f"{self.source}: orders that did not hold in every case are custom, not law"
        practice = {"title": "what need not wait runs side by side", "share": 0, "source": note}
        policy = {"title": "parallel approvals", "levers": {PRACTICE: {}}, "source": note}
        return {"practices": {PRACTICE: practice}, "policies": {"parallel": policy}}

    # What they go through

    def _activities(self) -> Table:
        tables: Table = {}
        for name in self._in_order():
            if name in self.log.marks:
                tables[name] = {"step": "milestone", "source": f"{self.source}: {self._many(name)} cases"}
                self.called[name] = [name]
            else:
                made = dict(self._of(name))
                tables |= made
                self.called[name] = list(made)
        self._link(tables)
        self._handle(tables)
        self._leave(tables)
        return tables

    def _in_order(self) -> list[str]:
        """The activities that somebody has ended, in the order of their median day after the arrival."""
        days = {name: self.log.reached(name) - self.log.arrival for name in self.log.activities}
        some = {name: float(np.nanmedian(it)) for name, it in days.items() if not np.isnan(it).all()}
        return sorted(some, key=lambda name: (some[name], name in self.log.marks))

    def _many(self, name: str) -> int:
        return int((~np.isnan(self.log.reached(name))).sum())

    def _of(self, name: str) -> Iterator[tuple[str, Table]]:
        """The activity, once for each set of classes that it takes differently."""
        pool = next((it for it in self.pools if name in it.activities and self.log.has_starts), None)
        found = spells(self.log, self.order, self.days, name, self._unit(pool) if pool else None)
        if not len(found.spent) or found.cut.all():
            self.untold.append(f"how long {name} takes: no attempt has both an end and what was before it")
            return
        if found.is_instant and pool is None:
            yield name, {"step": "milestone", "source": f"{self.source}: {self._many(name)} cases, no time passes"}
            return
        for variant in variants(self.log, name, found):
            yield name + variant.suffix, self._timed(name, variant, pool)

    def _timed(self, name: str, variant: Variant, pool: Pool | None) -> Table:
        fitted, unit = first_fit(variant.spells), variant.spells.unit
        self._doubts(name + variant.suffix, fitted)
        self._keep(f"{name}{variant.suffix}.duration", fitted.mean, fitted.mean_between, fitted.cases)
        table: Table = {"step": "desk", "desk": pool.name} if pool else {"step": "work"}
        table["duration"] = written(fitted.distribution, unit)
        if unit == "wd" and not pool:
            table["calendar"] = OFFICE
        notes = [fitted.words]
        if back := self._returned(name, variant, unit == "cd"):
            table["correction"] = self._correction(name + variant.suffix, back, variant.spells)
        share = self._share(name, variant)
        applies: Table = {"classes": list(variant.classes)} if variant.classes else {}
        if variant.back is not None:
            applies["where"] = {self._outcome(name, variant): int(variant.back)}
        if share[0] < share[1]:
            low, high = share_between(*share)
            applies["probability"] = round(share[0] / share[1], 4)
            self._keep(f"{name}{variant.suffix}.applies.probability", share[0] / share[1], (low, high), share[1])
            notes.append(f"{share[0]} of {share[1]} cases have it (95% {low:.3g} to {high:.3g})")
        if applies:
            table["applies"] = applies
        return table | {"source": f"{self.source}: {'; '.join(notes)}"}

    def _outcome(self, name: str, variant: Variant) -> str:
        """The attribute that says whether a file comes back, where first attempts last differently then."""
        attribute = f"returns_{name}{variant.suffix.removesuffix('_returned')}"
        note = f"{self.source}: first attempts last differently when they come back; see their correction"
        self.attributes[attribute] = {"sampled": f"bernoulli({variant.share:.4g}) flag", "source": note}
        return attribute

    def _returned(self, name: str, variant: Variant, only_cd: bool) -> Returned | None:
        """How files come back; where few do, the days to answer are those of all classes together."""
        back = returned(self.log, name, self.days, variant.cases & self.stays, only_cd)
        if back is None or back.back >= FEWEST or not variant.classes:
            return back
        whole = returned(self.log, name, self.days, self.stays, only_cd)
        return replace(back, fix=whole.fix, unit=whole.unit) if whole else back

    def _share(self, name: str, variant: Variant) -> tuple[int, int]:
        """In how many finished cases the activity took place, and how many there are."""
        finished = self.finished & variant.cases
        return int((~np.isnan(self.log.reached(name)) & finished).sum()), int(finished.sum())

    def _correction(self, name: str, back: Returned, found: Spells) -> Table:
        table: Table = {"probability": round(back.share, 4), "attempts": back.attempts}
        self._keep(f"{name}.correction.probability", back.share, back.between, back.cases)
        if back.decay is None:
            self.rare.append(f"{name} ({back.back})")
        else:
            table["decay"] = round(back.decay, 3)
        if back.fix:
            table["fix"] = written(back.fix.distribution, back.unit)
            self._keep(f"{name}.correction.fix", back.fix.mean, back.fix.mean_between, back.fix.cases)
        repeat, low, high = again(found)
        if not low <= 1 <= high:
            table["repeat"] = round(repeat, 3)
        words = f"later attempts take {repeat:.3g} of the first (95% {low:.3g} to {high:.3g})" if high < np.inf else ""
        return table | {"source": "; ".join(filter(None, (f"{self.source}: {back.words}", words)))}

    def _keep(self, key: str, value: float, between: tuple[float, float], cases: int) -> None:
        self.estimates.append(Estimate(f"activities.{key}", value, *between, cases))

    def _doubts(self, name: str, fitted: Fitted) -> None:
        if fitted.cases - fitted.censored < 8:
            self.few.append(f"{name} ({fitted.cases - fitted.censored})")
        elif fitted.rejected:
            self.findings.append(f"{name}: no family fits well (distance {fitted.distance:.2f})")

    def _link(self, tables: Table) -> None:
        """Write what each activity needs, and what only custom puts before it."""
        for name, made in self.called.items():
            links = self.order.links[name]
            needs = [other for link in links if link.always for other in self.called.get(link.before, ())]
            after = [other for link in links if not link.always for other in self.called.get(link.before, ())]
            for one in made:
                tables[one]["needs"] = needs
                if after:
                    tables[one]["after"] = dict.fromkeys(after, PRACTICE)
                if links:
                    tables[one]["source"] += f"; {', '.join(link.words for link in links)}"
        for mark, leading in self.log.leads.items():
            if mark in tables:
                tables[mark]["needs"] = self.called.get(leading, [])

    def _handle(self, tables: Table) -> None:
        """In a log without starts, the most that officers can have spent on a file, before the last milestone."""
        spent = touch(self.log)[self.finished]
        if not self._handlers() or not spent.any():
            return
        fitted = fit(spent[spent > 0], np.zeros(int((spent > 0).sum()), dtype=bool))
        note = f"{self.source}: at most this long, by the gaps between an officer's events of one day; {fitted.words}"
        tables[HANDLING] = {
            "step": "desk", "desk": "officers", "duration": written(fitted.distribution, "wd"),
            "needs": tables[self.goal]["needs"], "source": note,
        }  # fmt: skip
        tables[self.goal]["needs"] = [HANDLING]
        self.called[HANDLING] = [HANDLING]

    def _leave(self, tables: Table) -> None:
        """Those who leave go their own way: how long until they leave, and the end."""
        if self.stays.all():
            return
        for table in tables.values():
            applies = table.get("applies", {})
            table["applies"] = {**applies, "where": {**applies.get("where", {}), LEAVES: 0}}
        gone = (self.log.left - self.log.arrival)[~self.stays]
        fitted = fit(np.maximum(gone, 0.0), np.zeros(len(gone), dtype=bool))
        only = {"applies": {"where": {LEAVES: 1}}}
        note = f"{self.source}: days until a case leaves; {fitted.words}"
        tables[LEAVING] = {"step": "work", "duration": written(fitted.distribution, "cd"), **only, "source": note}
        tables[LEFT] = {"step": "end", "needs": [LEAVING], **only, "source": f"{self.source}: {len(gone)} cases"}

    # What cannot be told

    def _say(self) -> None:
        log, days = self.log, self.days
        self.untold += days.untold
        self.findings += [text for pool in self.pools if (text := pool.unequal)]
        if days.hours:
            low, high = days.hours
            self.findings.append(
                f"19 in 20 events fall between {low:g} and {high:g} o'clock; calendars count by the day"
            )
        self.untold += self._orders()
        self.untold += [
            f"the size of {pool.name}: {pool.words}; nobody waited while all were at work, so it may be larger"
            for pool in self.pools
            if log.has_starts and not pool.sure
        ]
        if not log.has_starts:
            self.untold.append(
                "waiting and working: the log has no starts, so an activity lasts from the end of what was before it, "
                "and an officer's time is bounded from above only"
            )
        if self.pools:
            self.untold.append("who goes first in a queue (first come is assumed), and officers' work outside the log")
        if self.few:
            self.untold.append(f"the families of activities of which fewer than eight ended: {', '.join(self.few)}")
        if self.rare:
            self.untold.append(
                f"how much rarer a second return is, where fewer than ten came back: {', '.join(self.rare)}"
            )
        if log.repeated:
            many = ", ".join(f"{name} ({cases})" for name, cases in log.repeated.items())
            self.untold.append(f"rounds of what cases repeat without a start, of which the last end counts: {many}")
        if log.raw.passed_over:
            self.findings.append(f"{log.raw.passed_over} events are neither schedule, start nor complete; passed over")
        self.untold = list(dict.fromkeys(self.untold))

    def _orders(self) -> Iterator[str]:
        """Orders that always held, yet never kept anybody waiting."""
        for link in self.order.untold[:MOST_UNTOLD]:
            yield f"whether {link.after} has to wait for {link.before}: it was over before, and never the last"
        if len(self.order.untold) > MOST_UNTOLD:
            yield f"the same of {len(self.order.untold) - MOST_UNTOLD} further pairs of activities"
