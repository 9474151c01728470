"""The look of every chart, in one place: colours, hatches, sizes, fonts and language.

Colours are those of Okabe and Ito (2008), ordered so that neighbours differ in lightness: they can be told apart with
any colour vision and in grey. What a colour tells, a line style, a marker or a hatch tells as well.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
import seaborn as sns
from matplotlib import font_manager
from matplotlib.figure import Figure
from matplotlib.text import Text

from parkflow.analysis.errors import AnalysisError
from parkflow.analysis.language import Language
from parkflow.sim.names import nearest

COLUMN = 5.2
"""Width of a chart in inches; printed at the 3.5 inches of a journal column its text is still 6 points high."""

PAGE = 7.2
"""Width in inches of the charts that need a whole page."""

INK, MUTED, RULE, PAPER = "#1a1a1a", "#595959", "#d9d9d9", "#ffffff"
BASE = "#767676"
"""Grey for the baseline policy."""

POLICY_COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00")
DASHES = ("-", (0, (5, 1.5)), (0, (1.5, 1.2)), (0, (6, 1.5, 1.5, 1.5)), (0, (3, 1)), (0, (8, 2)))
MARKERS = ("o", "s", "D", "^", "v", "P")
GAIN, LOSS = "#0072B2", "#D55E00"
HEAT = "mako_r"
"""Its lightness falls steadily, so dark is much in colour and in grey."""

KINDS = {
    "queueing": ("#D55E00", ""),
    "service": ("#0072B2", ""),
    "correction": ("#CC79A7", "xxxx"),
    "preparation": ("#56B4E9", ""),
    "notice": ("#F0E442", "////"),
    "waiting": ("#FFFFFF", "...."),
    "land work": ("#E69F00", "----"),
    "issue": ("#1a1a1a", ""),
    "works": ("#009E73", "\\\\\\\\"),
}
"""Colour and hatch of each kind of time in a schedule."""

CHINESE_FONTS = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Microsoft YaHei",
    "PingFang SC",
    "SimHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Noto Sans CJK JP",
    "Droid Sans Fallback",
    "Arial Unicode MS",
)


class FontError(AnalysisError):
    """No installed font can write the language asked for; the message says what to install."""


def chinese_font() -> str:
    """The first installed font that has simplified Chinese.

    Raises `FontError` where there is none.
    """
    installed = {font.name for font in font_manager.fontManager.ttflist}
    found = next((name for name in CHINESE_FONTS if name in installed), None) or _found_later()
    if found is None:
        raise FontError(
            "no Chinese font is installed, and Chinese is to be written; install one "
            "(Debian and Ubuntu: apt-get install fonts-noto-cjk; "
            "any of " + ", ".join(CHINESE_FONTS[:6]) + " will do), write SVG, or use English names"
        )
    return found


def _known_chinese() -> list[str]:
    """A font for Chinese names in an English chart, where one is installed."""
    installed = {font.name for font in font_manager.fontManager.ttflist}
    return [name for name in CHINESE_FONTS if name in installed][:1]


def _installed(font: str) -> str:
    """The name of an installed font, however its letters are cased; raises `FontError` where there is none."""
    installed = {one.name.lower(): one.name for one in font_manager.fontManager.ttflist}
    if font.lower() not in installed:
        raise FontError(f"no installed font is called {font!r}; {nearest(font.lower(), installed)}")
    return installed[font.lower()]


@contextmanager
def writable(drawn: Figure, suffix: str) -> Iterator[None]:
    """Make sure that a font can write what stands in a figure; in SVG the reader's own fonts do that.

    Raises `FontError` where Chinese names stand in a picture and no font has them.
    """
    if suffix != "svg" and not _known_chinese() and any(map(_is_chinese, drawn.findobj(Text))):
        chinese_font()
    with warnings.catch_warnings():
        if suffix == "svg":
            warnings.filterwarnings("ignore", "Glyph .* missing from")
        yield


def _is_chinese(text: Any) -> bool:
    return any("\u2e80" <= letter <= "\u9fff" for letter in text.get_text())


def _found_later() -> str | None:
    """A font installed after matplotlib made its list."""
    known = {font.fname for font in font_manager.fontManager.ttflist}
    for path in font_manager.findSystemFonts():
        if path not in known and any(name.split()[0].lower() in path.lower() for name in CHINESE_FONTS):
            font_manager.fontManager.addfont(path)
    installed = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in CHINESE_FONTS if name in installed), None)


@contextmanager
def themed(language: Language = "en", font: str | None = None) -> Iterator[None]:
    """Draw in this look, and in a font of one's own where it is named, inside the block; nothing outside it changes.

    Raises `FontError` where the font is not installed, or none has the language.
    """
    own, latin = [_installed(font)] if font else [], "DejaVu Sans"
    others = [chinese_font(), latin] if language == "zh" else [latin, *_known_chinese()]
    fonts = [*own, *others]
    with sns.axes_style("ticks"), sns.plotting_context("paper"), mpl.rc_context(_settings(fonts)):
        yield


def _settings(fonts: Sequence[str]) -> Any:
    return {
        "font.family": "sans-serif",
        "font.sans-serif": fonts,
        "font.size": 8.5,
        "axes.titlesize": 9,
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
        "axes.labelsize": 8.5,
        "axes.edgecolor": MUTED,
        "axes.labelcolor": INK,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": False,
        "axes.unicode_minus": False,
        "xtick.labelsize": 8,
        "ytick.labelsize": 8,
        "legend.fontsize": 8,
        "legend.frameon": False,
        "grid.color": RULE,
        "grid.linewidth": 0.6,
        "hatch.linewidth": 0.5,
        "lines.linewidth": 1.6,
        "figure.dpi": 100,
        "savefig.dpi": 200,
        "savefig.facecolor": PAPER,
        "svg.fonttype": "none",
        "svg.hashsalt": "parkflow",
        "pdf.fonttype": 42,
    }


def figure(height: float, width: float = COLUMN) -> Figure:
    """An empty figure of this size in inches, whose panels keep clear of each other."""
    return Figure(figsize=(width, height), layout="constrained")


def policy_colours(policies: Sequence[str], baseline: str) -> dict[str, str]:
    """A colour for each policy: grey for the baseline."""
    others = [policy for policy in policies if policy != baseline]
    return {baseline: BASE} | {p: POLICY_COLOURS[n % len(POLICY_COLOURS)] for n, p in enumerate(others)}


def policy_dashes(policies: Sequence[str], baseline: str) -> dict[str, Any]:
    """A line style for each policy: dotted for the baseline, so that it is told apart in grey."""
    others = [policy for policy in policies if policy != baseline]
    return {baseline: (0, (1, 1))} | {p: DASHES[n % len(DASHES)] for n, p in enumerate(others)}


def policy_markers(policies: Sequence[str], baseline: str) -> dict[str, str]:
    """A marker for each policy."""
    others = [policy for policy in policies if policy != baseline]
    return {baseline: "x"} | {p: MARKERS[n % len(MARKERS)] for n, p in enumerate(others)}


def on_dark(share: float) -> str:
    """Colour of text on a cell of the heat map whose place on the scale, 0 to 1, is given."""
    return PAPER if share > 0.42 else INK
