"""How to make a report's numbers again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from parkflow.analysis.language import Words
from parkflow.analysis.report.page import Section


def rerun(document: Mapping[str, Any], say: Words) -> Section:
    """Command, versions, seed and hash of the scenario."""
    record = document["record"]
    versions = ", ".join(f"{name} {version}" for name, version in record["packages"].items())
    lines = [
        f"$ {record['command']}",
        "",
        f"parkflow {record['version'] or '(not installed)'}"
        + (f" ({record['commit'][:12]})" if record.get("commit") else ""),
        f"Python {record['python']}; {versions}" + (f"; engine {record['engine']}" if "engine" in record else ""),
    ]
    lines += [f"seed {document['seed']}"] if "seed" in document else []
    lines += [f"scenario {document.get('scenario', '')} {record['scenario_hash']}"] if "scenario_hash" in record else []
    lead = say.pick(
        "The same command, versions and seed give the same numbers on any machine and any number of workers.",
        "同样的命令、版本与种子在任何机器上给出同样的数字。",
    )
    return Section(say.pick("How to rerun it", "如何重做"), [lead], code="\n".join(lines))
