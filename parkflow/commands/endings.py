"""How a command ends: the exit statuses, and errors and warnings as one line on standard error, never a traceback."""

from __future__ import annotations

import signal
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import typer

from parkflow.commands.speaking import spoken
from parkflow.commands.streams import told_shortly

FAILED = 1
BAD_INPUT = 2
INTERRUPTED = 130

OPTIONS = {"start": "--from", "end": "--to", "name": "--table"}
"""Options that are called otherwise than the argument of the function behind the command."""


@contextmanager
def told() -> Iterator[None]:
    """Turn whatever goes wrong inside into its message and its exit status."""
    try:
        yield
    except KeyboardInterrupt:
        stop("stopped", INTERRUPTED)
    except BrokenPipeError:
        raise  # whoever read our output has seen enough: Click ends quietly
    except OSError as error:
        stop(": ".join(filter(None, (error.filename and str(error.filename), error.strerror or str(error)))))
    except Exception as error:
        message = _of_a_user(error)
        if message is None:
            raise
        stop(message)


@contextmanager
def noted() -> Iterator[None]:
    """Tell what is called otherwise today as one plain line, once, however often it is met."""
    told_already: set[str] = set()
    shown = warnings.showwarning

    def show(message: Warning | str, category: type[Warning], *where: Any, **more: Any) -> None:
        if not issubclass(category, FutureWarning) and not category.__module__.startswith("parkflow."):
            shown(message, category, *where, **more)
        elif str(message) not in told_already:
            told_already.add(str(message))
            told_to = told_shortly(f"{spoken('note')}: {spoken(str(message))}")
            typer.echo(f"parkflow: {told_to}", err=True)

    with warnings.catch_warnings():
        warnings.simplefilter("always", FutureWarning)
        warnings.showwarning = show
        yield


@contextmanager
def stored_if_stopped(folder: Path) -> Iterator[None]:
    """Tell whoever stops a sweep or a fit, or runs out of disk, that nothing stored is lost."""
    from parkflow.analysis.store.files import StoreFullError

    try:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        yield
    except KeyboardInterrupt:
        stop(f"stopped; what was done is stored in {folder}. Give the same command to go on", INTERRUPTED)
    except StoreFullError as error:
        stop(str(error), FAILED)


class Stopping:
    """Ctrl-C while replications are run ends them after the one under way; before the first, or again, at once.

    Calling it tells whether to end. It has to be told how many are done, and in which part of the work nothing is kept.
    """

    def __init__(self) -> None:
        self.asked, self.done, self.most = False, 0, 0

    def __call__(self) -> bool:
        """Whether somebody asked to end."""
        return self.asked

    def _interrupted(self, *_: object) -> None:
        if self.asked or not 0 < self.done < self.most:
            raise KeyboardInterrupt
        self.asked = True
        message = "stopping after the replication under way; Ctrl-C again ends at once"
        typer.echo(f"parkflow: {spoken(message)}", err=True)

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Take Ctrl-C as a wish to end, as long as the block lasts."""
        before = signal.signal(signal.SIGINT, self._interrupted)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)


def _of_a_user(error: Exception) -> str | None:
    """What to tell of an error that a user can mend; None for a fault of the program."""
    from parkflow.analysis.errors import ArgumentError
    from parkflow.analysis.store.files import StoreError
    from parkflow.sim.errors import ParkflowError

    if isinstance(error, ArgumentError):
        return f"{option(error.field)} {error.value}: {error.remedy}"
    if isinstance(error, StoreError):
        return error.told(option(error.switch))
    return str(error) if isinstance(error, ParkflowError) else None


def option(field: str) -> str:
    """The option of the command line for an argument of a function."""
    return OPTIONS.get(field, f"--{field.replace('_', '-')}")


def stop(message: str, status: int = BAD_INPUT) -> NoReturn:
    """Say why on standard error, and end."""
    typer.echo(f"parkflow: {told_shortly(spoken(message))}", err=True)
    raise typer.Exit(status) from None
