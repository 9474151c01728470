"""The folder is a Workflow Run RO-Crate: the reference library opens it, and finds what the profile asks for."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from parkflow.analysis.record.crate import FORMATS, GIVEN, PROFILES
from parkflow.analysis.record.run_record import opened
from parkflow.analysis.store.index import CRATE, RECORD


@pytest.fixture(params=["made", "swept"])
def crate(request: pytest.FixtureRequest) -> Iterator[Any]:
    """The crate of a run or a sweep, as the library reads it."""
    library = pytest.importorskip("rocrate.rocrate", reason="the extra 'test' installs rocrate")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield library.ROCrate(request.getfixturevalue(request.param))


def test_the_root_conforms_to_the_profiles_and_names_its_workflow(crate: Any) -> None:
    """Process Run, Workflow Run and Workflow RO-Crate; name, description, date and terms are there."""
    root = crate.root_dataset
    assert {one.id for one in root["conformsTo"]} == set(PROFILES)
    assert all(root[name] for name in ("name", "description", "datePublished", "license"))
    assert set(crate.mainEntity.type) == {"File", "SoftwareSourceCode", "ComputationalWorkflow"}
    assert crate.mainEntity["programmingLanguage"].type == "ComputerLanguage"


def test_every_file_of_the_record_is_part_of_it(crate: Any) -> None:
    """With its length and digest, and a media type."""
    folder = Path(crate.source)
    files = {name: digest for name, digest in opened(folder / RECORD)["files"].items() if name != CRATE}
    parts = {part.id: part for part in crate.root_dataset["hasPart"]}
    assert set(parts) == set(files)
    for name, digest in files.items():
        assert parts[name]["contentSize"] == str(digest["bytes"])
        assert parts[name]["sha256"] == digest["sha256"]
        assert parts[name]["encodingFormat"] == FORMATS[Path(name).suffix]


def test_one_action_made_the_files_of_what_it_was_given(crate: Any) -> None:
    """The workflow is its instrument; what it was given belongs to the workflow's parameters."""
    (action,) = [one for one in crate.get_entities() if one.type == "CreateAction"]
    assert action["instrument"].id == crate.mainEntity.id
    assert {one.id for one in action["result"]} == {
        part.id for part in crate.root_dataset["hasPart"] if part.id != crate.mainEntity.id
    }
    assert [one["name"] for one in action["object"]] == list(GIVEN)
    assert [one["exampleOfWork"].id for one in action["object"]] == [one.id for one in crate.mainEntity["input"]]
    assert action["startTime"] <= action["endTime"]
    assert crate.root_dataset["mentions"].id == action.id


def test_no_reference_leads_nowhere(made: Path) -> None:
    """Whatever an entity points to is described in the same file, or an address elsewhere."""
    graph = json.loads((made / CRATE).read_text(encoding="utf-8"))["@graph"]
    known = {entity["@id"] for entity in graph}
    assert len(known) == len(graph)
    for entity in graph:
        for value in entity.values():
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, dict):
                    assert one["@id"] in known or one["@id"].startswith("https://w3id.org/ro/crate/")
