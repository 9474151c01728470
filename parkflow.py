"""parkflow: how fast an industrial park turns signed projects into working factories, and what each practice is worth.

From Python: ``parkflow.compare("yantai", ["green_channel"])`` returns what ``parkflow compare`` prints.
"""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from analysis.comparison import Comparison, Keep
    from sim.layout import Layout
    from sim.scenario import Scenario

DEFAULT_PARK = "yantai"
DEFAULT_POLICIES = ("reported", "green_channel")
DEFAULT_REPLICATIONS = 40
BASELINE = "serial"
BAD_INPUT = 2

app = typer.Typer(
    help="Simulate how industrial parks develop: what each practice saves, in days and issues resolved.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Format(StrEnum):
    """How results are printed."""

    table = "table"
    json = "json"
    csv = "csv"


def compare(
    park: str | os.PathLike[str] = DEFAULT_PARK,
    policies: Sequence[str] = (),
    *,
    baseline: str = BASELINE,
    start: str | None = None,
    end: str | None = None,
    replications: int = DEFAULT_REPLICATIONS,
    seed: int = 1,
    workers: int | None = None,
    progress: Callable[[int], None] = lambda done: None,
    keep: Keep | None = None,
) -> Comparison:
    """Compare policies of a park, or of a scenario file, with a baseline policy.

    `start` and `end` name milestones; left out, the scenario's own question is asked. `workers` defaults to all cores
    and changes nothing in the result. Raises `scenarios.load.InputError` for bad input.
    """
    from analysis.comparison import Comparison, compare
    from analysis.provenance import record
    from scenarios.load import load
    from sim.run import local

    scenario = load(park)
    named = _chosen(scenario, tuple(policies), baseline)
    layouts = {policy: _layout(scenario, policy) for policy in named}
    question = _question(layouts[baseline], start, end)
    numbers, seed = range(_at_least(1, replications, "--replications")), _at_least(0, seed, "--seed")
    executor = local(min(workers or os.cpu_count() or 1, replications))
    rows = compare(layouts, baseline, question, seed, numbers, executor, progress, keep)
    made = record(scenario, _command())
    scenarios = {policy: layout.scenario for policy, layout in layouts.items()}
    return Comparison(scenario.name, baseline, seed, replications, question, rows, made, scenarios)


def _chosen(scenario: Scenario, policies: tuple[str, ...], baseline: str) -> tuple[str, ...]:
    from sim.levers import policy_names

    named = policies or tuple(name for name in DEFAULT_POLICIES if name in policy_names(scenario))
    return tuple(dict.fromkeys((baseline, *named)))


def _layout(scenario: Scenario, policy: str) -> Layout:
    from scenarios.load import InputError
    from sim.checks import ScenarioError
    from sim.layout import Layout
    from sim.levers import LeverError, under

    try:
        return Layout(under(scenario, policy))
    except (LeverError, ScenarioError) as error:
        raise InputError(f"{scenario.name}, policy {policy}: {error}") from None


def _question(layout: Layout, start: str | None, end: str | None) -> tuple[str, str]:
    from analysis.comparison import milestones
    from scenarios.load import InputError
    from sim.checks import nearest

    asked = layout.scenario.question
    known = tuple(milestones(layout))
    pair = (start or (asked.start if asked else "arrival"), end or (asked.end if asked else known[-1]))
    for option, name in zip(("--from", "--to"), pair, strict=True):
        if name not in known:
            raise InputError(f"{option} {name}: {layout.scenario.name} has no such milestone; {nearest(name, known)}")
    return pair


def _at_least(least: int, value: int, option: str) -> int:
    from scenarios.load import InputError

    if value < least:
        raise InputError(f"{option} {value}: give {least} or more")
    return value


def _command() -> str:
    return shlex.join(["parkflow", *sys.argv[1:]]) if Path(sys.argv[0]).stem == "parkflow" else "parkflow.compare"


Park = Annotated[str, typer.Argument(help="A shipped park, or the path of a scenario file.", metavar="PARK|FILE")]
Policies = Annotated[list[str] | None, typer.Option("--policy", "-p", help="A policy; may be given several times.")]
From = Annotated[str | None, typer.Option("--from", help="Milestone at which the days start to count.")]
To = Annotated[str | None, typer.Option("--to", help="Milestone at which they end.")]
Replications = Annotated[int, typer.Option("--replications", "-n", help="Independent runs of each policy.")]
Seed = Annotated[int, typer.Option("--seed", "-s", help="The same seed gives the same numbers.")]
Workers = Annotated[int | None, typer.Option("--workers", "-w", help="Processes; all cores if not given.")]
Shape = Annotated[Format, typer.Option("--format", "-f", help="How results are printed.")]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="Folder for Parquet tables and measures.")]


@app.command("compare")
def compare_command(
    park: Park = DEFAULT_PARK,
    policy: Policies = None,
    baseline: Annotated[str, typer.Option(help="Policy to compare with.")] = BASELINE,
    start: From = None,
    end: To = None,
    replications: Replications = DEFAULT_REPLICATIONS,
    seed: Seed = 1,
    workers: Workers = None,
    shape: Shape = Format.table,
    out: Out = None,
) -> None:
    """Compare policies on the same projects: days saved, issues resolved, and where the days went."""
    with _kind_errors(), _progress(replications) as progress, _store(out) as keep:
        result = compare(
            park,
            tuple(policy or ()),
            baseline=baseline,
            start=start,
            end=end,
            replications=replications,
            seed=seed,
            workers=workers,
            progress=progress,
            keep=keep,
        )
    _show(result, shape, out)


@app.command("run")
def run_command(
    park: Park = DEFAULT_PARK,
    policy: Annotated[str, typer.Option("--policy", "-p", help="The policy to run.")] = BASELINE,
    start: From = None,
    end: To = None,
    replications: Replications = DEFAULT_REPLICATIONS,
    seed: Seed = 1,
    workers: Workers = None,
    shape: Shape = Format.table,
    out: Out = None,
) -> None:
    """Run one policy: its days, issues, starts, desks and causes."""
    compare_command(park, [policy], policy, start, end, replications, seed, workers, shape, out)


@app.command("scenarios")
def scenarios_command() -> None:
    """List the shipped parks and their policies."""
    from analysis.text import catalogue
    from scenarios.load import available, load

    with _kind_errors():
        _print(catalogue([load(name) for name in available()]))


@app.command("check")
def check_command(file: Park) -> None:
    """Say what is wrong with a scenario file, or show its resolved network."""
    from analysis.text import network_of
    from scenarios.load import load

    with _kind_errors():
        scenario = load(file)
        for policy in scenario.policies:
            _layout(scenario, policy)
        _print(network_of(_layout(scenario, BASELINE)))


@app.command("show")
def show_command(
    park: Park,
    policy: Annotated[str, typer.Option("--policy", "-p", help="Show the park under this policy.")] = BASELINE,
    diff: Annotated[bool, typer.Option("--diff", help="Only what the policy changes.")] = False,
) -> None:
    """Print a resolved scenario, every number with its note, or only what a policy changes in it."""
    from analysis.text import changes_table
    from scenarios.describe import difference, dumped
    from scenarios.load import load

    with _kind_errors():
        scenario = load(park)
        changed = _layout(scenario, policy).scenario
        if diff:
            _print(changes_table(policy, difference(scenario, changed)))
        else:
            typer.echo(json.dumps(dumped(changed), indent=2, ensure_ascii=False))


@app.command("schema")
def schema_command() -> None:
    """Print the JSON Schema of scenario files, for editors that complete and check them."""
    from scenarios.describe import schema

    typer.echo(json.dumps(schema(), indent=2, ensure_ascii=False))


@contextmanager
def _kind_errors() -> Iterator[None]:
    """One message and exit status 2 for bad input, never a traceback."""
    from scenarios.load import InputError

    try:
        yield
    except InputError as error:
        _stop(str(error))
    except OSError as error:
        _stop(f"{error.filename}: {error.strerror}")


def _stop(message: str) -> NoReturn:
    typer.echo(f"parkflow: {message}", err=True)
    raise typer.Exit(BAD_INPUT)


@contextmanager
def _progress(total: int) -> Iterator[Callable[[int], None]]:
    """A bar with the time left on a terminal, nothing when the output is piped."""
    if not sys.stderr.isatty():
        yield lambda done: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("replications"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("replications", total=total)
        yield lambda done: bar.update(task, completed=done)


@contextmanager
def _store(out: Path | None) -> Iterator[Keep | None]:
    if out is None:
        yield None
        return
    from analysis.tables import TableFolder

    with TableFolder(out) as folder:
        yield folder.append


def _show(result: Comparison, shape: Format, out: Path | None) -> None:
    if out is not None:
        from analysis.runs import write_scenarios

        result.frame().to_csv(out / "measures.csv", index=False)
        document = json.dumps(result.document(), indent=2, ensure_ascii=False)
        (out / "comparison.json").write_text(document, encoding="utf-8")
        write_scenarios(out, result.scenarios)
    if shape is Format.json:
        typer.echo(json.dumps(result.document(), ensure_ascii=False, allow_nan=False))
    elif shape is Format.csv:
        typer.echo(result.frame().to_csv(index=False), nl=False)
    else:
        from analysis.text import comparison_tables

        for table in comparison_tables(result):
            _print(table)


def _print(renderable: Any) -> None:
    from rich.console import Console

    console = Console()
    console.print(renderable) if console.is_terminal else Console(width=120).print(renderable)


def main() -> None:
    """Entry point of the console script."""
    app()


if __name__ == "__main__":
    main()
