"""parkflow: how fast an industrial park turns signed projects into working factories, and what each practice is worth.

From Python: ``parkflow.compare("yantai", "green_channel")`` returns what ``parkflow compare`` prints. Nothing is loaded
before it is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from parkflow.analysis.charts.chart import Chart
    from parkflow.analysis.experiments.attribution import Attribution
    from parkflow.analysis.experiments.choice import Choice
    from parkflow.analysis.experiments.comparison import Comparison
    from parkflow.analysis.experiments.displaced import Displacement
    from parkflow.analysis.experiments.need import Need
    from parkflow.analysis.experiments.sensitivity import Sensitivity
    from parkflow.analysis.experiments.worth import LeverWorth
    from parkflow.analysis.measures.measure import Measure
    from parkflow.analysis.store.run_folder import Run
    from parkflow.analysis.validation.ledger import Ledger
    from parkflow.attributions import attribute, worth
    from parkflow.calibration import Calibration, calibrate
    from parkflow.catalogue import levers
    from parkflow.comparisons import compare, run
    from parkflow.displacements import displacement
    from parkflow.exports import export
    from parkflow.mining import Backtest, Mined, backtest, mine
    from parkflow.nations import NationResult, nation
    from parkflow.needs import need
    from parkflow.park import load, parks
    from parkflow.pictures import Report, chart, open_run, report
    from parkflow.records import rerun, verify
    from parkflow.registration import register
    from parkflow.replications import Replication, simulate
    from parkflow.reporting import stress
    from parkflow.selection import choose
    from parkflow.sensitivities import sensitivity
    from parkflow.sim.choosing import using_engine
    from parkflow.sim.errors import ParkflowError
    from parkflow.sim.levers import Lever
    from parkflow.sim.scenario import Scenario
    from parkflow.sweeps import SweepResult, sweep
    from parkflow.validation import validate

    __version__: str

__all__ = [
    "Attribution",
    "Backtest",
    "Calibration",
    "Chart",
    "Choice",
    "Comparison",
    "Displacement",
    "Ledger",
    "Lever",
    "LeverWorth",
    "Measure",
    "Mined",
    "NationResult",
    "Need",
    "ParkflowError",
    "Replication",
    "Report",
    "Run",
    "Scenario",
    "Sensitivity",
    "SweepResult",
    "__version__",
    "attribute",
    "backtest",
    "calibrate",
    "chart",
    "choose",
    "compare",
    "displacement",
    "export",
    "levers",
    "load",
    "mine",
    "nation",
    "need",
    "open_run",
    "parks",
    "register",
    "report",
    "rerun",
    "run",
    "sensitivity",
    "simulate",
    "stress",
    "sweep",
    "using_engine",
    "validate",
    "verify",
    "worth",
]

_HOMES = {
    "Attribution": "analysis.experiments.attribution",
    "Backtest": "analysis.mining.backtest",
    "Calibration": "calibration",
    "Chart": "analysis.charts.chart",
    "Choice": "analysis.experiments.choice",
    "Displacement": "analysis.experiments.displaced",
    "Comparison": "analysis.experiments.comparison",
    "Ledger": "analysis.validation.ledger",
    "Lever": "sim.levers",
    "LeverWorth": "analysis.experiments.worth",
    "Measure": "analysis.measures.measure",
    "Mined": "analysis.mining.mined",
    "NationResult": "nations",
    "Need": "analysis.experiments.need",
    "ParkflowError": "sim.errors",
    "Replication": "replications",
    "Report": "pictures",
    "Run": "analysis.store.run_folder",
    "Scenario": "sim.scenario",
    "Sensitivity": "analysis.experiments.sensitivity",
    "SweepResult": "sweeps",
    "attribute": "attributions",
    "backtest": "mining",
    "displacement": "displacements",
    "calibrate": "calibration",
    "chart": "pictures",
    "choose": "selection",
    "compare": "comparisons",
    "export": "exports",
    "levers": "catalogue",
    "load": "park",
    "mine": "mining",
    "nation": "nations",
    "need": "needs",
    "open_run": "pictures",
    "parks": "park",
    "register": "registration",
    "report": "pictures",
    "rerun": "records",
    "run": "comparisons",
    "sensitivity": "sensitivities",
    "simulate": "replications",
    "stress": "reporting",
    "sweep": "sweeps",
    "using_engine": "sim.choosing",
    "validate": "validation",
    "verify": "records",
    "worth": "attributions",
}
"""Where each name lives."""


if not TYPE_CHECKING:  # a type checker is to find a name that is not there

    def __getattr__(name: str) -> Any:
        """The public name, loaded when it is first used."""
        if name == "__version__":
            from importlib.metadata import PackageNotFoundError, version

            try:
                value: Any = version("parkflow")
            except PackageNotFoundError:  # used from a folder, without being installed
                value = "0+unknown"
        elif name in _HOMES:
            value = getattr(import_module(f"parkflow.{_HOMES[name]}"), name)
        else:
            raise AttributeError(f"module 'parkflow' has no attribute {name!r}")
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
