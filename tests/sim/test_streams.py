"""Keyed draws: what one purpose draws depends on its name, the seed and the replication, and on nothing else."""

from __future__ import annotations

import itertools

import numpy as np

from parkflow.sim.streams import Streams, key_of


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
