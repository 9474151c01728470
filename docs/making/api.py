"""The page of the Python interface, from the docstrings of its names."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from types import FunctionType
from typing import Any

import parkflow
from docs.making.markdown import page, table

GIVEN = {
    "Park": "a shipped park's name, the path of a scenario file, or a `Scenario`",
    "Names": "one name, or several; a text is one name",
    "Levers": "a lever or several: names, a mapping of names to parameters, `Lever` objects, or classes of levers",
    "Measures": "a measure or several, by name or as `Measure` objects",
    "Source": "a `Run` or `SweepResult`, the path of its folder, or a `Park`, which is simulated first",
    "Folder": "a path",
    "Factors": 'levels by factor: a list, or a range as `{"low": 0, "high": 1, "points": 5}`',
    "Progress": "a function that is told the number of replications done",
}
"""What the types in the signatures stand for."""

INTRODUCTION = """`import parkflow` loads nothing before it is used. Every function takes a park's name, a path or a
`Scenario`, and raises `ParkflowError` for whatever does not fit, with a message that says where and how to mend it."""

LEVER = """A lever of your own is a class. Hand it to a function, or `register` it to use its name:

```python
import parkflow as pf


class MorePlanners(pf.Lever):
    name = "more_planners"
    officers: int = 1

    def changes(self, scenario):
        return {"desks.planning.servers": scenario.desks["planning"].servers + self.officers}


pf.compare("zhifu", levers=MorePlanners(officers=2), replications=2)
pf.sweep("zhifu", {"levers.more_planners.officers": [1, 2]}, levers=MorePlanners, replications=2)
```

A package offers levers to everybody who installs it by an entry point in the group `parkflow.levers`."""


def api_page() -> str:
    """The page of everything in `parkflow.__all__`."""
    names = [name for name in parkflow.__all__ if name != "__version__"]
    functions = [name for name in names if inspect.isfunction(getattr(parkflow, name))]
    classes = [name for name in names if name not in functions]
    given = table(["type", "what may be given"], [[f"`{name}`", what] for name, what in GIVEN.items()])
    parts = [INTRODUCTION, "## Functions", given, *map(_function, functions), "## Classes", *map(_class, classes)]
    return page("Python interface", *parts, "## A lever of your own", LEVER)


def _function(name: str) -> str:
    function = getattr(parkflow, name)
    return f"### {name}\n\n```text\n{_signature(name, function)}\n```\n\n{_prose(function)}"


def _class(name: str) -> str:
    kind = getattr(parkflow, name)
    members = [[f"`{member}`", what] for member, what in _members(kind)]
    return f"### {name}\n\n{_prose(kind)}" + (f"\n\n{table(['', 'what it gives'], members)}" if members else "")


def _members(kind: type) -> Iterator[tuple[str, str]]:
    """Public methods and properties, but those of other packages, with the first paragraph of what they say."""
    seen = set()
    for home in kind.__mro__:
        for name, value in vars(home).items() if home.__module__.startswith("parkflow.") else ():
            said = inspect.getdoc(value)
            if name in seen or name.startswith(("_", "model_")) or not said or not _is_member(value):
                continue
            seen.add(name)
            called = f"{name}{_arguments(value)}" if isinstance(value, FunctionType) else name
            yield called, said.split("\n\n")[0]


def _is_member(value: Any) -> bool:
    return isinstance(value, FunctionType | property) or hasattr(value, "attrname")


def _arguments(method: FunctionType) -> str:
    names = list(inspect.signature(method).parameters)[1:]
    return f"({', '.join(names)})"


def _signature(name: str, function: Any) -> str:
    """One line per argument, as a reader of the code sees it."""
    signature, lines, starred = inspect.signature(function), [], False
    for argument in signature.parameters.values():
        if argument.kind is argument.KEYWORD_ONLY and not starred:
            lines.append("*")
            starred = True
        default = "" if argument.default is argument.empty else f" = {_default(argument.default)}"
        lines.append(f"{argument.name}: {argument.annotation}{default}")
    inside = "".join(f"\n    {line}," for line in lines) + "\n" if lines else ""
    return f"{name}({inside}) -> {signature.return_annotation}"


def _default(value: Any) -> str:
    return value.__name__.replace("<lambda>", "…") if isinstance(value, FunctionType) else repr(value)


def _prose(thing: Any) -> str:
    """The docstring as Markdown: code in double quotes of backticks becomes plain code."""
    return re.sub(r"``(.+?)``", r"`\1`", inspect.getdoc(thing) or "")
