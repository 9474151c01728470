"""Damage to stored files of every kind, and what comes of it: told, repaired, harmless, or (never) used.

    python -m tests.store.damage --cases 1000

Every case copies a folder, damages one of its files, and reads all that commands read. Told is one line that names the
folder; harmless is that everything read is as before; repaired is that the command of a sweep, given again with repair,
ends with the numbers of the folder that nobody touched.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import parkflow
from parkflow.analysis.experiments.sweep import document, results, standing
from parkflow.analysis.store.calibration_folder import read_fit
from parkflow.analysis.store.run_folder import TABLES
from parkflow.analysis.store.sweep_folder import Batch, Failure, SweepFolder
from parkflow.sim.errors import ParkflowError
from tests.store.office import OFFICE, VARIED

Bytes = Callable[[random.Random, bytes], bytes | None]
"""Damages the content of a file; None is that there is no file any more."""


def a_bit(chance: random.Random, content: bytes) -> bytes:
    place = chance.randrange(len(content))
    return content[:place] + bytes([content[place] ^ 1 << chance.randrange(8)]) + content[place + 1 :]


def a_byte_more(chance: random.Random, content: bytes) -> bytes:
    place = chance.randrange(len(content) + 1)
    return content[:place] + bytes([chance.randrange(256)]) + content[place:]


def a_byte_less(chance: random.Random, content: bytes) -> bytes:
    place = chance.randrange(len(content))
    return content[:place] + content[place + 1 :]


def a_block_of_zeros(chance: random.Random, content: bytes) -> bytes:
    place, length = chance.randrange(len(content)), chance.randint(1, 512)
    return content[:place] + bytes(min(length, len(content) - place)) + content[place + length :]


def torn(chance: random.Random, content: bytes) -> bytes:
    return content[: chance.randrange(len(content))]


def nothing_in_it(chance: random.Random, content: bytes) -> bytes:
    return b""


def gone(chance: random.Random, content: bytes) -> None:
    return None


def a_line_less(chance: random.Random, content: bytes) -> bytes:
    lines = content.splitlines(keepends=True)
    del lines[chance.randrange(len(lines))]
    return b"".join(lines)


def a_line_twice(chance: random.Random, content: bytes) -> bytes:
    lines = content.splitlines(keepends=True)
    place = chance.randrange(len(lines))
    return b"".join([*lines[:place], lines[place], *lines[place:]])


def another_digit(chance: random.Random, content: bytes) -> bytes:
    """A digit that is another one: what a careless editor leaves, and still is JSON, CSV or text."""
    places = [place for place, byte in enumerate(content) if 48 <= byte <= 57]
    if not places:
        return a_bit(chance, content)
    place = chance.choice(places)
    digit = (content[place] - 48 + chance.randint(1, 9)) % 10
    return content[:place] + str(digit).encode() + content[place + 1 :]


DAMAGES: tuple[Bytes, ...] = (
    a_bit, a_bit, a_byte_more, a_byte_less, a_block_of_zeros, torn, nothing_in_it, gone, a_line_less, a_line_twice,
    another_digit, another_digit,
)  # fmt: skip


def stored_files(folder: Path) -> list[Path]:
    """The files of a folder, in order, its lock aside."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != ".lock")


def damaged(chance: random.Random, folder: Path, other: Path) -> str:
    """Damage one file of a folder, or put that of another folder in its place; returns what was done to which."""
    path = chance.choice(stored_files(folder))
    name = path.relative_to(folder).as_posix()
    if chance.random() < 0.15:
        others = (it for it in (*stored_files(other), *stored_files(folder)) if it != path)
        sources = [it for it in others if it.suffix == path.suffix]
        source = chance.choice(sources) if sources else path
        what = f"{name} is {source.parent.parent.name}/{source.parent.name}/{source.name}"
        path.write_bytes(source.read_bytes())
        return what
    damage = chance.choice(DAMAGES)
    content = damage(chance, path.read_bytes() or b"\0")
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    return f"{name}: {damage.__name__}"


def read_run(folder: Path) -> Iterator[Any]:
    """All that commands read of a run."""
    run = parkflow.Run(folder)
    yield run.document
    yield {name: scenario.model_dump(mode="json") for name, scenario in run.scenarios.items()}
    for name in TABLES:
        yield run.table(name).to_csv()


def read_sweep(folder: Path) -> Iterator[Any]:
    """All that commands read of a sweep, but how many commands it took; what failed comes last."""
    found = document(*results(folder))
    yield {key: value for key, value in found.items() if key not in ("record", "failures")}
    how = standing(folder)
    yield how.points, how.begun, how.replications, how.name
    yield json.dumps(document(*results(folder, ("days",), groups=True))["measures"])
    yield found["failures"]


def read_calibration(folder: Path) -> Iterator[Any]:
    """What a finished fit found."""
    yield read_fit(folder)


READERS = {"run": read_run, "sweep": read_sweep, "calibration": read_calibration}


def made(kind: str, folder: Path, park: Path, seed: int = 1) -> Path:
    """A sound folder of a kind."""
    if kind == "run":
        parkflow.compare(park, "fast", replications=3, workers=1, seed=seed, out=folder)
    elif kind == "sweep":
        swept(park, folder, seed)
        swept(park, folder, seed, extend=1)
        fail(folder)
    return folder


def fail(folder: Path) -> None:
    """Let two replications have failed, of which nobody has a result."""
    manifest = SweepFolder.open(folder).manifest
    with SweepFolder.begin(folder, manifest, SweepFolder.open(folder).points()) as stored:
        for number in (7, 8):
            failure = Failure(1, number, "RuntimeError: broken", "Traceback …", {"seed": 1})
            stored.add(Batch(((1, number),), failures=[failure]))
        stored.write_index()


def swept(park: Path, folder: Path, seed: int = 1, **more: Any) -> None:
    """Run the sweep, or go on with it."""
    parkflow.sweep(park, VARIED, "fast", replications=2, workers=1, seed=seed, out=folder, **more)


def outcome(kind: str, folder: Path, before: list[str], park: Path) -> str:
    """What comes of a folder that was damaged."""
    try:
        after = [str(each) for each in READERS[kind](folder)]
    except ParkflowError as error:
        if str(folder) not in str(error) or "\n" in str(error):
            return f"told badly: {error}"
        return "told" if kind != "sweep" else repaired(folder, before, park)
    except Exception as error:
        return f"traceback: {error!r}"
    return "harmless" if after == before else "USED"


def repaired(folder: Path, before: list[str], park: Path) -> str:
    """Whether the command, given again with repair, mends a sweep that somebody damaged; what failed is tried again."""
    try:
        swept(park, folder, repair=True)
        after = [str(each) for each in read_sweep(folder)]
    except ParkflowError as error:
        return f"not repaired: {error}"
    except Exception as error:
        return f"traceback: {error!r}"
    return "told and repaired" if after[:-1] == before[:-1] else "REPAIRED TO ANOTHER RESULT"


def cases(kind: str, first: int, count: int, place: Path) -> Iterator[tuple[int, str, str]]:
    """Number, damage and outcome of cases of a kind of folder."""
    park = place / "office.toml"
    park.write_text(OFFICE, encoding="utf-8")
    whole, other = made(kind, place / "whole", park), made(kind, place / "other", park, seed=2)
    before = [str(each) for each in READERS[kind](whole)]
    for number in range(first, first + count):
        chance, folder = random.Random(f"{kind} {number}"), place / "damaged"
        shutil.copytree(whole, folder)
        done = damaged(chance, folder, other)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield number, done, outcome(kind, folder, before, park)
        shutil.rmtree(folder)


def main() -> None:
    """Count outcomes, and print every case that is none of told, repaired and harmless."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=1000, help="of each kind of folder")
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    asked = parser.parse_args()
    for kind in ("run", "sweep"):
        counts: Counter[str] = Counter()
        with TemporaryDirectory() as place:
            for number, done, came in cases(kind, asked.first, asked.cases, Path(place)):
                counts[came.partition(":")[0]] += 1
                if came not in ("told", "told and repaired", "harmless"):
                    print(f"{kind} {number}: {done}: {came}")
        print(kind, dict(counts))


if __name__ == "__main__":
    main()
