"""The wheel holds all that a user needs under one name; neither it nor the sdist needs links."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

pytest.importorskip("hatchling", reason="the extra 'test' installs hatchling, which builds the wheel")
ROOT = Path(__file__).parents[1]
ROOMS = ("sim", "scenarios", "analysis")
ELSEWHERE = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
"""The environment without a path to this checkout."""


def built(target: str, folder: Path, out: Path) -> Path:
    """What hatchling builds from a folder."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(out)]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    (made,) = out.iterdir()
    return made


def shipped(wheel: Path) -> set[str]:
    """The files that a wheel installs, without its own metadata."""
    return {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from this checkout."""
    return built("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An unpacked sdist, built from a copy of the checkout that has no links."""
    copy = tmp_path_factory.mktemp("copy") / "parkflow"
    kept_out = shutil.ignore_patterns(".git", ".venv*", "__pycache__", ".*_cache", ".hypothesis", "results")
    shutil.copytree(ROOT, copy, symlinks=True, ignore=kept_out)
    for room in ROOMS:
        link = copy / "parkflow" / room
        link.unlink() if link.is_symlink() else shutil.rmtree(link)
    with tarfile.open(built("sdist", copy, tmp_path_factory.mktemp("sdist"))) as archive:
        archive.extractall(copy.parent, filter="data")
    (unpacked,) = copy.parent.glob("parkflow-*")
    return unpacked


def test_the_wheel_has_one_name_and_is_complete(wheel: Path) -> None:
    """One package, the three folders inside it with their data files, the mark of typed packages, and nothing else."""
    names = shipped(wheel)
    assert {name.split("/")[0] for name in names} == {"parkflow"}
    assert "parkflow/py.typed" in names
    for folder in ROOMS:
        assert {f"parkflow/{name}" for name in files(ROOT / folder, ROOT)} <= names


def files(folder: Path, root: Path) -> set[str]:
    """The files below a folder, as paths from the root."""
    found = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(root).as_posix() for path in found}


@pytest.mark.slow
def test_wheel_and_sdist_need_no_links(wheel: Path, sdist: Path) -> None:
    """The wheel of the sdist of a checkout without links holds the same files."""
    assert shipped(built("wheel", sdist, sdist.parent / "again")) == shipped(wheel)


@pytest.mark.slow
def test_the_sdist_holds_what_the_tests_need(sdist: Path) -> None:
    """Tests, the pages that they read and the makers of pages; and a test runs where it was unpacked."""
    for folder in ("tests", "docs", "benchmarks", *ROOMS):
        assert files(ROOT / folder, ROOT) <= files(sdist / folder, sdist)
    for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "pyproject.toml"):
        assert (sdist / name).is_file()
    called = [sys.executable, "-m", "pytest", "-n", "0", "tests/test_architecture.py::test_there_are_no_circles"]
    code = "import parkflow.sim, pathlib; print(pathlib.Path(parkflow.sim.__file__).parts[-4])"
    subprocess.run(called, cwd=sdist, env=ELSEWHERE, capture_output=True, check=True)
    assert answer(code, sdist) == sdist.name


@pytest.mark.slow
def test_the_wheel_runs_without_the_checkout(wheel: Path, tmp_path: Path) -> None:
    """Unpacked elsewhere, it finds its parks."""
    zipfile.ZipFile(wheel).extractall(tmp_path)
    code = "import parkflow; print(parkflow.compare('zhifu', replications=1, workers=1).scenario)"
    assert answer(code, tmp_path) == "zhifu"


def answer(code: str, folder: Path) -> str:
    """What Python prints in a folder, whose packages come before those of an editable install of this checkout."""
    called = [sys.executable, "-c", f"import parkflow; assert {str(ROOT)!r} not in parkflow.__file__; {code}"]
    done = subprocess.run(called, cwd=folder, env=ELSEWHERE, capture_output=True, text=True, check=True)
    return done.stdout.strip()
