"""Keyed draws: what one purpose draws depends on its name, the seed and the replication, and on nothing else."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from parkflow.sim import streams
from parkflow.sim.choosing import using_engine
from parkflow.sim.keyed import key_of
from parkflow.sim.seeds import states_of
from parkflow.sim.streams import Chance, LatinHypercube, Streams


def test_the_same_key_draws_the_same() -> None:
    """Two streams of one seed and replication draw the same for a purpose, whatever else was drawn before."""
    one, other = Streams(1, 2), Streams(1, 2)
    one.uniforms("others", 1000)
    np.testing.assert_array_equal(one.uniforms("filing", 5), other.uniforms("filing", 5))
    np.testing.assert_array_equal(one.uniforms("filing", 5), other.uniforms("filing", 5))


def test_keys_are_the_same_on_every_machine() -> None:
    """Keys are digests, not Python's salted hashes; these are blake2b's first eight bytes."""
    assert key_of("new/filing") == 0x1F503C0FD6FE2BB4
    assert key_of("") == 0xE4A6A0577479B2B4


def test_every_part_of_the_key_counts() -> None:
    """Another seed, replication or purpose draws other numbers, and no two of them alike."""
    keys = itertools.product((0, 1, 2**40), (0, 1, 7), ("a", "b", "a/b", "b/a"))
    draws = [tuple(Streams(seed, replication).uniforms(purpose, 4)) for seed, replication, purpose in keys]
    assert len(set(draws)) == 36


def test_more_rows_leave_earlier_ones_as_they_were() -> None:
    """One project more changes no draw of the others, in tables of any shape."""
    streams = Streams(3, 0)
    for shape in ((), (3,), (2, 6)):
        few, many = streams.uniforms("filing", 10, *shape), streams.uniforms("filing", 11, *shape)
        np.testing.assert_array_equal(many[:10], few)


def test_draws_are_uniform_and_independent() -> None:
    """Values lie in [0, 1), with the mean and variance of uniforms and without correlation between purposes."""
    one, other = (Streams(9, 0).uniforms(purpose, 40_000) for purpose in ("one", "other"))
    for values in (one, other):
        assert values.min() >= 0
        assert values.max() < 1
        assert abs(values.mean() - 1 / 2) < 4 * np.sqrt(1 / 12 / 40_000)
        assert abs(values.var() - 1 / 12) < 4 * np.sqrt(1 / 180 / 40_000)
    assert abs(np.corrcoef(one, other)[0, 1]) < 4 / np.sqrt(40_000)


KEYS = [0, 1, 2**32 - 1, 2**32, 2**64 - 1, *(key_of(f"new/activity/{number}") for number in range(40))]


@pytest.mark.parametrize("prefix", [(0, 0), (1, 2), (2**32, 7), (2**100 + 3, 2**33)])
def test_states_of_many_keys_are_those_of_numpy(prefix: tuple[int, int]) -> None:
    """Seeded together or one by one, short keys and long seeds included, generators are in the same state."""
    alone = [np.random.PCG64(np.random.SeedSequence((*prefix, key))).state for key in KEYS]
    keys = np.array(KEYS, dtype=np.uint64)
    assert states_of(prefix, keys) == alone
    assert states_of(prefix, keys[5:]) == alone[5:]


@pytest.mark.parametrize("chance", [Streams, LatinHypercube])
@pytest.mark.parametrize("key", [(0, 0), (1, 2), (2**32, 77), (2**100 + 3, 2**33)])
def test_compiled_uniforms_are_those_of_numpy(chance: Chance, key: tuple[int, int], monkeypatch: Any) -> None:
    """Whichever engine runs, the uniforms of all streams are the same to the last bit, short keys included."""
    pytest.importorskip("numba", reason="the extra fast is not installed")
    monkeypatch.setattr(streams, "key_of", lambda name: KEYS[int(name.split("/")[-1])])
    names = tuple(f"{chance.__name__}/{number}" for number in range(len(KEYS)))
    drawn = []
    for choice in ("compiled", "simpy"):
        with using_engine(choice):
            drawn.append(chance(*key).joined(names, range(len(KEYS))))
    np.testing.assert_array_equal(drawn[0], drawn[1])
    assert len(drawn[0]) == sum(range(len(KEYS)))


@pytest.mark.parametrize("chance", [Streams, LatinHypercube])
def test_uniforms_that_are_shared_are_those_drawn_alone(chance: Chance) -> None:
    """What several ask of one replication, together, in pieces or again, is what each would draw for itself."""
    shared = chance(3, 70)
    first = shared.joined(("one", "two"), (6, 4))
    again = shared.joined(("two", "three", "one"), (8, 0, 3))
    alone = {name: chance(3, 70).uniforms(name, 8) for name in ("one", "two")}
    np.testing.assert_array_equal(first, np.concatenate((alone["one"][:6], alone["two"][:4])))
    np.testing.assert_array_equal(again, np.concatenate((alone["two"], alone["one"][:3])))
    np.testing.assert_array_equal(shared.uniforms("one", 2, 3), alone["one"][:6].reshape(2, 3))


def test_shared_uniforms_cannot_be_changed() -> None:
    """Who writes into them would change the draws of the next policy."""
    with pytest.raises(ValueError, match="read-only"):
        Streams(1, 2).uniforms("filing", 5)[0] = 0.5
