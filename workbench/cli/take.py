"""`workbench import FILE…`: takes in runs that somebody shared."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from workbench.cli.session import Session
from workbench.runs.arrival import take_in
from workbench.runs.workspace import Workspace
from workbench.settings import absolute
from workbench.texts import T


def arguments(parser: argparse.ArgumentParser, say: Any) -> None:
    """See `workbench.cli.Command`."""
    text = say(T("a run as one file, made by `workbench export RUN --to run`"))
    parser.add_argument("files", nargs="+", metavar="FILE", type=Path, help=text)


def run(options: argparse.Namespace, session: Session) -> int:
    """See `workbench.cli.Command`."""
    workspace = Workspace(session.settings.workspace)
    for file in options.files:
        arrived = take_in(workspace, absolute(file))
        session.print(arrived.folder.name)
        if arrived.renamed:
            said = T("There is a run {wanted} already; this one is now {run}.", wanted=arrived.wanted,
                     run=arrived.folder.name)  # fmt: skip
            session.note(session.say(said))
    return 0
