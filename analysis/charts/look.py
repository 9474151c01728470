"""How a chart is written into a file: its size, dots, font, and whether its title stands above it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from matplotlib.figure import Figure

from parkflow.analysis.errors import ArgumentError

TALL, TALL_DPI, DPI = 9.0, 120, 200
"""Pictures higher than so many inches have fewer dots per inch than others."""

INCHES, DOTS = (1.0, 60.0), (30, 1200)
"""The least and the most that is accepted: beyond, nothing can be read, or the memory is full."""


@dataclass(frozen=True)
class Look:
    """Width and height in inches, dots per inch and the name of a font; what is None is as the chart was drawn.

    Raises `ArgumentError` for a size that is out of bounds.
    """

    width: float | None = None
    height: float | None = None
    dpi: int | None = None
    font: str | None = None
    titled: bool = True

    def __post_init__(self) -> None:
        for name, (least, most) in (("width", INCHES), ("height", INCHES), ("dpi", DOTS)):
            value = getattr(self, name)
            if value is not None and not least <= value <= most:
                unit = "dots per inch" if name == "dpi" else "inches"
                raise ArgumentError(name, value, f"give {least:g} to {most:g} {unit}")

    @contextmanager
    def sized(self, figure: Figure) -> Iterator[None]:
        """Let a figure have this size inside the block."""
        before = figure.get_size_inches().copy()
        figure.set_size_inches(self.width or before[0], self.height or before[1])
        try:
            yield
        finally:
            figure.set_size_inches(*before)

    def dots(self, figure: Figure) -> int:
        """Dots per inch."""
        return self.dpi or (TALL_DPI if figure.get_figheight() > TALL else DPI)


BARE = Look(titled=False)
"""As drawn, without the title: in a report the title is text."""
