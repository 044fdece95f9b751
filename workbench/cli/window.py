"""`workbench` without a command: opens the window."""

from __future__ import annotations

import argparse
from importlib import import_module
from typing import Any

from workbench import qtcheck
from workbench.cli.session import Session


def arguments(parser: argparse.ArgumentParser, say: Any) -> None:
    """See `workbench.cli.Command`. The window takes what every command takes."""


def run(options: argparse.Namespace, session: Session) -> int:  # noqa: ARG001 - see `workbench.cli.Command`
    """See `workbench.cli.Command`. A Qt that is known to be bad is refused before it is imported."""
    qtcheck.check()
    status: int = import_module("workbench.ui.app").main(session)
    return status
