"""parkflow: how fast an industrial park turns signed projects into working factories, and what each practice is worth.

From Python: ``parkflow.compare("yantai", ["green_channel"])`` returns what ``parkflow compare`` prints.
"""

from __future__ import annotations

import json
import os
import shlex
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from parkflow.analysis.charts.chart import Ask, Chart
    from parkflow.analysis.experiments.comparison import Comparison, Keep
    from parkflow.analysis.experiments.executors import Executor
    from parkflow.analysis.experiments.sweep import Plan as SweepPlan
    from parkflow.analysis.experiments.worth import LeverWorth
    from parkflow.analysis.report.page import Page
    from parkflow.analysis.store.run_folder import Run
    from parkflow.sim.layout import Layout
    from parkflow.sim.scenario import Scenario

DEFAULT_PARK = "yantai"
DEFAULT_POLICIES = ("reported", "green_channel")
DEFAULT_REPLICATIONS = 40
BASELINE = "serial"
BAD_INPUT = 2
FAILED = 1
INTERRUPTED = 130

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


class Language(StrEnum):
    """The languages of charts and reports."""

    en = "en"
    zh = "zh"


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
    levers: Mapping[str, Mapping[str, Any]] | None = None,
    without: Sequence[str] = (),
    progress: Callable[[int], None] = lambda done: None,
    keep: Keep | None = None,
) -> Comparison:
    """Compare policies of a park, or of a scenario file, with a baseline policy.

    `start` and `end` name milestones; left out, the scenario's own question is asked. `workers` defaults to all cores
    and changes nothing in the result. `levers` (parameters by lever) are added to the policies, and those in `without`
    are left out of them; without any policy named they are added to the serial park. Raises
    `scenarios.load.InputError` for bad input.
    """
    from parkflow.analysis.experiments.comparison import Comparison, compare
    from parkflow.analysis.experiments.executors import local
    from parkflow.analysis.provenance import record
    from parkflow.scenarios.load import load

    scenario = load(park)
    change = _Change(dict(levers or {}), tuple(without))
    named = _chosen(scenario, tuple(policies), baseline, change)
    layouts = {baseline: _layout(park, scenario, baseline)}
    layouts |= {change.name(policy): _layout(park, scenario, policy, change) for policy in named}
    question = _question(layouts[baseline], start, end)
    numbers, seed = range(_at_least(1, replications, "--replications")), _at_least(0, seed, "--seed")
    cores = os.cpu_count() or 1 if workers is None else _at_least(1, workers, "--workers")
    executor = local(min(cores, replications))
    rows = compare(layouts, baseline, question, seed, numbers, executor, progress, keep)
    made = record(scenario, _command())
    scenarios = {policy: layout.scenario for policy, layout in layouts.items()}
    return Comparison(scenario.name, baseline, seed, replications, question, rows, made, scenarios)


@dataclass(frozen=True)
class _Change:
    """Levers that the command line adds to policies or leaves out of them."""

    more: dict[str, Mapping[str, Any]]
    without: tuple[str, ...] = ()

    def name(self, policy: str) -> str:
        """What to call a policy that is changed."""
        more = (f"+{name}" + "".join(f":{k}={v}" for k, v in given.items()) for name, given in self.more.items())
        return policy + "".join((*more, *(f"-{name}" for name in self.without)))


_AS_IT_IS = _Change({})


def _chosen(scenario: Scenario, policies: tuple[str, ...], baseline: str, change: _Change) -> tuple[str, ...]:
    from parkflow.sim.levers import SERIAL, policy_names

    if change != _AS_IT_IS:
        return policies or (SERIAL,)
    named = policies or tuple(name for name in DEFAULT_POLICIES if name in policy_names(scenario))
    return tuple(policy for policy in dict.fromkeys(named) if policy != baseline)


def _layout(park: str | os.PathLike[str], scenario: Scenario, policy: str, change: _Change = _AS_IT_IS) -> Layout:
    from parkflow.scenarios.load import InputError
    from parkflow.sim.checks import ScenarioError
    from parkflow.sim.layout import Layout
    from parkflow.sim.levers import LeverError, bundle, revised, with_levers

    try:
        return Layout(with_levers(scenario, revised(bundle(scenario, policy), change.more, change.without)))
    except LeverError as error:
        raise InputError(f"{park}: {error.in_policy(policy)}") from None
    except ScenarioError as error:
        raise InputError(f"{park}, policy {policy}: {error}") from None


def _question(layout: Layout, start: str | None, end: str | None) -> tuple[str, str]:
    from parkflow.analysis.experiments.question import UnknownMilestoneError, resolved
    from parkflow.scenarios.load import InputError

    try:
        return resolved(layout.scenario, start, end)
    except UnknownMilestoneError as error:
        raise InputError(f"--{error}") from None


def _at_least(least: int, value: int, option: str) -> int:
    from parkflow.scenarios.load import InputError

    if value < least:
        raise InputError(f"{option} {value}: give {least} or more")
    return value


def _command() -> str:
    return shlex.join(["parkflow", *sys.argv[1:]]) if Path(sys.argv[0]).stem == "parkflow" else "parkflow.compare"


class WorthFormat(StrEnum):
    """How the worth of levers is printed."""

    table = "table"
    csv = "csv"
    markdown = "markdown"


Park = Annotated[str, typer.Argument(help="A shipped park, or the path of a scenario file.", metavar="PARK|FILE")]
Policies = Annotated[list[str] | None, typer.Option("--policy", "-p", help="A policy; may be given several times.")]
Levers = Annotated[
    list[str] | None, typer.Option("--lever", "-l", help="Add NAME or NAME:PARAMETER=VALUE,… to the policies.")
]
Without = Annotated[list[str] | None, typer.Option("--without", help="Leave this lever out of the policies.")]
From = Annotated[str | None, typer.Option("--from", help="Milestone at which the days start to count.")]
To = Annotated[str | None, typer.Option("--to", help="Milestone at which they end.")]
Replications = Annotated[int, typer.Option("--replications", "-n", help="Independent runs of each policy.")]
Seed = Annotated[int, typer.Option("--seed", "-s", help="The same seed gives the same numbers.")]
Workers = Annotated[int | None, typer.Option("--workers", "-w", help="Processes; all cores if not given.")]
Shape = Annotated[Format, typer.Option("--format", "-f", help="How results are printed.")]
Source = Annotated[str, typer.Argument(help="A run or sweep folder, or a park to simulate.", metavar="SOURCE")]
Lang = Annotated[Language, typer.Option("--lang", help="Language of titles, labels and captions.")]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="Folder for Parquet tables and measures.")]


@app.command("compare")
def compare_command(
    park: Park = DEFAULT_PARK,
    policy: Policies = None,
    baseline: Annotated[str, typer.Option(help="Policy to compare with.")] = BASELINE,
    lever: Levers = None,
    without: Without = None,
    start: From = None,
    end: To = None,
    replications: Replications = DEFAULT_REPLICATIONS,
    seed: Seed = 1,
    workers: Workers = None,
    shape: Shape = Format.table,
    out: Out = None,
) -> None:
    """Compare policies on the same projects: days saved, issues resolved, and where the days went."""
    from parkflow.commands.lever_options import levers_written

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
            levers=levers_written(lever or ()),
            without=tuple(without or ()),
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
    compare_command(park, [policy], policy, None, None, start, end, replications, seed, workers, shape, out)


@app.command("scenarios")
def scenarios_command() -> None:
    """List the shipped parks and their policies."""
    from parkflow.analysis.terminal.comparison_tables import catalogue
    from parkflow.scenarios.load import available, load

    with _kind_errors():
        _print(catalogue([load(name) for name in available()]))


@app.command("check")
def check_command(file: Park) -> None:
    """Say what is wrong with a scenario file, or show its resolved network."""
    from parkflow.analysis.terminal.comparison_tables import network_of
    from parkflow.scenarios.load import load

    with _kind_errors():
        scenario = load(file)
        for policy in scenario.policies:
            _layout(file, scenario, policy)
        _print(network_of(_layout(file, scenario, BASELINE).scenario))


@app.command("show")
def show_command(
    park: Park,
    policy: Annotated[str, typer.Option("--policy", "-p", help="Show the park under this policy.")] = BASELINE,
    diff: Annotated[bool, typer.Option("--diff", help="Only what the policy changes.")] = False,
) -> None:
    """Print a resolved scenario, every number with its note, or only what a policy changes in it."""
    from parkflow.analysis.terminal.comparison_tables import changes_table
    from parkflow.scenarios.describe import difference, dumped
    from parkflow.scenarios.load import load

    with _kind_errors():
        scenario = load(park)
        changed = _layout(park, scenario, policy).scenario
        if diff:
            _print(changes_table(policy, difference(scenario, changed)))
        else:
            typer.echo(json.dumps(dumped(changed), indent=2, ensure_ascii=False))


@app.command("levers")
def levers_command(
    name: Annotated[str | None, typer.Argument(help="Explain this lever.")] = None,
    mechanisms: Annotated[bool, typer.Option("--mechanisms", help="Which lever carries each mechanism.")] = False,
) -> None:
    """List the levers, explain one, or say which lever carries each mechanism that the reports describe."""
    from parkflow.analysis.terminal.lever_tables import lever_page, levers_table, mechanisms_table
    from parkflow.scenarios.evidence import mechanisms as described
    from parkflow.scenarios.load import InputError
    from parkflow.sim.levers import LeverError, kind_of

    with _kind_errors():
        if mechanisms:
            _print(mechanisms_table(described()))
        elif name is None:
            _print(levers_table())
        else:
            try:
                _print(lever_page(kind_of(name)))
            except LeverError as error:
                raise InputError(str(error)) from None


@app.command("worth")
def worth_command(
    park: Park = DEFAULT_PARK,
    policy: Annotated[str, typer.Option("--policy", "-p", help="The bundle whose levers are weighed.")] = "full",
    start: From = None,
    end: To = None,
    replications: Replications = 6,
    seed: Seed = 1,
    workers: Workers = None,
    shape: Annotated[WorthFormat, typer.Option("--format", "-f", help="How the table is printed.")] = WorthFormat.table,
) -> None:
    """Weigh each lever of a bundle: alone against the serial park, and by what its removal from the bundle costs."""
    from parkflow.analysis.experiments.executors import local
    from parkflow.analysis.experiments.worth import lever_worth
    from parkflow.analysis.terminal.worth_tables import worth_markdown, worth_table
    from parkflow.scenarios.load import load

    with _kind_errors(), _progress(2 * replications) as progress:
        scenario = load(park)
        question = _question(_layout(park, scenario, policy), start, end)
        numbers = range(_at_least(1, replications, "--replications"))
        executor = local(workers or os.cpu_count() or 1)
        worth = lever_worth(scenario, policy, question, seed, numbers, executor, progress)
    if shape is WorthFormat.table:
        _print(worth_table(worth))
    else:
        typer.echo(
            worth_markdown(worth) if shape is WorthFormat.markdown else worth.frame().to_csv(index=False), nl=False
        )


@app.command("schema")
def schema_command() -> None:
    """Print the JSON Schema of scenario files, for editors that complete and check them."""
    from parkflow.scenarios.describe import schema

    typer.echo(json.dumps(schema(), indent=2, ensure_ascii=False))


@app.command("chart")
def chart_command(
    kind: Annotated[str, typer.Argument(help="What to draw; --list shows the kinds.", metavar="KIND")] = "",
    source: Source = DEFAULT_PARK,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="File: PNG, SVG or PDF by its suffix.")] = None,
    policy: Annotated[str | None, typer.Option("--policy", "-p", help="The policy set beside the baseline.")] = None,
    project: Annotated[str | None, typer.Option(help="The project of a schedule, as new-8.")] = None,
    measure: Annotated[str | None, typer.Option(help="The measure of a sweep.")] = None,
    lang: Lang = Language.en,
    replications: Replications = DEFAULT_REPLICATIONS,
    seed: Seed = 1,
    workers: Workers = None,
    show_kinds: Annotated[bool, typer.Option("--list", help="List the kinds of chart.")] = False,
) -> None:
    """Draw one chart from a run folder, a sweep folder or a park."""
    with _kind_errors():
        if show_kinds or not kind:
            _list_kinds()
            return
        from parkflow.analysis.charts.chart import Ask
        from parkflow.analysis.charts.drawing import known_kind
        from parkflow.analysis.language import words

        name, ask = known_kind(kind), Ask(words(lang.value), policy, project, measure)
        target = out or Path(f"{name}.png")
        with _progress(replications) as progress:
            chart = _chart(name, source, ask, Simulated(replications, seed, workers, progress))
        chart.save(target)
        typer.echo(f"{target}: {chart.title}\n{chart.caption}")


@app.command("report")
def report_command(
    source: Source = DEFAULT_PARK,
    out: Annotated[Path, typer.Option("--out", "-o", help="The HTML file.")] = Path("report.html"),
    policy: Annotated[str | None, typer.Option("--policy", "-p", help="The policy that the answer is about.")] = None,
    measure: Annotated[str | None, typer.Option(help="The measure of a sweep.")] = None,
    lang: Lang = Language.en,
    replications: Replications = DEFAULT_REPLICATIONS,
    seed: Seed = 1,
    workers: Workers = None,
) -> None:
    """Write a report that can be handed in: one HTML file with charts, tables, sources, limits and how to rerun it."""
    with _kind_errors(), _progress(replications) as progress:
        from parkflow.analysis.charts.chart import Ask
        from parkflow.analysis.language import words
        from parkflow.analysis.report.page import html

        ask = Ask(words(lang.value), policy, measure=measure)
        page = _page(source, ask, Simulated(replications, seed, workers, progress))
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(html(page), encoding="utf-8")
        typer.echo(f"{out}: {page.title}\n" + "\n".join(page.answer))


class Detail(StrEnum):
    """What a sweep stores of every replication besides its measures."""

    summary = "summary"
    projects = "projects"
    events = "events"


class Design(StrEnum):
    """How the points of a sweep are chosen."""

    grid = "grid"
    random = "random"
    lhs = "lhs"
    sobol = "sobol"


SweepFolder = Annotated[Path, typer.Argument(help="Folder of a sweep.", metavar="DIR")]


@app.command("sweep")
def sweep_command(
    file: Annotated[str, typer.Argument(help="A shipped sweep, a sweep file, or a park.", metavar="FILE|PARK")],
    vary: Annotated[list[str] | None, typer.Option(help="A factor: key=2,3,4 or key=low:high:points.")] = None,
    policy: Policies = None,
    baseline: Annotated[str | None, typer.Option(help="Policy to compare with.")] = None,
    start: From = None,
    end: To = None,
    design: Annotated[Design | None, typer.Option(help="How points are chosen.")] = None,
    size: Annotated[int | None, typer.Option(help="Points of a random, lhs or sobol design.")] = None,
    replications: Annotated[int | None, typer.Option("--replications", "-n", help="Of every point.")] = None,
    half_width: Annotated[float | None, typer.Option(help="Replicate until days saved are this sure.")] = None,
    cap: Annotated[int | None, typer.Option(help="Most replications of a point with --half-width.")] = None,
    seed: Annotated[int | None, typer.Option("--seed", "-s", help="The same seed gives the same numbers.")] = None,
    detail: Annotated[Detail | None, typer.Option(help="What is stored besides the measures.")] = None,
    latin_hypercube: Annotated[bool, typer.Option(help="Draw replications in blocks of 64.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what it would take.")] = False,
    extend: Annotated[int, typer.Option(help="So many replications more of every point.", min=0)] = 0,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Try again what failed.")] = False,
    cluster: Annotated[str | None, typer.Option(help="Address of a Dask scheduler, as tcp://host:8786.")] = None,
    workers: Workers = None,
    shape: Shape = Format.table,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Folder of the sweep; else sweeps/NAME.")] = None,
) -> None:
    """Run a sweep over many points, or go on with one: what is stored is never run again."""
    precision = {"half_width": half_width} | ({"maximum": cap} if cap else {}) if half_width else None
    given = {
        "policies": tuple(policy) if policy else None, "baseline": baseline, "from": start, "to": end, "size": size,
        "design": design.value if design else None, "replications": replications, "precision": precision, "seed": seed,
        "detail": detail.value if detail else None, "latin_hypercube": latin_hypercube or None,
    }  # fmt: skip
    with _kind_errors():
        from parkflow.analysis.experiments.sweep import forecast, planned
        from parkflow.analysis.experiments.sweep_file import load_sweep

        settings = {key: value for key, value in given.items() if value is not None}
        plan = planned(load_sweep(file, tuple(vary or ()), settings))
        cores = os.cpu_count() or 1 if workers is None else _at_least(1, workers, "--workers")
        if dry_run:
            from parkflow.analysis.terminal.sweep_tables import forecast_text

            typer.echo(forecast_text(plan.name, forecast(plan), cores))
            return
        folder = out or Path("sweeps") / plan.name
        with _stored_if_stopped(folder), _executor(cores, cluster) as executor:
            _run_sweep(plan, folder, executor, extend, retry_failed)
        failed = _show_sweep(folder, (), shape)
    raise typer.Exit(FAILED if failed else 0)


@app.command("results")
def results_command(
    folder: SweepFolder,
    measure: Annotated[list[str] | None, typer.Option("--measure", "-m", help="A measure; several times.")] = None,
    groups: Annotated[bool, typer.Option("--groups", help="Of every group of projects.")] = False,
    shape: Shape = Format.table,
) -> None:
    """Print what a sweep found so far, point by point."""
    with _kind_errors():
        _show_sweep(folder, tuple(measure or ()), shape, groups)


@app.command("status")
def status_command(folder: SweepFolder) -> None:
    """Say how far a sweep is."""
    from parkflow.analysis.terminal.sweep_tables import standing_text

    with _kind_errors():
        from parkflow.analysis.experiments.sweep import standing

        typer.echo(standing_text(str(folder), standing(folder)))


def _run_sweep(plan: SweepPlan, folder: Path, executor: Executor, extend: int, retry_failed: bool) -> None:
    from parkflow.analysis.experiments.sweep import run_sweep
    from parkflow.analysis.terminal.progress import shown

    with shown(plan.name, plan.wanted) as progress:
        run_sweep(plan, folder, executor, progress, _command(), extend, retry_failed)


@contextmanager
def _executor(cores: int, address: str | None) -> Iterator[Executor]:
    """The processes of this machine, or the workers of a cluster."""
    from parkflow.analysis.experiments.executors import cluster, local
    from parkflow.scenarios.load import InputError

    if address is None:
        yield local(cores)
        return
    try:
        connection = cluster(address)
        executor = connection.__enter__()
    except ImportError:
        raise InputError("--cluster needs Dask: install parkflow[cluster]") from None
    except (OSError, ValueError) as error:
        raise InputError(f"--cluster {address}: no scheduler answers there ({error})") from None
    try:
        yield executor
    finally:
        connection.__exit__(*sys.exc_info())


@contextmanager
def _stored_if_stopped(folder: Path) -> Iterator[None]:
    """Tell whoever stops a sweep, or runs out of disk, that nothing stored is lost."""
    from parkflow.analysis.store.files import StoreFullError

    try:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        yield
    except KeyboardInterrupt:
        typer.echo(f"parkflow: stopped; what was done is stored in {folder}. Give the same command to go on", err=True)
        raise typer.Exit(INTERRUPTED) from None
    except StoreFullError as error:
        typer.echo(f"parkflow: {error}", err=True)
        raise typer.Exit(FAILED) from None


def _show_sweep(out: Path, measures: tuple[str, ...], shape: Format, groups: bool = False) -> bool:
    """Print the results of a sweep; returns whether any point failed."""
    from parkflow.analysis.experiments.sweep import asked_for, document, results
    from parkflow.analysis.terminal.sweep_tables import notes, results_tables

    folder, rows = results(out, measures or ((asked_for(out),) if shape is Format.table else ()), groups)
    if shape is Format.json:
        typer.echo(json.dumps(document(folder, rows), ensure_ascii=False, allow_nan=False, default=str))
    elif shape is Format.csv:
        import pandas as pd

        typer.echo(pd.DataFrame(rows).to_csv(index=False), nl=False)
    else:
        for table in results_tables(folder, rows):
            _print(table)
    for note in notes(folder, rows):
        typer.echo(f"parkflow: {note}", err=True)
    return bool(folder.failures)


@contextmanager
def _kind_errors() -> Iterator[None]:
    """One message and exit status 2 for bad input, never a traceback."""
    from parkflow.analysis.errors import AnalysisError
    from parkflow.scenarios.load import InputError

    try:
        yield
    except (InputError, AnalysisError) as error:
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
    from parkflow.analysis.store.run_folder import TableFolder

    with TableFolder(out) as folder:
        yield folder.append


def _show(result: Comparison, shape: Format, out: Path | None) -> None:
    if out is not None:
        write(result, out)
    if shape is Format.json:
        typer.echo(json.dumps(result.document(), ensure_ascii=False, allow_nan=False))
    elif shape is Format.csv:
        typer.echo(result.frame().to_csv(index=False), nl=False)
    else:
        from parkflow.analysis.terminal.comparison_tables import comparison_tables

        for table in comparison_tables(result):
            _print(table)


def write(result: Comparison, out: Path) -> None:
    """Add the measures, and the park under each policy, to the tables of a run folder."""
    from parkflow.analysis.store.run_folder import write_comparison

    write_comparison(out, result.frame(), result.document(), result.scenarios)


@dataclass(frozen=True)
class Simulated:
    """How a park is simulated where a chart or report is asked of it and no run is stored."""

    replications: int
    seed: int
    workers: int | None
    progress: Callable[[int], None] = lambda done: None


@contextmanager
def _run_of(source: str, how: Simulated, policy: str | None) -> Iterator[Run]:
    """The stored run of a folder, or a fresh one of a park, gone when the block is left."""
    from parkflow.analysis.store.run_folder import Run

    if Path(source).is_dir():
        yield Run(Path(source))
        return
    with TemporaryDirectory() as folder:
        _simulate(source, Path(folder), how, (policy,) if policy else ())
        yield Run(Path(folder))


def _simulate(park: str, folder: Path, how: Simulated, policies: Sequence[str] = ()) -> None:
    """Compare policies of a park and keep everything in a folder."""
    number, progress = how.replications, how.progress
    with _store(folder) as keep:
        result = compare(
            park, policies, replications=number, seed=how.seed, workers=how.workers, progress=progress, keep=keep
        )
    write(result, folder)


def _chart(kind: str, source: str, ask: Ask, how: Simulated) -> Chart:
    """The chart of one kind from a folder or a park."""
    from parkflow.analysis.charts.drawing import lever_chart, run_chart, scenario_chart, sweep_chart, table_chart
    from parkflow.analysis.charts.kinds import LEVER_KINDS, SWEEP_KINDS
    from parkflow.analysis.experiments.responses import responses
    from parkflow.scenarios.load import load

    if kind in SWEEP_KINDS:
        found = responses(Path(source))
        return sweep_chart(found, ask.measure or found.asked, ask)
    if kind in LEVER_KINDS and source.endswith(".csv"):
        return table_chart(Path(source), ask)
    if kind in LEVER_KINDS:
        return lever_chart(_worth(source, ask.policy, how), ask)
    if kind == "network" and not Path(source).is_dir():
        return scenario_chart(load(source), ask)
    with _run_of(source, how, ask.policy) as run:
        return run_chart(kind, run, ask)


def _worth(park: str, policy: str | None, how: Simulated) -> LeverWorth:
    """What each lever of a policy is worth in a park."""
    from parkflow.analysis.experiments.executors import local
    from parkflow.analysis.experiments.worth import lever_worth
    from parkflow.scenarios.load import load

    scenario = load(park)
    named = policy or _chosen(scenario, (), BASELINE, _AS_IT_IS)[-1]
    question = _question(_layout(park, scenario, named), None, None)
    executor = local(min(how.workers or os.cpu_count() or 1, how.replications))
    return lever_worth(scenario, named, question, how.seed, range(how.replications), executor, how.progress)


def _page(source: str, ask: Ask, how: Simulated) -> Page:
    """The report on a folder or a park."""
    from parkflow.analysis.experiments.responses import is_sweep, responses
    from parkflow.analysis.report.comparison_page import comparison_page
    from parkflow.analysis.report.sweep_page import sweep_page
    from parkflow.scenarios.describe import difference

    if is_sweep(Path(source)):
        return sweep_page(responses(Path(source)), ask)
    with _run_of(source, how, ask.policy) as run:
        changes = {policy: difference(run.scenario, run.scenarios[policy]) for policy in run.policies[1:]}
        return comparison_page(run, ask, changes)


def _list_kinds() -> None:
    from parkflow.analysis.charts.kinds import KINDS

    for name, what in KINDS.items():
        typer.echo(f"{name:12} {what}")


def _print(renderable: Any) -> None:
    from rich.console import Console

    console = Console()
    console.print(renderable) if console.is_terminal else Console(width=120).print(renderable)


def main() -> None:
    """Entry point of the console script."""
    app()


if __name__ == "__main__":
    main()
