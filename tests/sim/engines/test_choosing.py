"""Which engine runs, who says so, and what is told where it cannot."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

import parkflow as pf
from parkflow.analysis.experiments.executors import local
from parkflow.commands import app
from parkflow.sim import choosing
from parkflow.sim.choice import VARIABLE, EngineError
from parkflow.sim.choosing import carried, engine, using_engine

fast = pytest.mark.skipif(find_spec("numba") is None, reason="the extra fast is not installed")


@pytest.fixture(autouse=True)
def nobody_chose(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No choice from outside, and none of these tests' failures is remembered."""
    monkeypatch.delenv(VARIABLE, raising=False)
    choosing._problem.cache_clear()
    yield
    choosing._problem.cache_clear()


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without numba."""
    monkeypatch.setitem(sys.modules, "numba", None)


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with a numba that refuses to work."""
    fake: Any = type(sys)("parkflow.sim.engines.compiled")

    def prepare() -> None:
        raise RuntimeError("cannot cache function: no locator available\nfor file")

    fake.prepare = prepare
    monkeypatch.setitem(sys.modules, "numba", type(sys)("numba"))
    monkeypatch.setitem(sys.modules, "parkflow.sim.engines.compiled", fake)
    monkeypatch.setattr("parkflow.sim.engines.compiled", fake, raising=False)


@fast
def test_the_compiled_engine_runs_where_it_can() -> None:
    """Nobody has to ask for it."""
    assert engine() == "compiled"


def test_without_the_extra_simpy_runs_and_nothing_is_said(bare: None, capsys: pytest.CaptureFixture[str]) -> None:
    """Who did not install it does not miss it."""
    assert engine() == "simpy"
    assert capsys.readouterr().err == ""


def test_without_the_extra_who_asks_for_it_is_told_the_remedy(bare: None) -> None:
    """The message names what to install."""
    with (
        pytest.raises(EngineError, match=r"numba is not installed; pip install 'parkflow\[fast\]'"),
        using_engine("compiled"),
    ):
        pass
    assert engine() == "simpy"


def test_on_the_command_line_it_is_one_line_and_exit_status_2(bare: None) -> None:
    """No traceback."""
    done = CliRunner().invoke(app, ["run", "zhifu", "-n", "1", "--engine", "compiled"])
    assert done.exit_code == 2
    assert done.stderr.count("\n") == 1
    assert "pip install 'parkflow[fast]'" in done.stderr


def test_an_engine_that_fails_is_told_once_and_simpy_runs(broken: None, capsys: pytest.CaptureFixture[str]) -> None:
    """One line on standard error, with the reason."""
    assert [engine(), engine()] == ["simpy", "simpy"]
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "no locator available" in told
    with pytest.raises(EngineError, match="no locator available"), using_engine("compiled"):
        pass


@pytest.mark.parametrize("name", ["fortran", ""])
def test_there_is_no_other_engine(name: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither by name nor by the environment."""
    with pytest.raises(EngineError, match="take auto, simpy or compiled"), using_engine(name):
        pass
    monkeypatch.setenv(VARIABLE, "fortran")
    with pytest.raises(EngineError, match=VARIABLE):
        engine()


def test_a_choice_ends_where_it_was_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """The innermost counts, and the environment is as it was."""
    monkeypatch.setenv(VARIABLE, "auto")
    with using_engine("simpy"):
        assert engine() == "simpy"
        with using_engine("auto"):
            assert engine() == ("compiled" if find_spec("numba") else "simpy")
        assert engine() == "simpy"
    assert engine() == ("compiled" if find_spec("numba") else "simpy")
    import os

    assert os.environ[VARIABLE] == "auto"


def told(batch: int) -> str:
    """What runs in a worker."""
    return engine()


@pytest.mark.slow
def test_workers_use_the_engine_of_their_parent() -> None:
    """Processes started inside a choice know it."""
    with using_engine("simpy"):
        assert set(local(2)(told, range(4))) == {"simpy"}
        sent = carried(told)
    assert sent(0) == "simpy"


@fast
def test_results_tell_the_engine_and_are_the_same_otherwise() -> None:
    """Every row of a comparison is equal; the record says which engine ran."""
    found = {}
    for name in ("simpy", "compiled"):
        with pf.using_engine(name):
            found[name] = pf.compare("zhifu", replications=2, workers=1).document()
        assert found[name]["record"].pop("engine") == name
    assert found["simpy"] == found["compiled"]


@fast
@pytest.mark.slow
def test_a_sweep_stores_the_same_bytes_with_either(tmp_path: Any) -> None:
    """Tables of points and observations."""
    rows, files = [], []
    for name in ("simpy", "compiled"):
        out = tmp_path / name
        done = CliRunner().invoke(
            app,
            [
                "sweep",
                "zhifu",
                "--vary",
                "desks.planning.servers=1,2",
                "-n",
                "2",
                "-w",
                "1",
                "--engine",
                name,
                "-o",
                str(out),
                "--format",
                "csv",
            ],
        )
        assert done.exit_code == 0, done.output
        rows.append(done.stdout)
        stored = ("observations", "controls", "points.parquet", "summary.parquet")  # how many parts is chance
        files.append({part: pd.read_parquet(out / part) for part in stored})
    assert rows[0] == rows[1]
    for name, table in files[0].items():
        pd.testing.assert_frame_equal(table, files[1][name], check_exact=True)
