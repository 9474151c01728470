"""One grammar: thirteen options mean the same in every command, or are refused with a reason; none is ignored."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from typer.testing import CliRunner

from parkflow.commands import app
from parkflow.commands.group import COMMANDS, loaded
from parkflow.commands.refusals import GRAMMAR, REASONS, reason

MEANING = {flag: one for one in loaded("sweep").params for flag in one.opts if flag in GRAMMAR}
"""The options of a command that has them all."""

OWN_FORMATS = {"worth": {"markdown"}, "verify": {"text"}, "rerun": {"text"}, "export": {"xes", "ocel", "parquet"}}
"""What some commands print or write besides tables, JSON and CSV."""


def option(command: str, flag: str) -> Any:
    """An option of a command."""
    return next(one for one in loaded(command).params if flag in one.opts)


def kind(command: str, flag: str) -> Any:
    """The type of what an option takes, whether it must be given or not."""
    function = getattr(import_module(f"parkflow.commands.{COMMANDS[command][0]}"), command)
    kinds = get_type_hints(function)[option(command, flag).name]
    return next((one for one in get_args(kinds) if one is not type(None)), kinds) if None in spread(kinds) else kinds


def spread(kinds: Any) -> tuple[Any, ...]:
    """The parts of a union, None for its type."""
    return tuple(None if one is type(None) else one for one in get_args(kinds))


def value_for(flag: str) -> str:
    """Something to give an option with."""
    return {"--replications": "2", "--seed": "2", "--workers": "1", "--lang": "en", "--format": "json"}.get(flag, "x")


def test_one_command_has_them_all() -> None:
    """What the others are compared with."""
    assert set(MEANING) == set(GRAMMAR)
    assert not any(one.hidden for one in MEANING.values())


@pytest.mark.parametrize("flag", GRAMMAR)
@pytest.mark.parametrize("command", COMMANDS)
def test_an_option_means_the_same_or_is_refused_with_a_reason(command: str, flag: str) -> None:
    """Same words in the help, same type, as many values; or status 2, the option and why."""
    here, there = option(command, flag), MEANING[flag]
    if not here.hidden:
        assert here.help == there.help
        assert here.multiple == there.multiple
        if flag == "--format":
            assert set(kind(command, flag)) <= {"table", "json", "csv"} | OWN_FORMATS.get(command, set())
        else:
            assert kind(command, flag) == kind("sweep", flag)
        return
    why = reason(command, flag)
    assert why, f"say in REASONS why parkflow {command} has no {flag}"
    done = CliRunner().invoke(app, [command, flag, value_for(flag)])
    assert done.exit_code == 2
    assert f"parkflow: {flag}: " in done.output
    assert why in done.output


def test_reasons_are_given_for_options_that_a_command_has_not() -> None:
    """A reason beside an option that is there would be a lie."""
    for command, reasons in REASONS.items():
        assert command in COMMANDS
        for flag in set(reasons) & set(GRAMMAR):
            assert option(command, flag).hidden, f"parkflow {command} {flag}"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("run", "zhifu", "-p", "reported", "-p", "full"), "run has one policy"),
        (("show", "zhifu", "-p", "reported", "-p", "full"), "one policy at a time"),
        (("worth", "zhifu", "-p", "reported", "-p", "full"), "one bundle"),
        (("compare", "zhifu", "--cap", "10"), "--cap 10: it ends what runs for a precision"),
        (("compare", "zhifu", "--half-width", "-1"), "--half-width -1.0: give more than 0"),
        (("compare", "zhifu", "--measure", "wiat"), "did you mean 'wait'?"),
        (("compare", "zhifu", "--lever", "land_bnk"), "did you mean 'land_bank'?"),
        (("compare", "zhifu", "-p", "reportd"), "did you mean 'reported'?"),
        (("compare", "zhfu"), "did you mean 'zhifu'?"),
        (("compare", "zhifu", "--lever", "land_bank=800"), "write --lever land_bank:initial=800"),
        (("compare", "zhifu", "--lever", "land_bank:800"), "write NAME, NAME=VALUE where the lever has one parameter"),
        (("help", "comprae"), "did you mean 'compare'?"),
    ],
)
def test_what_cannot_be_taken_is_said_in_one_line(arguments: tuple[str, ...], words: str) -> None:
    """What is wrong and what would be right; status 2."""
    done = CliRunner().invoke(app, list(arguments))
    assert done.exit_code == 2
    assert words in done.output
    assert "Traceback" not in done.output


@pytest.mark.parametrize(("typed", "meant"), [(["comprae"], "compare"), (["run", "zhifu", "--polcy", "x"], "--policy")])
def test_a_slip_gets_the_nearest(typed: list[str], meant: str) -> None:
    """Commands and options alike."""
    done = CliRunner().invoke(app, typed)
    assert done.exit_code == 2
    assert meant in done.output


def test_help_is_a_command_too() -> None:
    """Of all commands, or of one."""
    ours, usual = (CliRunner().invoke(app, words).output for words in (["help", "compare"], ["compare", "--help"]))
    assert ours.count("--") == usual.count("--")
    assert "Compare policies on the same projects" in ours
    assert "compare" in CliRunner().invoke(app, ["help"]).output


def test_the_syntax_of_a_lever_is_in_the_help() -> None:
    """NAME=VALUE and NAME:PARAMETER=VALUE, and where the parameters are told."""
    text = " ".join(CliRunner().invoke(app, ["compare", "--help"], terminal_width=200).output.split())
    assert "NAME=VALUE" in text
    assert "PARAMETER=VALUE" in text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("chart", "network", "zhifu", "--seed", "3"), "--seed: a network is drawn of the park as it is"),
        (("chart", "levers", "zhifu", "--baseline", "full"), "--baseline: levers are weighed against the serial park"),
        (("report", "zhifu", "--measure", "days"), "--measure days: a report of policies has its measures"),
        (("chart", "causes", "{folder}", "--seed", "3"), "--seed: {folder} was run before"),
        (("report", "{folder}", "-n", "3"), "--replications: {folder} was run before"),
        (("report", "{folder}", "--to", "production"), "--to: {folder} was run before"),
    ],
)
def test_what_a_picture_has_no_use_for_is_not_ignored(arguments: tuple[str, ...], words: str, tmp_path: Path) -> None:
    """Of a folder that was run before, and of kinds that are drawn without a run; status 2 and the option."""
    done = CliRunner().invoke(app, [word.format(folder=tmp_path) for word in arguments])
    assert done.exit_code == 2
    assert words.format(folder=tmp_path) in done.output
