"""The language in which a command tells errors and notes: that of its ``--lang``, else of PARKFLOW_LANG."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

VARIABLE = "PARKFLOW_LANG"
"""The environment variable that names the language of whatever does not ask for another."""

_LANGUAGE: ContextVar[str] = ContextVar("language", default="en")


@contextmanager
def speaking() -> Iterator[None]:
    """Speak the language of the environment until a command asks for another, and forget it at the end."""
    before = _LANGUAGE.set(os.environ.get(VARIABLE, "en"))
    try:
        yield
    finally:
        _LANGUAGE.reset(before)


def speak(language: str) -> None:
    """Tell what follows in a language: `en` or `zh`."""
    _LANGUAGE.set(language)


def is_chinese() -> bool:
    """Whether Chinese is spoken."""
    return _LANGUAGE.get() == "zh"


def spoken(message: str) -> str:
    """A message of the program in the language asked for."""
    if not is_chinese():
        return message
    from parkflow.analysis.words.catalogue import in_chinese

    return in_chinese(message)
