"""A flipped byte anywhere in a folder or a report is found, offline; everything else is told in one line."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path

import pytest

import parkflow
from parkflow.analysis.provenance import scenario_hash
from parkflow.analysis.record.embedding import BEGIN, END
from parkflow.analysis.record.run_record import RecordError, opened, unsealed
from parkflow.analysis.record.verification import Damage
from parkflow.analysis.store.digests import digest_of, files_in
from parkflow.analysis.store.index import RECORD
from parkflow.analysis.store.sealing import sealed
from parkflow.scenarios.evidence import FILE

TRIES = 12
"""Bytes flipped of every file, besides its first and its last."""


def flip(path: Path, place: int) -> None:
    """Turn one bit of one byte of a file."""
    content = bytearray(path.read_bytes())
    content[place] ^= 1 << place % 8
    path.write_bytes(content)


def places(path: Path) -> list[int]:
    """Some bytes of a file, its first and last among them."""
    length = path.stat().st_size
    chosen = random.Random(path.name).sample(range(length), min(TRIES, length))
    return sorted({0, length - 1, *chosen})


def test_the_record_says_what_was_run_with_what(made: Path, office: Path) -> None:
    """Command, call, scenario, evidence, environment, cost, and the digest of every file beside it."""
    record = opened(made / RECORD)
    assert record["call"] == {
        "kind": "compare", "baseline": "serial", "policies": ["serial", "fast"], "question": ["arrival", "decided"],
        "seed": 1, "replications": 3, "measures": None, "assumptions": None,
    }  # fmt: skip
    assert record["command"] == "parkflow.compare"
    assert record["scenario"]["title"] == "An office"
    assert record["evidence"] == {"file": "evidence.toml", "sha256": digest_of(FILE).sha256}
    assert {"python", "platform", "engine", "packages"} <= set(record["environment"])
    assert {"numpy", "simpy", "scipy", "pandas", "pyarrow"} <= set(record["environment"]["packages"])
    assert record["cost"]["workers"] == 1
    assert record["cost"]["seconds"] > 0
    assert record["cost"]["core_hours"] == pytest.approx(record["cost"]["seconds"] / 3600, abs=1e-6)
    assert set(record["files"]) == set(files_in(made)) - {RECORD}
    assert scenario_hash(parkflow.Run(made).scenario) == record["scenario"]["sha256"]


@pytest.mark.parametrize("which", ["folder", "sweep_folder"])
def test_a_flipped_byte_is_found_in_every_file(which: str, request: pytest.FixtureRequest) -> None:
    """Tables, chunks, JSON, CSV and the crate alike; the rest is still known to be whole."""
    folder: Path = request.getfixturevalue(which)
    assert parkflow.verify(folder).damaged == ()
    files = [name for name in files_in(folder) if name != RECORD]
    assert len(files) > 6
    for name in files:
        whole = (folder / name).read_bytes()
        for place in places(folder / name):
            flip(folder / name, place)
            found = parkflow.verify(folder)
            assert found.damaged == (Damage(name, "changed"),)
            assert len(found.whole) == len(files) - 1
            (folder / name).write_bytes(whole)


def test_a_flipped_byte_is_found_in_the_record_itself(folder: Path) -> None:
    """Every byte of it, one after the other."""
    path = folder / RECORD
    content = path.read_bytes()
    for place in range(len(content)):
        changed = bytearray(content)
        changed[place] ^= 1 << place % 8
        with pytest.raises(RecordError):
            unsealed(bytes(changed), path)


@pytest.mark.parametrize("change", [(b" ", b"\n"), (b"\n", b"  "), (b": ", b":\t")])
def test_another_layout_of_the_record_is_found(change: tuple[bytes, bytes], folder: Path) -> None:
    """The same values with other blanks are not what was written."""
    path = folder / RECORD
    with pytest.raises(RecordError, match="is not as it was written"):
        unsealed(path.read_bytes().replace(*change, 1), path)


def test_a_flipped_byte_is_found_in_a_report(made: Path, tmp_path: Path) -> None:
    """In the page, in the record that it carries, and in what stands around it."""
    path = parkflow.report(made).save(tmp_path / "report.html")
    assert parkflow.verify(path).damaged == ()
    content = path.read_bytes()
    inside = content.index(BEGIN) + len(BEGIN), content.index(END, content.index(BEGIN))
    for place in (*places(path), content.index(BEGIN), *random.Random(1).sample(range(*inside), TRIES)):
        flip(path, place)
        try:
            assert parkflow.verify(path).damaged == (Damage("report.html", "changed"),)
        except RecordError:
            assert content.index(BEGIN) <= place < inside[1] + len(END)
        path.write_bytes(content)


def test_a_report_carries_the_park_under_each_policy(made: Path) -> None:
    """The record of its folder, and the resolved scenario, packed; nothing in it ends its element."""
    document = parkflow.report(made).html.encode()
    block = document.partition(BEGIN)[2].partition(END)[0]
    record = unsealed(block.replace(b"<\\/", b"</"), Path("report.html"))
    assert record["call"] == opened(made / RECORD)["call"]
    assert record["made_from"] == opened(made / RECORD)["files"]
    assert record["resolved"]["content"]
    assert b"</" not in block
    assert document.count(BEGIN) == 1


def test_missing_and_unknown_files_are_told(folder: Path) -> None:
    (folder / "steps.parquet").unlink()
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    (folder / "pictures").mkdir()
    (folder / "pictures" / "gantt.png").write_bytes(b"mine")
    found = parkflow.verify(folder)
    assert found.damaged == (Damage("steps.parquet", "missing"),)
    assert found.unknown == ("notes.txt",)


def test_a_folder_that_somebody_works_in_is_not_read_as_a_whole(office: Path, tmp_path: Path) -> None:
    """Folders beside the tables are nobody's business, hidden files neither."""
    (tmp_path / "data").mkdir()
    for name in ("data/mine.csv", ".hidden"):
        (tmp_path / name).write_text("mine", encoding="utf-8")
    parkflow.run(office, replications=1, workers=1, out=tmp_path)
    assert not {"data/mine.csv", ".hidden"} & set(opened(tmp_path / RECORD)["files"])
    assert parkflow.verify(tmp_path).unknown == ()


def test_folders_without_a_record_are_refused(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(RecordError, match=r"run-record.json: there is no such file; .*give the command again"):
            parkflow.verify(place)
        with pytest.raises(RecordError):
            parkflow.rerun(place)


def test_what_is_no_report_is_refused(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<html><body></body></html>", encoding="utf-8")
    with pytest.raises(RecordError, match="has no run record in it"):
        parkflow.verify(page)
    with pytest.raises(RecordError, match="is a file"):
        parkflow.rerun(page)


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"null", b"\xff", b"[" * 100_000, b'{"digest": "x"}\n'])
def test_what_is_no_record_is_refused_in_one_line(content: bytes, folder: Path) -> None:
    (folder / RECORD).write_bytes(content)
    with pytest.raises(RecordError) as error:
        parkflow.verify(folder)
    assert "\n" not in str(error.value)


def test_a_record_of_another_format_is_refused(folder: Path) -> None:
    content = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    del content["digest"]
    (folder / RECORD).write_text(sealed({**content, "format": 99}), encoding="utf-8")
    with pytest.raises(RecordError, match="has format 99, not 1"):
        parkflow.verify(folder)


def test_a_run_over_an_older_one_has_its_own_record(folder: Path, office: Path) -> None:
    """The record is of what the folder holds now."""
    parkflow.run(office, seed=7, replications=1, workers=1, out=folder, force=True)
    assert parkflow.verify(folder).damaged == ()
    assert opened(folder / RECORD)["call"]["seed"] == 7


def test_a_folder_may_be_moved(folder: Path, tmp_path: Path) -> None:
    """What it says of itself does not depend on where it lies."""
    shutil.move(folder, tmp_path / "elsewhere")
    assert parkflow.verify(tmp_path / "elsewhere").damaged == ()


def test_a_validation_has_a_record_and_is_not_repeated(tmp_path: Path) -> None:
    """Its folder is checked like any other; rerun says which command to give."""
    parkflow.validate("zhifu", replications=2, workers=1, out=tmp_path / "ledger")
    assert parkflow.verify(tmp_path / "ledger").damaged == ()
    assert set(opened(tmp_path / "ledger" / RECORD)["files"]) >= {"ledger.json", "ledger.csv"}
    with pytest.raises(RecordError, match="is of what validate made, which is not repeated; give its command again"):
        parkflow.rerun(tmp_path / "ledger")
