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
from itertools import islice
from multiprocessing import Pipe, current_process, get_context
from multiprocessing.connection import Connection, wait
from threading import Thread, current_thread, main_thread
from typing import Any


def can_fork() -> bool:
    """Whether workers can be forked here: on Linux, from the main thread, and not inside a worker of another pool."""
    return sys.platform == "linux" and current_thread() is main_thread() and not current_process().daemon


class Forks:
    """Up to so many processes that carry out one function, each started when there is a first batch for it.

    They live as long as this object, and end when this process does. A worker has one batch in hand at a time, so
    neither side ever waits for the other while both send.
    """

    def __init__(self, function: Callable[[Any], Any], number: int) -> None:
        self.function, self._number = function, number
        self._ends = os.pipe()  # never written to: when we close the second, or die, who reads the first ends
        self._processes: dict[Connection, Any] = {}
        self.close = weakref.finalize(self, _end, os.getpid(), self._processes, self._ends)

    def carry_out(self, batches: Iterable[Any]) -> Iterator[tuple[int, Any]]:
        """Yield the number of each batch and what the function makes of it, as they are ready.

        Raises what the function raises, and `BrokenExecutor` when a worker died; in both cases, and when the iterator
        is left early, all workers end.
        """
        waiting, over = iter(enumerate(batches)), False
        try:
            busy = [pipe for pipe, numbered in zip(self._workers(), waiting, strict=False) if _sent(pipe, numbered)]
            while busy:
                for pipe in wait(busy):
                    assert isinstance(pipe, Connection)
                    number, is_result, found = self._received(pipe)
                    if not is_result:
                        raise found
                    if not any(_sent(pipe, numbered) for numbered in islice(waiting, 1)):
                        busy.remove(pipe)
                    yield number, found
            over = True
        except BrokenPipeError as error:
            raise BrokenExecutor("a worker process died") from error
        finally:
            if not over:
                self.close()

    def _workers(self) -> Iterator[Connection]:
        """Those that there are, and then new ones up to the number."""
        yield from list(self._processes)
        while len(self._processes) < self._number:
            yield self._started()

    def _started(self) -> Connection:
        mine, theirs = Pipe()
        given = (self.function, theirs, self._ends, [*self._processes, mine])
        self._processes[mine] = get_context("fork").Process(target=_serve, args=given, daemon=True)
        with interrupts_ignored(), warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # threads of ours hold no lock that a worker takes
            self._processes[mine].start()
        theirs.close()
        return mine

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


def _sent(pipe: Connection, numbered: tuple[int, Any]) -> bool:
    """Give a worker a batch."""
    pipe.send(numbered)
    return True


def _end(parent: int, processes: dict[Connection, Any], ends: tuple[int, int]) -> None:
    """End the workers of a pool that is no longer needed by its parent; a worker that inherited the pool ends none."""
    if os.getpid() != parent:
        return
    for end in ends:
        os.close(end)
    for pipe, process in processes.items():
        pipe.close()
        process.kill()
        process.join()


# In the worker


def _serve(
    function: Callable[[Any], Any], pipe: Connection, ends: tuple[int, int], inherited: Iterable[Connection]
) -> None:
    """Carry out batches until there are no more, or the parent is gone."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    alive, held = ends
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
