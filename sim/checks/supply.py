"""Desks keep servers to share, stocks can supply, and somebody comes."""

from __future__ import annotations

from math import inf

import numpy as np

from parkflow.sim.checks.attributes import class_attributes, classes_through
from parkflow.sim.checks.problem import Problem, Problems, Rule
from parkflow.sim.durations import TIME_UNITS, Constant
from parkflow.sim.scenario import (
    Activity,
    Attribute,
    Cohort,
    Group,
    Lookup,
    Ordered,
    Sampled,
    Scenario,
    Stock,
    process_activities,
)


def _dedicated(scenario: Scenario) -> Problems:
    for name, desk in scenario.desks.items():
        apart = sum(desk.dedicated.values())
        if apart >= desk.servers:
            what = f"{apart} of {desk.servers} servers are set apart, which leaves none to share"
            yield Problem(f"desks.{name}.dedicated", what, f"set apart at most {desk.servers - 1}, or raise servers")


def _limits(scenario: Scenario) -> Problems:
    desks = [(f"desks.{name}", desk.limit, desk.calendar) for name, desk in scenario.desks.items()]
    steps = [
        (f"activities.{name}", activity.limit, scenario.desks[activity.desk].calendar)
        for name, activity in scenario.activities.items()
        if activity.desk in scenario.desks
    ]
    for key, limit, calendar in (*desks, *steps):
        if limit is None:
            continue
        if not isinstance(limit, Constant) or limit.value <= 0:
            yield Problem(f"{key}.limit", "a limit is one number of days above 0", 'write it like "20 wd"')
        if limit.unit not in (None, *TIME_UNITS):
            yield Problem(f"{key}.limit", f"{limit.unit!r} is no unit of time", "write wd or cd")
        if limit.unit == "wd" and calendar is None and "statutory" not in scenario.calendars:
            remedy = "give the desk a calendar, add calendars.statutory, or write cd"
            yield Problem(f"{key}.limit", "working days, but neither the desk nor the park has a calendar", remedy)


def _background(scenario: Scenario) -> Problems:
    for name, desk in scenario.desks.items():
        key = f"desks.{name}.background"
        if desk.background and scenario.horizon is None:
            remedy = "add horizon = days, at the top of the file"
            yield Problem(key, "it is drawn week by week up to the horizon, and there is none", remedy)
        most = ((1 - desk.background) / desk.background) ** 0.5 if desk.background else inf
        if desk.background_spread >= most:
            what = f"shares around {desk.background:g} cannot differ so much from week to week"
            yield Problem(f"{key}_spread", what, f"give less than {most:.3g}")


def _supply(scenario: Scenario) -> Problems:
    giving = {activity.stock for activity in scenario.activities.values() if activity.gives}
    for name, activity in scenario.activities.items():
        stock = scenario.stocks.get(activity.stock or "")
        if stock is None or activity.gives or activity.when_short != "wait" or stock.orders or activity.stock in giving:
            continue
        most = _most(stock)
        least = _least_amount(scenario, activity)
        if least > most:
            what = f"can never supply: {name!r} waits for {least:g} and at most {most:g} will ever be in store"
            remedy = f'raise initial, add tranches or orders, let an activity give, or let {name!r} "go on" when_short'
            yield Problem(f"stocks.{activity.stock}", what, remedy)


def _most(stock: Stock) -> float:
    """The most that a taker may ever find in store, the largest parcel where they are whole."""
    there = stock.initial
    if isinstance(there, float):
        there = (there / stock.parcels,) * stock.parcels
    elif not isinstance(there, tuple):
        there = (float(there.quantile(np.array([np.nextafter(1.0, 0.0)]))[0]),) * stock.parcels
    parcels = [*there, *(tranche.amount for tranche in stock.tranches)]
    return max(parcels, default=0.0) if stock.whole else sum(parcels)


def _least_amount(scenario: Scenario, activity: Activity) -> float:
    if not isinstance(activity.amount, str):
        return activity.amount
    classes = [class_attributes(scenario, kind).get(activity.amount) for kind in classes_through(scenario, activity)]
    return min((lowest(attribute) for attribute in classes), default=0.0)


def lowest(attribute: Attribute | None) -> float:
    """The least that an attribute can be, as far as it can be told."""
    if isinstance(attribute, Sampled):
        return attribute.sampled.lowest
    return min(attribute.value) if isinstance(attribute, Lookup) else 0.0


def _orders(scenario: Scenario) -> Problems:
    for name, stock in scenario.stocks.items():
        if stock.target > 0 and stock.orders is None:
            yield Problem(f"stocks.{name}.target", "nothing is ordered to reach it", "add orders = a group of parcels")
        parcels = scenario.portfolio.get(stock.orders or "")
        if parcels and not _is_ordered_by(parcels, name):
            remedy = f'write arrivals = {{by = "{name}"}} in portfolio.{stock.orders}'
            yield Problem(f"stocks.{name}.orders", f"the group {stock.orders!r} does not wait for its orders", remedy)
        if parcels and not _gives(scenario, parcels.process, name):
            remedy = f'end that process with an activity with step = "stock", stock = "{name}", gives = true'
            yield Problem(f"stocks.{name}.orders", f"the process {parcels.process!r} gives it no unit", remedy)
    for name, group in scenario.portfolio.items():
        by = group.arrivals.by if isinstance(group.arrivals, Ordered) else None
        if by in scenario.stocks and scenario.stocks[by].orders != name:
            yield Problem(
                f"portfolio.{name}.arrivals.by",
                f"the stock {by!r} does not order it",
                f'write orders = "{name}" in stocks.{by}',
            )


def _gives(scenario: Scenario, process: str, stock: str) -> bool:
    return any(a.gives and a.stock == stock for a in process_activities(scenario, process).values())


def _is_ordered_by(group: Group, stock: str) -> bool:
    return isinstance(group.arrivals, Ordered) and group.arrivals.by == stock


def _portfolio(scenario: Scenario) -> Problems:
    if not scenario.portfolio:
        yield Problem("portfolio", "holds no project", "add a group of projects")
    for name, group in scenario.portfolio.items():
        arrivals = group.arrivals
        if isinstance(arrivals, Cohort) and arrivals.batch_share and not arrivals.batches:
            yield Problem(
                f"portfolio.{name}.arrivals.batches", "a share arrives in batches on no date", "add batches = [dates]"
            )


RULES: tuple[Rule, ...] = (
    _dedicated,
    _limits,
    _background,
    _supply,
    _orders,
    _portfolio,
)
