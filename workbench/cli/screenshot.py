"""`workbench screenshot OUT.png`: draws the real window, offscreen."""

from __future__ import annotations

import argparse
import os
import re
from importlib import import_module
from pathlib import Path
from typing import Any

from workbench import qtcheck
from workbench.cli import values
from workbench.cli.session import Session
from workbench.errors import UserError
from workbench.registry import unknown_tool
from workbench.runs.workspace import Workspace
from workbench.texts import T

_SIZE = "1280x820"


def arguments(parser: argparse.ArgumentParser, say: Any) -> None:
    """See `workbench.cli.Command`."""
    parser.add_argument("out", metavar="OUT.png", type=Path, help=say(T("the picture to write")))
    parser.add_argument(
        "--all", action="store_true", help=say(T("every page, in every language and both themes, into the folder OUT"))
    )
    parser.add_argument("--tool", metavar="ID", default="", help=say(T("the page of this tool")))
    parser.add_argument("--run", metavar="RUN", default="", help=say(T("a run that was kept, or @last")))
    parser.add_argument("--theme", choices=("light", "dark"), default="light", help=say(T("the colours")))
    parser.add_argument("--size", metavar="WxH", default=_SIZE, help=say(T("width and height in pixels")))


def run(options: argparse.Namespace, session: Session) -> int:
    """See `workbench.cli.Command`."""
    match = re.fullmatch(r"([1-9]\d{1,4})x([1-9]\d{1,4})", options.size)
    if match is None:
        raise UserError(T("{size} is no size.", size=options.size), remedy=T("Write for example 1280x820."))
    if options.tool and options.tool not in session.registry.tools:
        raise unknown_tool(session.registry, options.tool)
    if options.tool and options.run:
        values.expect_tool(Workspace(session.settings.workspace).find(options.run), options.tool)
    qtcheck.check()
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    size = int(match[1]), int(match[2])
    faults: list[str] = []
    if options.all:
        for written in import_module("workbench.ui.gallery").take_all(session, options.out, size, faults):
            session.print(str(written))
    else:
        take = import_module("workbench.ui.screenshot").take
        faults = take(session, options.out, tool=options.tool, run=options.run, theme=options.theme, size=size)
    for fault in faults:
        said = T("The window had a fault while it was drawn: {fault}", fault=fault)
        session.note(f"workbench: {session.say(said)}")
    return 1 if faults else 0
