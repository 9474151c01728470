"""The command line as a user meets it: what it prints, and how it fails."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer import Exit

from parkflow.analysis.errors import ArgumentError
from parkflow.commands.endings import told
from parkflow.commands.group import COMMANDS, loaded
from parkflow.scenarios.load import available
from parkflow.sim.errors import ParkflowError

ROOT = Path(__file__).parents[1]
KEYS = ["policy", "measure", "from", "to", "group", "unit", "mean", "low", "high", "replications", "censored"]


def parkflow(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run the command line as a user would."""
    command = [sys.executable, "-m", "parkflow", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, timeout=300)


def answer(*arguments: str, cwd: Path = ROOT) -> str:
    """What a command that succeeds prints."""
    done = parkflow(*arguments, cwd=cwd)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("park", available())
def test_compare_prints_days_saved_and_issue_resolution_for_every_park(park: str) -> None:
    """The main job on each shipped park: estimates with intervals, causes, and what is censored."""
    text = answer("compare", park, "--replications", "2", "--workers", "1", "--full")
    assert text.startswith("Only 2 replications, fewer than five")
    assert "days saved" in text
    assert "cut off, counted up to " in text
    assert "Where the days go" in text
    assert ("works" if park == "guian" else "queueing") in text  # its mega project waits for machines, not officers
    if park != "approvals-275":
        assert "issues resolved within 70 days" in text


@pytest.mark.slow
def test_json_has_the_agreed_keys() -> None:
    """One object with the run's record and a list of rows; saved days are positive in Yantai."""
    document = json.loads(answer("compare", "yantai", "-n", "3", "-w", "1", "--format", "json"))
    assert list(document) == ["scenario", "baseline", "seed", "replications", "record", "measures"]
    assert {"version", "commit", "packages", "scenario_hash", "command"} <= set(document["record"])
    assert all(list(row) == KEYS for row in document["measures"])
    (saved,) = (
        row
        for row in document["measures"]
        if (row["policy"], row["measure"], row["group"]) == ("reported", "days_saved", "all")
    )
    assert saved["low"] < saved["mean"] < saved["high"]
    assert saved["mean"] > 0
    assert (saved["from"], saved["to"], saved["replications"]) == ("agreement", "groundbreaking", 3)


@pytest.mark.slow
def test_the_number_of_workers_changes_nothing() -> None:
    """The same seed gives the same bytes on one and on two workers, but for the command in the record."""
    runs = [json.loads(answer("compare", "zhifu", "-n", "4", "-w", w, "--format", "json")) for w in ("1", "2")]
    for run in runs:
        del run["record"]["command"]
    assert runs[0] == runs[1]


@pytest.mark.slow
def test_another_seed_gives_other_numbers() -> None:
    """The seed matters."""
    first, second = (answer("compare", "zhifu", "-n", "2", "-w", "1", "-f", "csv", "--seed", s) for s in ("1", "2"))
    assert first != second


@pytest.mark.slow
def test_csv_has_one_line_a_row() -> None:
    """A table that spreadsheets open."""
    rows = list(csv.DictReader(io.StringIO(answer("compare", "zhifu", "-n", "2", "-w", "1", "-f", "csv"))))
    assert list(rows[0]) == KEYS
    assert len(rows) > 50


@pytest.mark.slow
def test_one_replication_has_no_interval() -> None:
    """An interval that cannot be made is null, and JSON stays valid."""
    document = json.loads(answer("run", "zhifu", "-n", "1", "-w", "1", "-f", "json"))
    days = next(row for row in document["measures"] if row["measure"] == "days")
    assert days["low"] is None
    assert days["mean"] > 0


@pytest.mark.slow
def test_run_shows_one_policy() -> None:
    """`run` gives levels, and nothing to compare with."""
    text = answer("run", "zhifu", "--policy", "reported", "-n", "2", "-w", "1")
    assert "reported" in text
    assert "serial" not in text
    assert "instead of" not in text


@pytest.mark.slow
def test_other_milestones_can_be_asked_about() -> None:
    """--from and --to name any pair of milestones."""
    text = answer("compare", "zhifu", "--from", "groundbreaking", "--to", "production", "-n", "2", "-w", "1")
    assert "groundbreaking → production" in text


@pytest.mark.slow
def test_out_writes_tables(tmp_path: Path) -> None:
    """Projects, steps, issues and desks as Parquet, the measures as CSV, the comparison as JSON."""
    answer("run", "zhifu", "-n", "2", "-w", "1", "--out", str(tmp_path / "run"))
    for name in ("projects", "steps", "issues", "desks"):
        table = pq.read_table(tmp_path / "run" / f"{name}.parquet")
        assert table.num_rows > 0
        assert {"replication", "policy"} <= set(table.column_names)
    assert (tmp_path / "run" / "measures.csv").exists()
    assert json.loads((tmp_path / "run" / "comparison.json").read_text())["scenario"] == "zhifu"


@pytest.mark.slow
def test_scenarios_lists_parks_and_policies() -> None:
    """Every shipped park with its policies."""
    text = answer("scenarios")
    assert all(park in text for park in available())
    assert "green_channel" in text


@pytest.mark.slow
def test_show_prints_what_a_policy_changes() -> None:
    """The resolved scenario is valid JSON; the difference names keys, before and after."""
    assert json.loads(answer("show", "yantai"))["name"] == "yantai"
    text = answer("show", "yantai", "--policy", "reported", "--diff")
    assert "practices.start_on_land.share" in text
    assert "0.178" in text
    assert "portfolio" not in text


def test_schema_is_a_json_schema() -> None:
    """Editors can load it."""
    schema = json.loads(answer("schema"))
    assert schema["$schema"].startswith("https://json-schema.org")
    assert "extends" in schema["properties"]


@pytest.mark.slow
def test_check_shows_the_network(tmp_path: Path) -> None:
    """Where it is asked for, instead of the few lines."""
    file = tmp_path / "mine.toml"
    file.write_text('extends = "baseline"\n[desks.planning]\nservers = 9\nassumed = "what if"\n', encoding="utf-8")
    assert "permit_review" in answer("check", str(file), "--network")


BAD_FILES = {
    "unknown key": ('extends = "baseline"\n[desks.planning]\nservres = 2\n', "servers"),
    "wrong type": ('extends = "baseline"\n[desks.planning]\nservers = "two"\n', "desks.planning.servers"),
    "wrong unit": ('extends = "baseline"\n[activities.filing]\nduration = "1 cd"\n', "activities.filing.duration"),
    "negative duration": (
        'extends = "baseline"\n[activities.filing]\nduration = "-1 wd"\n',
        "activities.filing.duration",
    ),
    "probability": ('extends = "baseline"\n[activities.filing]\napplies = { probability = 1.5 }\n', "probability"),
    "missing desk": ('extends = "baseline"\n[activities.filing]\ndesk = "plannig"\n', "planning"),
    "cycle": ('extends = "baseline"\n[activities.negotiation]\nneeds = ["agreement"]\n', "→"),
    "unused practice": ('extends = "baseline"\n[practices.magic]\nassumed = "x"\n', "practices.magic"),
    "lever out of range": (
        'extends = "baseline"\n[policies.mine]\nassumed = "x"\nlevers = { land_bank = { initial = -5 } }\n',
        "levers.land_bank.initial",
    ),
    "unknown lever": (
        'extends = "baseline"\n[policies.mine]\nassumed = "x"\nlevers = { land_bnk = {} }\n',
        "land_bank",
    ),
    "stock that cannot supply": (
        'extends = "baseline"\n[stocks.fund]\nassumed = "x"\n[activities.wait_for_fund]\nstep = "stock"\n'
        'stock = "fund"\nassumed = "x"\n',
        "stocks.fund",
    ),
    "not TOML": ("extends = \n", "line 1"),
}


@pytest.mark.slow
@pytest.mark.parametrize(("text", "words"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_bad_file_gets_one_message(text: str, words: str, tmp_path: Path) -> None:
    """The file, the key and the remedy; exit status 2; no traceback."""
    (tmp_path / "bad.toml").write_text(text, encoding="utf-8")
    done = parkflow("check", "bad.toml", cwd=tmp_path)
    assert done.returncode == 2
    assert "bad.toml" in done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr


BAD_CALLS = {
    "park": (("compare", "yantia"), "yantai"),
    "file": (("compare", "nowhere.toml"), "nowhere.toml"),
    "policy": (("compare", "yantai", "--policy", "reportd"), "reported"),
    "milestone": (("compare", "yantai", "--to", "groundbraking"), "groundbreaking"),
    "replications": (("compare", "yantai", "-n", "0"), "--replications"),
    "workers": (("compare", "yantai", "-n", "2", "-w", "0"), "--workers"),
    "seed": (("compare", "yantai", "-n", "1", "--seed", "-1"), "--seed"),
}


@pytest.mark.slow
@pytest.mark.parametrize(("arguments", "words"), BAD_CALLS.values(), ids=BAD_CALLS)
def test_a_bad_call_gets_one_message(arguments: tuple[str, ...], words: str) -> None:
    """What is wrong and what would be right; exit status 2; no traceback."""
    done = parkflow(*arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    """Bytes that are no text get a message."""
    (tmp_path / "bad.toml").write_bytes(b"name = '\xff\xfe'\n")
    done = parkflow("check", "bad.toml", cwd=tmp_path)
    assert (done.returncode, "UTF-8" in done.stderr) == (2, True)


@pytest.mark.slow
def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    """--out names a file: one message."""
    (tmp_path / "taken").write_text("x", encoding="utf-8")
    done = parkflow("run", "zhifu", "-n", "1", "-w", "1", "--out", str(tmp_path / "taken"))
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_the_version_is_told() -> None:
    """As the package's metadata has it."""
    assert answer("--version").split() == ["parkflow", version("parkflow")]


def test_help_lists_every_command_by_what_it_does() -> None:
    """The names and first words of all commands, in their order, and each has a help of its own."""
    text = answer("--help")
    places = [text.index(f"│ {name} ") for name in COMMANDS]
    assert places == sorted(places)
    for name, (_, what) in COMMANDS.items():
        assert " ".join(what.split()[:3]) in text
        assert loaded(name).help == what
        assert loaded(name).name == name


def test_help_loads_no_command() -> None:
    """The files of the commands stay unread until one is called."""
    code = (
        "import sys\nfrom parkflow.commands import app\nfrom typer.testing import CliRunner\n"
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0\n"
        "print(sorted(name for name in sys.modules if name.startswith('parkflow.')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    known = ("commands", "commands.endings", "commands.group", "commands.speaking", "commands.streams")
    assert done.stdout.strip() == str([f"parkflow.{name}" for name in known])


def test_a_misspelt_command_gets_the_nearest() -> None:
    """Exit status 2, and the command that was meant."""
    done = parkflow("comprae")
    assert (done.returncode, "compare" in done.stderr) == (2, True)


@pytest.mark.slow
def test_a_shell_can_complete_commands_and_their_options() -> None:
    """The names that begin as typed, and the options of a command that is loaded for them."""
    for typed, wanted in (("parkflow sc", {"scenarios", "schema"}), ("parkflow worth --po", {"--policy"})):
        asked = {"_PARKFLOW_COMPLETE": "complete_bash", "COMP_WORDS": typed, "COMP_CWORD": str(typed.count(" "))}
        code = "from parkflow.commands import main; main()"
        called = [sys.executable, "-c", code]
        done = subprocess.run(called, capture_output=True, text=True, cwd=ROOT, env={**os.environ, **asked})
        assert set(done.stdout.split()) == wanted, done.stderr


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (ArgumentError("half_width", -1, "give more than 0"), 2, "parkflow: --half-width -1: give more than 0\n"),
        (ArgumentError("end", "x", "no"), 2, "parkflow: --to x: no\n"),
        (ParkflowError("no such park"), 2, "parkflow: no such park\n"),
        (PermissionError(13, "Permission denied", "here.toml"), 2, "parkflow: here.toml: Permission denied\n"),
        (OSError("no space"), 2, "parkflow: no space\n"),
        (KeyboardInterrupt(), 130, "parkflow: stopped\n"),
    ],
)
def test_errors_become_one_line_and_a_status(
    error: BaseException, status: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The line names what to mend, with the options of the command line."""
    with pytest.raises(Exit) as ended, told():
        raise error
    assert ended.value.exit_code == status
    assert capsys.readouterr().err == words


@pytest.mark.parametrize("error", [ZeroDivisionError("a fault of ours"), BrokenPipeError(32, "Broken pipe")])
def test_faults_are_not_hidden(error: Exception) -> None:
    """What the user cannot mend keeps its traceback, and a broken pipe is left to Click."""
    with pytest.raises(type(error)), told():
        raise error


@pytest.mark.slow
def test_a_reader_that_has_seen_enough_is_not_told_of_it() -> None:
    """`parkflow schema | head -1` ends without a word."""
    command = f"{sys.executable} -m parkflow schema | head -1"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, cwd=ROOT)
    assert (done.stdout, done.stderr) == ("{\n", "")


@pytest.mark.slow
def test_levers_are_listed_and_explained() -> None:
    """The list, one page, and the mechanisms m01 to m55."""
    assert "Parallel approval" in answer("levers") and "并联审批" in answer("levers", "--lang", "zh")
    page = answer("levers", "land_bank")
    assert "m02" in page and "initial" in page and "mu" in page
    table = answer("levers", "--mechanisms")
    assert all(f"m{number:02d}" in table for number in range(1, 56))
    done = parkflow("levers", "landbank")
    assert (done.returncode, "land_bank" in done.stderr) == (2, True)


@pytest.mark.slow
def test_levers_are_added_and_left_out() -> None:
    """--lever and --without change the policies that are compared, and the table says so."""
    document = json.loads(
        answer("compare", "zhifu", "-n", "2", "-w", "1", "-f", "json", "--lever", "parallel_approvals:share=0.5")
    )
    assert {row["policy"] for row in document["measures"]} == {"serial", "serial+parallel_approvals:share=0.5"}
    document = json.loads(
        answer("compare", "zhifu", "-n", "2", "-w", "1", "-f", "json", "-p", "green_channel", "--without", "land_bank")
    )
    assert {row["policy"] for row in document["measures"]} == {"serial", "green_channel-land_bank"}


BAD_LEVERS = {
    "range": (("--lever", "parallel_approvals:share=2"), "parallel_approvals.share"),
    "parameter": (("--lever", "parallel_approvals:shar=1"), "share"),
    "name": (("--lever", "paralel_approvals"), "parallel_approvals"),
    "form": (("--lever", "parallel_approvals:half"), "PARAMETER=VALUE"),
    "which": (("--lever", "land_bank=800"), "write --lever land_bank:"),
    "without": (("--policy", "green_channel", "--without", "ceremonies"), "ceremonies"),
}


@pytest.mark.slow
@pytest.mark.parametrize(("arguments", "words"), BAD_LEVERS.values(), ids=BAD_LEVERS)
def test_bad_levers_get_one_message(arguments: tuple[str, ...], words: str) -> None:
    """Lever, parameter and remedy; exit status 2; no traceback."""
    done = parkflow("compare", "zhifu", "-n", "1", *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
