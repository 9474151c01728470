"""Every kind of chart from a stored run of a shipped park, and from runs that have little to show."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from parkflow.analysis.charts import land
from parkflow.analysis.charts.chart import Ask
from parkflow.analysis.charts.drawing import known_kind, run_chart
from parkflow.analysis.charts.kinds import KINDS, RUN_KINDS
from parkflow.analysis.errors import AnalysisError, ArgumentError
from parkflow.analysis.language import words
from parkflow.analysis.store.run_folder import NotARunError, Run


def texts(figure: Figure) -> str:
    """All that is written in a figure: titles, axes and legends."""
    found = [text for axes in figure.axes for text in (axes.get_title("left"), axes.get_xlabel(), axes.get_ylabel())]
    legends = [*figure.legends, *(axes.get_legend() for axes in figure.axes if axes.get_legend())]
    found += [text.get_text() for legend in legends if legend for text in legend.get_texts()]
    return " | ".join(found)


@pytest.mark.slow
@pytest.mark.parametrize("kind", RUN_KINDS)
def test_every_kind_is_drawn_for_a_shipped_park(kind: str, stored: Run, tmp_path: Path) -> None:
    """A picture, the table behind it, a title that names the park, and a caption that says what to see."""
    chart = run_chart(kind, stored, Ask())
    assert chart.kind == kind
    assert "zhifu" in chart.title
    assert len(chart.caption) > 40
    assert len(chart.table)
    for suffix in (".png", ".svg", ".pdf"):
        chart.save(tmp_path / f"chart{suffix}")
        assert (tmp_path / f"chart{suffix}").stat().st_size > 3000


def written(figure: Figure) -> str:
    """All letters in a figure, without the ends of lines."""
    return " ".join(" ".join(text.get_text() for text in figure.findobj(Text)).split())


UNITS = {
    "days_saved": ("days saved per project", "share of projects"),
    "causes": ("days per project", "serial", "reported", "green channel"),
    "winners": ("days saved per project", "days per project", "days gained", "days lost"),
    "gantt": ("days since the project's arrival", "queueing", "service", "works"),
    "s_curves": ("projects", "date", "serial", "green channel"),
    "issues": ("days since the issue was found", "share of issues resolved", "censored: "),
    "portfolio": ("date", "groundbreaking", "construction", "serial"),
    "desks": ("utilisation", "projects waiting", "a cell is a quarter"),
    "land": ("in store (mu)", "per quarter"),
    "start_curves": ("months since signing", "share started", "serial", "green channel"),
}


@pytest.mark.parametrize("kind", UNITS)
def test_charts_name_units_policies_and_sample_sizes(kind: str, stored: Run) -> None:
    """Whoever sees the picture alone knows what is measured, in what, for whom and how often."""
    found = texts(run_chart(kind, stored, Ask()).figure)
    for words_there in UNITS[kind]:
        assert words_there in found
    assert kind in ("gantt", "portfolio") or "3 replications" in found


@pytest.mark.parametrize("kind", ["days_saved", "winners"])
def test_one_policy_has_nothing_to_compare(kind: str, single: Run) -> None:
    """The message says so, and what to do."""
    chart = run_chart(kind, single, Ask())
    assert chart.is_empty
    assert re.search(r"one policy only, reported; .* parkflow compare", chart.caption)
    assert "one policy only" in written(chart.figure)


@pytest.mark.parametrize("kind", ["causes", "gantt", "s_curves", "issues", "desks"])
def test_one_policy_can_be_shown_alone(kind: str, single: Run) -> None:
    """What one policy has is drawn without the other."""
    chart = run_chart(kind, single, Ask())
    assert "serial" not in texts(chart.figure)


@pytest.mark.parametrize("kind", RUN_KINDS)
def test_an_empty_run_gives_a_message_or_a_chart(kind: str, empty: Run) -> None:
    """Before anybody arrives there is nothing to compare; the picture says so in both languages."""
    for language in ("en", "zh"):
        chart = run_chart(kind, empty, Ask(words(language)))
        assert chart.is_empty == (kind not in ("s_curves", "network"))
        assert chart.bytes("png")
        assert not chart.is_empty or chart.caption[:20] in written(chart.figure)


def test_projects_all_cut_off_are_told_to_be(cut: Run) -> None:
    """Nobody has broken ground: nothing is saved, and the caption says how many are cut off at the horizon."""
    chart = run_chart("days_saved", cut, Ask())
    assert "are cut off at the horizon" in chart.caption
    assert (chart.table["censored"] > 0).any()
    assert len(run_chart("causes", cut, Ask()).table)  # the days up to the cut have causes as well


def test_a_park_without_ready_land_says_so(single: Run) -> None:
    """No land bank, no stock to draw."""
    chart = run_chart("land", single, Ask())
    assert chart.is_empty
    assert "keeps any land bank in store" in chart.caption


def test_a_policy_that_never_asks_in_vain_is_drawn_on_dates(stored: Run) -> None:
    """There is a level to draw and no bar below it, in a park with a start date."""
    log = stored.table("stocks", stock="land_bank")
    asked = land.shortages(log, stored.replications).iloc[:0]
    drawn = land.draw(stored, land.levels_of(log), asked, "mu", words("en"))
    assert not drawn.axes[1].patches


def test_unknown_names_are_answered_with_known_ones(stored: Run) -> None:
    """Kinds, policies and projects."""
    assert known_kind("s-curves") == "s_curves"
    with pytest.raises(ArgumentError, match="did you mean 'causes'"):
        known_kind("cause")
    with pytest.raises(ArgumentError, match="policy=green: the run has reported, green_channel"):
        run_chart("causes", stored, Ask(policy="green"))
    with pytest.raises(ArgumentError, match="project=new-999"):
        run_chart("gantt", stored, Ask(project="new-999"))
    with pytest.raises(ArgumentError, match=r"ends in \.png, \.svg, \.pdf"):
        run_chart("causes", stored, Ask()).save(Path("chart.jpg"))


def test_a_folder_without_a_run_says_how_to_make_one(tmp_path: Path) -> None:
    """The missing file, and the command."""
    with pytest.raises(NotARunError, match="parkflow compare PARK --out FOLDER") as found:
        run_chart("causes", Run(tmp_path), Ask())
    assert isinstance(found.value, AnalysisError)


def test_the_same_run_gives_the_same_picture(stored: Run) -> None:
    """No date and no chance in a file."""
    assert run_chart("winners", stored, Ask()).bytes("svg") == run_chart("winners", stored, Ask()).bytes("svg")


def test_charts_speak_chinese(stored: Run) -> None:
    """Policies, causes and axes are translated where a font can write them."""
    pytest.importorskip("matplotlib")
    from parkflow.analysis.charts.theme import FontError, chinese_font

    try:
        chinese_font()
    except FontError as error:
        pytest.skip(str(error))
    chart = run_chart("causes", stored, Ask(words("zh")))
    found = texts(chart.figure)
    assert "每个项目天数" in found
    assert "绿色通道" in found
    assert "时间去向" in chart.title
    assert chart.bytes("png")


def test_every_kind_is_described() -> None:
    """`parkflow chart --list` has a sentence for each."""
    assert all(len(what) > 20 and what.endswith(".") for what in KINDS.values())
