"""Checks of a scenario as a whole: what no field can know of itself, such as whether the desk it names exists."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.calendars import days_of, work_curve
from sim.durations import TIME_UNITS, Bernoulli, Constant, Discrete, Distribution
from sim.issues import MOST_ISSUES, category_weights, expected_issues
from sim.network import ARRIVAL, network
from sim.portfolio import sources_of
from sim.scenario import (
    Activity,
    Attribute,
    Calendar,
    Cohort,
    Dated,
    Group,
    Lookup,
    Ordered,
    Practice,
    Product,
    Renewal,
    Sampled,
    Scenario,
    process_activities,
)
from sim.values import Noted, Value



RULES: tuple[Callable[[Scenario], Problems], ...] = (
    _names,
    _references,
    _steps,
    _predecessors,
    _previous,
    _cycles,
    _attribute_names,
    _computed_attributes,
    _copies,
    _unused_practices,
    _effects,
    _holds,
    _branches,
    _issues,
    _units,
    _signs,
    _attribute_signs,
    _dates,
    _stretches,
    _too_early,
    _calendars,
    _dedicated,
    _supply,
    _orders,
    _portfolio,
    _notes,
)
