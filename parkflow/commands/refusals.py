"""The options that mean the same in every command, and why a command that has no use for one refuses it."""

from __future__ import annotations

import inspect
from typing import Annotated, Any

import typer

from parkflow.commands.endings import stop

GRAMMAR = (
    "--from", "--to", "--policy", "--baseline", "--lever", "--without", "--replications", "--seed", "--workers",
    "--measure", "--lang", "--format", "--out",
)  # fmt: skip
"""What these options mean is said once, in `options`; no command ignores one of them."""

REST = ""
"""Stands for all options that a command does not name a reason for."""

_PRINTS = "it is printed; write it into a file with > FILE"
_RUNS_NOTHING = "nothing is run here"
_OF_FOLDER = "the folder says how it was run"
_OF_TARGETS = "the targets say what is fitted to"
_OF_FACTS = "each reported fact says under which policy and between which milestones it holds"
_OF_SUFFIX = "the suffix of --out says it, as in chart.svg"
_OF_ZONES = "zones answer the question of their own parks"
_OF_LOG = "a log is what it is"

REASONS: dict[str, dict[str, str]] = {
    "compare": {},
    "sweep": {},
    "run": {"--baseline": "one policy is set beside nothing; parkflow compare sets several beside a baseline"},
    "worth": {
        "--baseline": "levers are weighed against the serial park",
        "--measure": "levers are weighed by days saved and by the net of the park",
        "--out": _PRINTS,
    },
    "attribute": {"--baseline": "levers join the serial park, one after another"},
    "displacement": {"--measure": "it tells days gained and days lost", "--out": _PRINTS},
    "sensitivity": {"--replications": "--trajectories and --rows say how much is run"},
    "choose": {"--replications": "as many are run as it takes to be sure; --cap ends it", "--out": _PRINTS},
    "need": {
        "--lever": "levers are part of the policies; write a policy of your own into the park's file",
        "--without": "levers are part of the policies; write a policy of your own into the park's file",
        "--replications": "as many are run as it takes to be sure; --cap ends it",
        "--measure": "--target says what is wanted", "--out": _PRINTS,
    },
    "nation": {
        "--from": _OF_ZONES, "--to": _OF_ZONES,
        "--baseline": "zones are compared with the serial park", REST: "the nation's file says it",
    },
    "validate": {REST: _OF_FACTS},
    "calibrate": {REST: _OF_TARGETS},
    "chart": {"--format": _OF_SUFFIX},
    "report": {"--format": _OF_SUFFIX},
    "results": {"--out": _PRINTS, REST: _OF_FOLDER},
    "status": {"--out": _PRINTS, REST: _OF_FOLDER},
    "rerun": {REST: _OF_FOLDER},
    "verify": {"--out": _PRINTS, REST: _RUNS_NOTHING},
    "stress": {"--format": "it is Markdown", REST: _RUNS_NOTHING},
    "export": {
        "--to": "nothing is counted between milestones; the format of the log is --format", REST: _OF_FOLDER,
    },
    "diary": {"--replications": "one replication is told; --replication says which", "--out": _PRINTS,
              REST: "one project is told from its first day to its last"},
    "mine": {"--format": "it is a scenario file", REST: _OF_LOG},
    "backtest": {"--out": _PRINTS, REST: _OF_LOG},
    "scenarios": {"--out": _PRINTS, REST: _RUNS_NOTHING},
    "levers": {"--out": _PRINTS, REST: _RUNS_NOTHING},
    "check": {"--out": _PRINTS, REST: "it looks at the file as it is, under every policy that it has"},
    "new": {"--out": "its files are written where one is, and called by its name", REST: "it only writes a file"},
    "show": {"--out": _PRINTS, REST: _RUNS_NOTHING},
    "schema": {"--lang": "keys have one language", "--out": _PRINTS, REST: _RUNS_NOTHING},
    "help": {"--out": _PRINTS, REST: _RUNS_NOTHING},
}  # fmt: skip
"""By command and option why there is no such option; a command that is not here takes all of them."""


def reason(command: str, option: str) -> str | None:
    """Why a command refuses an option; None where nobody wrote why."""
    known = REASONS.get(command, {})
    return known.get(option, known.get(REST))


def refused(name: str, command: Any) -> Any:
    """The command, which tells why it has not one of the options that others have."""
    known = {flag for one in command.params for flag in (*one.opts, *one.secondary_opts)}
    command.params += _refusing(name, [option for option in GRAMMAR if option not in known])
    return command


def _refusing(command: str, options: list[str]) -> list[Any]:
    """Hidden options, of which whoever does not give them never hears."""

    def nothing(**given: Any) -> None:
        """What has these options."""

    keyword, none = inspect.Parameter.KEYWORD_ONLY, None
    parts = [
        inspect.Parameter(f"refused_{flag.strip('-')}", keyword, default=none, annotation=_hidden(command, flag))
        for flag in options
    ]
    nothing.__signature__ = inspect.Signature(parts)  # type: ignore[attr-defined]
    nothing.__annotations__ = {one.name: one.annotation for one in parts}
    holder = typer.Typer(add_completion=False)
    holder.command()(nothing)
    return [one for one in typer.main.get_command(holder).params if one.name != "help"]


def _hidden(command: str, flag: str) -> Any:
    why = reason(command, flag) or f"parkflow {command} has no use for it"

    def refuse(context: typer.Context, value: str | None) -> None:
        if value is not None and not context.resilient_parsing:
            stop(f"{flag}: {why}")

    return Annotated[str | None, typer.Option(flag, hidden=True, expose_value=False, callback=refuse)]
