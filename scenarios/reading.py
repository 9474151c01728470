"""Reading the keys of TOML files that users write, other than scenarios."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from parkflow.scenarios.errors import InputError
from parkflow.scenarios.toml_files import outside, toml_of
from parkflow.scenarios.translate import short


def read_keys(path: Path, name: str, missing: str = "check its path") -> dict[str, Any]:
    """The keys of a TOML file, called `name` in messages.

    Raises `InputError` where it cannot be read; `missing` is what to do where there is no such file.
    """
    try:
        return toml_of(path)
    except FileNotFoundError:
        raise InputError(f"{short(name)}: there is no such file; {missing}") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{short(name)}: byte {error.start + 1} is not UTF-8; save the file as UTF-8") from None
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{short(name)}: cannot be read as TOML ({short(str(error))}); correct it there") from None


def referred_to(file: Path, given: str, name: str, key: str) -> str:
    """The path of a park's file that another file refers to, relative to that.

    Raises `InputError`, with the `name` of the file and the `key`, where it may not be read.
    """
    if problem := outside(file.parent / given, file):
        raise InputError(f"{short(name)}: {key}: {short(given)} {problem}")
    return str(file.parent / given)
