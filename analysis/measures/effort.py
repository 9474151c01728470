"""Effort: what a policy asks of officers and meetings, and the land that lies idle for it."""

from __future__ import annotations

from collections.abc import Iterator

from parkflow.analysis.measures.measure import ALL, NO_PAIR, Measure, Seen, View


def officer_days(view: View) -> Iterator[Seen]:
    """Working days that officers spent on the listed files, in all and by desk."""
    yield from _in_all({it.place: it.days for it in view.run.efforts})


def borrowed_days(view: View) -> Iterator[Seen]:
    """Those of them that officers borrowed from elsewhere spent, in all and by desk."""
    yield from _in_all({it.place: it.borrowed for it in view.run.efforts})


def _in_all(days: dict[str, float]) -> Iterator[Seen]:
    if days:
        yield Seen(sum(days.values()), ALL)
        for place, value in days.items():
            yield Seen(value, place)


def sittings(view: View) -> Iterator[Seen]:
    """Sittings that somebody came to, by meeting."""
    for it in view.run.sittings:
        yield Seen(it.held, it.meeting)


def places(view: View) -> Iterator[Seen]:
    """Places taken at these sittings, by meeting."""
    for it in view.run.sittings:
        yield Seen(it.places, it.meeting)


def idle(view: View) -> Iterator[Seen]:
    """What lay in store over the run, times the days that it lay there, by stock."""
    for stock, unit_days in view.run.idle.items():
        yield Seen(unit_days, stock)


MEASURES = (
    Measure(
        "officer_days", "officer-days", "窗口人工天数",
        "working days between start and end of every attempt of listed projects, parcels and issues at a desk",
        "days", officer_days, least=0.0, between=NO_PAIR,
        limits=("applicants outside the list and what circulates without an officer are not in it",),
    ),
    Measure(
        "borrowed_days", "borrowed officer-days", "借调人工天数",
        "officer-days of officers borrowed for files that would have missed their limit",
        "days", borrowed_days, least=0.0, between=NO_PAIR,
    ),
    Measure(
        "sittings", "sittings held", "会议召开次数", "sittings at which a case was heard", "count", sittings,
        least=0.0, between=NO_PAIR, limits=("sittings to which nobody came are not counted",),
    ),
    Measure(
        "places_used", "places used at meetings", "上会事项数", "cases heard at the sittings of a meeting", "count",
        places, least=0.0, between=NO_PAIR,
    ),
    Measure(
        "idle", "unit-days idle in store", "闲置储备量", "integral over the run of what is in store", "unit-days", idle,
        least=0.0, between=NO_PAIR, limits=("mu-days for land; it ends with the run, so a longer run has more",),
    ),
)  # fmt: skip
