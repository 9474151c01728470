"""Tables as text that papers take: Markdown, and LaTeX with the rules of booktabs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

Rows = Iterable[Sequence[str]]
Write = Callable[[str, Sequence[str], Rows], str]
"""A table from its title, columns and rows."""

SPECIAL = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "−": "$-$", "→": r"$\rightarrow$", "≥": r"$\geq$",
}  # fmt: skip
"""Letters that mean something to LaTeX, or that its fonts lack."""


def markdown_table(title: str, columns: Sequence[str], rows: Rows) -> str:
    """A table under its title in bold, as GitHub and Pandoc read it."""
    lines = [columns, ["---"] * len(columns), *rows]
    body = "\n".join("| " + " | ".join(map(_in_markdown, line)) + " |" for line in lines)
    return f"**{title}**\n\n{body}\n" if title else f"{body}\n"


def latex_table(title: str, columns: Sequence[str], rows: Rows) -> str:
    """A floating table with its caption; the first column stands on the left, the others on the right."""
    head, *body = (" & ".join(map(_in_latex, line)) + r" \\" for line in (columns, *rows))
    inner = [
        rf"\begin{{tabular}}{{l{'r' * (len(columns) - 1)}}}",
        r"\toprule",
        head,
        r"\midrule",
        *body,
        r"\bottomrule",
    ]
    caption = [rf"\caption{{{_in_latex(title)}}}"] if title else []
    lines = [r"\begin{table}", r"\centering", *caption, *inner, r"\end{tabular}", r"\end{table}"]
    return "\n".join(lines) + "\n"


WRITTEN: Mapping[str, Write] = {".md": markdown_table, ".tex": latex_table}
"""How tables are written, by the suffix of a file."""


def _in_markdown(text: str) -> str:
    return text.replace("|", r"\|").replace("\n", " ")


def _in_latex(text: str) -> str:
    return "".join(SPECIAL.get(letter, letter) for letter in text.replace("\n", " "))
