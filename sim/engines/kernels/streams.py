"""The uniforms of many streams in one call, bit for bit those of numpy: `SeedSequence`, `PCG64` and `Generator.random`.

What `sim.seeds` does for all keys at once is done here key by key. Numbers of 64 bits overflow as those of C do.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.engines.kernels.inlining import inlined, kept

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Words = NDArray[np.uint64]

_LOW = np.uint64(2**32 - 1)
_0, _1, _11, _16 = (np.uint64(number) for number in (0, 1, 11, 16))
_32, _58, _63, _64 = (np.uint64(number) for number in (32, 58, 63, 64))
_INIT_A, _MULT_A = np.uint64(0x43B0D7E5), np.uint64(0x931E8875)
_INIT_B, _MULT_B = np.uint64(0x8B51F9DD), np.uint64(0x58F38DED)
_MIX_LEFT, _MIX_RIGHT = np.uint64(0xCA01F9DD), np.uint64(0x4973F715)
_PCG_HIGH, _PCG_LOW = np.uint64(0x2360ED051FC65DA4), np.uint64(0x4385DF649FCCF645)
_PCG_UPPER, _PCG_LOWER = _PCG_LOW >> _32, _PCG_LOW & _LOW
_POOL = 4
_UNIT = 2.0**-53


@inlined
def _hashed(word: Any, constant: Any, multiplier: Any) -> Any:
    """A word of 32 bits under the constant of a hash; the constant moves on by `_moved`."""
    word = (word ^ constant) * _moved(constant, multiplier) & _LOW
    return word ^ word >> _16


@inlined
def _moved(constant: Any, multiplier: Any) -> Any:
    return constant * multiplier & _LOW


@inlined
def _mix(one: Any, other: Any) -> Any:
    mixed = (one * _MIX_LEFT - other * _MIX_RIGHT) & _LOW
    return mixed ^ mixed >> _16


@inlined
def _fill(pool: Words, entropy: Words, count: int) -> None:
    """Mix the first `count` words of the entropy, of 32 bits each, into the pool of four."""
    constant = _INIT_A
    for place in range(_POOL):
        pool[place] = _hashed(entropy[place] if place < count else np.uint64(0), constant, _MULT_A)
        constant = _moved(constant, _MULT_A)
    for source in range(_POOL):
        for target in range(_POOL):
            if source != target:
                pool[target] = _mix(pool[target], _hashed(pool[source], constant, _MULT_A))
                constant = _moved(constant, _MULT_A)
    for source in range(_POOL, count):
        for target in range(_POOL):
            pool[target] = _mix(pool[target], _hashed(entropy[source], constant, _MULT_A))
            constant = _moved(constant, _MULT_A)


@inlined
def _seed(prefix: Words, key: Any, pool: Words, entropy: Words) -> tuple[Any, Any, Any, Any]:
    """State and increment of the generator of a prefix and a key, each as two halves, the upper one first.

    `pool` is room for four words, and `entropy` for two more than there are in the prefix.
    """
    count = len(prefix)
    for place in range(count):
        entropy[place] = prefix[place]
    entropy[count], entropy[count + 1] = key & _LOW, key >> _32
    _fill(pool, entropy, count + (2 if key > _LOW else 1))
    constant = _INIT_B
    for place in range(4):
        low = _hashed(pool[2 * place % _POOL], constant, _MULT_B)
        constant = _moved(constant, _MULT_B)
        high = _hashed(pool[(2 * place + 1) % _POOL], constant, _MULT_B)
        constant = _moved(constant, _MULT_B)
        entropy[place] = low | high << _32
    inc_high, inc_low = entropy[2] << _1 | entropy[3] >> _63, entropy[3] << _1 | _1
    high, low = _added(entropy[0], entropy[1], inc_high, inc_low)
    high, low = _step(high, low, inc_high, inc_low)
    return high, low, inc_high, inc_low


@inlined
def _added(high: Any, low: Any, more_high: Any, more_low: Any) -> tuple[Any, Any]:
    """Sum of two numbers of 128 bits."""
    total = low + more_low
    return high + more_high + (_1 if total < low else _0), total


@inlined
def _step(high: Any, low: Any, inc_high: Any, inc_low: Any) -> tuple[Any, Any]:
    """The next state: times a constant of 128 bits, plus the increment."""
    lower, upper = low & _LOW, low >> _32
    cross, other = lower * _PCG_UPPER, upper * _PCG_LOWER
    middle = (lower * _PCG_LOWER >> _32) + (cross & _LOW) + (other & _LOW)
    carried = upper * _PCG_UPPER + (cross >> _32) + (other >> _32) + (middle >> _32)
    return _added(carried + high * _PCG_LOW + low * _PCG_HIGH, low * _PCG_LOW, inc_high, inc_low)


@inlined
def _word(high: Any, low: Any) -> Any:
    """The word of 64 bits that a state stands for."""
    word, turn = high ^ low, high >> _58
    return word >> turn | word << (_64 - turn & _63)


@kept
def draw(prefix: Words, keys: Words, sizes: Ints, room: Words, found: Floats) -> None:
    """Fill `found` with so many uniforms of each key, one key behind another."""
    place = 0
    for number in range(len(keys)):
        high, low, inc_high, inc_low = _seed(prefix, keys[number], room[:_POOL], room[_POOL:])
        for _ in range(sizes[number]):
            high, low = _step(high, low, inc_high, inc_low)
            found[place] = (_word(high, low) >> _11) * _UNIT
            place += 1


@kept
def draw_stratified(
    prefix: Words,
    keys: Words,
    strata: Words,
    strata_keys: Words,
    images: Words,
    sizes: Ints,
    room: Words,
    found: Floats,
) -> None:
    """The same in strata: `sim.streams.LatinHypercube` and its `_permuted`.

    The words that decide about strata come from the streams of `strata` and its keys; `images` has the products of the
    replication's place in its block with each factor.
    """
    place, block, most = 0, len(images), np.uint64(len(images) - 1)
    for number in range(len(keys)):
        high, low, inc_high, inc_low = _seed(prefix, keys[number], room[:_POOL], room[_POOL:])
        upper, lower, inc_upper, inc_lower = _seed(strata, strata_keys[number], room[:_POOL], room[_POOL:])
        for _ in range(sizes[number]):
            high, low = _step(high, low, inc_high, inc_low)
            upper, lower = _step(upper, lower, inc_upper, inc_lower)
            word = _word(upper, lower)
            stratum = images[((word >> _32) * most >> _32) + _1] ^ word & most
            found[place] = min((stratum + (_word(high, low) >> _11) * _UNIT) / block, 1.0 - _UNIT)
            place += 1


def prepare() -> None:
    """Load the kernels, or compile them where that has not been done."""
    none, keys, room = np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.uint64), np.empty(6, dtype=np.uint64)
    sizes, found = np.empty(0, dtype=np.int64), np.empty(0)
    draw(none, keys, sizes, room, found)
    draw_stratified(none, keys, none, keys, none, sizes, room, found)
