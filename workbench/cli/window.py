"""`workbench` without a command: opens the window."""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module
from typing import Any

from workbench import qtcheck
from workbench.cli.session import Session
from workbench.errors import UserError
from workbench.texts import T

_DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def arguments(parser: argparse.ArgumentParser, say: Any) -> None:
    """See `workbench.cli.Command`. The window takes what every command takes."""


def run(options: argparse.Namespace, session: Session) -> int:  # noqa: ARG001 - see `workbench.cli.Command`
    """See `workbench.cli.Command`. A Qt that is known to be bad is refused before it is imported."""
    qtcheck.check()
    _check_display()
    status: int = import_module("workbench.ui.app").main(session)
    return status


def _check_display() -> None:
    """Qt ends the whole program where there is no display; so it is not even asked there."""
    if sys.platform == "linux" and not any(map(os.environ.get, _DISPLAYS)):
        text = T("There is no display to open a window on.")
        raise UserError(text, remedy=T("Start it in a desktop session; `workbench --help` lists what works without."))
