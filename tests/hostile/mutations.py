"""Changes to the tables of scenarios and sweeps that know their structure: values, types, units, names, nesting."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

Table = dict[str, Any]
Place = tuple[Any, Any]
"""A table or list, and a key or an index in it."""

NUMBERS = (
    0, 1, -1, 2, 3, 7, 0.5, 1e-300, 1e-12, 1e-6, 1e6, 1e12, 1e300, -1e300, float("nan"), float("inf"), float("-inf"),
    5e-324, 2**31, 2**63, 2**64, 10**30, -(2**63), 0.1, 99.9, 100, 365, 1000, -0.0, 1.0000000001,
)  # fmt: skip
TEXTS = (
    "", " ", "nobody", "园区", "x" * 20_000, "\u202eevil", "\x1b[31mred", "a\nb", "=1+1", "../../x", "<b>x</b>",
    "{}", "%s", "𝔘𝔫𝔦", "é" * 300, "all", "arrival", "serial", "project", "parcel", "issue", "none", "nan", "true", "1",
    "0.5", "a.b.c", "$x^2$", "$\\frac{", "[red]x[/red]",
)  # fmt: skip
LAWS = (
    "pert(3, 2, 1) wd", "pert(1, 1, 1) wd", "pert(0, 0, 0) cd", "uniform(-5, 5) wd", "uniform(0, 1e300) cd",
    "gamma(0, 1) wd", "gamma(1e-9, 1e9) wd", "gamma(1e-9, 50) cd", "exponential(0) cd", "exponential(1e-300)",
    "lognormal(2, 0) wd", "lognormal(1e300, 5) cd", "lognormal(5, 1e3)", "bernoulli(2)", "bernoulli(-0.1)", "pert(1",
    "normal(1, 2)", "5",
    "5 h", "5 wd", "-5 cd", "0 cd", "1e300 wd", "nan cd", "3 weeks", "exponential(3, 4, 5)",
    "constant(1e-300) wd", "triangular(1,2,3)",
)  # fmt: skip
UNITS = ("wd", "cd", "h", "weeks", "m3", "", "WD", "days")
DATES = (
    dt.date(1, 1, 1), dt.date(9999, 12, 31), dt.date(2024, 2, 29), dt.date(1970, 1, 1), dt.date(2100, 1, 1),
    dt.date(2018, 1, 1), dt.datetime(2020, 1, 1, 12), dt.time(12, 30),
)  # fmt: skip


def places(table: Any) -> list[Place]:
    """Every place in a table where a value stands, at whatever depth."""
    found: list[Place] = []
    waiting = [table]
    while waiting:
        here = waiting.pop()
        keys: Any = list(here) if isinstance(here, dict) else range(len(here))
        for key in keys:
            found.append((here, key))
            if isinstance(here[key], dict | list):
                waiting.append(here[key])
    return found


def names_in(table: Table) -> list[str]:
    """Names that a table declares: what may stand where another name is meant."""
    return [str(name) for it in table.values() if isinstance(it, dict) for name in it]


def another(chance: random.Random, value: Any, table: Table) -> Any:
    """A value in the place of another one: mostly of its own type, at times of any."""
    if chance.random() < 0.12:
        return chance.choice([*NUMBERS, *TEXTS, *LAWS, *DATES, True, False, [], {}, [[]], {"a": {"b": 1}}, [1, "a"]])
    match value:
        case bool():
            return not value
        case int() | float():
            return _number(chance, value)
        case str():
            return _text(chance, value, table)
        case dt.date():
            year = min(max(value.year + chance.choice([-1, 1, 11]), 1), 9999)
            return chance.choice([*DATES, value.replace(year=year, day=1)])
        case list():
            return _list(chance, value)
        case dict():
            return _dict(chance, value)
    return value


def _number(chance: random.Random, value: float) -> Any:
    scaled = [-value, value * 10, value / 10, value + 1, value - 1, value * 1e6, float(value), value * chance.random()]
    return chance.choice([*NUMBERS, *scaled, str(value)])


def _text(chance: random.Random, value: str, table: Table) -> Any:
    if "(" in value or value.split(" ")[0].replace(".", "").isdigit():
        number = str(chance.choice(NUMBERS))
        digits = [
            part for part in value.replace("(", " ").replace(")", " ").replace(",", " ").split() if part[:1].isdigit()
        ]
        swapped = value.replace(chance.choice(digits), number, 1) if digits else value
        unit = f"{value.rpartition(' ')[0]} {chance.choice(UNITS)}"
        return chance.choice([*LAWS, swapped, swapped, swapped, unit, unit])
    names = names_in(table) or ["x"]
    return chance.choice([chance.choice(TEXTS), *(chance.choice(names) for _ in range(4)), value + "x", value[:-1]])


def _list(chance: random.Random, value: list[Any]) -> Any:
    other = list(value)
    chance.shuffle(other)
    return chance.choice(
        [[], value * 2, value[:-1], value[1:], other, [value], value[:1] * 300, value[0] if value else 0]
    )


def _dict(chance: random.Random, value: Table) -> Any:
    keys = list(value)
    return chance.choice(
        [{}, [value], {key: value[key] for key in keys[1:]}, next(iter(value.values()), 0), {"x": value}]
    )


def replace_a_value(chance: random.Random, table: Table, others: Sequence[Table]) -> None:
    here, key = chance.choice(places(table))
    here[key] = another(chance, here[key], table)


def replace_a_leaf(chance: random.Random, table: Table, others: Sequence[Table]) -> None:
    leaves = [(here, key) for here, key in places(table) if not isinstance(here[key], dict | list)]
    here, key = chance.choice(leaves)
    here[key] = another(chance, here[key], table)


def drop_a_key(chance: random.Random, table: Table, others: Sequence[Table]) -> None:
    here, key = chance.choice(places(table))
    del here[key]


def rename_a_key(chance: random.Random, table: Table, others: Sequence[Table]) -> None:
    tables = [(here, key) for here, key in places(table) if isinstance(here, dict)]
    here, key = chance.choice(tables)
    new = chance.choice([*TEXTS, key + "x", key[::-1], *(names_in(table)[:50])])
    here[new] = here.pop(key)


def repeat_a_key(chance: random.Random, table: Table, others: Sequence[Table]) -> None:
    tables = [(here, key) for here, key in places(table) if isinstance(here, dict)]
    here, key = chance.choice(tables)
    here[chance.choice([key + "_2", *TEXTS])] = deepcopy(here[key])


def swap_two_values(chance: random.Random, table: Table, others: Sequence[Table]) -> None:
    found = places(table)
    here, key = chance.choice(found)
    alike = [(there, name) for there, name in found if type(there[name]) is type(here[key])]
    there, name = chance.choice(alike)
    if not isinstance(here[key], dict | list):
        here[key], there[name] = there[name], here[key]


def take_from_another_park(chance: random.Random, table: Table, others: Sequence[Table]) -> None:
    """A whole table, or one entry of one, as another park has it."""
    other = chance.choice(others)
    shared = [key for key in table if isinstance(table[key], dict) and isinstance(other.get(key), dict)]
    if not shared:
        return
    key = chance.choice(shared)
    if chance.random() < 0.5 or not other[key]:
        table[key] = deepcopy(other[key])
    else:
        name = chance.choice(list(other[key]))
        table[key][name] = deepcopy(other[key][name])


def move_a_table(chance: random.Random, table: Table, others: Sequence[Table]) -> None:
    """An entry put where it does not belong."""
    tables = [(here, key) for here, key in places(table) if isinstance(here[key], dict)]
    if len(tables) < 2:
        return
    (here, key), (there, name) = chance.sample(tables, 2)
    there[name] = deepcopy(here[key])


Change = Callable[[random.Random, Table, Sequence[Table]], None]

CHANGES: tuple[Change, ...] = (
    replace_a_leaf, replace_a_leaf, replace_a_leaf, replace_a_leaf, replace_a_leaf, replace_a_leaf,
    replace_a_value, drop_a_key, rename_a_key, repeat_a_key, swap_two_values, take_from_another_park,
    take_from_another_park,     move_a_table,
)  # fmt: skip


def changed(chance: random.Random, table: Table, others: Sequence[Table]) -> Table:
    """A copy of a table with one to three changes."""
    made = deepcopy(table)
    for _ in range(chance.choice([1, 1, 1, 2, 3])):
        if made:
            chance.choice(CHANGES)(chance, made, others)
    return made


# Written as TOML


def toml(table: Mapping[str, Any]) -> str:
    """A table as TOML, all that is nested in one line."""
    return "\n".join(f"{_key(key)} = {_value(value)}" for key, value in table.items() if value is not None) + "\n"


def _key(key: Any) -> str:
    return json.dumps(str(key), ensure_ascii=True).replace("\x7f", "\\u007f")


def _value(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return "".join(_letters(value))
        case dict():
            inner = ", ".join(f"{_key(key)} = {_value(it)}" for key, it in value.items() if it is not None)
            return f"{{ {inner} }}"
        case list() | tuple():
            return f"[{', '.join(map(_value, value))}]"
        case dt.date() | dt.time():
            return value.isoformat()
        case float():
            return repr(value)
    return str(value)


def _letters(text: str) -> Iterator[str]:
    """A text in quotes; TOML has long escapes where JSON has pairs."""
    yield '"'
    for letter in text:
        plain = letter.isprintable() and letter not in '"\\'
        yield letter if plain else f"\\U{ord(letter):08x}"
    yield '"'
