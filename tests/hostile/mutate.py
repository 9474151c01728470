"""Files and command lines that are mutated, and what comes of each: refused in words, or a run without nonsense.

    python -m tests.hostile.mutate --cases 100000            files
    python -m tests.hostile.mutate --lines 20000             command lines

Each case is made from its number alone. A process of its own carries out a hundred of them; one that hangs is ended
after ten seconds, and counts as a hang. Counts by outcome are kept in a file, so that the same command goes on where it
was stopped. Every case that is neither refused nor sound is printed with its number: `--only NUMBER` shows it.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import signal
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType

from parkflow.sim.choosing import engine
from tests.hostile.drive import FORBIDDEN, Nonsense, file_case, line_case

A_BATCH = 100
SECONDS = 10
"""Of the processor, so that a machine with other things to do makes no hang; what sleeps is ended by who waits."""
ROOM = 1_000_000_000
"""Bytes that a case may take beside what the program itself has."""


class HangError(BaseException):
    """The time of a case is over; no except clause of the program catches it."""


def outcome(case: Callable[[int, Path], str], number: int, place: Path) -> str:
    """What comes of a case: ``refused``, ``sound``, or one of the forbidden, with where it arose."""
    signal.signal(signal.SIGPROF, _over)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        return case(number, place)
    except HangError:
        return f"hang: {_where()}"
    except MemoryError:
        return f"memory: {_where()}"
    except Nonsense as error:
        return f"nonsense: {error}"
    except Exception as error:
        return f"traceback: {type(error).__name__}: {str(error)[:120]} {_where()}"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _over(number: int, frame: FrameType | None) -> None:
    raise HangError


def _where() -> str:
    frames = traceback.extract_tb(sys.exc_info()[2])
    mine = [frame for frame in frames if "parkflow" in frame.filename or "guard" in frame.filename] or list(frames)
    return f"({Path(mine[-1].filename).name}:{mine[-1].lineno} in {mine[-1].name})"


def _batch(kind: str, first: int, count: int, pipe: Connection) -> None:
    """Carry out cases one after the other, and tell each outcome."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    resource.setrlimit(resource.RLIMIT_AS, (before + 8 * ROOM, before + 8 * ROOM))
    case = {"files": file_case, "lines": line_case}[kind]
    with TemporaryDirectory() as place:
        for number in range(first, first + count):
            came = outcome(case, number, Path(place))
            most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
            if most - before > ROOM:
                came, before = f"memory: {(most - before) / 1e9:.1f} GB, and {came}", most
            pipe.send((number, came))
    pipe.close()


def outcomes(kind: str, first: int, count: int) -> Iterator[tuple[int, str]]:
    """Number and outcome of cases; what ends a process, or hangs outside Python, is an outcome too."""
    number = first
    while number < first + count:
        ours, theirs = multiprocessing.Pipe(duplex=False)
        some = min(A_BATCH, first + count - number)
        process = multiprocessing.get_context("fork").Process(target=_batch, args=(kind, number, some, theirs))
        process.start()
        theirs.close()
        end = number + some
        while number < end:
            try:
                if not ours.poll(6 * SECONDS):
                    process.kill()
                    raise EOFError
                number, came = ours.recv()
            except EOFError:
                process.join()
                came = "hang: outside Python" if process.exitcode == -9 else f"crash: exit code {process.exitcode}"
                yield number, came
                number += 1
                break
            yield number, came
            number += 1
        process.join()


def main() -> None:
    """Carry out cases, and keep counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=0, help="files")
    parser.add_argument("--lines", type=int, default=0, help="command lines")
    parser.add_argument("--only", type=int, help="one case, with its traceback")
    parser.add_argument("--counts", type=Path, default=Path("mutations.json"), help="where counts are kept")
    asked = parser.parse_args()
    engine()  # what is compiled here, the processes of the cases need not compile
    kind, count = ("lines", asked.lines) if asked.lines else ("files", asked.cases)
    if asked.only is not None:
        with TemporaryDirectory() as place:
            print({"files": file_case, "lines": line_case}[kind](asked.only, Path(place)))
        return
    known = json.loads(asked.counts.read_text("utf-8")) if asked.counts.exists() else {}
    so_far = known.setdefault(kind, {"done": 0, "outcomes": {}, "found": {}})
    counts = Counter(so_far["outcomes"])
    for number, came in outcomes(kind, so_far["done"], count - so_far["done"]):
        name = came.partition(":")[0]
        counts[name] += 1
        if name in FORBIDDEN:
            so_far["found"][str(number)] = came
            print(number, came, flush=True)
        so_far |= {"done": number + 1, "outcomes": dict(counts)}
        if number % A_BATCH == A_BATCH - 1:
            asked.counts.write_text(json.dumps(known, indent=1, ensure_ascii=False), "utf-8")
    asked.counts.write_text(json.dumps(known, indent=1, ensure_ascii=False), "utf-8")
    print(kind, so_far["done"], dict(counts))


if __name__ == "__main__":
    main()
