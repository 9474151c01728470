"""Pictures for papers and screens: size, dots, font and title, letters as letters, and the numbers behind them."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from matplotlib import font_manager
from matplotlib.figure import Figure
from PIL import Image

from parkflow.analysis.charts.chart import Chart
from parkflow.analysis.charts.look import Look
from parkflow.analysis.charts.theme import FontError, figure, themed
from parkflow.analysis.errors import ArgumentError


def size(path: Path) -> tuple[int, int]:
    """Width and height of a picture in dots."""
    with Image.open(path) as picture:
        return picture.size


def titled(name: str) -> Chart:
    """A chart with one label."""
    with themed():
        drawn: Figure = figure(2.0)
        drawn.subplots().set_xlabel(name)
    return Chart("causes", "Where the days go", "Nothing.", drawn, pd.DataFrame({"days": [1.5], "policy": ["绿"]}))


def test_a_picture_has_the_size_and_dots_asked_for(tmp_path: Path) -> None:
    """In inches; what is drawn next has its own size again."""
    chart = titled("days")
    chart.save(tmp_path / "small.png", width=3.5, height=2.5, dpi=100)
    chart.save(tmp_path / "own.png", dpi=100)
    assert size(tmp_path / "small.png") == (350, 250)
    assert size(tmp_path / "own.png") == (520, 200)


@pytest.mark.parametrize(
    ("given", "told"), [({"width": 0.2}, "width=0.2"), ({"height": 99}, "height=99"), ({"dpi": 5}, "dpi=5")]
)
def test_an_impossible_size_is_refused(given: dict[str, float], told: str, tmp_path: Path) -> None:
    with pytest.raises(ArgumentError, match=rf"{told}: give "):
        titled("days").save(tmp_path / "x.png", **given)  # type: ignore[arg-type]


def test_letters_of_an_svg_are_letters() -> None:
    """They can be searched, copied and set in another font; the title is there unless it is not wanted."""
    shown, bare = (titled("days saved").bytes("svg", Look(titled=it)).decode() for it in (True, False))
    assert re.search(r"<text[^>]*>days saved</text>", shown)
    assert ">Where the days go</text>" in shown
    assert ">Where the days go</text>" not in bare


def test_a_font_is_used_by_its_name_or_refused() -> None:
    """However it is cased; an unknown one is answered with the nearest."""
    assert "font-family: 'DejaVu Serif'" in titled("days").bytes("svg", Look(font="dejavu serif")).decode()
    with pytest.raises(FontError, match=r"no installed font is called 'DejaVu Serief'; did you mean 'dejavu serif'"):
        titled("days").bytes("png", Look(font="DejaVu Serief"))


def test_chinese_names_in_an_english_chart_find_a_font_or_say_how(monkeypatch: pytest.MonkeyPatch) -> None:
    """No box stands for a letter: without a font, SVG leaves them to the reader's, the others tell what to do."""
    known = [font for font in font_manager.fontManager.ttflist if font.name.startswith("DejaVu")]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", known)
    monkeypatch.setattr(font_manager, "findSystemFonts", list)
    assert "绿色通道" in titled("绿色通道").bytes("svg").decode()
    assert titled("green channel").bytes("png")
    with pytest.raises(FontError, match="apt-get install fonts-noto-cjk"):
        titled("绿色通道").bytes("png")


def test_the_numbers_behind_a_chart_are_a_file_for_papers(tmp_path: Path) -> None:
    titled("days").save_data(tmp_path / "behind.csv")
    assert pd.read_csv(tmp_path / "behind.csv").to_dict("list") == {"days": [1.5], "policy": ["绿"]}
    titled("days").save_data(tmp_path / "behind.md")
    assert (tmp_path / "behind.md").read_text(encoding="utf-8").splitlines()[-1] == "| 1.5 | 绿 |"
    titled("days").save_data(tmp_path / "behind.tex")
    assert r"1.5 & 绿 \\" in (tmp_path / "behind.tex").read_text(encoding="utf-8").splitlines()
    with pytest.raises(ArgumentError, match=r"data=.*ends in \.csv, \.md or \.tex"):
        titled("days").save_data(tmp_path / "behind.json")
