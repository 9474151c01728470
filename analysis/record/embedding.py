"""The run record inside a report: one HTML file that says how it was made, and by which a changed byte is found."""

from __future__ import annotations

import base64
import gzip
from pathlib import Path
from typing import Any

from parkflow.analysis.record.crate import WORKFLOWS
from parkflow.analysis.record.run_record import Record, RecordError, opened, unsealed
from parkflow.analysis.record.verification import Damage, Verification
from parkflow.analysis.store.digests import digest_of_bytes
from parkflow.analysis.store.files import bytes_of
from parkflow.analysis.store.index import RECORD
from parkflow.analysis.store.sealing import sealed

BEGIN, END, PLACE = b'<script type="application/json" id="run-record">\n', b"</script>\n", b"</body>"
"""What stands around the record, and what it stands before."""


def carried(folder: Path) -> dict[str, Any] | None:
    """What a report of a folder carries: its record, with the park under each policy; None where it has no record."""
    if not (folder / RECORD).is_file():
        return None
    record = opened(folder / RECORD)
    resolved = {"encoding": "JSON, packed by gzip, in base64", "content": _packed(folder)}
    return {**record, "made_from": record["files"], "resolved": resolved}


def embedded(page: str, record: Record) -> str:
    """The page of a report with a record in it, which has the digest of the page without it."""
    content = page.encode()
    text = sealed({**record, "files": {"page": digest_of_bytes(content)._asdict()}})
    before, place, after = content.rpartition(PLACE)
    return (before + BEGIN + _without_tags(text.encode()) + END + place + after).decode()


def verified_page(path: Path) -> Verification:
    """Check a report by the record in it; raises `RecordError` where it has none, or one that has been changed."""
    content = bytes_of(path)
    before, begin, rest = content.partition(BEGIN)
    block, end, after = rest.partition(END)
    if not begin or not end:
        raise RecordError(path, "has no run record in it", "make the report again from a folder that has one")
    record = _unsealed(block, path)
    if digest_of_bytes(before + after)._asdict() == record["files"]["page"]:
        return Verification((path.name,), (), ())
    return Verification((), (Damage(path.name, "changed"),), ())


def _unsealed(block: bytes, path: Path) -> dict[str, Any]:
    """The record in a block; a tag in it means that somebody changed it."""
    return unsealed(b"" if b"</" in block else block.replace(b"<\\/", b"</"), path)


def _without_tags(text: bytes) -> bytes:
    """JSON in which nothing ends the element that it stands in."""
    return text.replace(b"</", b"<\\/")


def _packed(folder: Path) -> str:
    name = next(name for name in WORKFLOWS if (folder / name).is_file())
    return base64.b64encode(gzip.compress(bytes_of(folder / name), mtime=0)).decode()
