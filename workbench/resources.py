"""Files that ship with the program: beside the package in a checkout, inside it in a wheel."""

from __future__ import annotations

from pathlib import Path

_INSIDE = Path(__file__).parent / "resources"
_BESIDE = Path(__file__).parent.parent / "resources"


def path(name: str) -> Path:
    """The path of the shipped file or folder `name` (it need not exist)."""
    return (_INSIDE if _INSIDE.is_dir() else _BESIDE) / name
