"""Scenario files damaged in five hundred ways either load or are refused in words; nothing else ever escapes."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from parkflow.scenarios.load import SHIPPED, InputError, available, load
from parkflow.sim.layout import Layout
from parkflow.sim.records import simulate
from parkflow.sim.scenario import Scenario

MUTATIONS = 500
PER_TEST = 25

SMALL = """
source = "made up for this test"
start = 2023-01-01
horizon = 400
[calendars.office]
week = [1, 1, 1, 1, 1, 0, 0]
holidays = "CN"
[attributes]
area = "lognormal(20, 0.5)"
volume = { product = ["area"], factor = 10 }
[classes.plant]
[portfolio.new]
of = "plant"
count = 3
arrivals = { between = [2023-01-01, 2023-06-01], batches = [2023-03-01], batch_share = 0.5 }
[desks.window]
servers = 2
calendar = "office"
[practices.together]
share = 1.0
[activities.filing]
step = "desk"
desk = "window"
duration = "pert(1, 2, 3) wd"
correction = { probability = 0.3, fix = "5 wd" }
[activities.works]
step = "work"
duration = { dist = "gamma", mean = 30, cv = 0.5, unit = "cd" }
times = ["area"]
needs = ["filing"]
[activities.start]
step = "milestone"
needs = ["works"]
after = { filing = "together" }
"""

VALUES = [
    "-1", "0", "1e308", "1e-300", "nan", "inf", "-inf", "9" * 400, "true", '""', '"nobody"', "[]", "[[1], {}]", "{}",
    "{ a = { b = 1 } }", "2023-02-28", "12:00:00", '"' + "x" * 20000 + '"', '"pert(3, 2, 1) wd"', '"pert(1"',
    '"\\u0000\\u202e"', '"园区"', '"uniform(-5, 5) wd"', "1.5", "0x" + "F" * 300, '{ dist = "gamma" }', '["a", "a"]',
]  # fmt: skip

Mutation = Callable[[random.Random, str], str | bytes]


def _on_a_line(change: Callable[[random.Random, str], str], holding: str) -> Mutation:
    """Apply a change to one of the lines that match."""

    def mutate(chance: random.Random, text: str) -> str:
        lines = text.splitlines()
        places = [place for place, line in enumerate(lines) if re.search(holding, line)]
        place = chance.choice(places)
        lines[place] = change(chance, lines[place])
        return "\n".join(lines)

    return mutate


def _another_value(chance: random.Random, line: str) -> str:
    return f"{line.partition('=')[0]}= {chance.choice(VALUES)}"


def _another_number(chance: random.Random, line: str) -> str:
    number = chance.choice(list(re.finditer(r"\d+(\.\d+)?", line)))
    return line[: number.start()] + chance.choice(VALUES[:8]) + line[number.end() :]


def _another_name(chance: random.Random, line: str) -> str:
    word = chance.choice(list(re.finditer(r"[A-Za-z_]+", line)))
    new = chance.choice([word[0][::-1], word[0] + "x", word[0][:-1], "名", "x" * 5000, "arrival", "plant"])
    return line[: word.start()] + new + line[word.end() :]


def _shuffled(chance: random.Random, text: str) -> str:
    lines = text.splitlines()
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return "\n".join(lines)


def _without_a_table(chance: random.Random, text: str) -> str:
    tables = re.split(r"(?m)^(?=\[)", text)
    del tables[chance.randrange(len(tables))]
    return "".join(tables)


def _truncated(chance: random.Random, text: str) -> bytes:
    content = text.encode()
    return content[: chance.randrange(len(content))]


def _with_odd_bytes(chance: random.Random, text: str) -> bytes:
    content = bytearray(text.encode())
    for _ in range(chance.randint(1, 4)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    return bytes(content)


def _with_odd_letters(chance: random.Random, text: str) -> str:
    place = chance.randrange(len(text))
    letters = (chr(chance.choice([chance.randrange(0xD800), chance.randrange(0xE000, 0x110000)])) for _ in range(4))
    return text[:place] + "".join(letters) + text[place:]


KEY, HEADING = r"^\w+\s*=", r"^\["
MUTATORS: list[Mutation] = [
    _on_a_line(lambda chance, line: "", KEY),
    _on_a_line(lambda chance, line: "", HEADING),
    _on_a_line(lambda chance, line: f"{line}\n{line}", KEY),
    _on_a_line(_another_value, KEY),
    _on_a_line(_another_value, KEY),
    _on_a_line(_another_value, KEY),
    _on_a_line(_another_number, KEY + r".*\d"),
    _on_a_line(_another_number, KEY + r".*\d"),
    _on_a_line(_another_name, KEY),
    _on_a_line(_another_name, HEADING),
    _without_a_table,
    _shuffled,
    _truncated,
    _with_odd_bytes,
    _with_odd_letters,
]


def mutated(seed: int) -> bytes:
    """One damaged scenario file; the same seed damages the same shipped file in the same way."""
    chance = random.Random(seed)
    texts = [SMALL, *(path.read_text("utf-8") for path in SHIPPED.glob("*.toml") if path.stem in available())]
    found = chance.choice(MUTATORS)(chance, chance.choice(texts))
    return found if isinstance(found, bytes) else found.encode()


def test_the_small_park_is_sound_before_it_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "small.toml"
    path.write_text(SMALL, "utf-8")
    assert load(path).name == "small"


@pytest.mark.parametrize(
    "first", [0, *(pytest.param(first, marks=pytest.mark.slow) for first in range(PER_TEST, MUTATIONS, PER_TEST))]
)
def test_a_damaged_file_runs_or_is_refused_in_words(first: int, tmp_path: Path) -> None:
    """Either one message that names a file, or a run; of large portfolios a few projects are run."""
    path = tmp_path / "damaged.toml"
    for seed in range(first, first + PER_TEST):
        path.write_bytes(mutated(seed))
        try:
            simulate(Layout(with_few_projects(load(path))), 1, 0)
        except InputError as error:
            assert ".toml: " in str(error), seed
            assert len(str(error)) < 8000, seed
        except Exception as error:
            raise AssertionError(f"seed {seed}: {error!r}") from error


def with_few_projects(scenario: Scenario) -> Scenario:
    """The scenario with at most two projects in each group."""
    few = {f"portfolio.{name}.count": min(group.count, 2) for name, group in scenario.portfolio.items()}
    return scenario.with_changes(few)
