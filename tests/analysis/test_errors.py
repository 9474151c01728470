"""Errors of the library name an argument; the command line, its option."""

from __future__ import annotations

import pytest

from parkflow.analysis.errors import ArgumentError
from parkflow.analysis.experiments.sweep_file import load_sweep


@pytest.mark.parametrize("text", ["desks.planning.servers", "a=", "a=1:e:3"])
def test_a_factor_that_cannot_be_read_is_an_argument_that_does_not_fit(text: str) -> None:
    with pytest.raises(ArgumentError) as raised:
        load_sweep("baseline", (text,), {})
    assert (raised.value.field, raised.value.value) == ("vary", text)
    assert str(raised.value).startswith(f"vary={text}: ")
