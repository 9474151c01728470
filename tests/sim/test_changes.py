"""Changes to a scenario that cannot be: the error names the key and what is near, or what the value should be."""

from __future__ import annotations

import pytest

from parkflow.sim.errors import ParkflowError, UnfitValueError, UnknownKeyError
from parkflow.sim.scenario import Scenario

UNKNOWN = {
    "desks.plannin.servers": "desks.plannin.servers: there is no key 'plannin'; did you mean 'planning'?",
    "desks.planning.server": "desks.planning.server: there is no key 'server'; did you mean 'servers'?",
    "desk": "desk: there is no key 'desk'; did you mean 'desks'?",
    "desks.planning.servers.x": "there is no key 'x'; what is before it is one value; change that as a whole",
}

UNFIT = [
    ("desks.planning.servers", 0, "desks.planning.servers: input should be greater than or equal to 1; got 0"),
    ("desks.planning", {"server": 3}, "desks.planning.servers: field required; got "),
    ("desks.planning.rule", "lifo", "desks.planning.rule: input should be 'fifo', 'class' or 'slack'; got 'lifo'"),
    ("attributes.energy", "3 xy", "attributes.energy"),
]


@pytest.mark.parametrize("path", UNKNOWN)
def test_an_unknown_key_is_named_with_what_is_near(small_park: Scenario, path: str) -> None:
    with pytest.raises(UnknownKeyError) as raised:
        small_park.with_changes({path: 1})
    assert UNKNOWN[path] in str(raised.value)
    assert isinstance(raised.value, KeyError) and isinstance(raised.value, ParkflowError)


@pytest.mark.parametrize(("path", "value", "words"), UNFIT)
def test_a_value_that_does_not_fit_is_told_with_its_key(
    small_park: Scenario, path: str, value: object, words: str
) -> None:
    with pytest.raises(ParkflowError) as raised:
        small_park.with_changes({path: value})
    assert str(raised.value).startswith(words)
    assert "\n" not in str(raised.value)


def test_an_unfit_value_is_a_value_error_too(small_park: Scenario) -> None:
    with pytest.raises(ValueError, match="got 0"):
        small_park.with_changes({"desks.planning.servers": 0})
    assert issubclass(UnfitValueError, ParkflowError)
