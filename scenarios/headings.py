"""What the columns of a project list are headed by, in English and Chinese, and the units that a heading may name."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from parkflow.sim.scenario import Attribute, ByCase, Sampled

NAME, CLASS, STAGE, SINCE, ARRIVAL, AGREEMENT = "name", "class", "stage", "since", "first contact", "agreement"
DATES = (SINCE, ARRIVAL, AGREEMENT)

HEADINGS: dict[str, tuple[str, ...]] = {
    NAME: ("name", "project", "project name", "项目", "项目名称", "名称"),
    CLASS: ("class", "project class", "类别", "项目类别", "级别", "项目级别"),
    ARRIVAL: ("first contact", "date of first contact", "首次接洽", "首次接洽日期", "接洽日期", "洽谈日期"),
    AGREEMENT: ("agreement", "date of agreement", "signed", "签约", "签约日期", "签约时间", "签订投资协议"),
    STAGE: ("stage", "stage reached", "阶段", "当前阶段", "所处阶段", "项目阶段"),
    SINCE: ("since", "in stage since", "stage since", "进入阶段日期", "进入该阶段日期", "阶段日期"),
}
"""The columns that every list may have; the others are attributes of the park, by key or by title."""

UNITS: dict[str, tuple[str, float]] = {
    "mu": ("mu", 1), "亩": ("mu", 1), "ha": ("mu", 15), "公顷": ("mu", 15),
    "m2": ("m2", 1), "m²": ("m2", 1), "㎡": ("m2", 1), "平方米": ("m2", 1),
    "万平方米": ("m2", 1e4), "万㎡": ("m2", 1e4),
    "m3": ("m3", 1), "m³": ("m3", 1), "立方米": ("m3", 1), "万立方米": ("m3", 1e4), "万方": ("m3", 1e4),
    "100m cny": ("100M CNY", 1), "亿元": ("100M CNY", 1), "亿": ("100M CNY", 1), "万元": ("100M CNY", 1e-4),
    "m cny": ("100M CNY", 0.01), "百万元": ("100M CNY", 0.01),
    "count": ("count", 1), "个": ("count", 1), "栋": ("count", 1), "台": ("count", 1),
}  # fmt: skip
"""Units that a heading may name in brackets: the unit of the park, and how many of it one is."""

LIKE = 0.8
"""How much a heading in Latin letters must be like a known one to be taken for a slip of the pen."""


@dataclass(frozen=True)
class Column:
    """A column that is read: what it is headed by, what it holds, and the factor on its numbers."""

    place: int
    heading: str
    holds: str
    factor: float = 1.0

    @property
    def is_attribute(self) -> bool:
        """Whether it holds an attribute of the park."""
        return self.holds not in HEADINGS


class HeadingError(ValueError):
    """A heading that cannot be what it says; the message says what would be right."""


def plain(heading: str) -> str:
    """A heading as it is compared: without brackets, blanks, underlines and the asterisk of what must be filled in."""
    return re.sub(r"[\s_*:]", "", re.sub(r"[(（\[【].*", "", heading)).casefold()


def known_headings(attributes: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """What a column holds, by its plain heading; `attributes` are those of the park as its file has them."""
    found = {plain(word): key for key, words in HEADINGS.items() for word in words}
    for name, given in attributes.items():
        for word in (name, given.get("title"), given.get("title_zh")):
            if word:
                found.setdefault(plain(word), name)
    return found


def columns_of(cells: Mapping[int, str], attributes: Mapping[str, Mapping[str, Any]]) -> Iterator[Column]:
    """The columns that are read, by the cells of the row of headings.

    Raises `HeadingError` for a heading that is a slip of the pen, has another unit, or stands twice.
    """
    known, seen = known_headings(attributes), set[str]()
    for place, heading in cells.items():
        holds = known.get(plain(heading))
        if holds is None:
            _refuse_slip(heading, known)
            continue
        if holds in seen:
            raise HeadingError(f"column {heading!r}: there is another column for {holds!r}; keep one of them")
        seen.add(holds)
        yield Column(place, heading, holds, _factor(heading, attributes[holds]) if holds not in HEADINGS else 1.0)


def _refuse_slip(heading: str, known: Mapping[str, str]) -> None:
    close = difflib.get_close_matches(plain(heading), known, n=1, cutoff=LIKE) if heading.isascii() else []
    if close:
        raise HeadingError(f"column {heading!r}: no column is called so; did you mean {known[close[0]]!r}?")


def _factor(heading: str, attribute: Mapping[str, Any]) -> float:
    """How many of the park's unit one of the heading's unit is; 1 where it names none."""
    named = re.search(r"[(（\[【]\s*(.*?)\s*[)）\]】]", heading)
    if named is None:
        return 1.0
    unit = unit_of(attribute)
    means, factor = UNITS.get(named[1].casefold(), ("", 1.0))
    if not means or unit not in (None, means):
        right = ", ".join(word for word, (of, _) in UNITS.items() if unit in (None, of)) or "no unit"
        raise HeadingError(f"column {heading!r}: {named[1]!r} is no unit of it; write {right}")
    return factor


def unit_of(attribute: Mapping[str, Any]) -> str | None:
    """The unit in which a park's file gives an attribute; None where it does not say."""
    try:
        made = _ATTRIBUTE.validate_python(attribute)
    except ValidationError:  # the checks of the park's own keys will say what is wrong with it
        return None
    if isinstance(made, ByCase):
        return next((case.unit for case in made.cases.values()), None)
    return made.sampled.unit if isinstance(made, Sampled) else None


_ATTRIBUTE: TypeAdapter[Attribute] = TypeAdapter(Attribute)
