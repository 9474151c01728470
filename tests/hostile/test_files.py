"""Files that come by e-mail: each is refused in one line, which its first line tells, at once and without harm."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from parkflow.commands import app
from parkflow.scenarios.load import InputError, load
from parkflow.scenarios.toml_files import ALLOWED, MOST_BYTES, toml_of
from tests.scenarios.test_mutations import SMALL

FILES = sorted((Path(__file__).parent / "files").glob("*.toml"))


def said(*words: object) -> tuple[int, str]:
    """The status of a command and what it says."""
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stderr


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_hostile_file_is_refused_in_one_line(path: Path) -> None:
    expected = path.read_text("utf-8").splitlines()[0].removeprefix("# ")
    command = ("sweep", path, "--dry-run") if path.stem.startswith("sweeps") else ("check", path)
    status, line = said(*command)
    assert status == 2, line
    assert expected in line
    assert line.count("\n") == 1
    assert line.isprintable() or line[:-1].isprintable()


def small(folder: Path, name: str = "small.toml", head: str = "") -> Path:
    """A sound park in a folder."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(head + SMALL, "utf-8")
    return folder / name


def test_a_link_is_followed_before_it_is_judged(tmp_path: Path) -> None:
    """What lies outside lies outside by whatever name."""
    parent, child = small(tmp_path / "private"), tmp_path / "mail" / "child.toml"
    child.parent.mkdir()
    child.write_text('extends = "link.toml"\nname = "child"\n', "utf-8")
    (tmp_path / "mail" / "link.toml").symlink_to(parent)
    with pytest.raises(InputError, match="lies outside the folder of the file"):
        load(child)


def test_a_folder_that_is_allowed_may_be_referred_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the environment, or since one works in a folder above both."""
    small(tmp_path / "parents")
    child = tmp_path / "mine" / "child.toml"
    child.parent.mkdir()
    child.write_text('extends = "../parents/small.toml"\n', "utf-8")
    with pytest.raises(InputError, match=rf"name its folder in {ALLOWED}"):
        load(child)
    with monkeypatch.context() as there:
        there.setenv(ALLOWED, str(tmp_path / "parents"))
        assert load(child).name == "child"
    monkeypatch.chdir(tmp_path)
    assert load(child).name == "child"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
def test_what_is_no_regular_file_is_not_waited_for(tmp_path: Path) -> None:
    """A pipe that nobody writes into, and a device without end."""
    os.mkfifo(tmp_path / "pipe.toml")
    (tmp_path / "zero.toml").symlink_to("/dev/zero")
    for name in ("pipe.toml", "zero.toml"):
        status, line = said("check", tmp_path / name)
        assert (status, "is no regular file" in line) == (2, True)


def test_a_file_that_is_too_large_is_refused_by_its_size(tmp_path: Path) -> None:
    path = tmp_path / "large.toml"
    with path.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    status, line = said("check", path)
    assert status == 2
    assert "it has 10 MB, and at most 10 MB are read" in line


def test_notes_may_have_lines_and_both_languages(tmp_path: Path) -> None:
    """Line feeds, tabs and Chinese are no harm."""
    path = tmp_path / "sound.toml"
    path.write_text('name = "a"\nassumed = """one\n\ttwo 园区"""\n', "utf-8")
    assert toml_of(path)["assumed"] == "one\n\ttwo 园区"
