"""What is called otherwise today: the command line says so in one plain line, once."""

from __future__ import annotations

import warnings

import pytest

from parkflow.commands.endings import noted


def test_a_former_name_is_told_once_in_a_plain_line(capsys: pytest.CaptureFixture[str]) -> None:
    with noted():
        for _ in range(3):
            warnings.warn("rate is called share today; write share", FutureWarning, stacklevel=1)
    assert capsys.readouterr().err == "parkflow: note: rate is called share today; write share\n"


def test_other_warnings_stay_what_they_are() -> None:
    with pytest.warns(RuntimeWarning, match="overflow"), noted():
        warnings.warn("overflow", RuntimeWarning, stacklevel=1)
