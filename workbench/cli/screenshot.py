"""`workbench screenshot OUT.png`: draws the real window, offscreen."""

from __future__ import annotations

import argparse
import os
import re
from importlib import import_module
from pathlib import Path
from typing import Any

from workbench import qtcheck
from workbench.cli.session import Session
from workbench.errors import UserError
from workbench.texts import T

_SIZE = "1280x820"


def arguments(parser: argparse.ArgumentParser, say: Any) -> None:
    """See `workbench.cli.Command`."""
    parser.add_argument("out", metavar="OUT.png", type=Path, help=say(T("the picture to write")))
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
        known = ", ".join(sorted(session.registry.tools)) or "-"
        raise UserError(T("There is no tool {name}; there are: {known}.", name=options.tool, known=known))
    qtcheck.check()
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    size = int(match[1]), int(match[2])
    take = import_module("workbench.ui.screenshot").take
    take(session, options.out, tool=options.tool, run=options.run, theme=options.theme, size=size)
    return 0
