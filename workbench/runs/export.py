"""Ways out of the run store: an exporter writes a run, or some of its streams, as files."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from workbench.errors import UserError
from workbench.runs.exporters import EXPORTERS
from workbench.runs.reader import Reader
from workbench.texts import T


def export(form: str, reader: Reader, path: Path, streams: Sequence[str] = ()) -> list[Path]:
    """Writes the run in one of the host's own forms (csv, parquet, tensorboard, text, images); the paths written.

    streams: only these; by default what the form takes. Raises UserError for an unknown form or stream, and for a
    path that cannot be written.
    """
    writers = {each.id: each.write for each in EXPORTERS}
    if form not in writers:
        text = T("There is no format {name}; there are: {known}.", name=form, known=", ".join(writers))
        raise UserError(text, field="to")
    module, function = writers[form].split(":")
    written: list[Path] = getattr(import_module(module), function)(reader, path, streams)
    return written
