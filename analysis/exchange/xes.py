"""Event logs as XES (IEEE 1849): one trace per case, and an event for everything that begins or ends.

An attempt is scheduled when it could begin, starts, is suspended while issues hold it up, resumed, and completes; a
milestone only completes. The wait and its classes stand at the start.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from xml.sax.saxutils import quoteattr

import pandas as pd

from parkflow.analysis.exchange.event_log import EventLog
from parkflow.analysis.exchange.waiting import CLASSES

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849.2016" xes.features="">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<global scope="trace">
<string key="concept:name" value="unknown"/>
</global>
<global scope="event">
<string key="concept:name" value="unknown"/>
<string key="lifecycle:transition" value="complete"/>
<date key="time:timestamp" value="1970-01-01T00:00:00.000000+00:00"/>
</global>
<classifier name="Activity" scope="event" keys="concept:name"/>
<classifier name="ActivityAndTransition" scope="event" keys="concept:name lifecycle:transition"/>
<string key="lifecycle:model" value="standard"/>
"""

TRANSITIONS = ("schedule", "start", "suspend", "resume", "complete")
"""The transitions of an attempt, in their order at one instant."""

AT_START = ("wait", *CLASSES)
"""Columns that stand at the start of an attempt."""

STATED = ("process", "issue", "step", "cause", "copy", "attempt")
"""Columns that stand at every event."""


def xes(log: EventLog) -> Iterator[str]:
    """The log as XES, piece by piece."""
    yield HEAD
    yield "".join(_attributes({"concept:name": log.title}))
    by_case = {case: events.to_dict("records") for case, events in _events(log).groupby("case", sort=False)}
    for case in log.cases.to_dict("records"):
        known = {"concept:name": case["case"], **{str(key): value for key, value in case.items() if key != "case"}}
        events = "".join(map(_event, by_case.get(case["case"], ())))
        yield f"<trace>\n{''.join(_attributes(known))}{events}</trace>\n"
    yield "</log>\n"


def _events(log: EventLog) -> pd.DataFrame:
    """One row per event, in the order in which a case met them: a row of the log, its transition, and its day."""
    rows = log.rows.assign(place_in_log=range(len(log.rows)))
    pauses = log.pauses.rename(columns={"begin": "suspend", "end": "resume"})
    takes_time = rows[rows["step"] != "milestone"]
    parts = [
        rows.assign(transition="complete", day=rows["complete"]),
        *(takes_time.assign(transition=name, day=takes_time[name]) for name in ("schedule", "start")),
        *(
            rows.loc[pauses["row"]].assign(transition=name, day=pauses[name].to_numpy())
            for name in ("suspend", "resume")
        ),
    ]
    events = pd.concat(parts).dropna(subset="day")
    turn = events["transition"].map(TRANSITIONS.index)
    events = events.assign(turn=turn).sort_values(["day", "place_in_log", "turn"], kind="stable")
    return events.assign(time=log.moments(events["day"]))


def _event(event: Mapping[Any, Any]) -> str:
    known = {
        "concept:name": event["activity"],
        "concept:instance": f"{event['issue'] or event['case']}/{event['activity']}/{event['copy']}/{event['attempt']}",
        "lifecycle:transition": event["transition"],
        "org:resource": "" if event["transition"] == "schedule" else event["resource"],
        "org:group": event["place"],
        **{name: event[name] for name in STATED},
    }
    if event["transition"] == "start":
        known |= {name: event[name] for name in AT_START}
    if event["transition"] == "complete" and event["step"] != "milestone":
        known |= {"returned": event["returned"]}
    timed = f'<date key="time:timestamp" value="{event["time"]}"/>\n'
    return f"<event>\n{timed}{''.join(_attributes(known))}</event>\n"


def _attributes(known: Mapping[str, Any]) -> Iterator[str]:
    """The elements of what is known; NaN and empty text are left out."""
    for key, value in known.items():
        if value != "" and value == value:
            kind, text = _typed(value)
            yield f"<{kind} key={quoteattr(key)} value={quoteattr(text)}/>\n"


def _typed(value: Any) -> tuple[str, str]:
    """The element that a value stands in, and the value as text."""
    if isinstance(value, str):
        return "string", value
    if isinstance(value, bool):
        return "boolean", str(value).lower()
    return ("int", str(value)) if isinstance(value, int) else ("float", repr(float(value)))
