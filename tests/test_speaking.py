"""Errors of commands speak the language that is asked for, by an option or by the environment."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from parkflow.commands import app


def complaint(*arguments: str, **environment: str) -> str:
    """What a command says on standard error."""
    done = CliRunner().invoke(app, list(arguments), env=environment)
    assert done.exit_code == 2
    return done.stderr


def test_the_environment_names_the_language() -> None:
    """Where a command has no option for it."""
    assert complaint("check", "zhaoqin", PARKFLOW_LANG="zh").startswith(
        "parkflow: 没有名为'zhaoqin'的园区；是否应为'zhaoqing'？"
    )


def test_the_option_goes_before_the_environment() -> None:
    """And holds for one command only."""
    assert "没有名为" in complaint("diary", "zhaoqin", "--project", "x", "--lang", "zh")
    assert "no park is called" in complaint("diary", "zhaoqin", "--project", "x", "--lang", "en", PARKFLOW_LANG="zh")
    assert "no park is called" in complaint("check", "zhaoqin")


@pytest.mark.parametrize("place", ["option", "environment"])
def test_an_unknown_language_is_refused(place: str) -> None:
    """With what there is."""
    asked = {"option": (["--lang", "fr"], {}), "environment": ([], {"PARKFLOW_LANG": "fr"})}[place]
    assert "'en', 'zh'" in complaint("diary", "zhifu", "--project", "new-1", *asked[0], **asked[1])
