"""The loop in C++ is the workload: a yardstick that measured something else would be none."""

from __future__ import annotations

import pytest

from benchmarks import cpp_loop, reference
from benchmarks.workload import N_PROJECTS, Variant, sample

VARIANTS: tuple[Variant, ...] = ("SERIAL", "PARALLEL")


@pytest.mark.slow
def test_the_loop_equals_the_reference() -> None:
    """Every lead time and the last day, to the last bit, however often it runs."""
    loop = cpp_loop.compiled()
    if loop is None:
        pytest.skip("there is no C++ compiler")
    for variant in VARIANTS:
        inputs = sample(N_PROJECTS, 1000)
        found, spent = loop(inputs, variant, 2)
        oracle = reference.run(inputs, variant)
        assert found.lead_times.tolist() == oracle.lead_times.tolist()
        assert found.makespan == oracle.makespan
        assert spent >= 0
