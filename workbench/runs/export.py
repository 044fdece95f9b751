"""Ways out of the run store."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from workbench.runs.reader import Reader


def export(form: str, reader: Reader, path: Path, streams: Sequence[str] = ()) -> list[Path]:
    raise NotImplementedError
