"""`workbench export RUN --to FORMAT PATH`: a run's data as files, or the whole run as one (`--to run`)."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from workbench.cli.session import Session
from workbench.errors import UserError
from workbench.runs.export import export, exporters, unknown_form
from workbench.runs.reader import Reader
from workbench.runs.sharing import CHOICES, file_for, share
from workbench.runs.workspace import Workspace
from workbench.texts import T

_FEW = 10
"""So many paths are printed; of more, the folder."""
RUN = "run"
"""The format that is the run itself."""


def arguments(parser: argparse.ArgumentParser, say: Any) -> None:
    """See `workbench.cli.Command`."""
    parser.add_argument("run", metavar="RUN", help=say(T("an id, its beginning, or @last")))
    text = say(T("csv, parquet, tensorboard, text, images, what a plugin adds; or run: all of it as one file"))
    parser.add_argument("--to", required=True, metavar="FORMAT", help=text)
    parser.add_argument("path", metavar="PATH", type=Path, help=say(T("the file or folder to write")))
    text = say(T("only this stream, or this group of scalars; with csv and parquet a frame's numbers: NAME[@STEP]"))
    parser.add_argument("--stream", action="append", default=[], metavar="NAME", help=text)
    text = say(T("with --stream: its frame at this step; otherwise the last"))
    parser.add_argument("--step", type=int, metavar="N", help=text)
    parser.add_argument("--force", action="store_true", help=say(T("write over a file that is there")))
    text = say(T("with --to run: none, the last (then the run can be continued elsewhere), or all"))
    parser.add_argument("--checkpoints", choices=CHOICES, help=text)


def run(options: argparse.Namespace, session: Session) -> int:
    """See `workbench.cli.Command`."""
    folder = Workspace(session.settings.workspace).find(options.run)
    path = file_for(folder, options.path) if options.to == RUN else options.path
    if path.is_file() and not options.force:
        raise UserError(T("{path} is there already.", path=path), remedy=T("Name another, or add --force."))
    if options.to == RUN and not options.stream:
        session.print(str(share(folder, path, options.checkpoints or "last")))
        return 0
    if options.checkpoints or options.to == RUN:
        raise UserError(T("--checkpoints goes with --to run alone, and --stream with the other formats."))
    known = exporters(session.registry)
    if options.to not in known:
        raise unknown_form(options.to, [*known, RUN])
    reader = Reader(folder)
    try:
        written = export(options.to, reader, options.path, _streams(options), session.registry)
    finally:
        reader.close()
    for path in written if len(written) <= _FEW else [options.path]:
        session.print(str(path))
    if len(written) > _FEW:
        session.note(session.say(T("{count} files were written.", count=len(written))))
    return 0


def _streams(options: argparse.Namespace) -> list[str]:
    """The streams, each with its step. Raises UserError for a step that nothing would heed."""
    if options.step is None:
        return list(options.stream)
    if len(options.stream) != 1 or options.to not in ("csv", "parquet"):
        raise UserError(T("--step goes with one --stream, as csv or parquet."))
    return [f"{options.stream[0]}@{options.step}"]
