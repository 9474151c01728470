"""The folder of a run as a Workflow Run RO-Crate: a description that archives and other tools read.

The scenario is the workflow: a network of activities that parkflow, its engine, carried out once to make the files.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from parkflow.analysis.store.digests import Digest
from parkflow.analysis.store.index import CRATE

CONTEXT = ("https://w3id.org/ro/crate/1.1/context", "https://w3id.org/ro/terms/workflow-run/context")
WORKFLOW_CRATE = "https://w3id.org/workflowhub/workflow-ro-crate/1.0"
PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": ("Process Run Crate", "0.5"),
    "https://w3id.org/ro/wfrun/workflow/0.5": ("Workflow Run Crate", "0.5"),
    WORKFLOW_CRATE: ("Workflow RO-Crate", "1.0"),
}
LANGUAGE, ENGINE, RUN, LICENCE = "#parkflow-scenario", "#parkflow", "#run", "#terms"

WORKFLOWS = {
    "scenarios.json": "The park under each policy, every number resolved",
    "manifest.json": "The sweep or the nation, and its scenario",
    "plan.json": "The fit, and what it is fitted to",
    "ledger.json": "The claims that were judged",
}
"""The file that says what was carried out: of a run, of a sweep or a nation, of a calibration, of a validation."""

FORMATS = {
    ".parquet": "application/vnd.apache.parquet",
    ".json": "application/json",
    ".jsonl": "application/x-ndjson",
    ".csv": "text/csv",
}
"""Media types of the files that a run or a sweep writes."""

Entity = dict[str, Any]


def crate(content: Mapping[str, Any], files: Mapping[str, Digest]) -> str:
    """The text of ``ro-crate-metadata.json`` for a record's content and the files that it is about."""
    entities = [
        _descriptor(),
        _root(content, files),
        *_files(content, files),
        *_run(content, files),
        *_context(content),
    ]
    return json.dumps({"@context": list(CONTEXT), "@graph": entities}, indent=1, ensure_ascii=False) + "\n"


def _workflow(files: Mapping[str, Digest]) -> str:
    return next(name for name in WORKFLOWS if name in files)


def _descriptor() -> Entity:
    conforms = ["https://w3id.org/ro/crate/1.1", WORKFLOW_CRATE]
    return _entity(CRATE, "CreativeWork", about=_to("./"), conformsTo=[_to(address) for address in conforms])


def _root(content: Mapping[str, Any], files: Mapping[str, Digest]) -> Entity:
    name = content["scenario"]["title"] or content["scenario"]["name"]
    return _entity(
        "./", "Dataset", name=f"{name}: {content['call']['kind']}",
        description=f"What this made: {content['command']}", datePublished=content["cost"]["ended"],
        license=_to(LICENCE), conformsTo=[_to(profile) for profile in PROFILES],
        hasPart=[_to(file) for file in files], mainEntity=_to(_workflow(files)), mentions=_to(RUN),
    )  # fmt: skip


def _files(content: Mapping[str, Any], files: Mapping[str, Digest]) -> Iterator[Entity]:
    for name, digest in files.items():
        known = {
            "contentSize": str(digest.bytes),
            "sha256": digest.sha256,
            "encodingFormat": FORMATS.get(Path(name).suffix, "text/plain"),
        }
        if name == _workflow(files):
            kinds = ["File", "SoftwareSourceCode", "ComputationalWorkflow"]
            inputs = [_to(f"#parameter-{given}") for given in GIVEN]
            yield _entity(
                name, kinds, name=WORKFLOWS[name], programmingLanguage=_to(LANGUAGE), input=inputs,
                version=content["scenario"]["sha256"], **known,
            )  # fmt: skip
        else:
            yield _entity(name, "File", name=name, **known)


def _run(content: Mapping[str, Any], files: Mapping[str, Digest]) -> Iterator[Entity]:
    """The one action that made the files, and what it was given."""
    given = {name: content["call"][name] for name in GIVEN if name in content["call"]}
    seconds = content["cost"]["seconds"]
    made = [_to(name) for name in files if name != _workflow(files)]
    yield _entity(
        RUN, "CreateAction", name=content["command"], description=f"parkflow carried it out in {seconds} s",
        instrument=_to(_workflow(files)), object=[_to(f"#given-{name}") for name in given], result=made,
        startTime=content["cost"]["started"], endTime=content["cost"]["ended"],
        actionStatus="http://schema.org/CompletedActionStatus",
    )  # fmt: skip
    for name, value in given.items():
        yield _entity(
            f"#given-{name}", "PropertyValue", name=name, value=str(value), exampleOfWork=_to(f"#parameter-{name}")
        )


GIVEN = ("seed", "replications", "baseline")
"""What a run is given besides the scenario."""


def _context(content: Mapping[str, Any]) -> Iterator[Entity]:
    """What the files and the run refer to."""
    environment = content["environment"]
    version = environment["parkflow"] or "unknown"
    yield _entity(LANGUAGE, "ComputerLanguage", name="parkflow scenario", identifier=_to(LANGUAGE), version=version)
    packages = ", ".join(f"{name} {number}" for name, number in environment["packages"].items())
    yield _entity(
        ENGINE, "SoftwareApplication", name="parkflow", softwareVersion=version,
        softwareRequirements=f"Python {environment['python']}, {packages}",
    )  # fmt: skip
    terms = "Who made this folder says under which terms its files may be used; nothing is stated here."
    yield _entity(LICENCE, "CreativeWork", name="Terms of use", description=terms)
    for name in GIVEN:
        kind = "Text" if name == "baseline" else "Integer"
        yield _entity(f"#parameter-{name}", "FormalParameter", name=name, additionalType=kind, valueRequired=True)
    for address, (name, number) in PROFILES.items():
        yield _entity(address, "CreativeWork", name=name, version=number)


def _entity(at: str, kind: str | list[str], **known: Any) -> Entity:
    return {"@id": at, "@type": kind, **known}


def _to(identifier: str) -> Entity:
    return {"@id": identifier}
