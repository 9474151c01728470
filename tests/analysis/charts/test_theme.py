"""One look for all: told apart with any eyes and in grey, in a font that has the language, and nothing left behind."""

from __future__ import annotations

from itertools import pairwise

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import colormaps, font_manager
from matplotlib.colors import to_rgb

from parkflow.analysis.charts import theme
from parkflow.analysis.charts.network import links
from parkflow.analysis.language import words
from parkflow.analysis.measures.registry import MEASURES
from parkflow.scenarios.load import load
from parkflow.sim.levers import CATALOGUE
from parkflow.sim.network import network


def lightness(colour: str) -> float:
    """Luminance as grey printing shows it, 0 to 1."""
    return float(np.dot(to_rgb(colour), (0.2126, 0.7152, 0.0722)))


def test_neighbouring_policies_differ_in_grey() -> None:
    """The first policies, which most charts show, differ in lightness by a tenth; all differ in dash and marker."""
    policies = ["serial", "a", "b", "c"]
    greys = [lightness(colour) for colour in theme.policy_colours(policies, "serial").values()]
    assert all(abs(one - other) > 0.05 for one, other in pairwise(greys))
    assert len({str(dash) for dash in theme.policy_dashes(policies, "serial").values()}) == 4
    assert len(set(theme.policy_markers(policies, "serial").values())) == 4


def test_kinds_of_time_differ_in_colour_or_hatch() -> None:
    """No two kinds in a schedule look alike, and kinds of similar lightness have different hatches or hues."""
    assert len(set(theme.KINDS.values())) == len(theme.KINDS)


def test_heat_maps_darken_steadily() -> None:
    """Dark is much, in colour and in grey."""
    theme.figure(1)
    colours = colormaps[theme.HEAT](np.linspace(0, 1, 20))[:, :3]
    grey = colours @ np.array([0.2126, 0.7152, 0.0722])
    assert (np.diff(grey) < 0).all()


def test_the_theme_leaves_nothing_behind() -> None:
    """Settings hold inside the block only."""
    before = dict(mpl.rcParams)
    with theme.themed():
        assert not mpl.rcParams["axes.spines.top"]
    assert dict(mpl.rcParams) == before


def test_a_missing_font_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """What to install, by name."""
    monkeypatch.setattr(font_manager.fontManager, "ttflist", [])
    monkeypatch.setattr(font_manager, "findSystemFonts", list)
    with pytest.raises(theme.FontError, match="apt-get install fonts-noto-cjk"), theme.themed("zh"):
        pass


def test_chinese_has_a_word_for_levers_measures_and_policies() -> None:
    """Names come from the registries, and from the scenario."""
    say = words("zh").about(load("yantai"))
    assert all(say.lever(name) == lever.title_zh for name, lever in CATALOGUE.items())
    assert all(say.title(measure) == measure.title_zh for measure in MEASURES)
    assert say.policy("serial") == words("zh").policy("serial") == "串联审批"
    assert words("en").lever("land_bank") == "land bank"


def test_links_of_the_network_imply_the_rest() -> None:
    """What is drawn has the same reach as all precedence, and names the practices that waive custom."""
    park = load("baseline")
    net = network(park, "project")
    drawn = links(park)
    after: dict[str, set[str]] = {}
    for before, activity in zip(drawn["before"], drawn["activity"], strict=True):
        after.setdefault(before, set()).add(activity)
    place = {node[0]: number for number, node in enumerate(net.nodes)}
    reach: dict[str, set[str]] = {}
    for number in reversed(net.order()):
        name = net.nodes[number][0]
        reach[name] = after.get(name, set()).union(*(reach[other] for other in after.get(name, set())))
    for name, number in place.items():
        assert all(name in reach[net.nodes[before][0]] for before in net.predecessors[number])
    assert set(drawn["practice"]) - {""} <= set(park.practices)
    assert "parallel_approvals" in set(drawn["practice"])
