"""The gallery: every kind of chart, with its caption and the command that made it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from docs.making.markdown import page
from parkflow.analysis.charts.kinds import KINDS


class Exhibit(NamedTuple):
    """A chart in the gallery: its kind, title and caption, the picture's path, and the command that makes it."""

    kind: str
    title: str
    caption: str
    path: str
    command: str


def gallery_page(exhibits: Sequence[Exhibit], mark: str) -> str:
    """The page: a section per kind."""
    lead = (
        "Every kind of chart that `parkflow chart KIND SOURCE --out FILE` draws, as PNG, SVG or PDF by the "
        "suffix of the file. SOURCE "
        "is the folder of a run (`parkflow compare PARK --out FOLDER`), the folder of a sweep, or a park, which "
        "is then simulated. "
        "`--lang zh` labels a chart in Chinese. The colours can be told apart with any colour vision and in grey."
    )
    return page("Gallery", lead, *map(_section, exhibits), mark=mark)


def _section(it: Exhibit) -> str:
    about = KINDS[it.kind]
    return "\n\n".join(
        [
            f"## {it.title}",
            about,
            f"![{it.title}. {it.caption}]({it.path})",
            it.caption,
            f"```console\n$ {it.command}\n```",
        ]
    )
