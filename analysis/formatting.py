"""Amounts of time and of storage, in words of a useful size."""

from __future__ import annotations


def duration(seconds: float) -> str:
    """Seconds in words of a useful size."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def bytes_text(size: float) -> str:
    """Bytes in words of a useful size."""
    return f"{size / 1e6:.1f} MB" if size < 1e9 else f"{size / 1e9:.1f} GB"
