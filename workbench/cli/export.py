"""`workbench export RUN --to FORMAT PATH`: a run's data as files."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from workbench.cli.session import Session
from workbench.errors import UserError
from workbench.registry import load_object
from workbench.runs.exporters import EXPORTERS
from workbench.runs.reader import Reader
from workbench.runs.workspace import Workspace
from workbench.texts import T
from workbench.tool import Exporter


def arguments(parser: argparse.ArgumentParser, say: Any) -> None:
    """See `workbench.cli.Command`."""
    parser.add_argument("run", metavar="RUN", help=say(T("an id, its beginning, or @last")))
    parser.add_argument(
        "--to", required=True, metavar="FORMAT", help=say(T("csv, parquet, tensorboard, images, or what a plugin adds"))
    )
    parser.add_argument("path", metavar="PATH", type=Path, help=say(T("the file or folder to write")))
    parser.add_argument("--stream", action="append", default=[], metavar="NAME", help=say(T("only this stream")))


def run(options: argparse.Namespace, session: Session) -> int:
    """See `workbench.cli.Command`."""
    package, exporter = _exporter(options.to, session)
    reader = Reader(Workspace(session.settings.workspace).find(options.run))
    try:
        for path in load_object(package, exporter.write)(reader, options.path, options.stream):
            session.print(str(path))
    finally:
        reader.close()
    return 0


def _exporter(name: str, session: Session) -> tuple[str, Exporter]:
    """The host's own formats, then those of plugins."""
    found = {each.id: ("workbench", each) for each in EXPORTERS}
    found |= {each.declaration.id: (each.package, each.declaration) for each in session.registry.exporters.values()}
    if name not in found:
        raise UserError(
            T("There is no format {name}; there are: {known}.", name=name, known=", ".join(found)), field="to"
        )
    return found[name]
