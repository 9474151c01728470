"""How comparisons are printed: the answer in sentences, one table that fits, and more where it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import typer

from parkflow.analysis.experiments.comparison import Comparison
from parkflow.analysis.language import Words, words
from parkflow.analysis.measures.measure import Measure
from parkflow.analysis.sentences import answers
from parkflow.analysis.sentences.outcome import Outcome
from parkflow.commands.options import Format, Printing
from parkflow.commands.printing import say_paragraphs, show, show_json, width_of_terminal

HINT = "More: --full for every table, --measure NAME for one, --out DIR to keep all."
HINT_ZH = "更多：--full 输出全部表格，--measure 名称 输出一项，--out 文件夹 保存全部结果。"


def observed(printing: Printing, out: Path | None) -> tuple[str | Measure, ...] | None:
    """The measures that what is printed needs; all that are known where everything is kept or printed."""
    from parkflow.analysis.terminal.comparison_tables import PRINTED
    from parkflow.analysis.terminal.policy_table import SHOWN
    from parkflow.registration import measures_of

    asked = measures_of(printing.measure or ())
    if out is not None or (printing.shape is not Format.table and not asked):
        return None
    if printing.shape is not Format.table:
        return asked
    named = (*SHOWN, *(PRINTED if printing.full else ()))
    return tuple(dict.fromkeys((*measures_of(named), *asked)))


def show_comparisons(found: Sequence[Comparison], printing: Printing) -> None:
    """Print comparisons of one park or several."""
    if printing.shape is Format.json:
        documents = [_asked(one, printing).document() for one in found]
        show_json(documents[0] if len(documents) == 1 else documents)
    elif printing.shape is Format.csv:
        import pandas as pd

        frames = [_asked(one, printing).frame() for one in found]
        if len(found) > 1:
            for one, frame in zip(found, frames, strict=True):
                frame.insert(0, "park", one.scenario)
        typer.echo(pd.concat(frames).to_csv(index=False), nl=False)
    else:
        _show_answer(found, printing, words(printing.lang.value))


def _asked(found: Comparison, printing: Printing) -> Comparison:
    """The comparison with the measures that are asked for only."""
    from dataclasses import replace

    if not printing.measure:
        return found
    return replace(found, measures=tuple(row for row in found.measures if row["measure"] in printing.measure))


def _show_answer(found: Sequence[Comparison], printing: Printing, say: Words) -> None:
    """Sentences first, then the table of policies, then what else is asked for."""
    from parkflow.analysis.sentences.sureness import few
    from parkflow.analysis.terminal.comparison_tables import comparison_tables, tables_of_measures
    from parkflow.analysis.terminal.policy_table import policy_table

    outcomes, width = [Outcome.of_comparison(one) for one in found], width_of_terminal()
    say_paragraphs(few(min(one.replications for one in outcomes), say))
    for outcome in outcomes:
        about = say.about(outcome.scenario) if outcome.scenario else say
        typer.echo(answers.heading(outcome, about))
        say_paragraphs(answers.answer(outcome, about))
    show(policy_table(outcomes, say, width))
    if width and not printing.full:
        typer.echo(say.pick(HINT, HINT_ZH))
    for one, outcome in zip(found, outcomes, strict=True):
        about = say.about(outcome.scenario) if outcome.scenario else say
        tables = comparison_tables(one, about, width) if printing.full else []
        for table in (*tables, *tables_of_measures(one, printing.measure or (), about, width)):
            show(table)
