"""Worker processes that are forked: each holds the function that it carries out, and all that was built before."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import traceback
import warnings
import weakref
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager
from multiprocessing import Pipe, current_process, get_context
from multiprocessing.connection import Connection, wait
from threading import Thread, current_thread, main_thread
from typing import Any


def can_fork() -> bool:
    """Whether workers can be forked here: on Linux, from the main thread, and not inside a worker of another pool."""
    return sys.platform == "linux" and current_thread() is main_thread() and not current_process().daemon


class Forks:
    """So many processes that carry out one function; they live as long as this object, and end when this process does.

    A worker has one batch in hand at a time, so neither side ever waits for the other while both send.
    """

    def __init__(self, function: Callable[[Any], Any], number: int) -> None:
        self.function = function
        alive, held = os.pipe()  # never written to: when `held` is closed, by us or by our death, the workers end
        self._processes: dict[Connection, Any] = {}
        self.close = weakref.finalize(self, _end, self._processes, held)
        with interrupts_ignored(), warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # threads of ours hold no lock that a worker takes
            for _ in range(number):
                mine, theirs = Pipe()
                given = (function, theirs, alive, held, [*self._processes, mine])
                self._processes[mine] = get_context("fork").Process(target=_serve, args=given, daemon=True)
                self._processes[mine].start()
                theirs.close()
        os.close(alive)

    def carry_out(self, batches: Iterable[Any]) -> Iterator[tuple[int, Any]]:
        """Yield the number of each batch and what the function makes of it, as they are ready.

        Raises what the function raises, and `BrokenExecutor` when a worker died; in both cases, and when the iterator
        is left early, all workers end.
        """
        waiting, over = iter(enumerate(batches)), False
        try:
            busy = [pipe for pipe in self._processes if _send(pipe, waiting)]
            while busy:
                for pipe in wait(busy):
                    assert isinstance(pipe, Connection)
                    number, is_result, found = self._received(pipe)
                    if not is_result:
                        raise found
                    if not _send(pipe, waiting):
                        busy.remove(pipe)
                    yield number, found
            over = True
        except BrokenPipeError as error:
            raise BrokenExecutor("a worker process died") from error
        finally:
            if not over:
                self.close()

    def _received(self, pipe: Connection) -> tuple[int, bool, Any]:
        try:
            answer: tuple[int, bool, Any] = pickle.loads(pipe.recv_bytes())
        except (EOFError, ConnectionResetError):
            self._processes[pipe].join()
            status = self._processes[pipe].exitcode
            raise BrokenExecutor(f"a worker process died (exit status {status})") from None
        return answer


@contextmanager
def interrupts_ignored() -> Iterator[None]:
    """Ignore Control-C while workers are started, which inherit that: it is for the parent, which ends them."""
    if current_thread() is not main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _send(pipe: Connection, waiting: Iterator[tuple[int, Any]]) -> bool:
    """Give a worker the next batch; returns whether there was one."""
    for numbered in waiting:
        pipe.send(numbered)
        return True
    return False


def _end(processes: dict[Connection, Any], held: int) -> None:
    os.close(held)
    for pipe, process in processes.items():
        pipe.close()
        process.kill()
        process.join()


# In the worker


def _serve(
    function: Callable[[Any], Any], pipe: Connection, alive: int, held: int, inherited: Iterable[Connection]
) -> None:
    """Carry out batches until there are no more, or the parent is gone."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.close(held)
    for other in inherited:
        other.close()
    Thread(target=_end_with_parent, args=(alive,), daemon=True).start()
    while True:
        try:
            number, batch = pipe.recv()
        except EOFError:
            return
        pipe.send_bytes(_answer(function, number, batch))


def _end_with_parent(alive: int) -> None:
    """End this worker as soon as its parent has closed the other end, or was killed."""
    os.read(alive, 1)
    os._exit(1)


def _answer(function: Callable[[Any], Any], number: int, batch: Any) -> bytes:
    try:
        return pickle.dumps((number, True, function(batch)))
    except Exception as error:
        error.add_note(traceback.format_exc())  # tracebacks do not travel
        return pickle.dumps((number, False, error))
