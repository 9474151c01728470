"""What tables, charts and reports say, in English and in Chinese: words by kind, and titles of what a scenario names.

Titles of activities, desks, groups, policies and the like come from the scenario; measures and levers bring their own.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from typing import Literal, Protocol, TypeVar

from parkflow.analysis.words.catalogue import in_chinese
from parkflow.analysis.words.names import (
    AREAS,
    CAUSES,
    DISTRIBUTIONS,
    FIELDS,
    PHRASES,
    SEVERITIES,
    STEPS,
    STRETCHES,
    TIME_UNITS,
    UNITS,
    VERDICTS,
)
from parkflow.scenarios.describe import ALWAYS, title_of
from parkflow.sim.levers import CATALOGUE, SERIAL
from parkflow.sim.scenario import Scenario

T = TypeVar("T")

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")

CLASS = "class:"
"""How the name of a class begins where groups and classes stand in one column."""

SEVERITY = "severity:"
"""How the name of a severity of issues begins in that column."""

STAGE = "stage:"
"""How the name of a stage at the start begins in that column."""

SIZE = "size:"
"""How the name of a third of projects by size begins in that column."""

COMING = "coming"
"""Stands for the stage of the projects that arrive after the start."""


class Titled(Protocol):
    """What has a title of its own in both languages, such as a measure."""

    @property
    def title(self) -> str:
        """The English title."""

    @property
    def title_zh(self) -> str:
        """The Chinese title."""


ROWS = {
    "wait_in_turn": "desk",
    "wait_by_order": "desk",
    "cause_days": "cause",
    "cause_days_saved": "cause",
    "issues_solved_at": "activity",
    "utilisation": "desk",
    "wait": "desk",
    "overdue": "desk",
    "borrowed": "desk",
    "queue": "desk",
    "officer_days": "desk",
    "borrowed_days": "desk",
    "sittings": "meeting",
    "places_used": "meeting",
    "idle": "stock",
}
"""Measures that are told apart by something else than groups of projects."""

TABLES = ("activities", "attributes", "classes", "crews", "desks", "meetings", "portfolio", "practices", "stocks")
"""Tables of a scenario whose names stand in the keys of factors."""


@dataclass(frozen=True)
class Words:
    """Speaks one language about one scenario; what has no title is named by its key, with spaces for underscores."""

    language: Language = "en"
    scenario: Scenario | None = None

    def about(self, scenario: Scenario) -> Words:
        """The same language with the titles of a scenario."""
        return replace(self, scenario=scenario)

    def __call__(self, phrase: str) -> str:
        """A phrase as it stands on an axis or in a title."""
        return self._among(PHRASES, phrase)

    def activity(self, name: str) -> str:
        """An activity or a milestone."""
        return self._titled("activities", name)

    def stage(self, name: str) -> str:
        """A stage of a project."""
        return self._titled("stages", name)

    def desk(self, name: str) -> str:
        """A desk."""
        return self._titled("desks", name)

    def meeting(self, name: str) -> str:
        """A meeting."""
        return self._titled("meetings", name)

    def stock(self, name: str) -> str:
        """A stock."""
        return self._titled("stocks", name)

    def attribute(self, name: str) -> str:
        """An attribute of projects."""
        return self._titled("attributes", name)

    def calendar(self, name: str) -> str:
        """A calendar."""
        return self._titled("calendars", name)

    def distribution(self, written: str) -> str:
        """A distribution in the short form of scenario files, as ``pert(2, 5, 12) wd``."""
        words = DISTRIBUTIONS | TIME_UNITS
        return self.pick(written, re.sub(r"[a-z]+", lambda found: words.get(found[0], found[0]), written))

    def group(self, name: str) -> str:
        """A group of projects, a class (``class:priority``), or all of them."""
        if name.startswith(STAGE):
            return self._at_the_start(name.removeprefix(STAGE))
        if name.startswith(SEVERITY):
            severity = name.removeprefix(SEVERITY)
            return self.pick(f"{_spaced(severity)} issues", SEVERITIES.get(severity, severity))
        if name.startswith(CLASS):
            return self.pick("class ", "类别 ") + self._titled("classes", name.removeprefix(CLASS))
        if name.startswith(SIZE):
            return self(f"{name.removeprefix(SIZE)} projects")
        known = self.scenario is not None and name in self.scenario.portfolio
        return self._titled("portfolio", name) if known else self(name)

    def _at_the_start(self, stage: str) -> str:
        """The projects that are in a stage at the start, or those that arrive after it."""
        if stage == COMING:
            return self.pick("yet to come", "尚未到来")
        return self.pick("at work: ", "在办：") + self.stage(stage)

    def row(self, measure: str, name: str) -> str:
        """What a row of a measure is about: a cause, a desk, an activity, or a group of projects."""
        kinds = {"cause": self.cause, "desk": self.desk, "activity": self.activity, "stock": self.stock}
        kinds["meeting"] = self.meeting
        if name == "all":
            return self(name)
        return kinds.get(ROWS.get(measure, ""), self.group)(name)

    def policy(self, name: str) -> str:
        """A policy as it stands at a line or a column."""
        return self._titled("policies", name)

    def the_policy(self, name: str) -> str:
        """A policy as it stands in a sentence."""
        title = self.policy(name)
        return self.pick(f"the {title}" if self._has_title(name) else f"the policy {title}", title)

    def under(self, name: str) -> str:
        """In what a policy puts a project, as a sentence begins with it."""
        relation = "in" if name == SERIAL else "under"
        return self.pick(f"{relation} {self.the_policy(name)}", f"{self.policy(name)}下")

    def cause(self, name: str) -> str:
        """A cause of days as it stands at a line."""
        return self.pick(name, CAUSES.get(name, (name, name))[1])

    def the_cause(self, name: str) -> str:
        """A cause of days as it stands in a sentence."""
        return self.pick(*CAUSES.get(name, (name, name)))

    def verdict(self, name: str) -> str:
        """A verdict on what was reported."""
        return self.pick(*VERDICTS[name])

    def stretch(self, name: str) -> str:
        """A kind of time in a schedule."""
        return self._among(STRETCHES, name)

    def step(self, name: str) -> str:
        """A kind of step."""
        return self._among(STEPS, name)

    def unit(self, name: str) -> str:
        """A unit."""
        return self._among(UNITS, name)

    def lever(self, name: str) -> str:
        """A lever."""
        return self.pick(_spaced(name), (name in CATALOGUE and CATALOGUE[name].title_zh) or _spaced(name))

    def area(self, name: str) -> str:
        """An area of levers."""
        return self._among(AREAS, name)

    def title(self, thing: Titled) -> str:
        """The title of what brings its own, such as a measure or a park."""
        return self.pick(thing.title, thing.title_zh or thing.title)

    def horizon(self) -> str:
        """Until when a park is simulated: a date, or a day where it has no start; the end of the run without either."""
        if self.scenario is None or self.scenario.horizon is None:
            return self.pick("the end of the run", "仿真结束")
        if self.scenario.start is None:
            return self.pick(f"day {self.scenario.horizon:g}", f"第{self.scenario.horizon:g}天")
        return (self.scenario.start + dt.timedelta(days=self.scenario.horizon)).isoformat()

    def factor(self, key: str) -> str:
        """The key of a factor as a label: ``policies.full.levers.night_work.share`` as ``night work: share``."""
        parts = key.split(".")
        table, *names = parts[parts.index("levers") :] if "levers" in parts else parts
        if not names:
            return self.field(table)
        field = "".join(self.pick(": ", "：") + self.field(part) for part in names[1:][-1:])
        if table == "levers":
            return self.lever(names[0]) + field
        return (self._titled(table, names[0]) if table in TABLES else _spaced(names[0])) + field

    def field(self, name: str) -> str:
        """A key of a scenario file, or a parameter of a lever."""
        return self._among(FIELDS, name)

    def first(self, phrase: str) -> str:
        """The phrase with a capital, as it begins a title."""
        return self.begin(self(phrase))

    def begin(self, sentence: str) -> str:
        """The sentence with a capital."""
        return sentence[:1].upper() + sentence[1:]

    def sentence(self, text: str) -> str:
        """A sentence that the program has in English: a limit, a definition, a note; a user's own stays as it is."""
        return self.pick(text, in_chinese(text) if self.language == "zh" else text)

    def pick(self, english: T, chinese: T) -> T:
        """What is written in both languages on the spot: a sentence, or several."""
        return chinese if self.language == "zh" else english

    def _has_title(self, policy: str) -> bool:
        given = self.scenario.policies.get(policy) if self.scenario else None
        return policy == SERIAL or bool(given and given.title)

    def _titled(self, table: str, name: str) -> str:
        """The title that the scenario gives to a name in one of its tables."""
        if self.scenario is None:
            english, chinese = ALWAYS.get((table, name), (_spaced(name), _spaced(name)))
            return self.pick(english, chinese)
        return title_of(self.scenario, table, name, self.language)

    def _among(self, chinese: dict[str, str], name: str) -> str:
        return self.pick(_spaced(name), chinese.get(name, _spaced(name)))


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def words(language: Language) -> Words:
    """The words of a language: `en` or `zh`."""
    return Words(language)
