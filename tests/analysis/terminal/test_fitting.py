"""Tables that are too wide for a terminal go on below: nothing of a number is lost."""

from __future__ import annotations

import pytest
from rich.console import Console
from rich.table import Table

from parkflow.analysis.terminal.fitting import in_parts
from parkflow.analysis.terminal.wrapped import wrapped

NUMBER = "1,324.4 [1,301.9, 1,344.8]"


def wide(columns: int) -> Table:
    """A table of so many columns of numbers."""
    table = Table(title="what it is about")
    table.add_column("a lever with a name of several words")
    for number in range(columns):
        table.add_column(f"policy {number}", justify="right")
    table.add_row("parallel_approvals", *(f"{number} {NUMBER}" for number in range(columns)))
    return table


def printed(table: Table, width: int) -> list[str]:
    """What stands in a terminal of so many columns."""
    console = Console(width=width)
    with console.capture() as captured:
        console.print(table)
    return captured.get().splitlines()


@pytest.mark.parametrize("columns", [1, 2, 3, 7])
@pytest.mark.parametrize("width", [80, 120, 400])
def test_every_number_and_name_is_whole(columns: int, width: int) -> None:
    """In as many parts as it takes, each with the first column, and with the title once."""
    parts = in_parts(wide(columns), width)
    lines = [line for part in parts for line in printed(part, width)]
    assert all(len(line) <= width for line in lines)
    text = "\n".join(lines)
    assert [text.count(f"{number} {NUMBER}") for number in range(columns)] == [1] * columns
    assert text.count("parallel_approvals") == len(parts)
    assert text.count("what it is about") == 1


def test_a_table_that_fits_stays_as_it_is() -> None:
    """One part, the same object."""
    table = wide(2)
    assert in_parts(table, 120) == [table]


@pytest.mark.parametrize("width", [20, 33, 80])
def test_words_and_numbers_stay_whole_in_lines(width: int) -> None:
    """English breaks at spaces, Chinese between characters; a number never, and no line begins with a comma."""
    english = "It saves 1,234.5 days (95% interval 1,200 to 1,270); half are there by 9 November 2027."
    chinese = "平均节省 1,234.5 天（95% 区间 1,200 至 1,270）；到2027年11月9日，半数项目达到实质开工。"
    for text in (english, chinese):
        lines = wrapped(text, width)
        assert "".join("".join(lines).split()) == "".join(text.split())
        for number in ("1,234.5", "1,200", "1,270", "2027"):
            assert any(number in line for line in lines)
        assert not any(line.startswith((",", "。", "；", "）", ")", "，")) for line in lines)
