"""A park mined from two thirds of a log foretells the rest, and is scored beside baselines."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

import parkflow
from docs.making.backtest_page import FOLDER, LOGS, backtest_page, folder_of_logs
from parkflow.analysis.errors import ArgumentError
from parkflow.analysis.mining.backtest import Backtest
from parkflow.analysis.mining.forecast import History, empirical, gamma, simulated, still_open
from parkflow.analysis.mining.log_files import default_mapping, read_log
from parkflow.analysis.mining.log_mapping import LogError
from parkflow.analysis.mining.mined import mined
from parkflow.analysis.mining.traces import traces
from parkflow.sim.errors import ParkflowError
from tests.analysis.mining.logs import Row, log_of

DRAWS = 30
PAGE = Path(__file__).parents[3] / "docs" / "backtest.md"


@cache
def made_up() -> Backtest:
    """The backtest of the shipped log."""
    return parkflow.backtest("permits", draws=DRAWS)


@pytest.mark.slow
def test_the_simulation_foretells_a_changed_load_and_the_baselines_do_not() -> None:
    """Twice as many cases at as many desks: its scores are surely better, and what came lies in its intervals."""
    done = made_up()
    for other in ("empirical", "gamma", "empirical by class"):
        gain, low, high = done.beats(other)
        assert low > 0
        assert low <= gain <= high
    simulation, baseline = done.scored[0], done.scored[1]
    assert simulation.quantiles[1].inside
    assert not baseline.quantiles[1].inside
    assert simulation.monthly_crps < baseline.monthly_crps
    assert done.load[1] > 2 * done.load[0]


@pytest.mark.slow
def test_rows_hold_every_number_once() -> None:
    """Two scores, three quantiles, two shares and ten months for each of four ways; scores have no interval."""
    rows = made_up().rows()
    assert len(rows) == len({(row["way"], row["number"]) for row in rows}) == 4 * (2 + 3 + 2 + len(made_up().months))
    assert all(
        ("came" in row) is not row["number"].startswith("crps") for row in rows if isinstance(row["number"], str)
    )


@pytest.mark.slow
def test_the_same_seed_gives_the_same_numbers() -> None:
    """To the last bit."""
    assert parkflow.backtest("permits", draws=DRAWS).rows() == made_up().rows()


def history(folder: Path, split: float) -> History:
    """Cases that come every day and end after five days, ten for every fourth; the log ends on day 40."""
    rows: list[Row] = []
    for n in range(40):
        end = n + (10.0 if n % 4 == 0 else 5.0)
        rows.append((f"c{n}", "begin", "", float(n), float(n), float(n)))
        rows.append((f"c{n}", "end", "", float(n), float(n), end if end < 40 else None))
    raw = log_of(rows, folder)
    return History.of(traces(raw, default_mapping("none")), "end", split)


def test_what_is_known_on_the_day_of_the_split(tmp_path: Path) -> None:
    """A case that began before it is over, or open; one that came later is to be foretold."""
    known = history(tmp_path, 20.0)
    assert np.flatnonzero(known.new).tolist() == list(range(20, 40))
    assert np.flatnonzero(known.open).tolist() == [12, 15, 16, 17, 18, 19]
    assert not (known.over & known.open).any()
    assert set(known.days[known.over]) == {5.0, 10.0}


def test_the_baselines_are_what_took_place_before(tmp_path: Path) -> None:
    """As it was, or as a gamma distribution of the same mean."""
    known = history(tmp_path, 20.0)
    drawn = empirical(known, 400, 1).days
    assert drawn.min() == 5.0
    assert drawn.max() == 10.0
    mean = known.days[known.over].mean()
    error = drawn.std() / np.sqrt(400)
    assert drawn.mean() == pytest.approx(mean, abs=3 * error)
    assert gamma(known, 400, 1).days.mean() == pytest.approx(mean, rel=0.03)


def test_a_case_that_is_open_is_told_by_lives_in_which_it_is(tmp_path: Path) -> None:
    """One that has lasted for eight days ends after ten, never after five."""
    known = history(tmp_path, 20.0)
    open_days = still_open(empirical(known, 100, 1), known, 1)
    elapsed = known.split - known.arrival[known.open]
    assert (open_days > elapsed).all()
    assert open_days[:, 0].min() > 8.0


@pytest.mark.slow
def test_simulated_lives_belong_to_their_cases() -> None:
    """Days are those from the case's own arrival: sheds and houses in the order of their arrivals, none mixed up."""
    mapping = default_mapping("permits")
    raw = read_log("permits", mapping)
    park = mined(raw, mapping)
    known = History.of(park.log, park.goal, 500.0)
    lives = simulated(park, known, 3, 1)
    assert lives.days.shape == (3, len(known.days))
    assert np.isfinite(lives.days).all()
    assert (lives.days > 0).all()
    busy = known.arrival > np.quantile(known.arrival, 0.8)
    assert lives.days[:, busy].mean() > 2 * lives.days[:, ~busy].mean()


def test_a_log_that_ends_with_its_arrivals_is_refused(tmp_path: Path) -> None:
    """Nothing that came after the split was ever over."""
    rows = [
        f"c{n},{name},2023-01-{n + 1:02d}T{hour}:00" for n in range(12) for hour, name in (("08", "a"), ("09", "b"))
    ]
    rows += [f"x{n},a,2023-02-{n + 1:02d}T08:00" for n in range(12)]
    (tmp_path / "log.csv").write_text("\n".join(["case,activity,time", *rows]), encoding="utf-8")
    (tmp_path / "map.toml").write_text('milestones = { over = ["b"] }\nleft_after = 5\n', encoding="utf-8")
    with pytest.raises(LogError, match="no case that came after"):
        parkflow.backtest(tmp_path / "log.csv", tmp_path / "map.toml", share=0.5, draws=2)


@pytest.mark.parametrize(("share", "draws"), [(0.0, 10), (1.0, 10), (0.5, 1)])
def test_arguments_that_do_not_fit_are_refused(share: float, draws: int) -> None:
    """By name, with what would be right."""
    with pytest.raises(ArgumentError, match="give"):
        parkflow.backtest("permits", share=share, draws=draws)


def test_errors_have_one_root() -> None:
    """A user catches one class."""
    assert issubclass(LogError, ParkflowError)


# The page


@pytest.mark.slow
def test_the_page_says_where_the_simulation_is_better() -> None:
    """By the intervals, and italics where what came was missed."""
    text = backtest_page({"made-up town": made_up()})
    assert "against *gamma* the simulation is better in made-up town." in text
    assert "| days, p50 | 41 | " in text
    assert text.count("\n### ") == 1


def test_the_page_is_of_all_logs_and_names_its_sources() -> None:
    """The page that is there was made with every log, and cites them."""
    text = PAGE.read_text(encoding="utf-8")
    assert all(f"### {name}\n" in text for name in LOGS)
    assert "doi 10.4121/uuid:31a308ef-c844-48da-948c-305d167a0ec1" in " ".join(text.split())
    assert "Buijs" in text


def test_the_folder_of_logs_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the environment; one that is not there is none."""
    monkeypatch.setenv(FOLDER, str(tmp_path))
    assert folder_of_logs() == tmp_path
    monkeypatch.setenv(FOLDER, str(tmp_path / "none"))
    assert folder_of_logs() is None


@pytest.mark.slow
@pytest.mark.skipif(folder_of_logs() is None, reason="the permit logs are not part of parkflow, and are not here")
def test_a_real_log_is_mined() -> None:
    """The first town: a quarter of the cases is asked for papers, weekends are shut, and the scenario checks."""
    folder = folder_of_logs()
    assert folder is not None
    found = parkflow.mine(folder / "BPIC15_1.xes.gz", "bpi-2015")
    assert len(found.log.arrival) == 1199
    decided = ~np.isnan(found.log.reached("decision"))
    assert 0.75 < decided.mean() < 0.80
    assert found.days.calendar.week[5:] == (0.0, 0.0)
    asked = {it.case for it in found.log.returns}
    assert len(asked) / len(decided) == pytest.approx(0.25, abs=0.02)
    assert found.scenario.question is not None
    assert found.scenario.question.end == "decision"
