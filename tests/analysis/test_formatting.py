"""One place where a number becomes text: signs, decimals and dashes hold for every number there is."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parkflow.analysis.formatting import (
    MINUS,
    NONE,
    amount,
    duration,
    interval,
    percent,
    plain,
    rounded,
    storage,
)

numbers = st.floats(-1e9, 1e9)
decimals = st.integers(0, 6)


def value_of(text: str) -> Decimal:
    """The number that a text stands for."""
    return Decimal(text.replace(",", "").replace(MINUS, "-"))


@given(numbers, decimals, st.booleans())
def test_a_rounded_number_is_the_nearest_with_so_many_decimals(value: float, digits: int, sign: bool) -> None:
    """Never farther away than half a unit of the last decimal, and always with as many decimals as asked for."""
    text = rounded(value, digits, sign)
    assert abs(value_of(text) - Decimal(value)) <= Decimal(10) ** -digits / 2
    assert len(text.partition(".")[2]) == digits


@given(st.floats(-1, 1), decimals)
def test_zero_has_no_sign(value: float, digits: int) -> None:
    """What is rounded to zero is neither below nor above it, in whatever form it is written."""
    for text in (rounded(value, digits, sign=True), rounded(value, digits), percent(value, digits)):
        assert "-" not in text
        assert (text[0] in f"{MINUS}+") <= (value_of(text.rstrip("%")) != 0)


@given(numbers, decimals)
def test_opposite_numbers_differ_by_their_sign_only(value: float, digits: int) -> None:
    """A minus sign stands before the same figures."""
    above, below = rounded(abs(value), digits), rounded(-abs(value), digits)
    assert below.removeprefix(MINUS) == above


@given(numbers, numbers, numbers, st.sampled_from(["days", "share", ""]))
def test_an_interval_holds_the_amounts_of_its_parts(mean: float, low: float, high: float, unit: str) -> None:
    """Estimate and bounds are written alike; without bounds the estimate stands alone."""
    said = [amount(value, unit) for value in (mean, low, high)]
    assert interval(mean, low, high, unit) == f"{said[0]} [{said[1]}, {said[2]}]"
    assert interval(mean, None, None, unit) == interval(mean, float("nan"), high, unit) == said[0]


@pytest.mark.parametrize("missing", [None, float("nan")])
def test_what_is_not_defined_is_a_dash(missing: float | None) -> None:
    """None and NaN look the same, everywhere."""
    found = {rounded(missing), percent(missing), amount(missing, "days"), interval(missing, 1.0, 2.0), plain(missing)}
    assert found == {NONE}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (rounded(1234.56, 1), "1,234.6"),
        (rounded(-1234.56, 1), "−1,234.6"),
        (rounded(3, sign=True), "+3"),
        (rounded(float("-inf")), "−∞"),
        (percent(0.125, 1), "12.5%"),
        (plain(0.5), "0.5"),
        (plain(-0.0), "0"),
        (plain(1e-7), "1e−07"),
        (plain(1e-20), "1e−20"),
        (plain(1 / 3, 2), "0.33"),
        (plain(True), "yes"),
        (plain(()), "none"),
        (plain({"dist": "pert", "low": 2.0, "mode": 5.0, "high": 12.0, "unit": "wd"}), "pert(2, 5, 12) wd"),
        (plain({"servers": 3, "hours": [1.5, 2], "source": "S41"}), "servers = 3; hours = 1.5, 2"),
        (duration(89.4), "89 s"),
        (duration(90), "2 min"),
        (duration(7200), "2.0 h"),
        (storage(2.5e6), "2.5 MB"),
        (storage(3.2e9), "3.2 GB"),
    ],
)
def test_forms(text: str, said: str) -> None:
    """Each form by an example."""
    assert text == said
