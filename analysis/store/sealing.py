"""Sealed JSON: it carries its own digest and is always written in the same form, so that a changed byte is found."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from parkflow.analysis.store.digests import digest_of_bytes

DIGEST = "digest"
"""The key of the digest, the last of a sealed object."""

SHORT = 16
"""Hexadecimal digits of the digest of a line: enough for damage, which is not made on purpose."""

Content = Mapping[str, Any]


def sealed(content: Content) -> str:
    """The text of an object, with the digest of the rest of it at its end; what JSON does not know becomes text."""
    plain = {key: value for key, value in content.items() if key != DIGEST}
    return _text({**plain, DIGEST: _digest(_text(plain))})


def unsealed(content: bytes) -> dict[str, Any] | None:
    """The object in the bytes of a file, without its digest; None where they are not those that were written."""
    return _whole(content, _text, None)


def sealed_line(content: Content) -> str:
    """An object as one line that ends with the digest of the rest of it."""
    return _line({**content, DIGEST: _digest(_line(content))[:SHORT]})


def unsealed_line(line: bytes) -> dict[str, Any] | None:
    """The object in a line, without its digest; None where it is not as it was written."""
    return _whole(line, _line, SHORT)


def _whole(content: bytes, written: Any, digits: int | None) -> dict[str, Any] | None:
    """The object in some bytes; None unless they are what `written` makes of it, and its digest is right."""
    try:
        found = json.loads(content)
        if not isinstance(found, dict) or written(found).encode() != content:
            return None
        digest = found.pop(DIGEST, None)
        return found if digest == _digest(written(found))[:digits] else None
    except (ValueError, RecursionError):  # no JSON, no UTF-8, or nested without end
        return None


def _digest(text: str) -> str:
    return digest_of_bytes(text.encode()).sha256


def _text(content: Content) -> str:
    return json.dumps(content, indent=1, ensure_ascii=False, default=str) + "\n"


def _line(content: Content) -> str:
    return json.dumps(content, ensure_ascii=False, default=str) + "\n"
