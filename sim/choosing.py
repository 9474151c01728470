"""Which engine runs: the compiled one where it can, else SimPy's. Both give the same history, to the last bit."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

from parkflow.sim.choice import VARIABLE, Choice, EngineError, checked, choice, chosen

if TYPE_CHECKING:
    from parkflow.sim.engines.history import History
    from parkflow.sim.plan import Plan

S = TypeVar("S")
T = TypeVar("T")

Name = Literal["simpy", "compiled"]

REMEDY = "pip install 'parkflow[fast]', or let the engine be simpy"


@contextmanager
def using_engine(choice: Choice) -> Iterator[None]:
    """Let an engine run all that is simulated inside: ``with parkflow.using_engine("simpy"): ...``.

    ``compiled`` needs the extra ``fast``, ``auto`` takes it where it is installed, and ``simpy`` is always there. All
    give the same numbers. Processes that are started inside use it too. Raises `ParkflowError` where there is no such
    engine, or where it cannot run.
    """
    before, outside = chosen.set(checked(choice, "engine")), os.environ.get(VARIABLE)
    os.environ[VARIABLE] = choice  # what processes inherit
    try:
        engine()
        yield
    finally:
        chosen.reset(before)
        os.environ.pop(VARIABLE)
        os.environ |= {VARIABLE: outside} if outside is not None else {}


def engine() -> Name:
    """The engine that runs here; raises `EngineError` where the one that was asked for cannot."""
    asked = choice()
    if asked == "simpy":
        return "simpy"
    problem = _problem()
    if problem is None:
        return "compiled"
    if asked == "compiled":
        raise EngineError(f"the compiled engine cannot run here: {problem}; {REMEDY}")
    return "simpy"


def execute(plan: Plan) -> History:
    """Run a plan with the engine that is chosen."""
    if engine() == "compiled":
        from parkflow.sim.engines import compiled

        return compiled.run(plan)
    from parkflow.sim.engines.simpy import Engine

    return Engine(plan).run()


def carried(function: Callable[[S], T]) -> Callable[[S], T]:
    """A function of one argument that runs with the engine that is chosen here wherever it is sent to.

    Where nobody insists on the compiled engine, a machine on which it cannot run takes SimPy.
    """
    return _Carried("simpy" if engine() == "simpy" else choice(), function)


@dataclass(frozen=True)
class _Carried(Generic[S, T]):
    name: Choice
    function: Callable[[S], T]

    def __call__(self, argument: S) -> T:
        before = chosen.set(self.name)
        try:
            return self.function(argument)
        finally:
            chosen.reset(before)


@cache
def _problem() -> str | None:
    """Why the compiled engine cannot run here, None if it can; compiles or loads it, once per process."""
    try:
        import numba  # noqa: F401
    except ModuleNotFoundError:
        return "numba is not installed"
    except Exception as error:  # numba refuses versions of numpy and Python that it does not know
        return _told(error)
    try:
        from parkflow.sim.engines import compiled

        compiled.prepare()
    except Exception as error:  # a cache that cannot be written, a compiler that fails: SimPy can still run
        return _told(error)
    return None


def _told(error: Exception) -> str:
    """What is wrong, in one line, which is said once: who installed the extra wants to know."""
    problem = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
    if choice() == "auto":
        print(f"parkflow: the compiled engine cannot run here, SimPy does ({problem})", file=sys.stderr)
    return problem
