"""The commands by name, and the group that loads one only when it is called."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from parkflow.commands.endings import noted, told
from parkflow.commands.speaking import speaking

COMMANDS = {
    "compare": (
        "comparing", "Compare policies on the same projects: days saved, issues resolved, and where the days went.",
    ),
    "run": ("comparing", "Run one policy: its days, issues, starts, desks and causes."),
    "scenarios": ("describing", "List the shipped parks and their policies."),
    "new": ("starting", "Write the first file of a park of your own, commented, from a few questions or options."),
    "check": ("checking", "Say what is wrong with a scenario file, or what it comes to and what is doubtful in it."),
    "show": (
        "describing", "Print a resolved scenario, every number with its note, or only what a policy changes in it.",
    ),
    "levers": (
        "describing",
        "List the levers, explain one, or say which lever carries each mechanism that the reports describe.",
    ),
    "worth": (
        "comparing",
        "Weigh each lever of a bundle: alone against the serial park, and by what its removal from the bundle costs.",
    ),
    "attribute": (
        "attributing", "Say which lever of a policy did it: each lever's share of what the policy changes.",
    ),
    "choose": (
        "selecting", "Select the best of several policies with a stated probability of being right, in few runs.",
    ),
    "need": ("seeking", "Find the least resources with which a measure reaches a target, or what stands in the way."),
    "sensitivity": (
        "hanging", "Find the assumed numbers on which an answer hangs, and where another policy would be the best.",
    ),
    "validate": (
        "validating", "Judge the model by what was reported: every fact beside what is predicted, with a verdict.",
    ),
    "schema": ("describing", "Print the JSON Schema of scenario files, for editors that complete and check them."),
    "diary": (
        "telling", "Tell what happened to one project, day by day: who had its file, and why it waited.",
    ),
    "chart": ("drawing", "Draw one chart from a run folder, a sweep folder or a park."),
    "report": (
        "drawing",
        "Write a report that can be handed in: a page, a PDF, a document or a workbook.",
    ),
    "sweep": ("sweeping", "Run a sweep over many points, or go on with one: what is stored is never run again."),
    "results": ("sweeping", "Print what a sweep found so far, point by point."),
    "nation": ("nation", "Run every zone of a country under policies, or go on with that, and sum up what they show."),
    "status": ("sweeping", "Say how far a sweep is."),
    "calibrate": (
        "calibrating",
        "Fit assumed numbers of parks to what was reported: fitted values with intervals, and what nothing tells.",
    ),
    "rerun": ("recording", "Repeat a stored run or sweep, and say whether it is identical or which numbers moved."),
    "verify": ("recording", "Check every file of a result by the digests in its record."),
    "stress": ("recording", "Fill in the reporting sheet STRESS-DES of a run or a park, as far as they say it."),
    "export": ("recording", "Write what happened in a run as an event log: XES, OCEL 2.0, CSV or Parquet."),
    "mine": ("mining", "Learn a park from an event log, every number with what it rests on."),
    "help": ("helping", "Print what a command does and which options it takes."),
    "backtest": ("mining", "Learn a park from the first part of a log, and score what it foretells of the rest."),
}  # fmt: skip
"""For every command the file that holds it, and what it does: the function of its name is the command."""


class LazyGroup(TyperGroup):
    """Lists its commands without loading them, and tells every error in one line."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names of the commands, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """A command as the help shows it, without its options; None where there is none of this name."""
        if cmd_name not in COMMANDS:
            return None
        return TyperCommand(cmd_name, help=COMMANDS[cmd_name][1])

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that is called, loaded, and what is left of the arguments."""
        self.commands = {name: self.get_command(ctx, name) for name in COMMANDS}  # for "did you mean"
        name, command, rest = super().resolve_command(ctx, args)
        return name, loaded(name) if name in COMMANDS else command, rest

    def invoke(self, ctx: Any) -> Any:
        """Carry out what is called; what goes wrong becomes one line and an exit status."""
        with speaking(), told(), noted():
            return super().invoke(ctx)


def loaded(name: str) -> Any:
    """The command of this name with its options, from the file that holds it."""
    from parkflow.commands.refusals import refused

    file, help = COMMANDS[name]
    alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    function = getattr(import_module(f"parkflow.commands.{file}"), name)
    alone.command(name, help=help)(function)
    return refused(name, typer.main.get_command(alone))
