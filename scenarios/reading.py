"""Reading the keys of TOML files that users write, other than scenarios."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from parkflow.scenarios.errors import InputError
from parkflow.scenarios.translate import short


def read_keys(path: Path, name: str, missing: str = "check its path") -> dict[str, Any]:
    """The keys of a TOML file, called `name` in messages.

    Raises `InputError` where it cannot be read; `missing` is what to do where there is no such file.
    """
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        raise InputError(f"{short(name)}: there is no such file; {missing}") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{short(name)}: byte {error.start + 1} is not UTF-8; save the file as UTF-8") from None
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{short(name)}: cannot be read as TOML ({short(str(error))}); correct it there") from None
